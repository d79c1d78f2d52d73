from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.models import Claim
from claims.predictions import predictions
from documents.models import Collection


class Command(BaseCommand):
    help = (
        "What is probably true: for each question of a collection the most probable answer, by the records of those "
        "who gave it, as CSV. Questions that are settled come with the verdict."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("collection", metavar="COLLECTION")
        parser.add_argument("--out", type=Path, metavar="FILE", help="Where to write (default: standard output).")

    def handle(self, *_args: Any, **options: Any) -> None:
        collection = Collection.objects.filter(name=options["collection"]).first()
        if collection is None:
            raise CommandError(f"There is no collection '{options['collection']}'.")
        rows = predictions(Claim.objects.filter(collection=collection))
        out = options["out"].open("w", encoding="utf-8", newline="") if options["out"] else sys.stdout
        try:
            writer = csv.writer(out)
            writer.writerow(["question", "value", "probability", "origins", "settled"])
            for row in rows:
                writer.writerow([row.question, row.value, f"{row.probability:.4f}", row.origins, int(row.settled)])
        finally:
            if options["out"]:
                out.close()
