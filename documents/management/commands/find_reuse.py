from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from documents.models import Collection, Document
from documents.reuse import find_reuse


class Command(BaseCommand):
    help = (
        "Find near-duplicates and shared passages among the documents that are here already; new ones are compared as "
        "they are read. May be stopped and started again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--collection", metavar="NAME", help="Only the documents of this collection.")

    def handle(self, *, collection: str | None, **options: Any) -> None:
        documents = Document.objects.order_by("pk")
        if collection:
            if not Collection.objects.filter(name=collection).exists():
                raise CommandError(f'There is no collection "{collection}".')
            documents = documents.filter(collection__name=collection)
        related = sum(1 for document in documents.iterator(chunk_size=200) if find_reuse(document))
        near = documents.filter(near_duplicate_of__isnull=False).count()
        self.stdout.write(
            f"{related:,} of {documents.count():,} documents share passages; {near:,} are near-duplicates."
        )
