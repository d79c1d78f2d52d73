from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exchange.dump.writing import dump


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
        unfinished = path.with_name(f"{path.name}.part")
        try:
            with unfinished.open("x", encoding="utf-8", newline="\n") as file:
                unfinished.chmod(0o600)
                for line in dump():
                    file.write(line)
                    rows += 1
            unfinished.rename(path)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error}") from error
        self.stdout.write(f"{rows} rows in {path}")
