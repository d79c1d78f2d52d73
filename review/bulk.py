"""Many candidates decided at once: first the exact list, then one step, which one undo takes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from claims import services
from claims.errors import ClaimError
from claims.models import Claim, Decision, Review
from claims.services.bulk import MOST_AT_ONCE
from documents.models import Collection, Document
from review.permissions import needs
from review.reader import Reader
from review.sources.names import name_sources
from review.views import REASONS, REFUSALS, UNPROCESSABLE, user_of, valid

USUAL_SCORE = 0.9


class ChoiceForm(forms.Form):
    """Which candidates. above: those whose score is at least this."""

    above = forms.FloatField(min_value=0, max_value=1, required=False)
    collection = forms.IntegerField(min_value=1, required=False)
    document = forms.IntegerField(min_value=1, required=False)

    def clean_above(self) -> float:
        above = self.cleaned_data["above"]
        return USUAL_SCORE if above is None else above


class DecisionForm(forms.Form):
    """claims: `<id>:<version>` as they were shown."""

    decision = forms.ChoiceField(choices=[(one.value, one.label) for one in (Decision.ACCEPT, Decision.REJECT)])
    reason = forms.CharField(max_length=2_000, required=False)
    claims = forms.TypedMultipleChoiceField(error_messages={"required": gettext_lazy("Choose at least one claim.")})

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        choice = self.fields["claims"]
        assert isinstance(choice, forms.TypedMultipleChoiceField)  # noqa: S101 -- declared above
        choice.choices = [(value, value) for value in data.getlist("claims") if _is_seen(value)]

    def clean_claims(self) -> dict[int, int]:
        pairs = (value.split(":") for value in self.cleaned_data["claims"])
        return {int(claim): int(version) for claim, version in pairs}


@dataclass(frozen=True, slots=True)
class Shown:
    """The candidates that fit, likeliest first, as far as one step takes them."""

    claims: list[Claim]
    total: int

    @property
    def left_out(self) -> int:
        return self.total - len(self.claims)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs("claims.review_claim")
def decide(request: HttpRequest) -> HttpResponse:
    """The candidates above a score with their count and ids; then what became of each."""
    if request.method != "POST":
        return _choice(request)
    try:
        given = valid(DecisionForm(request.POST))
        decided = services.decide_many(
            given["claims"], decision=Decision(given["decision"]), by=user_of(request), reason=given["reason"]
        )
    except REFUSALS as error:
        return _choice(request, problem=error)
    wanted = [item.claim_id for item in decided.items]
    rows = Claim.objects.visible_to(user_of(request)).defer("search").in_bulk(wanted)
    context = {
        "decided": decided,
        "accepted": given["decision"] == Decision.ACCEPT,
        "refused": [(rows.get(item.claim_id), item) for item in decided.refused],
        "back": request.POST.get("back", ""),
    }
    return render(request, "review/bulk_done.html", context)


@require_POST
@needs("claims.review_claim")
def undo(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Take a step on many claims back, all of it or nothing."""
    seen = Review.objects.visible_to(user_of(request))
    try:
        undone = services.undo_steps(seen.standing().filter(batch=batch), by=user_of(request), among=seen)
    except ClaimError as error:
        messages.warning(request, str(error))
    else:
        text = ngettext("Undone: %(n)d claim waits again.", "Undone: %(n)d claims wait again.", len(undone))
        messages.success(request, text % {"n": len(undone)})
    return redirect("review:steps")


def _choice(request: HttpRequest, *, problem: Exception | None = None) -> HttpResponse:
    form = ChoiceForm(request.POST if request.method == "POST" else request.GET)
    usual: dict[str, Any] = {"above": USUAL_SCORE, "collection": None, "document": None}
    wanted = form.cleaned_data if form.is_valid() else usual
    reader = Reader.of(request)
    documents = Document.objects.visible_to(reader.user)
    context = {
        "shown": _shown(reader, wanted),
        "wanted": wanted,
        "invalid": not form.is_valid(),
        "document": documents.filter(pk=wanted["document"]).first() if wanted["document"] else None,
        "collections": Collection.objects.filter(pk__in=reader.collections).order_by("name"),
        "reasons": REASONS,
        "problem": " ".join(getattr(problem, "messages", [str(problem)])) if problem else "",
        "most": MOST_AT_ONCE,
    }
    return render(request, "review/bulk.html", context, status=UNPROCESSABLE if problem else 200)


def _shown(reader: Reader, wanted: dict[str, Any]) -> Shown:
    found = reader.free.awaiting_review().filter(score__gte=wanted["above"])
    if wanted["collection"]:
        found = found.filter(collection=wanted["collection"])
    if wanted["document"]:
        found = found.filter(layer__document=wanted["document"])
    rows = found.select_related("layer__document", "document_source")
    rows = rows.defer("search", "layer__text", "layer__furniture", "layer__segments")
    claims = list(rows.order_by("-score", "pk")[:MOST_AT_ONCE])
    name_sources(claims, reader.user)
    return Shown(claims, len(claims) if len(claims) < MOST_AT_ONCE else found.count())


def _is_seen(value: str) -> bool:
    claim, colon, version = value.partition(":")
    return bool(colon) and claim.isdecimal() and version.isdecimal() and len(value) < 30
