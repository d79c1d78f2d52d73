"""Bringing in files of rows: choose one, see what would become of each row, have it taken in, read the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import path
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.ids import row_id
from accounts.models import User
from documents.models import Collection
from exchange.errors import ExchangeError
from exchange.imports.errors import BadFile
from exchange.imports.files import MOST_BYTES, MOST_ROWS
from exchange.imports.running import KINDS, PERMISSIONS
from exchange.models import ImportFile, Job
from exchange.pages import gradings
from exchange.services.imports import KIND, keep, start_import, try_out

SHOWN = 100
"""Problems on a page; the report has them all."""
EARLIER = 10
"""Imports on the first page."""

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def _bringing_in(view: View[P]) -> View[P]:
    """Let in those who may bring documents in; the others are told what to ask for."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.has_perm("documents.add_document"):
            raise PermissionDenied(_("Importing needs the role “analyst”. Ask an administrator to give it to you."))
        return view(request, *args, **kwargs)

    return checked


@require_GET
@never_cache
@_bringing_in
def start(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    context = {
        "kinds": [(name, label) for name, label in KINDS.items() if user.has_perm(PERMISSIONS[name])],
        "collections": Collection.objects.visible_to(user),
        "limit": filesizeformat(MOST_BYTES),
        "rows": number_format(MOST_ROWS, force_grouping=True),
        "jobs": Job.objects.visible_to(user).filter(kind=KIND).order_by("-id")[:EARLIER],
    }
    return render(request, "exchange/import.html", context)


@require_POST
@_bringing_in
def upload(request: HttpRequest) -> HttpResponse:
    """Keep the file and show what would become of it."""
    user = _user(request)
    chosen, kind = request.POST.get("collection", ""), request.POST.get("kind", "")
    collection = get_object_or_404(Collection.objects.visible_to(user), pk=row_id(chosen) or 0)
    _check_kind(user, kind)
    sent = request.FILES.get("file")
    if sent is None:
        messages.warning(request, _("Choose a file first."))
        return redirect("import:start")
    try:
        file = keep(sent.read(MOST_BYTES + 1), name=sent.name or "", kind=kind, collection=collection, by=user)
    except BadFile as error:
        messages.error(request, str(error))
        return redirect("import:start")
    return redirect("import:file", file_id=file.pk)


@require_GET
@never_cache
@_bringing_in
def file(request: HttpRequest, file_id: int) -> HttpResponse:
    """What would become of each row. Nothing is stored."""
    found = _file(request, file_id)
    context: dict[str, Any] = {"file": found, "label": KINDS[found.kind]}
    try:
        report = try_out(found)
    except BadFile as error:
        return render(request, "exchange/import_file.html", context | {"problem": str(error)})
    if report is not None:
        context |= {
            "tried": True,
            "counts": report.counts,
            "rows": report.problems[:SHOWN],
            "more": len(report.problems) > SHOWN,
            "any": report.counts["added"],
        }
    return render(request, "exchange/import_file.html", context)


@require_POST
@_bringing_in
def run(request: HttpRequest, file_id: int) -> HttpResponse:
    found = _file(request, file_id)
    _check_kind(_user(request), found.kind)
    try:
        job = start_import(found, by=_user(request))
    except ExchangeError as error:
        messages.error(request, str(error))
        return redirect("import:file", file_id=found.pk)
    return redirect("import:job", job_id=job.pk)


@require_GET
@never_cache
@_bringing_in
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far an import is, and when it is done its report. The page asks again by itself until then."""
    found = Job.objects.visible_to(_user(request)).filter(kind=KIND, pk=job_id).first()
    if found is None:
        raise Http404(_("There is no such import of yours."))
    context: dict[str, Any] = {"job": found, "name": found.parameters.get("name", "")}
    if found.has_result and found.result_is_for(_user(request)):
        report = json.loads(b"".join(found.result_pieces()))
        context |= {
            "counts": report["counts"],
            "rows": report["rows"][:SHOWN],
            "more": len(report["rows"]) > SHOWN,
        }
    template = "exchange/_import_job.html" if getattr(request, "htmx", False) else "exchange/import_job.html"
    return render(request, template, context)


def _check_kind(user: User, kind: str) -> None:
    if kind not in KINDS:
        raise Http404(_("There is no such kind of import."))
    if not user.has_perm(PERMISSIONS[kind]):
        raise PermissionDenied(_("This needs the role “analyst”. Ask an administrator to give it to you."))


def _file(request: HttpRequest, file_id: int) -> ImportFile:
    files = ImportFile.objects.visible_to(_user(request)).select_related("collection", "by")
    found = files.filter(pk=file_id).first()
    if found is None:
        raise Http404(_("The file was taken in already, or is older than a week. Send it again."))
    return found


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


app_name = "import"
urlpatterns = [
    path("", start, name="start"),
    path("upload/", upload, name="upload"),
    path("<int:file_id>/", file, name="file"),
    path("<int:file_id>/run/", run, name="run"),
    path("jobs/<int:job_id>/", job, name="job"),
    path("gradings/", gradings.gradings, name="gradings"),
    path("gradings/look/", gradings.look, name="look"),
    path("gradings/<int:grading_id>/", gradings.decide, name="decide"),
]
