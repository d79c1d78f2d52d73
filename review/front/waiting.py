"""What waits for a decision, each with the page where it is decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

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
        yield Waiting(Tally.of(differing), _("claims on which two analysts differ"), reverse("opinions:waiting"))
    if user.has_perm("claims.view_propositionlink"):
        links = reverse("links:queue")
        between = PropositionLink.objects.proposed().visible_to(user)
        yield Waiting(Tally.of(between), _("links between propositions"), links)
        repeated = ClaimLink.objects.proposed().visible_to(user)
        yield Waiting(Tally.of(repeated), _("claims that seem repeated or taken back"), f"{links}?kind=claims")
    if user.has_perm("claims.view_originnotice"):
        notices = OriginNotice.objects.proposed().visible_to(user)
        yield Waiting(Tally.of(notices), _("pairs of sources with a suspected common origin"), reverse("links:notices"))
    if user.has_perm("claims.view_gradeflag"):
        yield Waiting(Tally.of(open_flags(user)), _("grades to look at again"), reverse("propositions:flags"))


def failed_documents(seen: list[int]) -> Failed:
    """Of the collections with these ids. Two queries."""
    rows = Document.objects.filter(collection__in=seen, state=DocumentState.FAILED)
    return Failed(Tally.of(rows), list(rows.for_list()[:FAILED_SHOWN]))
