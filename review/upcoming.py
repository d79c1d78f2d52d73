"""Which claim comes before an analyst next: reading a document through, or the most useful first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from claims.models import Claim
from claims.models.claim import ClaimQuerySet
from claims.models.review import Picked
from review.reader import Reader
from review.services.leases import Pool, hand_out


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A claim to go on with, and how it was picked."""

    claim_id: int
    picked: str

    @property
    def address(self) -> str:
        return f"{reverse('review:claim', args=[self.claim_id])}?queue={self.picked}"


def after(done: Claim, reader: Reader) -> Upcoming | None:
    """On in the document, then what was passed over in it, then another document."""
    waiting = reader.waiting.exclude(pk=done.pk)
    here = waiting.filter(layer_id=done.layer_id)
    later = here.filter(start__gte=done.start).exclude(start=done.start, pk__lt=done.pk)
    further = [waiting.filter(layer_id__gt=done.layer_id), waiting.filter(layer_id__lt=done.layer_id)]
    return _first(reader, [later, here, *further])


def first(reader: Reader, *, document_id: int | None = None) -> Upcoming | None:
    """The first that waits, if possible of a document."""
    waiting = reader.waiting
    here = [waiting.filter(layer__document_id=document_id)] if document_id is not None else []
    return _first(reader, [*here, waiting])


def _first(reader: Reader, queries: Iterable[ClaimQuerySet]) -> Upcoming | None:
    """The first claim in reading order of the first query that has one. Who may decide it holds it from now on."""
    ordered = [query.in_reading_order() for query in queries]
    if reader.may_review:
        found = hand_out([pool_of(query) for query in ordered], to=reader.user)
        return Upcoming(found.claim_id, Picked.DIRECT) if found else None
    for query in ordered:
        if claim := query.only("pk").first():
            return Upcoming(claim.pk, Picked.DIRECT)
    return None


def pool_of(claims: ClaimQuerySet) -> Pool:
    return claims.values("id").query.sql_with_params()
