"""Taking claims out of the workbench: what formats there are, the file itself, and the sourcing annex to read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from itertools import islice
from typing import Any, cast
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from exchange.formats.annex import sections
from exchange.formats.errors import BadSelection
from exchange.formats.exporting import FORMATS, export, file_name
from exchange.formats.rows import stream
from exchange.formats.selection import chosen_claims

SHOWN = 200
"""Claims on the page of the annex; the files hold them all."""
COUNTED = 10_000
"""Claims that are counted; of more it says so. Counting a million takes longer than showing the page."""
BAD_REQUEST = 400
FOR = {
    "jsonl": gettext_lazy("All that is known of each claim, a line each: for a notebook, or another program."),
    "csv": gettext_lazy("A row per claim: for R, pandas and databases."),
    "csv-bom": gettext_lazy("The same, marked so that a spreadsheet reads its letters rightly."),
    "stix": gettext_lazy("For OpenCTI and other threat intelligence platforms."),
    "misp": gettext_lazy("One event with the grades as tags, for a MISP instance."),
    "claimreview": gettext_lazy("Propositions with verdict and appearances: for a newsroom's own pages."),
    "annotations": gettext_lazy("The words in their places, for tools that show annotations beside a text."),
    "prov": gettext_lazy("What was made from what, by whom: document, text, claim, review, verdict."),
    "annex-md": gettext_lazy("Citations, source descriptors and summary statement, to go on writing in."),
    "annex-html": gettext_lazy("The same as one page, to print or to send."),
}
"""What each format is good for."""

View = Callable[[HttpRequest], HttpResponseBase]


def _reading(view: View) -> View:
    """Let in those who may read claims; the others are told what to ask for."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponseBase:
        if not request.user.has_perm("claims.view_claim"):
            raise PermissionDenied(_("Your account has no role yet. Ask an administrator for the role “viewer”."))
        return view(request)

    return checked


@require_GET
@never_cache
@_reading
def formats(request: HttpRequest) -> HttpResponse:
    """The formats there are, for the parameters of the list of claims, such as `source=7`."""
    chosen = request.GET.dict()
    try:
        found = chosen_claims(_user(request), chosen)
    except BadSelection as error:
        return render(request, "exchange/formats.html", {"problem": str(error)}, status=BAD_REQUEST)
    count = found.order_by()[: COUNTED + 1].count()
    context = {
        "formats": [{"form": form, "use": FOR.get(name, "")} for name, form in FORMATS.items()],
        "count": min(count, COUNTED),
        "more": count > COUNTED,
        "chosen": urlencode(chosen),
        "filters": chosen,
    }
    return render(request, "exchange/formats.html", context)


@require_GET
@never_cache
@_reading
def file(request: HttpRequest) -> HttpResponseBase:
    """The file, streamed. `format` names one; the rest chooses claims."""
    chosen = request.GET.dict()
    form = FORMATS.get(chosen.pop("format", ""))
    if form is None:
        raise Http404(_("There is no such format."))
    address = f"{request.scheme}://{request.get_host()}"
    try:
        pieces = export(form, _user(request), chosen, address=address)
    except BadSelection as error:
        return render(request, "exchange/formats.html", {"problem": str(error)}, status=BAD_REQUEST)
    name = {"Content-Disposition": f'attachment; filename="{file_name(form)}"'}
    return StreamingHttpResponse(pieces, content_type=form.media_type, headers=name)


@require_GET
@never_cache
@_reading
def annex(request: HttpRequest) -> HttpResponse:
    """What each proposition of a selection of claims rests on, as ICD 206 has it."""
    user, chosen = _user(request), request.GET.dict()
    try:
        records = stream(user, chosen, origins=True, by_proposition=True)
    except BadSelection as error:
        return render(request, "exchange/annex.html", {"problem": str(error)}, status=BAD_REQUEST)
    taken = list(islice(records, SHOWN + 1))
    context: dict[str, Any] = {
        "sections": list(sections(taken[:SHOWN])),
        "more": len(taken) > SHOWN,
        "shown": SHOWN,
        "at": timezone.now(),
        "chosen": urlencode(chosen),
        "proposition": chosen.get("proposition", ""),
    }
    return render(request, "exchange/annex.html", context)


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


app_name = "export"
urlpatterns = [
    path("", formats, name="formats"),
    path("file/", file, name="file"),
    path("annex/", annex, name="annex"),
]
