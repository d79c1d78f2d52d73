"""What others are told of an event, by the feed and by webhooks alike."""

from __future__ import annotations

import json
from typing import Any

from django.urls import reverse

from exchange.models import Event, ObjectKind

_SHOWN_BY = {
    ObjectKind.DOCUMENT: "document-detail",
    ObjectKind.CLAIM: "claim-detail",
    ObjectKind.SOURCE: "source-detail",
    ObjectKind.PROPOSITION: "proposition-detail",
    ObjectKind.LINK: "propositionlink-detail",
    ObjectKind.CLAIM_LINK: "claimlink-detail",
    ObjectKind.WEBHOOK: "webhook-detail",
}
"""By kind, the address of the API that shows the object."""


def told(event: Event) -> dict[str, Any]:
    """The event in JSON values."""
    return {
        "id": str(event.uuid),
        "type": event.type,
        "at": event.at.isoformat().replace("+00:00", "Z"),
        "object": {"kind": event.object_kind, "id": event.object_id, "path": path_of(event)},
        "collections": event.collections,
        "data": event.data,
    }


def path_of(event: Event) -> str:
    """Where the API shows the object as it is now, without the host."""
    return reverse(_SHOWN_BY[ObjectKind(event.object_kind)], args=[event.object_id])


def body_of(event: Event) -> bytes:
    """What a webhook is sent, byte for byte the same with each attempt."""
    return json.dumps(told(event), ensure_ascii=False, separators=(",", ":")).encode()
