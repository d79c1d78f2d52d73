"""The list of propositions and the page of one; what people do there is in the modules beside this one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from claims import services
from claims.errors import ClaimError
from claims.models import Outcome
from review.permissions import needs
from review.propositions import listing
from review.propositions.page import UNPROCESSABLE, find_proposition, show
from review.sources.views import refusal, the_user


@require_GET
@never_cache
@needs("claims.view_proposition")
def propositions(request: HttpRequest) -> HttpResponse:
    user = the_user(request)
    context = {
        "page": listing.listing(user, request.GET),
        "outcomes": Outcome.choices,
        "collections": listing.collections_for(user),
    }
    if getattr(request, "htmx", False):
        return render(request, "review/propositions/_list.html", context)
    return render(request, "review/propositions/list.html", context)


@require_GET
@never_cache
@needs("claims.view_proposition")
def proposition(request: HttpRequest, proposition_id: int) -> HttpResponse:
    return show(request, find_proposition(the_user(request), proposition_id))


@require_POST
@needs("claims.change_proposition")
def reword(request: HttpRequest, proposition_id: int) -> HttpResponse:
    """Give it a neutral wording and a topic."""
    user = the_user(request)
    found = find_proposition(user, proposition_id)
    try:
        services.reword(found, by=user, text=request.POST.get("text", ""), topic=request.POST.get("topic", "")[:100])
    except ClaimError as error:
        return show(request, found, problem=refusal(error), status=UNPROCESSABLE)
    messages.success(request, _("The wording is changed; the history keeps the old one."))
    return redirect("propositions:proposition", proposition_id=found.pk)
