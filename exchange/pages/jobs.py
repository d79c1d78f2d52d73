"""Jobs in the workbench: how far they are, what came of them, cancelling them."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from exchange.errors import ExchangeError
from exchange.jobs import kind_of
from exchange.models import Job
from exchange.pages.allowed import allowed
from exchange.results import response_with
from exchange.services.jobs import cancel as cancel_job
from exchange.services.jobs import result_of

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Row:
    job: Job
    label: str | Promise


@require_GET
@never_cache
def jobs(request: HttpRequest) -> HttpResponse:
    """The list; its part that polls asks for itself alone."""
    user = allowed(request, "exchange.view_job")
    page = Paginator(Job.objects.visible_to(user).order_by("-id"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [Row(job, kind_of(job.kind).label) for job in page],
        "unfinished": any(not job.ended for job in page),
    }
    template = "exchange/_jobs.html" if getattr(request, "htmx", False) else "exchange/jobs.html"
    return render(request, template, context)


@require_GET
@never_cache
def result(request: HttpRequest, job_id: int) -> HttpResponseBase:
    user = allowed(request, "exchange.view_job")
    try:
        return response_with(result_of(_job(user, job_id), user=user))
    except ExchangeError as error:
        messages.error(request, str(error))
        return redirect("jobs:list")


@require_POST
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    user = allowed(request, "exchange.view_job")
    try:
        cancel_job(_job(user, job_id))
    except ExchangeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Job %d is cancelled.") % job_id)
    return redirect("jobs:list")


def _job(user: User, job_id: int) -> Job:
    found = Job.objects.visible_to(user).filter(pk=job_id).first()
    if found is None:
        raise Http404(_("There is no such job, or it is somebody else's."))
    return found


app_name = "jobs"
urlpatterns = [
    path("", jobs, name="list"),
    path("<int:job_id>/result/", result, name="result"),
    path("<int:job_id>/cancel/", cancel, name="cancel"),
]
