"""Making, changing and deleting webhooks, and sending again what one has missed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from exchange import signing
from exchange.calling import checked_url
from exchange.errors import EventUnknown, TooManyWebhooks
from exchange.feed import last_position, position_of
from exchange.models import Delivery, DeliveryState, Webhook
from exchange.services.numbering import number_events

OLD_SECRET_HOURS = 24
"""So long the old secret signs as well, after it was changed."""


@transaction.atomic
def subscribe(
    *, by: User, name: str, url: str, types: Iterable[str] = (), collections: Iterable[int] = ()
) -> tuple[Webhook, str]:
    """A new webhook, told of what happens from now on, and its secret, which cannot be shown again.

    types: of exchange.models.EventType; none: all. collections: ids; none: all that `by` may see, and what belongs to
    none. Raises BadAddress and TooManyWebhooks.
    """
    checked_url(url)
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if Webhook.objects.filter(by=by).count() >= settings.WEBHOOKS_PER_USER:
        raise TooManyWebhooks(settings.WEBHOOKS_PER_USER)
    number_events(wait=True)
    webhook = Webhook.objects.create(
        name=name,
        url=url,
        types=sorted(set(types)),
        collections=sorted(set(collections)),
        by=by,
        limited_by=by.limited_by,
        salt=signing.new_salt(),
        position=last_position(),
    )
    return webhook, signing.secret_of(webhook.salt)


@transaction.atomic
def change(webhook: Webhook, **fields: Any) -> Webhook:
    """Set some of name, url, types, collections and active. Raises BadAddress.

    One that is switched on again is told of all it missed, unless `skip_to_now` is called first.
    """
    if "url" in fields:
        checked_url(fields["url"])
    row = Webhook.objects.select_for_update(of=("self",)).get(pk=webhook.pk)
    for name in ("types", "collections"):
        if name in fields:
            fields[name] = sorted(set(fields[name]))
    if fields.get("active") and not row.active:
        fields |= {"notice": "", "failures": 0, "failing_since": None, "retry_at": None}
        row.deliveries.filter(state=DeliveryState.WAITING).update(next_attempt_at=timezone.now(), attempts=0)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
    return row


@transaction.atomic
def skip_to_now(webhook: Webhook) -> int:
    """Do not tell what waits and what it has missed. Returns how many deliveries were given up."""
    number_events(wait=True)
    row = Webhook.objects.select_for_update(of=("self",)).get(pk=webhook.pk)
    row.position = last_position()
    row.save(update_fields=["position"])
    return row.deliveries.filter(state=DeliveryState.WAITING).update(state=DeliveryState.GIVEN_UP)


@transaction.atomic
def new_secret(webhook: Webhook) -> str:
    """Another secret; the old one signs as well for a day, so that no call is refused meanwhile."""
    row = Webhook.objects.select_for_update(of=("self",)).get(pk=webhook.pk)
    row.old_salt, row.old_salt_until = row.salt, timezone.now() + timedelta(hours=OLD_SECRET_HOURS)
    row.salt = signing.new_salt()
    row.save(update_fields=["salt", "old_salt", "old_salt_until"])
    return signing.secret_of(row.salt)


def unsubscribe(webhook: Webhook) -> None:
    """Its log goes with it."""
    Webhook.objects.filter(pk=webhook.pk).delete()


def send_again(delivery: Delivery) -> Delivery:
    """Have one event delivered once more, whatever came of it before."""
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.WAITING, attempts=0, next_attempt_at=timezone.now()
    )
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def replay(webhook: Webhook, *, since: UUID) -> Webhook:
    """Have all events from this one on delivered once more, as far as they are kept. Raises EventUnknown."""
    position = position_of(since)
    if position is None:
        raise EventUnknown
    row = Webhook.objects.select_for_update(of=("self",)).get(pk=webhook.pk)
    row.deliveries.filter(position__gte=position).update(
        state=DeliveryState.WAITING, attempts=0, next_attempt_at=timezone.now()
    )
    row.position = min(row.position, position - 1)
    row.save(update_fields=["position"])
    return row
