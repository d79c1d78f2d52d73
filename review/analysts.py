"""The page of an analyst: how their likelihoods turned out, and whether letter and digit are judged apart."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from claims.agreement import diagonal_share
from claims.models import Claim, CredibilityAssessment, Decision, Outcome, Proposition, Review, Stance, Verdict
from grading.calibration import FEWEST_DECISIONS
from grading.scores import Bin, calibration_report
from review.charts import calibration_chart
from review.permissions import needs
from review.sources.views import the_user
from sources.models import ReliabilityAssessment

SEES_OTHERS = "sources.grade_source"


@require_GET
@never_cache
@needs("claims.view_claim")
def analyst(request: HttpRequest, analyst_id: int) -> HttpResponse:
    """One's own page; that of others is for reviewers."""
    user = the_user(request)
    if analyst_id != user.pk and not user.has_perm(SEES_OTHERS):
        raise PermissionDenied(_("The pages of others are for reviewers. Your own is under your name, at the top."))
    found = user if analyst_id == user.pk else User.objects.filter(pk=analyst_id).first()
    if found is None:
        raise Http404(_("There is no such person."))
    return render(request, "review/analyst.html", page_of(found, user))


def page_of(analyst: User, reader: User) -> dict[str, Any]:
    forecasts = forecasts_of(analyst, reader)
    enough = len(forecasts) >= FEWEST_DECISIONS
    report = calibration_report(*zip(*forecasts, strict=True)) if enough else None
    mine, team = diagonal_share(analyst, visible_to=reader), diagonal_share(None, visible_to=reader)
    known = Review.objects.known_to(reader).values("analyst")
    return {
        "analyst": analyst,
        "own": analyst.pk == reader.pk,
        "forecasts": len(forecasts),
        "fewest": FEWEST_DECISIONS,
        "report": report,
        "chart": calibration_chart(report.bins) if report else None,
        "bins": [bin_in_words(each) for each in report.bins] if report else [],
        "mine": mine,
        "team": team,
        "mine_percent": percent(mine.share),
        "team_percent": percent(team.share),
        "chance_percent": percent(team.share_by_chance),
        "decisions": decisions_of(analyst, reader),
        "grades": ReliabilityAssessment.objects.filter(by=analyst).count(),
        "credibilities": CredibilityAssessment.objects.filter(
            by=analyst, claim__in=Claim.objects.visible_to(reader)
        ).count(),
        "verdicts": Verdict.objects.filter(by=analyst, proposition__in=Proposition.objects.visible_to(reader)).count(),
        "others": list(User.objects.filter(is_active=True, pk__in=known).order_by("username")[:50])
        if reader.has_perm(SEES_OTHERS)
        else [],
    }


def bin_in_words(each: Bin) -> dict[str, Any]:
    return {
        "range": f"{percent(each.low)}–{percent(each.high)} %",
        "count": each.count,
        "mean": percent(each.mean),
        "rate": percent(each.rate),
    }


def percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f}"


def forecasts_of(analyst: User, reader: User) -> list[tuple[float, bool]]:
    """Likelihoods the analyst gave to claims that were settled afterwards, and whether each came true.

    Of several on one claim the last before the verdict counts; what turned out partly true or cannot be verified is
    left out. The likelihood is that of what the claim says: a denial of something false came true.
    """
    rows = (
        CredibilityAssessment.objects.filter(
            by=analyst, likelihood__isnull=False, claim__in=Claim.objects.visible_to(reader).accepted()
        )
        .filter(
            Q(claim__proposition__verdicts__withdrawn_at__isnull=True)
            & Q(claim__proposition__verdicts__at__gt=F("at"))
            & Q(claim__proposition__verdicts__outcome__in=[Outcome.TRUE, Outcome.FALSE])
        )
        .order_by("claim", "-at", "-id")
        .distinct("claim")
        .values_list("likelihood", "claim__proposition__verdicts__outcome", "claim__stance")
    )
    return [
        ((likelihood or 0) / 100, (outcome == Outcome.TRUE) != (stance == Stance.DENIES))
        for likelihood, outcome, stance in rows
    ]


def decisions_of(analyst: User, reader: User) -> list[tuple[str, int]]:
    """How often the analyst decided what, as far as the reader may know of it."""
    counts: Counter[str] = Counter(
        dict(
            Review.objects.visible_to(reader)
            .standing()
            .filter(analyst=analyst)
            .values_list("decision")
            .annotate(Count("id"))
        )
    )
    return [(str(decision.label), counts[decision]) for decision in (Decision.ACCEPT, Decision.REJECT, Decision.EDIT)]


app_name = "analysts"
urlpatterns = [path("<int:analyst_id>/", analyst, name="analyst")]
