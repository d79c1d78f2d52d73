from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exchange.dump.writing import dump
from exchange.whole_files import written_whole


class Command(BaseCommand):
    help = (
        "Write the whole installation to a file of JSON Lines that load_dump takes into an empty one: documents with "
        "their texts and bytes, sources, claims, propositions, links, grades, verdicts and reviews. Not in it: who may "
        "do and see what. The file holds everything that any collection holds: keep it accordingly."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.jsonl")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        rows = -2  # the heading and the last line are none
        if path.exists():
            raise CommandError(f"{path} is there already. Name another file, or delete this one first.")
        try:
            with written_whole(path) as file:
                for line in dump():
                    file.write(line)
                    rows += 1
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error}") from error
        self.stdout.write(f"{rows} rows in {path}")
