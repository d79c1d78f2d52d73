"""Confirming that a report has an origin of its own, and taking that back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims import services
from claims.errors import AlreadyConfirmed, AlreadyWithdrawn, ClaimError
from claims.models import Claim, IndependentOrigin, Proposition
from review.permissions import needs
from review.propositions.page import CONFLICT, UNPROCESSABLE, find_proposition, show
from review.sources.views import refusal, the_user


@require_POST
@needs("claims.confirm_independence")
def confirm(request: HttpRequest, claim_id: int) -> HttpResponse:
    user = the_user(request)
    claim = Claim.objects.visible_to(user).accepted().defer("search").filter(pk=claim_id).first()
    if claim is None or claim.proposition_id is None:
        raise Http404(_("There is no such claim, or it is in a collection you cannot see."))
    found = find_proposition(user, claim.proposition_id)
    try:
        services.confirm_independence(claim, by=user, basis=request.POST.get("basis", ""))
    except ClaimError as error:
        return _refused(request, found, error)
    messages.success(request, _("Confirmed as independent. Others that say the same may be graded 1 now."))
    return redirect("propositions:proposition", proposition_id=found.pk)


@require_POST
@needs("claims.confirm_independence")
def withdraw(request: HttpRequest, confirmation_id: int) -> HttpResponse:
    user = the_user(request)
    row = IndependentOrigin.objects.filter(pk=confirmation_id).first()
    if row is None:
        raise Http404(_("There is no such confirmation."))
    found = find_proposition(user, row.proposition_id)
    try:
        services.withdraw_independence(row, by=user, reason=request.POST.get("reason", ""))
    except ClaimError as error:
        return _refused(request, found, error)
    messages.success(
        request, _("The confirmation is withdrawn. Grades 1 that rested on it are marked to be looked at.")
    )
    return redirect("propositions:proposition", proposition_id=found.pk)


def _refused(request: HttpRequest, found: Proposition, error: ClaimError) -> HttpResponse:
    taken = isinstance(error, AlreadyConfirmed | AlreadyWithdrawn)
    return show(request, found, problem=refusal(error), status=CONFLICT if taken else UNPROCESSABLE)
