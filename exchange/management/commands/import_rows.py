from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from rich.console import Console

from accounts.models import User
from documents.services import open_collection
from exchange.imports.errors import BadFile
from exchange.imports.files import MOST_BYTES
from exchange.imports.report import Result
from exchange.imports.running import KINDS, rows_of, take_in


class Command(BaseCommand):
    help = (
        "Import claims, sources, verdicts (CSV or JSON Lines) or ClaimReviews (JSON-LD). Each row is reported; one "
        "that is refused leaves nothing behind and stops none of the others, and the same file again changes nothing. "
        "Columns: docs/exchange.md. Exit status 1 when a row was refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=list(KINDS))
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--collection", required=True, metavar="NAME", help="Made if there is none.")
        parser.add_argument("--by", required=True, metavar="USER", help="Whose decisions they are.")
        parser.add_argument("--dry-run", action="store_true", help="Store nothing; say what would happen.")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["by"]).first()
        if user is None:
            raise CommandError(f"There is no user '{options['by']}'.")
        dry_run = options["dry_run"]
        try:
            with options["file"].open("rb") as file:
                data = file.read(MOST_BYTES + 1)
            rows_of(options["kind"], data)  # of a file that cannot be read not even the collection is made
            with transaction.atomic() if dry_run else nullcontext():
                collection, _ = open_collection(options["collection"])
                report = take_in(options["kind"], data, collection=collection, by=user, dry_run=dry_run)
                if dry_run:
                    transaction.set_rollback(True)
        except (OSError, BadFile) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        console = Console()
        for row in report.problems:
            console.print(f"line {row.line}: {row.result}: {row.detail}", highlight=False, markup=False)
        console.print(report.words, highlight=False)
        if refused := report.counts[Result.REFUSED]:
            raise CommandError(f"{refused} rows were refused; the lines above say why.")
