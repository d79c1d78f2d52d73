"""Two claims of one, and one of two: candidates that the engine cut wrongly."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from claims import services
from claims.models import Claim
from claims.services.steps import Fragments
from review.forms import PlacesField, StepForm, are_spans
from review.permissions import needs
from review.views import REFUSALS, Note, claim_of, refused, show, user_of, valid

CHOICES_SHOWN = 9
"""One for each number key."""


class SplitForm(StepForm):
    contents = PlacesField()

    def clean_contents(self) -> list[Fragments]:
        contents = self.cleaned_data["contents"]
        if not isinstance(contents, list) or not all(are_spans({"content": pieces}) for pieces in contents):
            raise forms.ValidationError(_("Cut the claim again; what arrived was not readable."))
        return contents


class MergeForm(StepForm):
    """other: `<id>:<version>` of the claim that is to be one with this one."""

    other = forms.RegexField(r"^\d{1,18}:\d{1,9}$")

    def clean_other(self) -> tuple[int, int]:
        claim_id, version = self.cleaned_data["other"].split(":")
        return int(claim_id), int(version)


@require_POST
@needs("claims.review_claim")
def split(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Cut a candidate in two, and stay on the first."""
    found = claim_of(request, claim_id)
    try:
        services.split_claim(found, by=user_of(request), **valid(SplitForm(request.POST)))
    except REFUSALS as error:
        return refused(request, found, error)
    return show(request, claim_id, note=Note(_("Cut in two. This is the first; the second comes after it.")))


@require_GET
@never_cache
@needs("claims.review_claim")
def merge_options(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The candidates of the same text that stand nearest."""
    found = claim_of(request, claim_id)
    others = Claim.objects.seen_by(user_of(request)).waiting_for(user_of(request)).filter(layer=found.layer_id)
    near = sorted(others.exclude(pk=found.pk).defer("search"), key=lambda other: abs(other.start - found.start))
    shown = sorted(near[:CHOICES_SHOWN], key=lambda other: (other.start, other.pk))
    return render(request, "review/_merge_options.html", {"claim": found, "others": shown})


@require_POST
@needs("claims.review_claim")
def merge(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Make one candidate of this and another one of the same text."""
    found = claim_of(request, claim_id)
    try:
        given = valid(MergeForm(request.POST))
        other_id, other_version = given.pop("other")
        other = claim_of(request, other_id)
        services.merge_claims(found, other, by=user_of(request), other_version=other_version, **given)
    except REFUSALS as error:
        return refused(request, found, error)
    return show(request, claim_id, note=Note(_("Made one claim of two. Undo takes both back as they were.")))
