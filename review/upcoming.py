"""Which claim comes before an analyst next: reading a document through, or the most useful first.

Whatever is asked, an index leads to the first claim: those of what waits are in claims.models.claim and review.models.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from claims.models import Claim
from claims.models.claim import ClaimQuerySet, doubt
from claims.models.review import Picked
from grading.priority import RANDOM_SHARE
from review.models import Boost, Weighing
from review.reader import Reader
from review.services.leases import HandedOut, Pool, hand_out, look

FEW = 17
"""Claims looked at of each collection: as many as `hand_out` tries at most."""
Narrow = Callable[[ClaimQuerySet], ClaimQuerySet]
"""What the analyst wants to see of the queue."""


class Mode(models.TextChoices):
    DOCUMENT = "document", "Document by document"
    STREAM = "stream", "Most useful first"


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A claim to go on with, and how it was picked."""

    claim_id: int
    picked: str

    @property
    def address(self) -> str:
        return f"{reverse('review:claim', args=[self.claim_id])}?queue={self.picked}"


def everything(claims: ClaimQuerySet) -> ClaimQuerySet:
    return claims


def after(done: Claim, reader: Reader, narrow: Narrow = everything, *, ahead: bool = False) -> Upcoming | None:
    """On in the document, then what was passed over in it, then another document.

    ahead: it comes next, and is held beside the one before them.
    """
    here = narrow(reader.waiting.exclude(pk=done.pk)).filter(layer_id=done.layer_id)
    later = here.filter(start__gte=done.start).exclude(start=done.start, pk__lt=done.pk)
    if found := _in_reading_order(reader, [[later], [here]], ahead=ahead):
        return found  # nearly always: making the queries for the other documents takes as long as all else here
    sides = [narrow(side.exclude(pk=done.pk)) for side in _sides(reader)]
    further = [side.filter(layer_id__gt=done.layer_id) for side in sides]
    before = [side.filter(layer_id__lt=done.layer_id) for side in sides]
    return _in_reading_order(reader, [further, before], ahead=ahead)


def first(reader: Reader, narrow: Narrow = everything, *, document_id: int | None = None) -> Upcoming | None:
    """The first that waits, if possible of a document."""
    anywhere = [narrow(side) for side in _sides(reader)]
    here = [[reader.waiting.filter(layer__document_id=document_id)]] if document_id is not None else []
    return _in_reading_order(reader, [*here, anywhere])


def most_useful(
    reader: Reader, narrow: Narrow = everything, *, done: Claim | None = None, ahead: bool = False
) -> Upcoming | None:
    """By priority, or once in five times at random. ahead: as above."""
    if not reader.may_review:
        return after(done, reader, narrow) if done else first(reader, narrow)
    passed = [done.pk] if done else []
    candidates = narrow(reader.undecided(Claim.objects.all()).exclude(pk__in=passed))
    second = narrow(reader.second.exclude(pk__in=passed))
    by_chance = random.random() < RANDOM_SHARE  # noqa: S311 -- nobody gains by guessing it
    at_random = [_shuffled(candidates, second, reader, place) for place in (_a_place(), "")] if by_chance else []
    found = _choose([*at_random, _by_priority(candidates, second, reader)], reader, ahead=ahead)
    if found is None:
        return None
    return Upcoming(found.claim_id, Picked.RANDOM if found.pool < len(at_random) else Picked.PRIORITY)


def this_one(claim_id: int, version: int, reader: Reader, narrow: Narrow = everything) -> bool:
    """Hold a claim that was looked ahead to. False: it is decided, changed or somebody else's by now."""
    unchanged = reader.waiting.filter(pk=claim_id).seen_in_version(version, reader.user)
    still = _compiled(narrow(unchanged).order_by().values("id"))
    return still is not None and hand_out([still], to=reader.user) is not None


def _sides(reader: Reader) -> list[ClaimQuerySet]:
    """What waits, in two: an index leads to the candidates, and what waits for a second opinion is little.

    They are merged in one order. If the latter came last, who gets one would know that somebody decided it before.
    """
    return [reader.undecided(reader.claims), reader.second]


def _in_reading_order(
    reader: Reader, wanted: Sequence[Sequence[ClaimQuerySet]], *, ahead: bool = False
) -> Upcoming | None:
    """The first claim of the first of these that has one, each in one or two sides."""
    found = _choose([_read(sides) for sides in wanted], reader, ahead=ahead)
    return Upcoming(found.claim_id, Picked.DIRECT) if found else None


def _choose(pools: Sequence[Pool], reader: Reader, *, ahead: bool) -> HandedOut | None:
    """Who may decide it holds it; for others it stays free."""
    if not reader.may_review:
        return look(pools, by=reader.user)
    return hand_out(pools, to=reader.user, ahead=ahead, spare=reader.spare)


def _read(sides: Sequence[ClaimQuerySet]) -> Pool:
    few = [_compiled(side.in_reading_order().values("layer_id", "start", "id")[:FEW]) for side in sides]
    return _merged(few, "layer_id, start, id")


def _by_priority(candidates: ClaimQuerySet, second: ClaimQuerySet, reader: Reader) -> Pool:
    """The most doubtful of those without a boost, and the first of those with one, as one list."""
    boosted = Exists(Boost.objects.filter(claim=OuterRef("pk")))
    plain = candidates.filter(~boosted).annotate(rank=doubt()).order_by(doubt().desc(), "id")
    # One look at the claim for each boost, the first ones first: as a join, all would be read and sorted.
    fits = Subquery(candidates.filter(pk=OuterRef("claim")).values("pk")[:1])
    more = Boost.objects.annotate(fits=fits).filter(fits__isnull=False, priority__gt=0).order_by("-priority", "claim")
    # As before the first decision, when it was a candidate like others: else who gets one would know of it.
    weight = Subquery(Weighing.objects.filter(claim=OuterRef("pk")).order_by("-pk").values("weight")[:1])
    weighed = second.annotate(rank=doubt() * Coalesce(weight, 1.0)).filter(rank__gt=0)
    few = weighed.order_by("-rank", "id").values("id", "rank")[:FEW]
    sides = [
        _of_each_collection(plain.values("id", "rank"), reader, '"claims_claim"."collection_id"'),
        _of_each_collection(
            more.values(id=F("claim_id"), rank=F("priority")), reader, '"review_boost"."collection_id"'
        ),
        _compiled(few),
    ]
    return _merged(sides, "rank DESC, id")


def _a_place() -> str:
    """Where to begin: fingerprints are spread evenly, and say nothing about a claim."""
    return f"{random.getrandbits(256):064x}"


def _shuffled(candidates: ClaimQuerySet, second: ClaimQuerySet, reader: Reader, place: str) -> Pool:
    """In the order of the fingerprints from a place on."""
    ordered, few = (
        side.filter(fingerprint__gte=place).annotate(rank=F("fingerprint")).order_by("fingerprint", "id")
        for side in (candidates, second)
    )
    sides = [
        _of_each_collection(ordered.values("id", "rank"), reader, '"claims_claim"."collection_id"'),
        _compiled(few.values("id", "rank")[:FEW]),
    ]
    return _merged(sides, "rank, id")


def _compiled(query: QuerySet[Any, Any]) -> Pool | None:
    """None where Django knows that nothing can be found, as for who gives no second opinions."""
    try:
        return query.query.sql_with_params()
    except EmptyResultSet:
        return None


def _merged(given: Sequence[Pool | None], order: str) -> Pool:
    """Several ordered queries as one."""
    sides = [side for side in given if side is not None]
    if not sides:
        return "SELECT id FROM claims_claim WHERE false", []
    either = " UNION ALL ".join(f"({sql})" for sql, _ in sides)
    values = [value for _, parameters in sides for value in parameters]
    return f"SELECT id FROM ({either}) AS either ORDER BY {order}", values  # noqa: S608 -- our own queries


def _of_each_collection(ordered: QuerySet[Any, Any], reader: Reader, column: str) -> Pool | None:
    """The first few of each of the reader's collections: of several at once no index gives the order."""
    few = ordered.extra(where=[f"{column} = mine.collection"])[:FEW]  # noqa: S610 -- our own words
    compiled = _compiled(few)
    if compiled is None:
        return None
    sql, values = compiled
    each = f"SELECT best.id, best.rank FROM unnest(%s::bigint[]) AS mine(collection) CROSS JOIN LATERAL ({sql}) AS best"  # noqa: S608 -- the same
    return each, [reader.collections, *values]
