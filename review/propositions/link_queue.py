"""The queue of proposed links, newest first: what a rule found, both sides in their words, decided by one key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.ids import row_id
from accounts.models import User
from claims.models import ClaimLink, LinkKind, LinkState, PropositionLink, RelationKind
from review.permissions import needs
from review.propositions.relations import shown_to
from review.sources.names import name_sources, named
from review.sources.views import the_user
from sources.models import Source

PAGE_SIZE = 20
CLAIMS = "claims"
TABS = [
    ("", gettext_lazy("All between propositions")),
    (RelationKind.CONTRADICTS.value, gettext_lazy("Contradicting")),
    (RelationKind.CORROBORATES.value, gettext_lazy("Corroborating")),
    (RelationKind.REFINES.value, gettext_lazy("Refining")),
    (CLAIMS, gettext_lazy("Repeated and taken back")),
]


@dataclass(frozen=True, slots=True)
class ClaimLinkShown:
    """A link between claims, or from a claim to a source; the claims have `said_by`."""

    link: ClaimLink
    from_source: Source | None

    @property
    def open(self) -> bool:
        return self.link.state == LinkState.PROPOSED

    @property
    def says(self) -> str:
        return _("takes back") if self.link.kind == LinkKind.RETRACTS else _("repeats")


@require_GET
@never_cache
@needs("claims.view_propositionlink")
def queue(request: HttpRequest) -> HttpResponse:
    """Links that wait for a decision. The same queries, however many there are."""
    user = the_user(request)
    kind = request.GET.get("kind", "")
    at = row_id(request.GET.get("before", "")) or 0
    rows: Sequence[Any]
    rows, last = (_claim_links if kind == CLAIMS else _proposition_links)(user, kind, at)
    context = {
        "rows": rows,
        "kind": kind,
        "between_claims": kind == CLAIMS,
        "tabs": [(f"?{urlencode({'kind': key})}" if key else "?", name, key == kind) for key, name in TABS],
        "next_query": urlencode({"kind": kind, "before": last}) if last else "",
        "after": bool(at),
        "may_decide": user.has_perm("claims.decide_link"),
        "may_change": user.has_perm("claims.change_proposition"),
    }
    return render(request, "review/propositions/links.html", context)


def _proposition_links(user: User, kind: str, before: int) -> tuple[Sequence[Any], int]:
    links = PropositionLink.objects.proposed().visible_to(user).for_list()
    if kind:
        links = links.filter(kind=kind) if kind in dict(TABS) else links.none()
    if before:
        links = links.filter(pk__lt=before)
    found = list(links[: PAGE_SIZE + 1])
    page = found[:PAGE_SIZE]
    return shown_to(user, page), page[-1].pk if len(found) > PAGE_SIZE else 0


def _claim_links(user: User, _kind: str, before: int) -> tuple[Sequence[Any], int]:
    links = ClaimLink.objects.proposed().visible_to(user).for_list()
    if before:
        links = links.filter(pk__lt=before)
    found = list(links[: PAGE_SIZE + 1])
    page = found[:PAGE_SIZE]
    return claim_links_shown(page, user), page[-1].pk if len(found) > PAGE_SIZE else 0


def claim_links_shown(links: list[ClaimLink], user: User) -> list[ClaimLinkShown]:
    """With the names that the user may read. Four queries at most."""
    name_sources([claim for link in links for claim in (link.claim, link.origin) if claim], user)
    sources = {link.origin_source.standing_id for link in links if link.origin_source}
    names = named(sources, user) if sources else {}
    return [
        ClaimLinkShown(link, names.get(link.origin_source.standing_id) if link.origin_source else None)
        for link in links
    ]
