"""Sources in the workbench: the list, the page of one, and what people do there but for merging and splitting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from claims.impact import if_discredited, impact_of
from review.discrediting import discredit_part
from review.permissions import needs
from review.sources import listing
from review.sources.forms import DescribeForm
from review.sources.page import find_source, page_of
from sources.errors import SourceError
from sources.models import Source, SourceKind
from sources.services import describe_source

UNPROCESSABLE = 422
CHANGES_SHOWN = 100


@require_GET
@never_cache
@needs("sources.view_source")
def sources(request: HttpRequest) -> HttpResponse:
    user = the_user(request)
    context = {
        "page": listing.listing(user, request.GET),
        "kinds": SourceKind.choices,
        "grades": listing.GRADES,
        "suggestions": listing.SUGGESTIONS,
        "namings": listing.NAMING,
        "records": listing.RECORDS,
        "orders": listing.ORDERS,
        "collections": listing.collections_for(user),
    }
    if getattr(request, "htmx", False):
        return render(request, "review/sources/_list.html", context)
    return render(request, "review/sources/list.html", context)


@require_GET
@never_cache
@needs("sources.view_source")
def source(request: HttpRequest, source_id: int) -> HttpResponse:
    """A source's page; one that was merged into another leads there."""
    user = the_user(request)
    found = find_source(user, source_id)
    if found.merged_into_id:
        words = _("“%(absorbed)s” is merged into this source.") % {"absorbed": found.shown_name}
        messages.info(request, words)
        return redirect("sources:source", source_id=found.merged_into_id)
    context = page_of(found, user, request.GET)
    if getattr(request, "htmx", False) and request.htmx.target in PARTS:  # type: ignore[attr-defined]
        return render(request, PARTS[request.htmx.target], context)  # type: ignore[attr-defined]
    return render(request, "review/sources/source.html", context)


PARTS = {"record": "review/sources/_record.html", "claims": "review/sources/_claims.html"}
"""Parts of the page that htmx asks for by their id."""


@require_GET
@never_cache
@needs("sources.view_source")
def impact(request: HttpRequest, source_id: int) -> HttpResponse:
    """What rests on a source, and what would stand differently if nothing it said counted."""
    user = the_user(request)
    found = standing(user, source_id)
    changes = if_discredited(found, user)
    context = {
        "source": found,
        "impact": impact_of(found, user),
        "changes": changes[:CHANGES_SHOWN],
        "more": max(0, len(changes) - CHANGES_SHOWN),
        "digits": sum(len(change.suggestions) for change in changes),
        "total": len(changes),
        **discredit_part(found, user),
    }
    return render(request, "review/sources/impact.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@needs("sources.change_source")
def describe(request: HttpRequest, source_id: int) -> HttpResponse:
    """Correct a source's descriptors."""
    user = the_user(request)
    found = standing(user, source_id)
    form = DescribeForm(request.POST or None, instance=Source.objects.get(pk=found.pk))
    problem = ""
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in form.changed_data}
        try:
            describe_source(found, by=user, expected_tag=request.POST.get("tag") or None, **said)
        except SourceError as error:
            problem = refusal(error)
        else:
            messages.success(request, _("The description is changed."))
            return redirect("sources:source", source_id=found.pk)
    status = UNPROCESSABLE if request.method == "POST" else 200
    context = {"source": found, "form": form, "problem": problem}
    return render(request, "review/sources/describe.html", context, status=status)


def standing(user: User, source_id: int) -> Source:
    """The source itself, or the one it was merged into. Raises Http404."""
    found = find_source(user, source_id)
    return find_source(user, found.merged_into_id) if found.merged_into_id else found


def the_user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 -- LoginRequiredMiddleware lets nobody else in
    return request.user


def refusal(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def to_source(source: Source, **query: Any) -> HttpResponse:
    address = reverse("sources:source", args=[source.pk])
    return redirect(address + ("?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else ""))
