"""The newest propositions that some assert and others deny."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from accounts.models import User
from claims.models import Claim, Proposition, Stance
from review.front.tally import Tally

SHOWN = 5
COUNTED = 100
"""Contested propositions counted exactly."""


@dataclass(frozen=True, slots=True)
class Contested:
    proposition: Proposition
    asserted: int
    denied: int
    """Claims on this proposition; others may deny it by asserting what contradicts it."""


@dataclass(frozen=True, slots=True)
class ContestedShown:
    count: Tally
    rows: list[Contested]


def contested(user: User, seen: list[int]) -> ContestedShown:
    """The newest, by claims in the collections with these ids. Three queries and those of `contested`."""
    ids = list(Proposition.objects.contested(user).order_by("-pk").values_list("pk", flat=True)[: COUNTED + 1])
    shown = ids[:SHOWN]
    claims = Claim.objects.filter(collection__in=seen, proposition__in=shown).as_ascribed(user).accepted().order_by()
    counts: dict[tuple[int | None, str], int] = {
        (proposition, stance): count
        for proposition, stance, count in claims.values_list("proposition", "stance").annotate(Count("pk"))
    }
    found = Proposition.objects.defer("search").in_bulk(shown)
    rows = [
        Contested(found[pk], counts.get((pk, Stance.ASSERTS), 0), counts.get((pk, Stance.DENIES), 0)) for pk in shown
    ]
    return ContestedShown(Tally(min(len(ids), COUNTED), len(ids) > COUNTED), rows)
