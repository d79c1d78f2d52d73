"""The way in: bytes become a document with its work ordered. Upload page, API and command all come here."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from accounts.models import User
from documents.models import Collection, Document
from documents.services import queue_again, store_document
from ingest.tasks import ring


@transaction.atomic
def receive(data: bytes, *, name: str, collection: Collection, added_by: User | None = None) -> tuple[Document, bool]:
    """Keep a file and have a worker process it. Returns the document and whether it is new to the collection.

    The same bytes in the same collection again are the same document; nothing is queued then.
    Raises documents.errors.TooLarge.
    """
    document, created = store_document(data, name=name, collection=collection, added_by=added_by)
    if created:
        transaction.on_commit(partial(ring, document.pk))
    return document, created


@transaction.atomic
def retry(document: Document) -> Document:
    """Have a failed document processed again. Raises documents.errors.NotRetryable."""
    document = queue_again(document)
    transaction.on_commit(partial(ring, document.pk))
    return document
