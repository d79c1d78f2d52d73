from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from accounts.models import User
from documents.errors import TooLarge
from documents.models import Document, DocumentState
from documents.services import open_collection
from ingest.intake import receive


class Command(BaseCommand):
    help = (
        "Bring files into a collection; a worker extracts their claims. Folders are walked through. The same file "
        "again is not a second document. Exit status 1 when a file could not be brought in or, with --wait, read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="A file or a folder.")
        parser.add_argument(
            "--collection", default="Inbox", metavar="NAME", help="Made if there is none (default: Inbox)."
        )
        parser.add_argument(
            "--member", action="append", default=[], metavar="USER", help="Let this user see it; repeatable."
        )
        parser.add_argument(
            "--wait", action="store_true", help="Wait until the worker is through, then report per file."
        )
        parser.add_argument(
            "--timeout", type=float, default=1800, metavar="SECONDS", help="Longest wait (default: 1800)."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        self.console = Console(stderr=False)
        files = list(_files(options["paths"]))
        if not files:
            raise CommandError("There is no file in " + ", ".join(map(str, options["paths"])))
        members = [_user(name) for name in options["member"]]
        collection, created = open_collection(options["collection"], members=members)
        if created and not members:
            self.console.print(
                f"Collection '{collection.name}' is new: only administrators see it until you add members "
                "(--member USER)."
            )
        received: list[tuple[Path, Document, bool]] = []
        refused: list[tuple[Path, str]] = []
        with Progress(console=self.console, transient=True) as progress:
            for path in progress.track(files, description="Bringing in"):
                try:
                    document, new = receive(_bytes(path), name=path.name, collection=collection)
                    received.append((path, document, new))
                except (TooLarge, OSError) as error:
                    refused.append((path, str(error)))
            if options["wait"]:
                self._wait([document.pk for _, document, _ in received], progress, options["timeout"])
        failed = self._report(received, refused)
        if failed:
            raise CommandError(f"{failed} of {len(files)} files could not be used; the table says why.")

    def _wait(self, ids: list[int], progress: Progress, timeout: float) -> None:
        task = progress.add_task("Extracting", total=len(ids))
        deadline = time.monotonic() + timeout
        while unfinished := Document.objects.unfinished().filter(pk__in=ids).count():
            progress.update(task, completed=len(ids) - unfinished)
            if time.monotonic() > deadline:
                raise CommandError(
                    f"{unfinished} documents are still waiting after {timeout:.0f} s. Is a worker running "
                    "(`make worker`)? Nothing is lost: they are processed as soon as one is."
                )
            time.sleep(0.2)
        progress.update(task, completed=len(ids))

    def _report(self, received: list[tuple[Path, Document, bool]], refused: list[tuple[Path, str]]) -> int:
        ids = [document.pk for _, document, _ in received]
        rows = Document.objects.in_bulk(ids)
        counted = Document.objects.filter(pk__in=ids).annotate(found=Count("layers__claims"))
        found = dict(counted.values_list("pk", "found"))
        table = Table("File", "Document", "State", "Claims", box=None, header_style="bold")
        failed = len(refused)
        for path, document, new in received:
            row = rows[document.pk]
            failed += row.state == DocumentState.FAILED
            state = row.failure_reason or row.get_state_display() + ("" if new else " (known already)")
            table.add_row(path.name, f"{row.pk} {row.label}", state, str(found[row.pk]))
        for path, reason in refused:
            table.add_row(path.name, "-", reason, "-")
        self.console.print(table)
        return failed


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            raise CommandError(f"There is no file or folder '{path}'.")
        if path.is_dir():
            yield from sorted(
                p for p in path.rglob("*") if p.is_file() and not p.name.startswith(".") and p.suffix != ".md"
            )
        else:
            yield path


def _bytes(path: Path) -> bytes:
    """The file's bytes; of one above the limit only so many that it is refused for its size."""
    with path.open("rb") as file:
        return file.read(settings.MAX_UPLOAD_BYTES + 1)


def _user(name: str) -> User:
    try:
        return User.objects.get(username=name)
    except User.DoesNotExist:
        raise CommandError(f"There is no user '{name}'.") from None
