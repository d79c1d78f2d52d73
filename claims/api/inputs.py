"""What the actions on claims and propositions take."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from accounts.api.inputs import Input, RowIdField
from claims.api.serializers import FragmentsField
from claims.models import (
    AnalyticConfidence,
    ClaimType,
    DocumentSource,
    Modality,
    Outcome,
    Proposition,
    Review,
    Stance,
    Verdict,
)
from grading.scales import Credibility
from sources.api.serializers import LONGEST_TEXT
from sources.models import Source


class IdField(RowIdField):
    """The id of a row out of `rows(context)`; the row is the value."""

    default_error_messages = {"unknown": "There is none with this id that fits here and that you may see."}

    def __init__(self, rows: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows = rows

    def run_validation(self, data: Any = serializers.empty) -> Any:
        number = super().run_validation(data)
        row = self.rows(self.context).filter(pk=number).first()
        if row is None:
            self.fail("unknown")
        return row


def words_field(help_text: str = "", **kwargs: Any) -> serializers.CharField:
    return serializers.CharField(
        max_length=LONGEST_TEXT, allow_blank=True, required=kwargs.pop("required", False), help_text=help_text, **kwargs
    )


class SecondsField(serializers.FloatField):
    """A duration, kept to the millisecond; however exactly a clock tells it."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return Decimal(f"{super().run_validation(data):.3f}")


def seconds_field() -> SecondsField:
    return SecondsField(
        min_value=0, max_value=86_400, required=False, help_text="From seeing the claim to deciding, a day at most."
    )


def known_source_field() -> IdField:
    return IdField(
        lambda context: Source.objects.visible_to(context["user"]), required=False, help_text="Id of a known source."
    )


def new_source_field() -> serializers.CharField:
    return serializers.CharField(
        max_length=500, required=False, allow_blank=True, help_text="Descriptor of a source to make."
    )


class AcceptInput(Input):
    source = known_source_field()  # type: ignore[assignment]  # DRF takes declared fields off the class
    new_source = new_source_field()
    wording = words_field("The proposition in neutral words; the content's own by default.")
    proposition = IdField(
        lambda context: Proposition.objects.visible_to(context["user"]).defer("search"),
        required=False,
        help_text="Id of a known proposition that it asserts or denies, instead of a new one.",
    )
    stance = serializers.ChoiceField(choices=Stance.choices, required=False)
    seconds = seconds_field()


class RejectInput(Input):
    reason = words_field("Why. Required.", required=True)
    seconds = seconds_field()


class SpansInput(Input):
    """By role: its new fragments. A role left out stays; an empty list takes it away."""

    source = FragmentsField(required=False)  # type: ignore[assignment]  # DRF takes declared fields off the class
    cue = FragmentsField(required=False)
    content = FragmentsField(required=False)
    circumstance = FragmentsField(required=False)


class EditInput(Input):
    spans = SpansInput(required=False)
    source = known_source_field()  # type: ignore[assignment]  # DRF takes declared fields off the class
    document_source = IdField(
        lambda context: DocumentSource.objects.filter(run__layer=context["claim"].layer_id),
        required=False,
        help_text="Id of a source as the same document speaks of it (see in-document-sources).",
    )
    new_source = new_source_field()
    type = serializers.ChoiceField(choices=ClaimType.choices, required=False)
    hedge = words_field("Words that lower commitment, verbatim, separated by '; '.")
    modality = serializers.ChoiceField(choices=Modality.choices, required=False)
    information_date = serializers.DateField(required=False, help_text="When what is reported happened or was known.")
    reason = words_field()


class UndoInput(Input):
    review = IdField(
        lambda context: Review.objects.visible_to(context["user"]).filter(claim=context["claim"]),
        help_text="Id of the step to undo.",
    )


class CredibilityInput(Input):
    grade = serializers.ChoiceField(choices=[(grade.value, grade.label) for grade in Credibility])
    likelihood = serializers.IntegerField(
        min_value=1, max_value=99, required=False, allow_null=True, help_text="Percent."
    )
    confidence = serializers.ChoiceField(choices=AnalyticConfidence.choices, required=False, allow_blank=True)
    basis = words_field("What the grade rests on. Required.", required=True)


class SettleInput(Input):
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    decided_on = serializers.DateField(help_text="The day from which the truth is known.")
    evidence = words_field("What shows it: a document, an address, or words. Required.", required=True)


class WithdrawInput(Input):
    verdict = IdField(
        lambda context: Verdict.objects.filter(proposition=context["proposition"]),
        help_text="Id of the verdict to take out of force.",
    )
    reason = words_field("Why. Required.", required=True)
