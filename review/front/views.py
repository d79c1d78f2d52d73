"""The front page: what waits for the reader, and how the house is doing. Every figure leads to the rows behind it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from documents.models import Collection
from review.front.contested import contested
from review.front.engine import calibration_of
from review.front.given import given_to
from review.front.moving import records_on_the_move, regraded
from review.front.pace import bar_chart, pace_of
from review.front.progress import progress_of
from review.front.waiting import decisions_waiting, failed_documents
from review.notes.listing import waiting_for
from review.searching.page import saved_with_news
from review.sources.views import the_user

COLLECTIONS_SHOWN = 12
"""Those with the most that waits; the others have a line with their number."""


@require_GET
@never_cache
def front(request: HttpRequest) -> HttpResponse:
    """Open to everybody who is logged in: whoever has no role yet is told so here."""
    user = the_user(request)
    if not user.has_perm("claims.view_claim"):
        return render(request, "review/front/no_role.html")
    collections = list(Collection.objects.visible_to(user))
    progress = progress_of(collections, user)
    if not any(row.documents for row in progress):
        return render(request, "review/front/empty.html", _beginning(user, collections))
    seen = [collection.pk for collection in collections]
    pace = pace_of(user, seen)
    context = {
        "waiting": sum(row.claims.waiting for row in progress),
        "progress": progress[:COLLECTIONS_SHOWN],
        "more_collections": max(0, len(progress) - COLLECTIONS_SHOWN),
        "decisions_waiting": [row for row in decisions_waiting(user) if row.count],
        "given": given_to(user, seen),
        "failed": failed_documents(seen),
        "pace": pace,
        "days": bar_chart(pace.days),
        "hours": bar_chart(pace.hours) if pace.hours else None,
        "calibration": calibration_of(user, seen),
        "contested": contested(user, seen),
        "moved": records_on_the_move(user),
        "regraded": regraded(user),
        "saved": saved_with_news(user),
        "notes": waiting_for(user),
        "may_review": user.has_perm("claims.review_claim"),
    }
    return render(request, "review/front/front.html", context)


def _beginning(user: User, collections: list[Collection]) -> dict[str, Any]:
    """What somebody needs to know who sees no document yet."""
    return {
        "collections": collections,
        "may_add_collection": user.is_staff and user.has_perm("documents.add_collection"),
        "may_upload": user.has_perm("documents.add_document"),
    }
