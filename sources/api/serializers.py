from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.inputs import Input
from accounts.api.reading import ReadModelSerializer
from grading.scales import Reliability
from sources.models import Access, ReliabilityAssessment, Source, SourceKind

LONGEST_TEXT = 20_000
SAID = ("placement", "motive", "expertise")
"""What is said of a source beside its name."""


class SourceReference(ReadModelSerializer[Source]):
    """A source as other resources name it. The rows come from `named_for` the caller."""

    descriptor = serializers.CharField(source="shown_name")

    class Meta:
        model = Source
        fields = ["id", "descriptor"]


class SourceSerializer(ReadModelSerializer[Source]):
    """The rows come from `named_for` the caller."""

    descriptor = serializers.CharField(
        source="shown_name", help_text="Its descriptor, or what you may call it: a sanitised name, or a wording seen."
    )
    sanitised = serializers.BooleanField(
        source="is_sanitised",
        help_text="It also speaks in collections that you do not see: what people said of it stays empty.",
    )
    reliability = serializers.CharField(help_text="A-F, the newest general grade; F as well when never judged.")
    reliability_judged = serializers.BooleanField(help_text="Whether anybody has given a general grade.")
    aliases = serializers.SerializerMethodField(help_text="Wordings under which documents that you see speak of it.")
    merged_into = serializers.IntegerField(
        source="merged_into_id", allow_null=True, help_text="Id of the source it was found to be; null: it stands."
    )

    class Meta:
        model = Source
        fields = [
            "id",
            "descriptor",
            "sanitised",
            "sanitised_name",
            "kind",
            "anonymous",
            "access",
            "placement",
            "motive",
            "expertise",
            "aliases",
            "merged_into",
            "reliability",
            "reliability_judged",
            "created_at",
        ]

    def get_aliases(self, source: Source) -> list[str]:
        family = [source, *source.absorbed.all()]
        return list(dict.fromkeys(alias.wording for member in family for alias in member.aliases.all()))

    def to_representation(self, source: Source) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(source)
        if source.is_sanitised:
            shown |= {name: "" for name in SAID if name in shown}
        return shown


class ReliabilitySerializer(ReadModelSerializer[ReliabilityAssessment]):
    by = serializers.CharField(source="by.display_name")
    grade = serializers.CharField(help_text="A-F.")
    is_grade = serializers.BooleanField(help_text="By a reviewer: the newest of these counts. Others are opinions.")

    class Meta:
        model = ReliabilityAssessment
        fields = [
            "id",
            "source",
            "grade",
            "is_grade",
            "topic",
            "basis",
            "suggestion",
            "departure",
            "review_by",
            "by",
            "at",
        ]

    def to_representation(self, row: ReliabilityAssessment) -> dict[str, Any]:
        """Reasons may rest on documents that the caller does not see (context: sanitised)."""
        shown: dict[str, Any] = super().to_representation(row)
        if self.context.get("sanitised"):
            shown |= {"basis": "", "departure": ""}
        return shown


class ReliabilityInput(Input):
    grade = serializers.ChoiceField(choices=[(grade.value, grade.label) for grade in Reliability])
    basis = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, help_text="What the grade rests on.")
    topic = serializers.CharField(max_length=100, required=False, allow_blank=True, help_text="Empty: in general.")
    review_by = serializers.DateField(required=False, allow_null=True, help_text="When to look at it again.")
    departure = serializers.CharField(
        max_length=LONGEST_TEXT,
        required=False,
        allow_blank=True,
        help_text="Why the grade lies outside what the verdicts suggest. Required then.",
    )


class DescribeInput(Input):
    """What is not given stays."""

    descriptor = serializers.CharField(max_length=500, required=False)
    sanitised_name = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="For readers who do not see all it said."
    )
    kind = serializers.ChoiceField(choices=SourceKind.choices, required=False)
    anonymous = serializers.BooleanField(required=False)
    access = serializers.ChoiceField(choices=Access.choices, required=False)
    placement = serializers.CharField(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    motive = serializers.CharField(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    expertise = serializers.CharField(max_length=LONGEST_TEXT, required=False, allow_blank=True)
