"""What rests on a claim or a document, and what would stand differently if nobody believed it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from claims import services
from claims.errors import ClaimError
from claims.impact import if_discredited, impact_of
from claims.models import Claim, Discrediting
from documents.models import Document
from review.discrediting import discredit_part, find_subject, kind_of
from review.permissions import needs
from review.sources.views import refusal, the_user

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
        **discredit_part(subject, user),
    }
    return render(request, "review/propositions/impact.html", context)


@require_POST
@needs("claims.discredit")
def discredit(request: HttpRequest, kind: str, subject_id: int) -> HttpResponse:
    """Have nothing it says count any more; the grades concerned are marked for a new look."""
    user = the_user(request)
    subject = find_subject(kind, subject_id, user)
    if subject is None:
        raise Http404(_("There is nothing like that, or it is out of your sight."))
    try:
        services.discredit(subject, by=user, reason=request.POST.get("reason", ""))
    except ClaimError as error:
        messages.error(request, refusal(error))
    else:
        messages.success(request, _("Discredited: it counts no more. Grades resting on it are marked for a new look."))
    return redirect(_page_of(kind), subject.pk)


@require_POST
@needs("claims.discredit")
def believe_again(request: HttpRequest, discrediting_id: int) -> HttpResponse:
    """Take a discrediting back."""
    user = the_user(request)
    row = Discrediting.objects.filter(pk=discrediting_id).first()
    subject = (row.source or row.claim or row.document) if row else None
    if row is None or subject is None or find_subject(kind_of(subject), subject.pk, user) is None:
        raise Http404(_("There is nothing like that, or it is out of your sight."))
    try:
        services.withdraw_discrediting(row, by=user, reason=request.POST.get("reason", ""))
    except ClaimError as error:
        messages.error(request, refusal(error))
    else:
        messages.success(request, _("It counts again."))
    return redirect(_page_of(kind_of(subject)), subject.pk)


def _page_of(kind: str) -> str:
    return {"source": "sources:impact", "claim": "propositions:impact_of_claim"}.get(
        kind, "propositions:impact_of_document"
    )
