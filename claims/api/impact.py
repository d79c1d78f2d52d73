from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.permissions import Need, caller
from accounts.models import Scope
from claims.impact import Change, Impact, SuggestionChange, if_discredited, impact_of
from sources.models import Source

MOST_CHANGES = 200


class SuggestionChangeSerializer(serializers.Serializer[SuggestionChange]):
    claim = serializers.IntegerField(source="claim.pk", help_text="A claim of another source.")
    before = serializers.CharField(source="before.grade", help_text="Suggested credibility, 1-6.")
    after = serializers.CharField(source="after.grade")
    why = serializers.CharField(source="after.why")


class ChangeSerializer(serializers.Serializer[Change]):
    proposition = serializers.IntegerField(source="proposition.pk")
    text = serializers.CharField(source="proposition.text")
    before = serializers.FloatField(help_text="Probability now, all reports considered, 0 to 1.")
    after = serializers.FloatField(allow_null=True, help_text="Null: no report would be left.")
    reports = serializers.IntegerField(help_text="Accepted claims on it now.")
    left = serializers.IntegerField(help_text="Accepted claims that would still count.")
    suggestions = SuggestionChangeSerializer(many=True)


class ImpactSerializer(serializers.Serializer[Impact]):
    claims = serializers.IntegerField(help_text="Accepted claims of its own.")
    relayed = serializers.IntegerField(help_text="Accepted claims of others that repeat it.")
    passed_on = serializers.IntegerField(help_text="Accepted claims of others that came through it.")
    propositions = serializers.IntegerField(help_text="Propositions its own and repeating claims stand on.")
    settled = serializers.IntegerField(help_text="How many of these have a verdict.")
    graded = serializers.IntegerField(help_text="How many of its claims have a credibility grade.")


class DiscreditSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField(help_text="Propositions that would stand differently.")
    changes = ChangeSerializer(many=True, help_text=f"The {MOST_CHANGES} most affected, the most affected first.")


class SourceImpactViewSet(GenericViewSet[Source]):
    """What rests on a source, in the collections you may see."""

    queryset = Source.objects.none()
    lookup_value_converter = "int"
    filterset_class = None
    pagination_class = None
    needs = {
        "impact": Need("claims.view_claim", Scope.READ),
        "if_discredited": Need("claims.view_claim", Scope.READ),
    }

    def get_queryset(self) -> QuerySet[Source]:
        return Source.objects.visible_to(caller(self.request)).defer("search")

    @extend_schema(summary="What rests on a source", responses=ImpactSerializer)
    @action(detail=True)
    def impact(self, request: Request, pk: int) -> Response:
        """How many claims and propositions would have to be looked at again, were the source discredited."""
        return Response(ImpactSerializer(impact_of(self.get_object(), caller(request))).data)

    @extend_schema(summary="What would change if a source were not believed", responses=DiscreditSerializer)
    @action(detail=True, url_path="impact/if-discredited")
    def if_discredited(self, request: Request, pk: int) -> Response:
        """A preview; nothing is changed. What repeats the source falls with it; settled propositions stay."""
        changes = if_discredited(self.get_object(), caller(request))
        return Response(DiscreditSerializer({"total": len(changes), "changes": changes[:MOST_CHANGES]}).data)
