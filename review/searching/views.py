"""The search page, and what people do with searches that they keep."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from claims.finding.wanted import Wanted
from review.errors import SearchError
from review.models import SavedSearch
from review.permissions import needs
from review.searching.page import page_of, saved_with_news
from review.services import saved_searches as services
from review.sources.views import the_user


@require_GET
@never_cache
@needs("claims.view_claim")
def search(request: HttpRequest) -> HttpResponse:
    """Claims or documents with some words, narrowed by facets. Without either it says how to ask."""
    user = the_user(request)
    wanted = Wanted.of(request.GET.dict())
    context = {
        "wanted": wanted,
        "saved": saved_with_news(user),
        "page": None if wanted.is_empty else page_of(wanted, user, request.GET),
    }
    return render(request, "review/searching/search.html", context)


@require_POST
@needs("claims.view_claim")
def save(request: HttpRequest) -> HttpResponse:
    """Keep the search that the form holds, under the name in `name`."""
    user = the_user(request)
    given = request.POST.dict()
    wanted = Wanted.of(given)
    try:
        kept = services.save_search(wanted, name=given.get("name", ""), owner=user)
    except SearchError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("“%(name)s” is kept. What is new in it is counted from now on.") % {"name": kept})
    return redirect(_address(wanted.query()))


@require_GET
@never_cache
@needs("claims.view_claim")
def open_saved(request: HttpRequest, saved_id: int) -> HttpResponse:
    """Leads to the search; what was new there is marked once more, and counts as seen from now on."""
    saved = _own(the_user(request), saved_id)
    seen = services.open_search(saved)
    return redirect(_address(saved.search.query(new=seen)))


@require_POST
@needs("claims.view_claim")
def rename(request: HttpRequest, saved_id: int) -> HttpResponse:
    saved = _own(the_user(request), saved_id)
    try:
        services.rename_search(saved, name=request.POST.get("name", ""))
    except SearchError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is called “%(name)s” now.") % {"name": saved.name})
    return redirect("search:search")


@require_POST
@needs("claims.view_claim")
def delete(request: HttpRequest, saved_id: int) -> HttpResponse:
    saved = _own(the_user(request), saved_id)
    services.delete_search(saved)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": saved.name})
    return redirect("search:search")


def _own(user: User, saved_id: int) -> SavedSearch:
    saved = SavedSearch.objects.visible_to(user).filter(pk=saved_id).first()
    if saved is None:
        raise Http404(_("There is no such saved search, or it is somebody else's."))
    return saved


def _address(query: str) -> str:
    return reverse("search:search") + (f"?{query}" if query else "")
