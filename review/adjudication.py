"""What waits for adjudication, and deciding it: the first version, the second, or a third."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from claims import services
from claims.errors import ClaimError
from claims.models import Claim, Review, Round, SecondReview
from review.opinions import NAMES, opinions_of
from review.permissions import needs
from review.sources.views import the_user

PAGE_SIZE = 50
UNPROCESSABLE = 422
REASONS = [
    ("As the text has it", gettext_lazy("As the text has it")),
    ("The source is clear", gettext_lazy("The source is clear")),
    ("The words are more exact", gettext_lazy("The words are more exact")),
    ("By our rules", gettext_lazy("By our rules")),
]
"""Why one version is taken, on the number keys: as stored (English, so that they can be counted) and as shown."""


@require_GET
@never_cache
@needs("claims.adjudicate_claim")
def waiting(request: HttpRequest) -> HttpResponse:
    """Claims on which two analysts differ, oldest first. The same queries, however many there are."""
    rows = list(_waiting(the_user(request)).order_by("given_at", "pk")[: PAGE_SIZE + 1])
    context = {
        "rows": [{"row": row, "differs": [NAMES[name] for name in row.differs]} for row in rows[:PAGE_SIZE]],
        "more": len(rows) > PAGE_SIZE,
        "shown": PAGE_SIZE,
    }
    return render(request, "review/adjudications.html", context)


@require_GET
@never_cache
@needs("claims.adjudicate_claim")
def adjudication(request: HttpRequest, claim_id: int) -> HttpResponse:
    return _show(request, _row(request, claim_id))


@require_POST
@needs("claims.adjudicate_claim")
def choose(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Take the first or the second version, or begin a third one on the claim's own page."""
    user, row = the_user(request), _row(request, claim_id)
    side = request.POST.get("choose", "")
    given = [words for words in request.POST.getlist("reason") if words.strip()]  # a key's, or the field's
    reason = given[0][:2_000] if given else ""
    try:
        if side == "third":
            services.word_third(row.claim, by=user, reason=reason)
            return redirect("review:claim", claim_id=claim_id)
        if side not in ("first", "second"):
            raise Http404
        services.adjudicate(row.claim, choose=side, by=user, reason=reason)
    except ClaimError as error:
        return _show(request, row, problem=str(error))
    said = _("Claim %d is as the first has it.") if side == "first" else _("Claim %d is as the second has it.")
    messages.success(request, said % claim_id)
    following = _waiting(user).order_by("given_at", "pk").first()
    return redirect("opinions:adjudication", following.claim_id) if following else redirect("opinions:waiting")


@require_POST
@needs("claims.adjudicate_claim")
def drop(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Give up a third version."""
    row = _row(request, claim_id)
    try:
        services.drop_third(row.claim, by=the_user(request))
    except ClaimError as error:
        messages.warning(request, str(error))
    return redirect("opinions:adjudication", claim_id)


@require_POST
@needs("claims.adjudicate_claim")
def undo(request: HttpRequest) -> HttpResponse:
    """Take back one's own latest adjudication, and show it again."""
    user = the_user(request)
    latest = Review.objects.visible_to(user).undoable_by(user).filter(round=Round.ADJUDICATION).first()
    if latest is None:
        messages.warning(request, _("There is no adjudication of yours left to undo."))
        return redirect("opinions:waiting")
    try:
        services.undo(latest, by=user)
    except ClaimError as error:
        messages.warning(request, str(error))
        return redirect("opinions:waiting")
    messages.success(request, _("Undone: the two opinions wait again."))
    return redirect("opinions:adjudication", latest.claim_id)


def _waiting(user: User) -> QuerySet[SecondReview]:
    rows = SecondReview.objects.visible_to(user).to_adjudicate_by(user)
    return rows.select_related("claim__layer__document__collection", "first_analyst", "analyst", "adjudicator").defer(
        "claim__search", "claim__layer__text", "claim__layer__furniture", "claim__layer__segments"
    )


def _row(request: HttpRequest, claim_id: int) -> SecondReview:
    user = the_user(request)
    rows = SecondReview.objects.visible_to(user).compared().exclude(differs=[])
    related = rows.select_related("first_analyst", "analyst", "adjudicator", "claim__document_source")
    row = related.select_related("claim__layer__document__collection").filter(claim=claim_id).first()
    if row is None:
        raise Http404(_("No two opinions on this claim differ, or you may not know of them."))
    if user.pk in (row.first_analyst_id, row.analyst_id) and not row.claim.collection.parties_adjudicate:
        raise PermissionDenied(_("One of the two opinions is yours. Leave this one to another reviewer."))
    return row


def _show(request: HttpRequest, row: SecondReview, *, problem: str = "") -> HttpResponse:
    claim: Claim = row.claim
    context = {
        "row": row,
        "claim": claim,
        "document": claim.layer.document,
        "opinions": opinions_of(row, claim, the_user(request)),
        "differs": [NAMES[name] for name in row.differs],
        "open": row.state == "differs",
        "own_third": row.third is not None and row.adjudicator_id == the_user(request).pk,
        "reasons": REASONS,
        "problem": problem,
    }
    return render(request, "review/adjudication.html", context, status=UNPROCESSABLE if problem else 200)
