"""The job that takes a file in, row by row, and leaves a report of each row as its result."""

from __future__ import annotations

import json

from django.utils.translation import gettext_lazy as _

from accounts.models import Scope
from exchange.errors import JobFailed
from exchange.imports.report import ImportReport
from exchange.imports.running import PERMISSIONS, take_in
from exchange.jobs import Kind, Report
from exchange.models import ImportFile, Job


def run(job: Job, report: Report) -> None:
    """Rows that a killed run has stored are known to the next one."""
    user = job.maker
    file = ImportFile.objects.visible_to(user).filter(pk=job.parameters["file"]).select_related("collection").first()
    if file is None:
        raise JobFailed("The file is not there any more, or its collection is not yours to see. Send it again.")
    if not user.has_perm(PERMISSIONS[file.kind]):
        raise JobFailed(f"Your account may not import this: it lacks the permission {PERMISSIONS[file.kind]}.")
    dry_run = job.parameters["dry_run"]
    done = take_in(
        file.kind,
        bytes(file.content),
        collection=file.collection,
        by=user,
        decides=file.decides,
        dry_run=dry_run,
        progress=report.progress,
    )
    report.progress(len(done.rows), len(done.rows), done.words)
    report.result(name="import-report.json", media_type="application/json", collections=[file.collection_id])
    report.write(as_json(done).encode())
    if not dry_run:
        file.delete()


def as_json(report: ImportReport) -> str:
    """Of rows that are in the archive as the file has them only how many they are."""
    rows = [
        {"line": row.line, "result": row.result, "detail": row.detail, "external_id": row.external_id}
        for row in report.problems
    ]
    return json.dumps({"counts": report.counts, "rows": rows}, ensure_ascii=False, indent=1) + "\n"


IMPORT = Kind(_("Import"), run, "documents.add_document", Scope.PROPOSE)
