"""Having claims decided sooner or later: the dialog beside a claim, and the list of what was weighed."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from claims.models import Claim
from review.errors import WeighingError
from review.models import Weighing
from review.models.weighing import LONGEST_REASON, USUAL
from review.permissions import needs
from review.services.weighing import weigh
from review.views import Note, claim_of, refused, show, user_of

PAGE_SIZE = 50
HISTORY_SHOWN = 5
CHOICES = [
    (16.0, gettext_lazy("First of all")),
    (4.0, gettext_lazy("Sooner")),
    (1.0, gettext_lazy("As usual")),
    (0.25, gettext_lazy("Later")),
    (0.0, gettext_lazy("Only at random")),
]
"""What analysts choose from, on the number keys: 1 is as usual, the others times or parts of it."""
NAMES = dict(CHOICES)


class WeightForm(forms.Form):
    weight = forms.FloatField()
    reason = forms.CharField(required=False, max_length=LONGEST_REASON)


@dataclass(frozen=True, slots=True)
class Weighed:
    """One row of the list."""

    weighing: Weighing
    claim: Claim
    """As the reader sees it."""

    @property
    def name(self) -> str:
        return name_of(self.weighing.weight)


def name_of(weight: float) -> str:
    return str(NAMES.get(weight, f"× {weight:g}"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs("claims.review_claim")
def weight(request: HttpRequest, claim_id: int) -> HttpResponse:
    """GET: what the dialog shows, with what was chosen before. POST: choose."""
    claim = claim_of(request, claim_id)
    if request.method != "POST":
        rows = list(Weighing.objects.filter(claim=claim).select_related("by").order_by("-pk")[:HISTORY_SHOWN])
        standing = rows[0].weight if rows else USUAL
        history = [(name_of(row.weight), row) for row in rows]
        context = {"claim": claim, "choices": CHOICES, "standing": standing, "history": history}
        return render(request, "review/_weigh.html", context | {"longest": LONGEST_REASON})
    form = WeightForm(request.POST)
    if not form.is_valid():
        return show(
            request, claim_id, note=Note(_("Choose one of the five. Nothing was changed."), "refused"), status=422
        )
    try:
        row = weigh(claim, by=user_of(request), **form.cleaned_data)
    except WeighingError as error:
        return refused(request, claim, error)
    told = _("To be decided: %s.") % name_of(row.weight).lower()
    if request.POST.get("back") == "weighed":
        messages.success(request, told)
        return redirect("review:weighed")
    return show(request, claim_id, note=Note(told))


@require_GET
@never_cache
@needs("claims.review_claim")
def weighed(request: HttpRequest) -> HttpResponse:
    """What waits for the reader and is to be decided sooner or later than usual, the newest first."""
    user = user_of(request)
    waiting = Claim.objects.seen_by(user).waiting_for(user)
    standing = Weighing.objects.standing().exclude(weight=USUAL).filter(claim__in=waiting.order_by().values("pk"))
    rows = list(standing.select_related("by").order_by("-pk")[: PAGE_SIZE + 1])
    claims = (
        Claim.objects.as_seen_by(user).filter(pk__in={row.claim_id for row in rows}).select_related("layer__document")
    )
    by_id = {claim.pk: claim for claim in claims.defer("search", "layer__text", "layer__furniture", "layer__segments")}
    shown = [Weighed(row, by_id[row.claim_id]) for row in rows[:PAGE_SIZE] if row.claim_id in by_id]
    return render(request, "review/weighed.html", {"rows": shown, "more": len(rows) > PAGE_SIZE})
