"""What a verdict did to the records of the sources behind a proposition, told once after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from accounts.models import User
from claims.models import Claim, Proposition
from review.sources.record import SeriesPoint, record_today
from sources.models import Source

MOVES_SHOWN = 10
"""Sources whose record before and after a verdict is told."""


@dataclass(frozen=True, slots=True)
class RecordNow:
    source: Source
    now: SeriesPoint


def records_of(found: Proposition, user: User) -> list[RecordNow]:
    """The records, today, of the sources with a claim on the proposition."""
    claims = Claim.objects.visible_to(user).accepted().filter(proposition=found)
    standing = {claim.source.standing_id for claim in claims.select_related("source") if claim.source}
    sources = Source.objects.filter(pk__in=standing).named_for(user).order_by("pk")[:MOVES_SHOWN]
    return [RecordNow(source, record_today(source)) for source in sources]


def remember(request: HttpRequest, found: Proposition, before: list[RecordNow]) -> None:
    """Reloading must not send a form again: what moved travels in the session, once."""
    request.session["moved"] = {
        "proposition": found.pk,
        "sources": [[row.source.pk, row.now.mean_percent] for row in before],
    }


def moved_since(request: HttpRequest, found: Proposition, user: User) -> list[dict[str, Any]]:
    """Each source with its record before (percent) and now, once after `remember`; empty otherwise."""
    moved = request.session.pop("moved", None) if request.method == "GET" else None
    if not moved or moved["proposition"] != found.pk:
        return []
    before = dict(moved["sources"])
    return [
        {"source": row.source, "mean": before[row.source.pk], "now": row.now}
        for row in records_of(found, user)
        if row.source.pk in before
    ]
