from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from accounts.models import User
from claims.services.verdicts import COLUMNS, RowReport, import_verdicts


class Command(BaseCommand):
    help = (
        f"Settle propositions from a CSV file with the columns {', '.join(COLUMNS)} (outcome: true, partly, false or "
        "unverifiable). Every row is reported; a row that is refused stops none of the others, and the same file again "
        "changes nothing. Exit status 1 when a row was refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--by", required=True, metavar="USER", help="Whose verdicts they are.")
        parser.add_argument("--quiet", action="store_true", help="Report refused rows only.")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["by"]).first()
        if user is None:
            raise CommandError(f"There is no user '{options['by']}'.")
        try:
            with options["file"].open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file)
                if missing := [column for column in COLUMNS if column not in (reader.fieldnames or [])]:
                    raise CommandError(f"The first line of {options['file']} lacks {', '.join(missing)}.")
                reports = import_verdicts(reader, by=user)
                refused = self._print(reports, quiet=options["quiet"])
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"{options['file']} cannot be read as UTF-8 CSV: {error}") from error
        if refused:
            raise CommandError(f"{refused} rows were refused; the lines above say why.")

    def _print(self, reports: Any, *, quiet: bool) -> int:
        console, counts = Console(), Counter[str]()
        report: RowReport
        for report in reports:
            counts[report.result] += 1
            if report.result == "refused" or not quiet:
                console.print(f"line {report.line}: {report.result} {report.detail}".rstrip(), highlight=False)
        console.print(f"{counts['settled']} settled, {counts['known']} known already, {counts['refused']} refused")
        return counts["refused"]
