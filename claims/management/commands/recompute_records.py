from __future__ import annotations

import time
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from claims.services.records import recompute


class Command(BaseCommand):
    help = (
        "Learn what to expect of a new source from all records, and compute every source's record anew. Celery beat "
        "does the same every night. May be interrupted and run again at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="The day to which verdicts are aged (default: today). The stored records stay those of that day until "
            "they are next computed.",
        )
        parser.add_argument("--keep-prior", action="store_true", help="Do not learn the prior anew.")

    def handle(self, *, as_of: date | None, keep_prior: bool, **_: Any) -> None:
        started = time.monotonic()
        console = Console(file=self.stdout, highlight=False)  # type: ignore[arg-type]  # Django's wrapper is a file
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("records", total=None)
            done = recompute(
                as_of=as_of,
                refit=not keep_prior,
                progress=lambda done, of_all: bar.update(task, completed=done, total=of_all),
            )
        if done is None:
            raise CommandError("The records are being recomputed already, by the worker or by another command.")
        self.stdout.write(
            f"Records of {done.sources:,} sources as of {done.as_of}: {done.written:,} written in "
            f"{time.monotonic() - started:.1f} s. The prior {'was learnt anew' if done.refitted else 'stays'}."
        )
