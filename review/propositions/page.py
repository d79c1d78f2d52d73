"""What the page of one proposition shows."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from claims import origins
from claims.models import ChainLink, Claim, Outcome, Proposition, PropositionMove, RelationKind, Stance, Verdict
from claims.models.claim import ClaimQuerySet
from review.propositions.effects import moved_since
from review.propositions.origins import numbered, origins_of
from review.propositions.relations import relations_of
from review.propositions.timeline import Said, Timeline, timeline
from review.propositions.weight import is_covered, weight_of
from review.sources.names import name_sources
from review.sources.views import the_user

UNPROCESSABLE = 422
CONFLICT = 409
CLAIMS_SHOWN = 200
STEPS_SHOWN = 20
MEANINGS = {
    Outcome.TRUE: gettext_lazy("It happened, or is so, as worded."),
    Outcome.PARTLY: gettext_lazy("Right in part: counts half for, half against."),
    Outcome.FALSE: gettext_lazy("It did not happen, or is not so."),
    Outcome.UNVERIFIABLE: gettext_lazy("Cannot be found out. Counts for nobody and against nobody."),
}


def find_proposition(user: User, proposition_id: int) -> Proposition:
    """Raises Http404 for one that no claim in the user's collections speaks of."""
    rows = Proposition.objects.visible_to(user).select_related("question").defer("search")
    found = rows.filter(pk=proposition_id).first()
    if found is None:
        raise Http404(_("There is no such proposition, or all its claims are in collections you cannot see."))
    return found


def claims_on(found: Proposition, user: User) -> ClaimQuerySet:
    """The accepted claims on it that the user may see, oldest report first, with what a row shows."""
    chain = ChainLink.objects.select_related("document_source").order_by("position")
    return (
        Claim.objects.visible_to(user)
        .accepted()
        .filter(proposition=found)
        .select_related("layer__document__collection")
        .prefetch_related(Prefetch("chain", queryset=chain))
        .defer("search")
        .defer("layer__text", "layer__furniture", "layer__segments", "layer__page_starts")
        .with_grades()
        .order_by("reported_date", "id")
    )


def show(request: HttpRequest, found: Proposition, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The page, or what was refused on it and why, with what had been entered."""
    user = the_user(request)
    context = {
        **page_of(found, user, uncovered=request.GET.get("weight") == "shown"),
        "problem": problem,
        "entered": request.POST,
        "moved": moved_since(request, found, user),
    }
    return render(request, "review/propositions/proposition.html", context, status=status)


def page_of(found: Proposition, user: User, *, uncovered: bool = False) -> dict[str, Any]:
    """The template context; the number of queries does not depend on the claims."""
    claims: list[Any] = list(claims_on(found, user)[: CLAIMS_SHOWN + 1])
    more = len(claims) > CLAIMS_SHOWN
    claims = claims[:CLAIMS_SHOWN]
    name_sources(claims, user)
    numbered(claims)
    verdicts = list(found.verdicts.select_related("by", "withdrawn_by").order_by("-at", "-id"))
    verdict = next((row for row in verdicts if row.withdrawn_at is None), None)
    relations = relations_of(found, user)
    weighed = origins.origins_of(found, user)
    return {
        "proposition": found,
        "sides": [
            (_("Said by"), [claim for claim in claims if claim.stance == Stance.ASSERTS]),
            (_("Denied by"), [claim for claim in claims if claim.stance == Stance.DENIES]),
        ],
        "more": more,
        "origins": origins_of(claims, user, weighed),
        "weight": weight_of(weighed, claims),
        "covered": not uncovered and is_covered(user, claims),
        "timelines": timelines(claims, verdict),
        "contradictions": [row for row in relations if row.link.kind == RelationKind.CONTRADICTS],
        "relations": [row for row in relations if row.link.kind != RelationKind.CONTRADICTS],
        "contested": Proposition.objects.filter(pk=found.pk).contested(user).exists(),
        "verdict": verdict,
        "withdrawn": [row for row in verdicts if row.withdrawn_at],
        "steps": list(
            PropositionMove.objects.in_force()
            .touching(found.pk)
            .select_related("by", "proposition", "into")
            .defer("proposition__search", "into__search")[:STEPS_SHOWN]
        ),
        "outcomes": [(outcome.value, outcome.label, MEANINGS[outcome]) for outcome in Outcome],
        "may_settle": user.has_perm("claims.settle_proposition"),
        "may_change": user.has_perm("claims.change_proposition"),
        "may_decide": user.has_perm("claims.decide_link"),
        "may_confirm": user.has_perm("claims.confirm_independence"),
        "today": timezone.localdate(),
    }


def timelines(claims: list[Any], verdict: Verdict | None) -> list[Timeline]:
    """The picture, wide and narrow; none before a claim has a day."""
    said = [
        Said(
            on=claim.reported_date,
            number=claim.number,
            denies=claim.stance == Stance.DENIES,
            who=claim.said_by.shown_name if claim.said_by else "",
        )
        for claim in claims
        if claim.reported_date
    ]
    day, outcome = (verdict.decided_on, verdict.outcome) if verdict else (None, "")
    made = [timeline(said, verdict=day, outcome=outcome, narrow=narrow) for narrow in (False, True)]
    return [each for each in made if each]
