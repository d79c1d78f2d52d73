"""Where an accepted claim may belong: propositions that may say the same, best first, joined by one key or left."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.ids import row_id
from accounts.models import User
from claims import services
from claims.errors import ClaimError, LinkAlreadyDecided
from claims.models import (
    Claim,
    ClaimState,
    LinkState,
    Proposition,
    PropositionLink,
    PropositionMove,
    RelationKind,
    SecondReview,
    Stance,
)
from claims.origins import Standing, standings
from claims.proposals import LEAST_LIKE, PropositionProposal, proposals_for
from claims.search import Channel, Match, propositions_like
from review.permissions import needs
from review.propositions.marked import Piece, pieces, places_of
from review.propositions.page import find_proposition
from review.propositions.relations import RULES
from review.sources.views import refusal, the_user

OFFERED = 3
"""On the number keys of the workbench."""
CONFLICT = 409
CHANNELS = {
    Channel.DUPLICATE.value: gettext_lazy("rare words in common"),
    Channel.CORROBORATION.value: gettext_lazy("a rare word, or a name near in time, in common"),
}
RELATIONS = {
    RelationKind.CORROBORATES.value: gettext_lazy("says the same"),
    RelationKind.CONTRADICTS.value: gettext_lazy("contradicts"),
    RelationKind.REFINES.value: gettext_lazy("says more"),
    "refined by": gettext_lazy("says less"),
}


@dataclass(frozen=True, slots=True)
class ProposalShown:
    """A proposition that may be meant, in its words with what it shares with the claim marked."""

    found: PropositionProposal
    words: list[Piece]
    standing: Standing

    @property
    def joins(self) -> bool:
        """What contradicts it otherwise than by its negation is another proposition: to be linked, not joined."""
        return self.found.relation != RelationKind.CONTRADICTS or self.found.stance == Stance.DENIES

    @property
    def relation(self) -> str:
        """How the claim stands to it, by a rule or by the link that is there; empty where nobody says."""
        return str(RELATIONS.get(self.found.relation, ""))

    @property
    def why(self) -> str:
        """Which rule fired, or through which words it was found."""
        if self.found.rule:
            return str(RULES.get(self.found.rule, self.found.rule))
        return str(CHANNELS.get(self.found.channel, ""))

    @property
    def shared(self) -> list[str]:
        every = [words for kind in ("name", "date", "number", "word") for words in self.found.shared.get(kind, ())]
        return every[:8]

    @property
    def other_stance(self) -> str:
        return Stance.ASSERTS if self.found.stance == Stance.DENIES else Stance.DENIES


@require_GET
@never_cache
@needs("claims.view_proposition")
def meetings(request: HttpRequest, claim_id: int) -> HttpResponse:
    """What a claim may belong to; a part of the workbench, or without a script a page of its own."""
    user = the_user(request)
    try:
        claim = _claim(claim_id, user)
    except Http404:
        if request.GET.get("beside"):
            return HttpResponse()  # a hint beside the next claim, for one that was undone meanwhile
        if SecondReview.objects.worked_on_by(user).filter(claim=claim_id, seen_state=ClaimState.ACCEPTED).exists():
            return HttpResponse()  # accepted in their opinion only: it belongs nowhere yet
        raise
    context = _context(claim, user) | {"beside": request.GET.get("beside", "")}
    return render(request, _template(request), context)


@require_POST
@needs("claims.change_proposition")
def join(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Have the claim assert or deny a proposition that is there already."""
    user = the_user(request)
    claim = _claim(claim_id, user)
    found = find_proposition(user, row_id(request.POST.get("proposition", "")) or 0)
    stance = request.POST.get("stance", "")
    problem, move = "", None
    try:
        move = services.join(claim, found, by=user, stance=stance if stance in Stance.values else "")
    except ClaimError as error:
        problem = refusal(error)
    if request.POST.get("beside") and getattr(request, "htmx", False):
        context = _context(claim, user) if problem else {"claim": claim, "joined": found, "move": move}
        answer = context | {"problem": problem, "beside": "1"}
        return render(request, "review/propositions/_meeting.html", answer, status=CONFLICT if problem else 200)
    return _to_claim(request, claim, problem, _("Joined: %s") % found.text)


@require_POST
@needs("claims.change_proposition")
def leave(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The claim stays apart from what was proposed: links that say the same of both are rejected with it."""
    user = the_user(request)
    claim = _claim(claim_id, user)
    if user.has_perm("claims.decide_link"):
        for proposal in proposals_for(claim, user, most=OFFERED):
            link = proposal.link
            if link and link.state == LinkState.PROPOSED and link.kind == RelationKind.CORROBORATES:
                with suppress(LinkAlreadyDecided):  # somebody rejected it since it was proposed
                    services.dismiss_link(link, by=user)
    if getattr(request, "htmx", False):
        return render(request, "review/propositions/_meeting.html", {"claim": claim, "apart": True, "beside": "1"})
    return _to_claim(request, claim, "", _("It stays apart."))


@require_POST
@needs("claims.change_proposition")
def put_back(request: HttpRequest, move_id: int) -> HttpResponse:
    """Undo a join from where it was made, and propose again."""
    user = the_user(request)
    move = PropositionMove.objects.filter(pk=move_id, kind="join").first()
    claim = _claim(int(next(iter(move.claims))), user) if move else None
    if move is None or claim is None:
        raise Http404(_("There is no such step."))
    problem = ""
    try:
        services.undo_move(move, by=user)
    except ClaimError as error:
        problem = refusal(error)
    fresh = _claim(claim.pk, user)
    if getattr(request, "htmx", False):
        context = _context(fresh, user) | {"problem": problem, "beside": "1"}
        return render(request, "review/propositions/_meeting.html", context, status=CONFLICT if problem else 200)
    return _to_claim(request, fresh, problem, _("Undone: the claim stands apart again."))


@require_GET
@never_cache
@needs("claims.view_proposition")
def alike(request: HttpRequest, proposition_id: int) -> HttpResponse:
    """Propositions that may say the same as this one; asked for by its page once it is there."""
    user = the_user(request)
    found = find_proposition(user, proposition_id)
    linked = {link.seen_from(found.pk) for link in PropositionLink.objects.touching([found.pk])}
    matches = propositions_like(found.text, user=user, apart_from=[found.pk, *linked], most=OFFERED)
    likely = [match for match in matches if match.score >= LEAST_LIKE]
    rows = Proposition.objects.defer("search").in_bulk([match.proposition_id for match in likely])
    context = {
        "proposition": found,
        "proposals": [_alike(rows[match.proposition_id], match) for match in likely],
        "may_change": user.has_perm("claims.change_proposition"),
    }
    return render(request, "review/propositions/_alike.html", context)


def _claim(claim_id: int, user: User) -> Claim:
    claim = (
        Claim.objects.visible_to(user)
        .accepted()
        .select_related("proposition")
        .defer("search", "proposition__search")
        .filter(pk=claim_id)
        .first()
    )
    if claim is None:
        raise Http404(_("There is no such accepted claim, or it is in a collection you cannot see."))
    return claim


def _alike(found: Proposition, match: Match) -> dict[str, Any]:
    shared = [*match.shared_entities, *match.shared_words]
    return {
        "proposition": found,
        "words": pieces(found.text, places_of(found.text, shared), "word"),
        "shared": shared[:8],
        "why": CHANNELS[match.channel],
    }


def _context(claim: Claim, user: User) -> dict[str, Any]:
    proposals = proposals_for(claim, user, most=OFFERED)
    ids = [proposal.proposition.pk for proposal in proposals]
    standing = standings(ids, Claim.objects.visible_to(user)) if ids else {}
    shown = [
        ProposalShown(each, pieces(each.proposition.text, each.other_marks), standing[each.proposition.pk])
        for each in proposals
    ]
    return {
        "claim": claim,
        "proposals": sorted(shown, key=lambda each: not each.joins),
        "words": pieces(claim.wording, [mark for each in proposals[:1] for mark in each.marks]),
        "may_change": user.has_perm("claims.change_proposition"),
    }


def _template(request: HttpRequest) -> str:
    part = "_meeting" if getattr(request, "htmx", False) else "meeting"
    return f"review/propositions/{part}.html"


def _to_claim(request: HttpRequest, claim: Claim, problem: str, words: str) -> HttpResponse:
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, words)
    address = reverse("review:claim", args=[claim.pk])
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)
