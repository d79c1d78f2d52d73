"""Which claim comes next, and how far a document is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from claims.models import Claim, ClaimState, Decision, Review
from documents.models import Document

FRONT_DOCUMENTS = 25
"""Documents on the queue's front page."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a document's claims are decided."""

    waiting: int
    accepted: int
    rejected: int

    @classmethod
    def of(cls, tally: dict[str, int]) -> Progress:
        return cls(
            waiting=tally.get(ClaimState.CANDIDATE, 0),
            accepted=tally.get(ClaimState.ACCEPTED, 0),
            rejected=tally.get(ClaimState.REJECTED, 0),
        )

    @property
    def decided(self) -> int:
        return self.accepted + self.rejected

    @property
    def total(self) -> int:
        return self.waiting + self.decided

    @property
    def percent(self) -> int:
        return round(100 * self.decided / self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a claim stands among its document's claims, which are in reading order."""

    claims: Sequence[Claim]
    index: int

    @classmethod
    def of(cls, claim: Claim, claims: Sequence[Claim]) -> Place:
        return cls(claims, next(i for i, other in enumerate(claims) if other.pk == claim.pk))

    @property
    def number(self) -> int:
        return self.index + 1

    @property
    def previous(self) -> Claim | None:
        return self.claims[self.index - 1] if self.index > 0 else None

    @property
    def following(self) -> Claim | None:
        return self.claims[self.index + 1] if self.index + 1 < len(self.claims) else None

    @property
    def progress(self) -> Progress:
        states = [claim.state for claim in self.claims]
        return Progress.of({state: states.count(state) for state in set(states)})


def claims_of_layer(claim: Claim, user: User) -> list[Claim]:
    """All claims of the text `claim` stands in, in reading order, as the user sees them, for marking them.

    Those a newer engine dropped are left out, but for `claim` itself.
    """
    shown = Claim.objects.current() | Claim.objects.filter(pk=claim.pk)
    return list(
        shown.filter(layer_id=claim.layer_id)
        .as_seen_by(user)
        .only("id", "layer_id", "start", "state", "source_fragments", "cue_fragments", "cue_quote", "source_quote")
        .in_reading_order()
    )


def waiting_count(user: User) -> int:
    return Claim.objects.seen_by(user).waiting_for(user).count()


def decided_today(user: User) -> int:
    """The user's own decisions since midnight that stand."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Review.objects.undoable_by(user).filter(at__gte=midnight).exclude(decision=Decision.EDIT).count()


def documents_waiting(user: User) -> list[tuple[Document, Progress]]:
    """The newest documents with claims that wait, and how far each is."""
    waiting = Claim.objects.seen_by(user).waiting_for(user).order_by().values("layer__document_id")
    documents = list(Document.objects.filter(pk__in=waiting).for_list()[:FRONT_DOCUMENTS])
    tally = Claim.objects.filter(layer__document__in=documents).tally_by_document(user)
    return [(document, Progress.of(tally.get(document.pk, {}))) for document in documents]
