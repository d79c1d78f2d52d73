"""Gradings that documents print, waiting for an analyst: taken over as a judgement of theirs, or dismissed."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.ids import row_id
from accounts.models import User
from claims.errors import ClaimError
from documents.models import Collection
from exchange.errors import ExchangeError
from exchange.looking import KIND, start_look
from exchange.models import Job, PrintedGrading
from exchange.services.printed import dismiss, take_over
from sources.errors import SourceError
from sources.models import Source

SHOWN = 50


@require_GET
@never_cache
def gradings(request: HttpRequest) -> HttpResponse:
    """Those that wait, the oldest first, and how far the look through a collection is that `job` names.

    The part about the job asks for itself alone until it has ended.
    """
    user = _judge(request)
    job = _look_job(user, request.GET.get("job", ""))
    if job is not None and getattr(request, "htmx", False):
        return render(request, "exchange/_look.html", {"job": job})
    rows = list(PrintedGrading.objects.visible_to(user).proposed().for_list()[: SHOWN + 1])
    sources = Source.objects.filter(pk__in=[row.source_id for row in rows if row.source_id]).named_for(user)
    names = {source.pk: source.shown_name for source in sources.defer("search")}
    context: dict[str, Any] = {
        "rows": [(row, names.get(row.source_id or 0, "")) for row in rows[:SHOWN]],
        "more": len(rows) > SHOWN,
        "collections": Collection.objects.visible_to(user),
        "job": job,
    }
    return render(request, "exchange/gradings.html", context)


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Have a worker look through the accepted claims of a collection."""
    user = _judge(request)
    chosen = request.POST.get("collection", "")
    collection = get_object_or_404(Collection.objects.visible_to(user), pk=row_id(chosen) or 0)
    try:
        job = start_look(collection, by=user)
    except ExchangeError as error:
        messages.error(request, str(error))
        return redirect("import:gradings")
    return redirect(f"{reverse('import:gradings')}?job={job.pk}")


@require_POST
def decide(request: HttpRequest, grading_id: int) -> HttpResponse:
    user = _judge(request)
    row = PrintedGrading.objects.visible_to(user).filter(pk=grading_id).first()
    if row is None:
        raise Http404(_("There is no such printed grading, or it is in a collection you cannot see."))
    words = request.POST.get("words", "")
    try:
        if "dismiss" in request.POST:
            dismiss(row, by=user, reason=words)
        else:
            take_over(row, by=user, note=words)
    except (ExchangeError, ClaimError, SourceError) as error:
        messages.error(request, str(error))
    return redirect("import:gradings")


def _look_job(user: User, number: str) -> Job | None:
    """The one with this number; without a number the one that still waits or runs."""
    looks = Job.objects.visible_to(user).filter(kind=KIND)
    looks = looks.filter(pk=row_id(number) or 0) if number else looks.unfinished()
    return looks.order_by("id").last()


def _judge(request: HttpRequest) -> User:
    if not request.user.has_perms(["claims.assess_claim", "sources.assess_source"]):
        raise PermissionDenied(_("Grading needs the role “analyst”. Ask an administrator to give it to you."))
    return cast(User, request.user)
