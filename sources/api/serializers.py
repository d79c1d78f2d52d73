from __future__ import annotations

from rest_framework import serializers

from accounts.api.inputs import Input
from grading.scales import Reliability
from sources.models import ReliabilityAssessment, Source, SourceAlias

LONGEST_TEXT = 20_000


class SourceReference(serializers.ModelSerializer[Source]):
    """A source as other resources name it."""

    class Meta:
        model = Source
        fields = ["id", "descriptor"]


class SourceSerializer(serializers.ModelSerializer[Source]):
    reliability = serializers.CharField(help_text="A-F, the newest general grade; F as well when never judged.")
    reliability_judged = serializers.BooleanField(help_text="Whether anybody has given a general grade.")
    aliases: serializers.SlugRelatedField[SourceAlias] = serializers.SlugRelatedField(
        slug_field="wording", many=True, read_only=True, help_text="Wordings under which documents speak of it."
    )

    class Meta:
        model = Source
        fields = [
            "id",
            "descriptor",
            "sanitised_name",
            "kind",
            "anonymous",
            "access",
            "placement",
            "motive",
            "expertise",
            "aliases",
            "reliability",
            "reliability_judged",
            "created_at",
        ]


class ReliabilitySerializer(serializers.ModelSerializer[ReliabilityAssessment]):
    by = serializers.CharField(source="by.display_name")
    grade = serializers.CharField(help_text="A-F.")

    class Meta:
        model = ReliabilityAssessment
        fields = ["id", "source", "grade", "topic", "basis", "review_by", "by", "at"]


class ReliabilityInput(Input):
    grade = serializers.ChoiceField(choices=[(grade.value, grade.label) for grade in Reliability])
    basis = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, help_text="What the grade rests on.")
    topic = serializers.CharField(max_length=100, required=False, allow_blank=True, help_text="Empty: in general.")
    review_by = serializers.DateField(required=False, allow_null=True, help_text="When to look at it again.")
