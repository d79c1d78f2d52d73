from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from claims.services.records import recompute
from exchange.dump.errors import BadDump, NotEmpty
from exchange.dump.reading import LONGEST_LINE, load


class Command(BaseCommand):
    help = (
        "Take a file of dump_everything into an empty installation, all of it or nothing, and compute the records. "
        "Every row keeps the id that other systems know it by. The same file again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.jsonl")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as file:
                loaded = load(lines_of(file))
        except (BadDump, NotEmpty) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error}") from error
        if not loaded.rows:
            self.stdout.write(f"All {loaded.known} rows were here already.")
            return
        recompute()
        table = Table("Added", "", box=None, header_style="bold")
        for kind, count in loaded.rows.items():
            table.add_row(kind.replace("_", " "), str(count))
        Console().print(table)


def lines_of(file: IO[bytes]) -> Iterator[bytes]:
    """Lines, of one that is too long only the beginning: it is refused, and never wholly in memory."""
    while line := file.readline(LONGEST_LINE + 1):
        yield line
