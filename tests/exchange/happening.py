"""What happens to documents, and a round of telling a webhook of it."""

from __future__ import annotations

from django.utils import timezone

from documents.models import Collection, Document, DocumentState
from documents.services import mark_extracted, mark_failed
from exchange.models import Webhook
from exchange.services.deliveries import deliver, fan_out
from exchange.services.numbering import number_events
from tests.factories import DocumentFactory


def documents_in(collection: Collection, number: int = 1) -> list[Document]:
    return [DocumentFactory(collection=collection, state=DocumentState.READ) for _ in range(number)]


def happens_to(document: Document, times: int = 1) -> None:
    """Alternately extracted and failed."""
    for turn in range(times):
        if turn % 2:
            mark_failed(document, code=str(turn), reason="No.")
        else:
            mark_extracted(document)


def round_of(webhook: Webhook, *, waited: bool = True) -> list[str]:
    """Have it told of what is due, as if all pauses were over; returns the states of its deliveries, in order."""
    if waited:
        Webhook.objects.filter(pk=webhook.pk).update(retry_at=None)
        webhook.deliveries.update(next_attempt_at=timezone.now())
    number_events()
    fan_out(webhook.pk)
    deliver(webhook.pk)
    webhook.refresh_from_db()
    return list(webhook.deliveries.order_by("position").values_list("state", flat=True))
