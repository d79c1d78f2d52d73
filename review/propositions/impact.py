"""What rests on a claim or a document, and what would stand differently if nobody believed it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from claims.impact import if_discredited, impact_of
from claims.models import Claim
from documents.models import Document
from review.permissions import needs
from review.sources.views import the_user

CHANGES_SHOWN = 100


@require_GET
@never_cache
@needs("claims.view_proposition")
def of_claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    user = the_user(request)
    claim = (
        Claim.objects.visible_to(user)
        .accepted()
        .select_related("proposition", "layer__document")
        .defer("search", "proposition__search", "layer__text")
        .filter(pk=claim_id)
        .first()
    )
    if claim is None:
        raise Http404(_("There is no such accepted claim, or it is in a collection you cannot see."))
    return _shown(request, user, claim, {"claim": claim})


@require_GET
@never_cache
@needs("claims.view_proposition")
def of_document(request: HttpRequest, document_id: int) -> HttpResponse:
    user = the_user(request)
    document = Document.objects.visible_to(user).filter(pk=document_id).first()
    if document is None:
        raise Http404(_("There is no such document, or it is in a collection you cannot see."))
    return _shown(request, user, document, {"document": document})


def _shown(request: HttpRequest, user: User, subject: Claim | Document, context: dict[str, Any]) -> HttpResponse:
    changes = if_discredited(subject, user)
    context |= {
        "impact": impact_of(subject, user),
        "changes": changes[:CHANGES_SHOWN],
        "more": max(0, len(changes) - CHANGES_SHOWN),
        "digits": sum(len(change.suggestions) for change in changes),
    }
    return render(request, "review/propositions/impact.html", context)
