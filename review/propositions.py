"""The page of a proposition: what is said for and against it, and how it turned out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from claims import services
from claims.errors import ClaimError, PropositionAlreadySettled, QuestionAlreadyAnswered
from claims.models import Claim, Outcome, Proposition, Stance, Verdict
from review.permissions import needs
from review.sources.names import name_sources
from review.sources.record import SeriesPoint, record_today
from review.sources.views import refusal, the_user
from sources.models import Source

UNPROCESSABLE = 422
CONFLICT = 409
CLAIMS_SHOWN = 200
MOVES_SHOWN = 10
"""Sources whose record before and after a verdict is told."""
MEANINGS = {
    Outcome.TRUE: gettext_lazy("It happened, or is so, as worded."),
    Outcome.PARTLY: gettext_lazy("Right in part: counts half for, half against."),
    Outcome.FALSE: gettext_lazy("It did not happen, or is not so."),
    Outcome.UNVERIFIABLE: gettext_lazy("Cannot be found out. Counts for nobody and against nobody."),
}


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(
        choices=Outcome.choices, error_messages={"required": gettext_lazy("Choose an outcome.")}
    )
    decided_on = forms.DateField(error_messages={"required": gettext_lazy("Say from which day the truth is known.")})
    evidence = forms.CharField(max_length=5_000, required=False)

    def clean_decided_on(self) -> Any:
        day = self.cleaned_data["decided_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The truth cannot be known from a day to come."))
        return day


@dataclass(frozen=True, slots=True)
class Move:
    """What a verdict did to one source's record."""

    source: Source
    before: SeriesPoint
    after: SeriesPoint


@require_GET
@never_cache
@needs("claims.view_proposition")
def proposition(request: HttpRequest, proposition_id: int) -> HttpResponse:
    return _show(request, _proposition(the_user(request), proposition_id))


@require_POST
@needs("claims.settle_proposition")
def settle(request: HttpRequest, proposition_id: int) -> HttpResponse:
    """Record the verdict and show what it did to the records of the sources behind the claims."""
    user = the_user(request)
    found = _proposition(user, proposition_id)
    form = SettleForm(request.POST)
    before = _records(found, user)
    try:
        if not form.is_valid():
            raise ValidationError([str(error) for errors in form.errors.values() for error in errors])
        services.settle(found, by=user, **form.cleaned_data)
    except (ClaimError, ValidationError) as error:
        taken = isinstance(error, PropositionAlreadySettled | QuestionAlreadyAnswered)
        status = CONFLICT if taken else UNPROCESSABLE
        return _show(request, found, problem=refusal(error), status=status)
    return _moved(request, found, before, _("Settled: %s.") % Outcome(form.cleaned_data["outcome"]).label.lower())


@require_POST
@needs("claims.settle_proposition")
def withdraw(request: HttpRequest, proposition_id: int) -> HttpResponse:
    """Take the verdict in force back, with a reason; all records are as if it had never been."""
    user = the_user(request)
    found = _proposition(user, proposition_id)
    verdict = Verdict.objects.in_force().filter(proposition=found).first()
    before = _records(found, user)
    if verdict is None:
        return _show(request, found, problem=_("There is no verdict to withdraw."), status=CONFLICT)
    try:
        services.withdraw_verdict(verdict, by=user, reason=request.POST.get("reason", ""))
    except ClaimError as error:
        return _show(request, found, problem=refusal(error), status=UNPROCESSABLE)
    return _moved(request, found, before, _("The verdict is withdrawn."))


def _moved(request: HttpRequest, found: Proposition, before: list[Move], words: str) -> HttpResponse:
    """Without a script too, reloading must not send the form again: what moved travels in the session, once."""
    request.session["moved"] = {
        "proposition": found.pk,
        "sources": [[move.source.pk, move.before.mean_percent, str(move.before.suggestion)] for move in before],
    }
    messages.success(request, words)
    return redirect("propositions:proposition", proposition_id=found.pk)


def _records(found: Proposition, user: User) -> list[Move]:
    """The records, today, of the sources with a claim on the proposition."""
    claims = Claim.objects.visible_to(user).accepted().filter(proposition=found)
    standing = {claim.source.standing_id for claim in claims.select_related("source") if claim.source}
    sources = Source.objects.filter(pk__in=standing).named_for(user).order_by("pk")[:MOVES_SHOWN]
    moves = []
    for source in sources:
        now = record_today(source)
        moves.append(Move(source, now, now))
    return moves


def _show(request: HttpRequest, found: Proposition, *, problem: str = "", status: int = 200) -> HttpResponse:
    user = the_user(request)
    claims = list(_claims(found, user)[: CLAIMS_SHOWN + 1])
    name_sources(claims, user)
    verdicts = list(found.verdicts.select_related("by", "withdrawn_by").order_by("-at", "-id"))
    moved = request.session.pop("moved", None) if request.method == "GET" else None
    context = {
        "proposition": found,
        "sides": [
            (_("Said by"), [claim for claim in claims if claim.stance == Stance.ASSERTS]),
            (_("Denied by"), [claim for claim in claims if claim.stance == Stance.DENIES]),
        ],
        "more": len(claims) > CLAIMS_SHOWN,
        "verdict": next((verdict for verdict in verdicts if verdict.withdrawn_at is None), None),
        "withdrawn": [verdict for verdict in verdicts if verdict.withdrawn_at],
        "outcomes": [(outcome.value, outcome.label, MEANINGS[outcome]) for outcome in Outcome],
        "may_settle": user.has_perm("claims.settle_proposition"),
        "today": timezone.localdate(),
        "problem": problem,
        "entered": request.POST,
        "moved": _moves(found, moved, user) if moved else [],
    }
    return render(request, "review/proposition.html", context, status=status)


def _moves(found: Proposition, moved: dict[str, Any], user: User) -> list[dict[str, Any]]:
    if moved["proposition"] != found.pk:
        return []
    before = {pk: mean for pk, mean, _letters in moved["sources"]}
    return [
        {"source": move.source, "mean": before[move.source.pk], "now": move.after}
        for move in _records(found, user)
        if move.source.pk in before
    ]


def _claims(found: Proposition, user: User) -> QuerySet[Claim]:
    return (
        Claim.objects.visible_to(user)
        .accepted()
        .filter(proposition=found)
        .select_related("layer__document__collection")
        .defer("search")
        .defer("layer__text", "layer__furniture", "layer__segments", "layer__page_starts")
        .with_grades()
        .order_by("reported_date", "id")
    )


def _proposition(user: User, proposition_id: int) -> Proposition:
    found = Proposition.objects.visible_to(user).select_related("question").filter(pk=proposition_id).first()
    if found is None:
        raise Http404(_("There is no such proposition, or all its claims are in collections you cannot see."))
    return found


app_name = "propositions"
urlpatterns = [
    path("<int:proposition_id>/", proposition, name="proposition"),
    path("<int:proposition_id>/settle/", settle, name="settle"),
    path("<int:proposition_id>/withdraw/", withdraw, name="withdraw"),
]
