from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.search_quality import BadCollection, measure, read_known, read_splits


class Command(BaseCommand):
    help = (
        "Measure the search for propositions on a folder in the shape of CheckThat! 2020, task 2: verified claims "
        "(*docs*.tsv), and folders with queries (*queries*.tsv) and answers (*.qrels). Keeps nothing."
    )

    requires_migrations_checks = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--split", action="append", metavar="NAME", help="Only this one of its folders; repeatable."
        )

    def handle(self, *, folder: Path, split: list[str] | None, **options: Any) -> None:
        try:
            known, splits = read_known(folder), read_splits(folder)
        except BadCollection as error:
            raise CommandError(str(error)) from error
        chosen = {name: asked for name, asked in splits.items() if not split or name in split}
        if not chosen:
            raise CommandError(f"There is no such part. There are: {', '.join(splits)}.")
        self.stdout.write(f"{len(known):,} claims")
        for name, found in measure(known, chosen):
            self.stdout.write(
                f"{name}: MAP@5 {found.average_precision:.3f}, P@1 {found.first_right:.3f}, "
                f"MRR {found.reciprocal_rank:.3f} over {found.queries} queries"
            )
