"""Grades that somebody should look at again, since what they rested on has moved."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.ids import row_id
from accounts.models import User
from claims import services
from claims.errors import ClaimError
from claims.models import Claim, GradeFlag
from review.permissions import needs
from review.sources.names import name_sources
from review.sources.views import refusal, the_user

PAGE_SIZE = 50


@require_GET
@never_cache
@needs("claims.view_gradeflag")
def flags(request: HttpRequest) -> HttpResponse:
    """Open flags, newest first. The same queries, however many there are."""
    user = the_user(request)
    before = row_id(request.GET.get("before", ""))
    rows = open_flags(user).order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(
        rows.select_related(
            "by", "assessment__by", "assessment__claim__proposition", "assessment__claim__layer__document"
        )
        .defer("assessment__claim__search", "assessment__claim__proposition__search")
        .defer("assessment__claim__layer__text", "assessment__claim__layer__furniture")
        .defer("assessment__claim__layer__segments", "assessment__claim__layer__page_starts")[: PAGE_SIZE + 1]
    )
    page = found[:PAGE_SIZE]
    name_sources([row.assessment.claim for row in page], user)
    context = {
        "rows": page,
        "after": bool(before),
        "last": page[-1].pk if len(found) > PAGE_SIZE else 0,
        "may_clear": user.has_perm("claims.assess_claim"),
    }
    return render(request, "review/propositions/flags.html", context)


@require_POST
@needs("claims.assess_claim")
def clear(request: HttpRequest, flag_id: int) -> HttpResponse:
    """The grade was looked at and stands."""
    user = the_user(request)
    flag = GradeFlag.objects.filter(assessment__claim__in=Claim.objects.visible_to(user), pk=flag_id).first()
    if flag is None:
        raise Http404(_("There is no such flag, or its claim is in a collection you cannot see."))
    try:
        services.clear_flag(flag, by=user, reason=request.POST.get("reason", "")[:2_000])
    except ClaimError as error:
        messages.error(request, refusal(error))
    else:
        messages.success(request, _("The grade stands; it is no longer marked."))
    return redirect("propositions:flags")


def open_flags(user: User) -> Any:
    return GradeFlag.objects.open().filter(assessment__claim__in=Claim.objects.visible_to(user).accepted())
