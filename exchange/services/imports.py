"""Files to be imported: kept, looked at, and taken in by a job."""

from __future__ import annotations

from accounts.models import User
from documents.models import Collection
from exchange.imports.errors import BadFile
from exchange.imports.files import MOST_BYTES
from exchange.imports.report import ImportReport
from exchange.imports.running import KINDS, take_in
from exchange.models import ImportFile, Job
from exchange.services.jobs import start

KIND = "import"
DRY_RUN_BYTES = 200_000
"""A file up to this size is tried out while its sender waits; of a larger one the job tells."""


def keep(data: bytes, *, name: str, kind: str, collection: Collection, by: User, decides: bool = True) -> ImportFile:
    """Keep a file that somebody sent. Those that nobody took in for a week are forgotten.

    kind: a name in imports.running.KINDS. decides: False for a key that may only propose. Raises BadFile.
    """
    if kind not in KINDS:
        raise BadFile(f"There is no kind of import '{kind[:40]}'. Known are: {', '.join(KINDS)}.")
    if len(data) > MOST_BYTES:
        raise BadFile(f"The file is too large: at most {MOST_BYTES:,} bytes are taken. Split it.")
    ImportFile.objects.outdated().delete()
    return ImportFile.objects.create(
        kind=kind, name=name[-255:], content=data, collection=collection, by=by, decides=decides
    )


def try_out(file: ImportFile) -> ImportReport | None:
    """What would become of each row; None for a file too large to be tried out at once. Raises BadFile."""
    if len(file.content) > DRY_RUN_BYTES:
        return None
    return take_in(
        file.kind, bytes(file.content), collection=file.collection, by=file.by, decides=file.decides, dry_run=True
    )


def start_import(file: ImportFile, *, by: User, dry_run: bool = False) -> Job:
    """Have a worker take the file in; its report is the job's result. Raises TooManyJobs."""
    return start(KIND, by=by, parameters={"file": file.pk, "name": file.name, "kind": file.kind, "dry_run": dry_run})
