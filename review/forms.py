"""What the workbench's forms hold. They check shapes; rules about claims live in claims.services."""

from __future__ import annotations

from typing import Any, TypeGuard

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.ids import row_id
from accounts.models import User
from claims.models import AnalyticConfidence, Claim, ClaimType, DocumentSource, Modality, Stance
from claims.models.review import Picked
from claims.services.steps import ROLES
from grading.scales import Credibility
from sources.models import Source

LONGEST_DAY = 24 * 60 * 60.0


class StepForm(forms.Form):
    """What every step carries: the version of the claim the analyst saw, and how long they looked at it."""

    expected_version = forms.IntegerField(min_value=1)
    seconds = forms.FloatField(min_value=0, max_value=LONGEST_DAY, required=False)
    picked = forms.ChoiceField(choices=Picked.choices, required=False)

    def clean_picked(self) -> str:
        return self.cleaned_data["picked"] or Picked.DIRECT


class AcceptForm(StepForm):
    wording = forms.CharField(required=False, max_length=20_000)
    stance = forms.ChoiceField(choices=Stance.choices, required=False)

    def clean_stance(self) -> str:
        return self.cleaned_data["stance"] or Stance.ASSERTS


class RejectForm(StepForm):
    reason = forms.CharField(required=False, max_length=2_000)


class PlacesField(forms.JSONField):
    """Places in a text, as scripts send them.

    Nested deeper, or with longer numbers, than Python reads, they are as unreadable as what is no JSON.
    """

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (RecursionError, ValueError):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid", params={"value": ""}) from None


class SpansForm(forms.Form):
    """The words an analyst marked, who said it, and in what manner."""

    spans = PlacesField(required=False)
    who = forms.CharField(required=False, max_length=600)
    type = forms.ChoiceField(choices=ClaimType.choices, required=False)
    modality = forms.ChoiceField(choices=Modality.choices, required=False)
    hedge = forms.CharField(required=False, max_length=500, strip=True)
    information_date = forms.DateField(required=False)

    def clean_spans(self) -> dict[str, list[list[int]]]:
        spans = self.cleaned_data["spans"] or {}
        if not are_spans(spans):
            raise forms.ValidationError(_("Mark the words in the text again; what arrived was not readable."))
        return spans


class EditForm(StepForm, SpansForm):
    """A correction. Fields that are left out or empty stay as they are."""

    def changes(self, claim: Claim) -> dict[str, Any]:
        """The arguments of claims.services.edit in which this form differs from the claim."""
        spans = {
            role: pieces
            for role, pieces in self.cleaned_data["spans"].items()
            if pieces != getattr(claim, f"{role}_fragments")
        }
        changed: dict[str, Any] = {"spans": spans} if spans else {}
        for field in ("type", "modality", "information_date"):
            if self.cleaned_data[field] and self.cleaned_data[field] != getattr(claim, field):
                changed[field] = self.cleaned_data[field]
        if "hedge" in self.data and self.cleaned_data["hedge"] != claim.hedge:
            changed["hedge"] = self.cleaned_data["hedge"]
        return changed


def are_spans(value: object) -> TypeGuard[dict[str, list[list[int]]]]:
    """Whether it has the shape `{role: [[start, end], ...]}`."""
    return isinstance(value, dict) and all(
        role in ROLES and isinstance(pieces, list) and all(_is_piece(piece) for piece in pieces)
        for role, pieces in value.items()
    )


def _is_piece(piece: object) -> bool:
    return (
        isinstance(piece, list)
        and len(piece) == 2
        and all(isinstance(offset, int) and not isinstance(offset, bool) for offset in piece)
    )


class AssessForm(forms.Form):
    """How credible an analyst judges an accepted claim to be."""

    grade = forms.ChoiceField(choices=[(grade.value, f"{grade.value} {grade.label}") for grade in Credibility])
    likelihood = forms.IntegerField(min_value=1, max_value=99, required=False)
    confidence = forms.ChoiceField(choices=[("", "-"), *AnalyticConfidence.choices], required=False)
    basis = forms.CharField(required=False, max_length=5_000)


def chosen_source(who: str, claim: Claim, user: User) -> dict[str, Any]:
    """The argument of claims.services.edit that a choice in the source chooser means.

    who: `known:<id>`, `document:<id>` or `new:<descriptor>`.
    Raises forms.ValidationError when there is no such source for `user`.
    """
    kind, _colon, value = who.partition(":")
    if kind == "new" and value.strip():
        return {"new_source": value.strip()}
    number = row_id(value)
    if number is not None:
        known = Source.objects.visible_to(user).filter(pk=number)
        if kind == "known" and (source := known.first()):
            return {"source": source}
        in_document = DocumentSource.objects.filter(run__layer_id=claim.layer_id).select_related("run", "source")
        if kind == "document" and (found := in_document.filter(pk=number).first()):
            return {"document_source": found}
    raise forms.ValidationError(_("There is no such source. Choose one from the list."))
