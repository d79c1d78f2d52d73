"""How far each collection is: its claims by state, and its documents by what is left to do in them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from accounts.models import User
from claims.models import Claim, ClaimState, SecondReview
from documents.models import Collection, Document, DocumentState, TextLayer
from review.worklist import Progress


@dataclass(frozen=True, slots=True)
class CollectionProgress:
    """documents: all of them. in_work: those being read. failed: those that could not be. begun: read, with claims
    that wait."""

    collection: Collection
    claims: Progress
    documents: int
    in_work: int
    failed: int
    begun: int

    @property
    def finished(self) -> int:
        """Documents of which every claim is decided."""
        return max(0, self.documents - self.in_work - self.failed - self.begun)

    @property
    def percent_finished(self) -> int:
        return round(100 * self.finished / self.documents) if self.documents else 0


def progress_of(collections: list[Collection], user: User) -> list[CollectionProgress]:
    """Those with the most that waits first, as the user sees the claims. Four queries, each from an index."""
    ids = [collection.pk for collection in collections]
    claims: dict[int, dict[str, int]] = defaultdict(dict)
    inside = Claim.objects.filter(collection__in=ids).order_by()
    for collection, state, count in inside.values_list("collection", "state").annotate(Count("pk")):
        claims[collection][state] = count
    own = SecondReview.objects.worked_on_by(user).filter(claim__collection__in=ids).order_by()
    seen = own.values_list("claim__collection", "claim__state", "seen_state").annotate(Count("pk"))
    for collection, state, instead, count in seen:
        claims[collection][state] -= count
        claims[collection][instead] = claims[collection].get(instead, 0) + count
    documents: dict[int, dict[str, int]] = defaultdict(dict)
    arrived = Document.objects.filter(collection__in=ids).order_by()
    for collection, state, count in arrived.values_list("collection", "state").annotate(Count("pk")):
        documents[collection][state] = count
    waiting = inside.waiting_for(user) if seen else inside.filter(state=ClaimState.CANDIDATE)
    # By what is in the index of waiting claims alone: their rows are all over the table.
    open_layers = TextLayer.objects.filter(Exists(waiting.filter(layer=OuterRef("pk"))), document__collection__in=ids)
    begun = dict(open_layers.values_list("document__collection").annotate(Count("document", distinct=True)))
    rows = [
        CollectionProgress(
            collection=collection,
            claims=Progress.of(claims[collection.pk]),
            documents=sum(documents[collection.pk].values()),
            in_work=sum(documents[collection.pk].get(s, 0) for s in (DocumentState.RECEIVED, DocumentState.READ)),
            failed=documents[collection.pk].get(DocumentState.FAILED, 0),
            begun=begun.get(collection.pk, 0),
        )
        for collection in collections
    ]
    return sorted(rows, key=lambda row: (-row.claims.waiting, row.collection.name))
