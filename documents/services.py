"""Changes to collections and documents. The order of states: received -> read -> extracted, or failed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from documents.errors import BadShare, NameTaken, NobodyCalled, NotRetryable, TooLarge
from documents.models import Collection, Dispatch, DispatchState, Document, DocumentState, Original, TextLayer


@transaction.atomic
def open_collection(name: str, *, marking: str = "", members: Iterable[User] = ()) -> tuple[Collection, bool]:
    """The collection of that name, made if there is none, with `members` added. Returns it and whether it is new."""
    collection, created = Collection.objects.get_or_create(name=name, defaults={"marking": marking})
    collection.members.add(*members)
    return collection, created


@transaction.atomic
def name_collection(
    collection: Collection | None = None, *, name: str | None = None, marking: str | None = None
) -> Collection:
    """Make a collection, or give one another name or marking; None: as before. Raises NameTaken."""
    row = Collection.objects.select_for_update().get(pk=collection.pk) if collection else Collection()
    row.name = row.name if name is None else name.strip()
    row.marking = row.marking if marking is None else marking.strip()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise NameTaken(row.name) from None
    return row


@transaction.atomic
def change_members(collection: Collection, *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
    """Let people in and out, by the names of their accounts. Nothing is done when one is wrong: NobodyCalled."""
    people = {user.username: user for user in User.objects.filter(username__in=[*add, *remove])}
    for name in (*add, *remove):
        if name not in people or (name in add and not people[name].is_active):
            raise NobodyCalled(name)
    collection.members.remove(*(people[name] for name in remove))
    collection.members.add(*(people[name] for name in add))


@transaction.atomic
def set_second_reviews(
    collection: Collection, *, share: float | None = None, parties_adjudicate: bool | None = None
) -> Collection:
    """Say which share of a collection's claims gets a blind second review, and who may adjudicate; None: as before.

    share: 0 to 1, of first decisions from now on; what was drawn before stays. parties_adjudicate: whether a reviewer
    who gave one of two opinions may decide between them. Raises BadShare.
    """
    row = Collection.objects.select_for_update().get(pk=collection.pk)
    if share is not None:
        if not 0 <= share <= 1:
            raise BadShare(share)
        row.second_review_share = share
    if parties_adjudicate is not None:
        row.parties_adjudicate = parties_adjudicate
    row.save(update_fields=["second_review_share", "parties_adjudicate"])
    return row


@transaction.atomic
def store_document(
    data: bytes, *, name: str, collection: Collection, added_by: User | None = None, to_be_read: bool = True
) -> tuple[Document, bool]:
    """Keep the bytes and the work order for them. The same bytes again give the same document and False.

    to_be_read: False where the caller brings text and claims along, so that no worker is to read it.
    Raises TooLarge above settings.MAX_UPLOAD_BYTES.
    """
    if len(data) > settings.MAX_UPLOAD_BYTES:
        raise TooLarge(name, len(data), settings.MAX_UPLOAD_BYTES)
    original, _ = Original.objects.get_or_create(
        sha256=sha256(data).hexdigest(), defaults={"content": data, "size": len(data)}
    )
    document, created = Document.objects.get_or_create(
        collection=collection, original=original, defaults={"name": name[-255:], "added_by": added_by}
    )
    if created and to_be_read:
        Dispatch.objects.create(document=document, next_attempt_at=_after_sending())
    return document, created


@transaction.atomic
def store_text(
    document: Document, *, text: str, reader: str, reader_version: str, facts: dict[str, Any], **layout: Any
) -> TextLayer:
    """Add the text read from a document as its next layer, and set the document's printed facts.

    facts: fields of Document by name. layout: page_starts, segments, furniture of TextLayer.
    """
    newest = document.layers.aggregate(newest=Max("version"))["newest"] or 0
    layer = TextLayer.objects.create(
        document=document, version=newest + 1, text=text, reader=reader, reader_version=reader_version, **layout
    )
    Document.objects.filter(pk=document.pk).update(
        state=DocumentState.READ, failure_code="", failure_reason="", **facts
    )
    document.refresh_from_db()
    return layer


def mark_extracted(document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(state=DocumentState.EXTRACTED, failure_code="", failure_reason="")


@transaction.atomic
def mark_failed(document: Document, *, code: str, reason: str) -> None:
    """Record why a document cannot be used, in words an analyst can act on."""
    Document.objects.filter(pk=document.pk).update(state=DocumentState.FAILED, failure_code=code, failure_reason=reason)
    Dispatch.objects.filter(document=document).update(
        state=DispatchState.DEAD, holder=None, lease_until=None, last_error=reason[:500]
    )


@transaction.atomic
def queue_again(document: Document) -> Document:
    """Order a failed document to be read again. Raises NotRetryable in any other state."""
    layers = document.layers.exists()
    won = Document.objects.filter(pk=document.pk, state=DocumentState.FAILED).update(
        state=DocumentState.READ if layers else DocumentState.RECEIVED, failure_code="", failure_reason=""
    )
    document.refresh_from_db()
    if not won:
        raise NotRetryable(document.pk, document.get_state_display().lower())
    Dispatch.objects.update_or_create(
        document=document,
        defaults={"state": DispatchState.QUEUED, "attempts": 0, "next_attempt_at": _after_sending(), "last_error": ""},
    )
    return document


def _after_sending() -> datetime:
    """When the sweep should ring again for a message that is about to be sent."""
    return timezone.now() + timedelta(seconds=settings.DISPATCH_SENT_SECONDS)
