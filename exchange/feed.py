"""The change feed: events from a position on, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet

from accounts.models import User
from claims.models import Proposition, PropositionLink
from documents.models import sees_everything
from exchange.models import Event, ObjectKind, Webhook
from sources.models import Source

WINDOW = 10_000
"""Events that one call looks through at most, however few of them fit."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events. Empty: of all types, of all collections and of none."""

    types: list[str] = field(default_factory=list)
    collections: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one call read. until: go on after it. more: whether there is something behind it already."""

    events: list[Event]
    until: int
    more: bool


def read(user: User, *, after: int, size: int, wanted: Wanted | None = None) -> Stretch:
    """The first events behind the position `after`, at most `size`, in order. They may be none, with more to come."""
    wanted = wanted or Wanted()
    newest = last_position()
    end = min(after + WINDOW, newest)
    if end <= after:
        return Stretch([], after, more=False)
    fitting = Event.objects.after(after).filter(position__lte=end).not_closed_to(user)
    fitting = fitting.of_types(wanted.types).in_collections(wanted.collections)
    found = list(fitting[: size + 1])
    full = len(found) > size
    page = found[:size]
    until = page[-1].position if full and page[-1].position else end
    return Stretch(seen_by(user, page), until, more=full or end < newest)


def last_position() -> int:
    return Event.objects.aggregate(last=Max("position"))["last"] or 0


def position_of(event: UUID) -> int | None:
    """None for an event that is not there, or has no place yet."""
    return Event.objects.filter(uuid=event).values_list("position", flat=True).first()


def seen_by(user: User, events: Iterable[Event]) -> list[Event]:
    """Those about which the user may know, of events that are not closed to them by their collections.

    The number of queries does not depend on how many there are.
    """
    events = list(events)
    seen_in_part = [ObjectKind.WEBHOOK] if sees_everything(user) else list(_SEEN)
    asked: dict[str, set[int]] = {kind: set() for kind in seen_in_part}
    for event in events:
        if not event.collections and event.object_kind in asked:
            asked[event.object_kind].add(event.object_id)
    seen = {kind: set(_SEEN[kind](user).filter(pk__in=ids).values_list("pk", flat=True)) for kind, ids in asked.items()}
    return [
        event
        for event in events
        if event.collections or event.object_kind not in seen or event.object_id in seen[event.object_kind]
    ]


_SEEN: dict[str, Callable[[User], QuerySet[Any]]] = {
    ObjectKind.SOURCE: Source.objects.visible_to,
    ObjectKind.PROPOSITION: Proposition.objects.visible_to,
    ObjectKind.LINK: PropositionLink.objects.visible_to,
    ObjectKind.WEBHOOK: Webhook.objects.visible_to,
}
"""By kind, the objects of no collection that a user may see."""
