"""Telling webhooks of events: who is told what, in order for each object, until it has been taken."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from exchange import signing
from exchange.calling import Answer, post
from exchange.feed import WINDOW, last_position, seen_by
from exchange.models import Delivery, DeliveryState, Event, EventType, ObjectKind, Webhook
from exchange.telling import body_of

logger = logging.getLogger(__name__)

AT_ONCE = 8
"""Calls to one receiver at a time, each about another object."""
LOOKED_AT = 1000
"""Waiting deliveries among which the next are chosen."""
ROUND_SECONDS = 20.0
"""After this a run lets others go first, though there be more to deliver."""
GONE = 410  # a receiver that answers so wants no more: Standard Webhooks 1.0


@transaction.atomic
def fan_out(webhook_id: int) -> int:
    """Make deliveries of the events that a webhook has not been asked about yet. Returns how many.

    Done once for each event, however many do it at once: the webhook's row is locked meanwhile.
    """
    webhook = (
        Webhook.objects.active()
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("by", "limited_by")
        .filter(pk=webhook_id)
        .first()
    )
    if webhook is None:
        return 0
    if webhook.limited_by is not None and not webhook.limited_by.is_good:
        _switch_off(webhook, "The API key it was made with is revoked or has expired. Make it anew with another.")
        return 0
    end = min(webhook.position + WINDOW, last_position())
    if end <= webhook.position:
        return 0
    fitting = Event.objects.after(webhook.position).filter(position__lte=end).not_closed_to(webhook.maker)
    fitting = fitting.of_types(webhook.types).in_collections(webhook.collections)
    events = seen_by(webhook.maker, fitting)
    Delivery.objects.bulk_create(
        [Delivery(webhook=webhook, event=event, position=event.position or 0) for event in events],
        ignore_conflicts=True,
    )
    Webhook.objects.filter(pk=webhook.pk).update(position=end)
    return len(events)


def deliver(webhook_id: int) -> int:
    """Call one receiver with what is due, until nothing is, or for ROUND_SECONDS. Returns how many were taken.

    One run at a time for each receiver. Of the deliveries about one object only the first that waits is ever called
    with, so that each object's events arrive in order. A run that dies before it notes what was taken sends it again.
    """
    with _leased(webhook_id) as holder:
        if holder is None:
            return 0
        taken = 0
        end = time.monotonic() + ROUND_SECONDS
        while time.monotonic() < end:
            webhook = Webhook.objects.select_related("by", "limited_by").filter(pk=webhook_id, holder=holder).first()
            if webhook is None or not _may_be_called(webhook):
                break
            batch = _next_batch(webhook)
            if not batch:
                break
            taken += _call_with(webhook, batch)
            Webhook.objects.filter(pk=webhook_id, holder=holder).update(lease_until=_lease_end())
        return taken


@contextmanager
def _leased(webhook_id: int) -> Iterator[UUID | None]:
    holder = uuid4()
    won = Webhook.objects.ready().filter(pk=webhook_id).update(holder=holder, lease_until=_lease_end())
    try:
        yield holder if won else None
    finally:
        Webhook.objects.filter(pk=webhook_id, holder=holder).update(holder=None, lease_until=None)


def _lease_end() -> object:
    """Longer than any batch takes: its calls go out side by side, and each ends at WEBHOOK_TOTAL_SECONDS."""
    return timezone.now() + timedelta(seconds=settings.WEBHOOK_TOTAL_SECONDS * 2 + 30)


def _may_be_called(webhook: Webhook) -> bool:
    return webhook.active and (webhook.retry_at is None or webhook.retry_at <= timezone.now())


def _next_batch(webhook: Webhook) -> list[Delivery]:
    """The deliveries to call with now: of each object the first that waits, if its time has come.

    A receiver that failed last time is asked with one alone, the one that was tried least: a single event that it will
    never take must not keep it from the others.
    """
    waiting = webhook.deliveries.waiting().select_related("event").order_by("position")[:LOOKED_AT]
    firsts: dict[tuple[str, int], Delivery] = {}
    for delivery in waiting:
        firsts.setdefault((delivery.event.object_kind, delivery.event.object_id), delivery)
    now = timezone.now()
    due = [delivery for delivery in firsts.values() if delivery.next_attempt_at <= now]
    if webhook.failures:
        return sorted(due, key=lambda delivery: (delivery.attempts, delivery.position))[:1]
    return due[:AT_ONCE]


def _call_with(webhook: Webhook, batch: list[Delivery]) -> int:
    """Call with each of the batch, side by side, and note what came of it. Returns how many were taken."""
    still = {event.pk for event in seen_by(webhook.maker, _open_to(webhook, batch))}
    hidden = [delivery.pk for delivery in batch if delivery.event_id not in still]
    Delivery.objects.filter(pk__in=hidden).update(state=DeliveryState.OUT_OF_SIGHT)
    batch = [delivery for delivery in batch if delivery.event_id in still]
    if not batch:
        return 0
    calls = [_call_for(webhook, delivery) for delivery in batch]
    with ThreadPoolExecutor(len(calls)) as pool:
        answers = list(pool.map(_Call.make, calls))
    _note(webhook, batch, answers)
    return sum(answer.took_it for answer in answers)


def _open_to(webhook: Webhook, batch: list[Delivery]) -> list[Event]:
    return list(Event.objects.filter(pk__in=[delivery.event_id for delivery in batch]).not_closed_to(webhook.maker))


@dataclass(frozen=True, slots=True)
class _Call:
    """All that a thread needs: it has no business with the database."""

    url: str
    body: bytes
    headers: dict[str, str]

    def make(self) -> Answer:
        return post(self.url, self.body, self.headers)


def _call_for(webhook: Webhook, delivery: Delivery) -> _Call:
    body, timestamp, event_id = body_of(delivery.event), int(time.time()), str(delivery.event.uuid)
    return _Call(
        webhook.url,
        body,
        {
            "Content-Type": "application/json",
            "User-Agent": "Hearsay-Webhooks/1",
            "webhook-id": event_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signing.signatures(webhook, event_id=event_id, timestamp=timestamp, body=body),
        },
    )


@transaction.atomic
def _note(webhook: Webhook, batch: list[Delivery], answers: list[Answer]) -> None:
    now = timezone.now()
    for delivery, answer in zip(batch, answers, strict=True):
        delivery.attempts += 1
        delivery.called_at, delivery.status, delivery.milliseconds = now, answer.status, answer.milliseconds
        delivery.trouble = "" if answer.took_it else _trouble(answer)[:300]
        if answer.took_it:
            delivery.state = DeliveryState.DELIVERED
        elif delivery.attempts >= settings.WEBHOOK_ATTEMPTS and not webhook.failures:
            # The receiver is well and takes others: it is this one that it will never take.
            delivery.state = DeliveryState.GIVEN_UP
        else:
            delivery.next_attempt_at = now + timedelta(seconds=pause_after(delivery.attempts, answer.pause))
    Delivery.objects.bulk_update(
        batch, ["attempts", "called_at", "status", "milliseconds", "trouble", "state", "next_attempt_at"]
    )
    _note_health(webhook, answers)


def _note_health(webhook: Webhook, answers: list[Answer]) -> None:
    """Whether the receiver as a whole is well: one call that was taken shows that it is."""
    row = Webhook.objects.select_for_update(of=("self",)).filter(pk=webhook.pk).first()
    if row is None:
        return
    if any(answer.status == GONE for answer in answers):
        _switch_off(row, "The receiver answered 410 Gone: it wants no more calls.")
        return
    if any(answer.took_it for answer in answers):
        row.failures, row.failing_since, row.retry_at = 0, None, None
    else:
        row.failures += len(answers)
        row.failing_since = row.failing_since or timezone.now()
        asked = max((answer.pause or 0.0 for answer in answers), default=0.0)
        row.retry_at = timezone.now() + timedelta(seconds=pause_after(row.failures, asked or None))
    row.save(update_fields=["failures", "failing_since", "retry_at"])
    failing_hours = row.failing_for.total_seconds() / 3600
    if row.failures >= settings.WEBHOOK_DISABLE_FAILURES and failing_hours >= settings.WEBHOOK_DISABLE_HOURS:
        _switch_off(row, f"{row.failures} calls in a row failed, the last with: {_trouble(answers[-1])}")


def pause_after(failures: int, asked: float | None = None) -> float:
    """Seconds until the next attempt: doubled with each failure, up to a limit, and half of it left to chance, so that
    many do not come back at the same moment. asked: what the receiver's Retry-After said, if that is longer."""
    longest = min(settings.WEBHOOK_PAUSE_SECONDS * 2 ** min(failures - 1, 30), settings.WEBHOOK_LONGEST_PAUSE_SECONDS)
    chosen = random.uniform(longest / 2, longest)  # noqa: S311 -- to spread the load, not to keep a secret
    return max(chosen, asked or 0.0)


def _trouble(answer: Answer) -> str:
    if answer.status is None:
        return answer.trouble
    if 300 <= answer.status < 400:
        return f"It answered {answer.status}. Redirects are not followed: give the address it leads to."
    return f"It answered {answer.status}."


def _switch_off(webhook: Webhook, notice: str) -> None:
    """For the receiver's or its key's sake: with a notice for its maker, and an event."""
    Webhook.objects.filter(pk=webhook.pk).update(active=False, notice=notice)
    Event.objects.create(
        type=EventType.WEBHOOK_DISABLED,
        object_kind=ObjectKind.WEBHOOK,
        object_id=webhook.pk,
        data={"failures": webhook.failures},
    )
    logger.warning("webhook %s was switched off after %s failures", webhook.pk, webhook.failures)


def with_work() -> list[int]:
    """Ids of the webhooks that may be called and for which something is due."""
    return list(Webhook.objects.ready().with_work().order_by("pk").values_list("pk", flat=True))


def prune() -> int:
    """Delete events older than EVENT_KEEP_DAYS and their deliveries; the newest stays, it holds the last position."""
    before = timezone.now() - timedelta(days=settings.EVENT_KEEP_DAYS)
    old = Event.objects.filter(at__lt=before, position__lt=last_position()).order_by("at").values("pk")[:10_000]
    return Event.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()[0]


def unlooked_at() -> list[int]:
    """Ids of the active webhooks that have not been asked about the newest events."""
    return list(Webhook.objects.active().filter(position__lt=last_position()).values_list("pk", flat=True))
