"""Settling a proposition, and taking a verdict back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from claims import services
from claims.errors import ClaimError, PropositionAlreadySettled, QuestionAlreadyAnswered
from claims.models import Outcome, Proposition, Verdict
from review.permissions import needs
from review.propositions.effects import RecordNow, records_of, remember
from review.propositions.page import CONFLICT, UNPROCESSABLE, find_proposition, show
from review.sources.views import refusal, the_user


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


@require_POST
@needs("claims.settle_proposition")
def settle(request: HttpRequest, proposition_id: int) -> HttpResponse:
    """Record the verdict and show what it did to the records of the sources behind the claims."""
    user = the_user(request)
    found = find_proposition(user, proposition_id)
    form = SettleForm(request.POST)
    before = records_of(found, user)
    try:
        if not form.is_valid():
            raise ValidationError([str(error) for errors in form.errors.values() for error in errors])
        services.settle(found, by=user, **form.cleaned_data)
    except (ClaimError, ValidationError) as error:
        taken = isinstance(error, PropositionAlreadySettled | QuestionAlreadyAnswered)
        status = CONFLICT if taken else UNPROCESSABLE
        return show(request, found, problem=refusal(error), status=status)
    return _moved(request, found, before, _("Settled: %s.") % Outcome(form.cleaned_data["outcome"]).label.lower())


@require_POST
@needs("claims.settle_proposition")
def withdraw(request: HttpRequest, proposition_id: int) -> HttpResponse:
    """Take the verdict in force back, with a reason; all records are as if it had never been."""
    user = the_user(request)
    found = find_proposition(user, proposition_id)
    verdict = Verdict.objects.in_force().filter(proposition=found).first()
    before = records_of(found, user)
    if verdict is None:
        return show(request, found, problem=_("There is no verdict to withdraw."), status=CONFLICT)
    try:
        services.withdraw_verdict(verdict, by=user, reason=request.POST.get("reason", ""))
    except ClaimError as error:
        return show(request, found, problem=refusal(error), status=UNPROCESSABLE)
    return _moved(request, found, before, _("The verdict is withdrawn."))


def _moved(request: HttpRequest, found: Proposition, before: list[RecordNow], words: str) -> HttpResponse:
    remember(request, found, before)
    messages.success(request, words)
    return redirect("propositions:proposition", proposition_id=found.pk)
