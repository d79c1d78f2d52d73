from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from documents.errors import BadShare
from documents.models import Collection
from documents.services import set_second_reviews


class Command(BaseCommand):
    help = "Say which share of a collection's claims gets a blind second review, and who may adjudicate; or show it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("collection", metavar="NAME", help="The collection.")
        parser.add_argument("--share", type=float, help="0 to 1, of the first decisions from now on.")
        parser.add_argument(
            "--parties-adjudicate",
            choices=["yes", "no"],
            help="Whether a reviewer who gave one of two opinions may decide between them.",
        )

    def handle(self, *, collection: str, share: float | None, parties_adjudicate: str | None, **options: Any) -> None:
        row = Collection.objects.filter(name=collection).first()
        if row is None:
            raise CommandError(f'There is no collection "{collection}".')
        parties = None if parties_adjudicate is None else parties_adjudicate == "yes"
        try:
            row = set_second_reviews(row, share=share, parties_adjudicate=parties)
        except BadShare as error:
            raise CommandError(str(error)) from error
        who = "any reviewer" if row.parties_adjudicate else "reviewers who gave neither opinion"
        self.stdout.write(
            f"{row.name}: {row.second_review_share:.0%} of claims get a blind second review; {who} adjudicate."
        )
