"""What waits for a decision, each with the page where it is decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import User
from claims.models import ClaimLink, OriginNotice, PropositionLink, SecondReview
from documents.models import Document, DocumentState
from review.front.tally import Tally
from review.propositions.flags import open_flags

FAILED_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    count: Tally
    what: str
    address: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Documents that could not be read, the newest first."""

    count: Tally
    documents: list[Document]


def decisions_waiting(user: User) -> Iterator[Waiting]:
    """What the rules found and nobody has decided, in the order of the pages. Seven queries at most."""
    if user.has_perm("claims.adjudicate_claim"):
        differing = SecondReview.objects.visible_to(user).to_adjudicate_by(user)
        count = Tally.of(differing)
        what = ngettext("claim on which two analysts differ", "claims on which two analysts differ", count.count)
        yield Waiting(count, what, reverse("opinions:waiting"))
    if user.has_perm("claims.view_propositionlink"):
        links = reverse("links:queue")
        between = PropositionLink.objects.proposed().visible_to(user)
        count = Tally.of(between)
        yield Waiting(count, ngettext("link between propositions", "links between propositions", count.count), links)
        repeated = ClaimLink.objects.proposed().visible_to(user)
        count = Tally.of(repeated)
        what = ngettext(
            "claim that seems repeated or taken back", "claims that seem repeated or taken back", count.count
        )
        yield Waiting(count, what, f"{links}?kind=claims")
    if user.has_perm("claims.view_originnotice"):
        notices = OriginNotice.objects.proposed().visible_to(user)
        count = Tally.of(notices)
        what = ngettext(
            "pair of sources with a suspected common origin",
            "pairs of sources with a suspected common origin",
            count.count,
        )
        yield Waiting(count, what, reverse("links:notices"))
    if user.has_perm("claims.view_gradeflag"):
        count = Tally.of(open_flags(user))
        what = ngettext("grade to look at again", "grades to look at again", count.count)
        yield Waiting(count, what, reverse("propositions:flags"))


def failed_documents(seen: list[int]) -> Failed:
    """Of the collections with these ids. Two queries."""
    rows = Document.objects.filter(collection__in=seen, state=DocumentState.FAILED)
    return Failed(Tally.of(rows), list(rows.for_list()[:FAILED_SHOWN]))
