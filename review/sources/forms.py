"""What the forms of the source pages hold. They check shapes; rules live in the services."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grading.scales import Reliability
from sources.models import Source

LETTERS = [(letter.value, letter.label) for letter in Reliability]
REVIEW_AFTER = timedelta(days=365)
LONGEST_TEXT = 5_000


class DescribeForm(forms.ModelForm[Source]):
    """The descriptors of a source, as analysts word them (ICD 206)."""

    class Meta:
        model = Source
        fields = [
            "descriptor",
            "sanitised_name",
            "kind",
            "anonymous",
            "access",
            "placement",
            "motive",
            "expertise",
        ]
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in ("placement", "motive", "expertise")}
        labels = {
            "descriptor": _("Who this is"),
            "sanitised_name": _("Name for readers without clearance"),
            "anonymous": _("The documents do not name it"),
            "access": _("Access to the information"),
            "placement": _("Placement"),
            "motive": _("Motive or bias"),
            "expertise": _("Expertise"),
        }


class LetterForm(forms.Form):
    grade = forms.ChoiceField(choices=LETTERS, error_messages={"required": _("Choose a letter first.")})


class GradeForm(LetterForm):
    """The second step: why, for what topic, until when; and why it departs from what the verdicts suggest."""

    basis = forms.CharField(max_length=LONGEST_TEXT, required=False)
    departure = forms.CharField(max_length=LONGEST_TEXT, required=False)
    topic = forms.CharField(max_length=100, required=False)
    review_by = forms.DateField(required=False)

    @staticmethod
    def usual_review_by() -> str:
        return (timezone.localdate() + REVIEW_AFTER).isoformat()


class AsOfForm(forms.Form):
    """Which day's record to show, of which topic, and with what was known when."""

    as_of = forms.DateField(required=False)
    known_then = forms.BooleanField(required=False)
    topic = forms.CharField(required=False, max_length=100)
