"""The documents that are the reader's task, and how far each is."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.models import User
from claims.models import Claim
from documents.models import Document
from review.models import Assignment
from review.worklist import Progress

GIVEN_SHOWN = 6


@dataclass(frozen=True, slots=True)
class GivenToMe:
    """total: all documents given to the reader or their teams. open: those in which claims wait for them.

    rows: the open ones, the newest first, with how far each is.
    """

    total: int
    open: int
    rows: list[tuple[Document, Progress]]

    @property
    def finished(self) -> int:
        return self.total - self.open


def given_to(user: User, seen: list[int]) -> GivenToMe:
    """Of the collections with these ids. Four queries at most, one where nothing was given."""
    mine = Document.objects.filter(
        collection__in=seen, pk__in=Assignment.objects.of(user).order_by().values("document")
    ).order_by()
    total = mine.count()
    if not total:
        return GivenToMe(0, 0, [])
    waits = Claim.objects.filter(collection__in=seen, layer__document=OuterRef("pk")).waiting_for(user).order_by()
    open_ones = mine.filter(Exists(waits))
    documents = list(open_ones.for_list()[:GIVEN_SHOWN])
    tally = Claim.objects.filter(layer__document__in=documents).tally_by_document(user)
    rows = [(document, Progress.of(tally.get(document.pk, {}))) for document in documents]
    return GivenToMe(total, open_ones.count() if len(rows) == GIVEN_SHOWN else len(rows), rows)
