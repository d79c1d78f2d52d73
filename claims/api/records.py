"""The record of a source as of any day, and all verdicts."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from accounts.api.inputs import Input, checked
from accounts.api.permissions import Need, caller, reading
from accounts.models import Scope
from claims.api.orders import VERDICT_ORDERS
from claims.api.serializers import VerdictSerializer
from claims.models import Claim, Outcome, Proposition, Verdict
from claims.records import SourceRecord, record_of, series_of
from documents.api.filters import IdFilter, YesNoFilter
from sources.models import Source

MOST_POINTS = 200
LONGEST_HALF_LIFE_DAYS = 100_000


class RecordInput(Input):
    as_of = serializers.DateField(
        required=False, help_text="The day in the world: later verdicts are left out, claims are aged to it."
    )
    known_on = serializers.DateField(
        required=False, help_text="The day by whose end Hearsay knew it: what was recorded or undone later is left out."
    )
    topic = serializers.CharField(required=False, max_length=100, help_text="Of propositions, exactly; all without.")
    half_life = serializers.FloatField(
        required=False,
        min_value=0,
        max_value=LONGEST_HALF_LIFE_DAYS,
        help_text="After so many days a verdict weighs half; 0: verdicts do not age.",
    )


class SeriesInput(Input):
    topic = serializers.CharField(required=False, max_length=100, help_text="Of propositions, exactly; all without.")
    most = serializers.IntegerField(
        required=False, min_value=2, max_value=MOST_POINTS, help_text="Points at most; 60 without."
    )


class VerdictCountsSerializer(serializers.Serializer[SourceRecord]):
    total = serializers.IntegerField(source="record.counts.total")
    true = serializers.IntegerField(source="record.counts.true")
    partly = serializers.IntegerField(source="record.counts.partly")
    false = serializers.IntegerField(source="record.counts.false")
    undated = serializers.IntegerField(
        source="record.counts.undated", help_text="How many of them count as new because the claim has no date."
    )
    unverifiable = serializers.IntegerField(help_text="Beside the total: they carry no weight.")


class PriorSerializer(serializers.Serializer[Any]):
    confirmed = serializers.FloatField(source="beta.confirmed")
    refuted = serializers.FloatField(source="beta.refuted")
    fitted_on = serializers.DateField(allow_null=True, help_text="Null: before the first fit, Beta(1, 1).")
    kind = serializers.CharField(help_text="Of source; empty: learnt from all kinds.")
    families = serializers.IntegerField(help_text="How many families of sources it was learnt from.")


class RecordSerializer(serializers.Serializer[SourceRecord]):
    source = serializers.IntegerField(  # type: ignore[assignment]  # DRF takes declared fields off the class
        help_text="The source that stands for all found to be one with it."
    )
    topic = serializers.CharField(help_text="Empty: all.")
    as_of = serializers.DateField()
    known_at = serializers.DateTimeField(allow_null=True, help_text="Null: now.")
    half_life = serializers.FloatField(source="half_life_days", help_text="Days.")
    mean = serializers.FloatField(source="record.mean", help_text="Chance that its next claim is confirmed.")
    interval_80 = serializers.ListField(
        child=serializers.FloatField(), source="record.interval_80", min_length=2, max_length=2
    )
    interval_95 = serializers.ListField(
        child=serializers.FloatField(), source="record.interval_95", min_length=2, max_length=2
    )
    n_effective = serializers.FloatField(
        source="record.n_effective", help_text="How many fresh verdicts the record is worth."
    )
    verdicts = VerdictCountsSerializer(source="*")
    suggestion = serializers.CharField(help_text='What the verdicts alone support: "B", "B-C", or "F" for none.')
    why = serializers.CharField(source="suggestion.why")
    evidence = serializers.CharField(help_text='"8 of 10 verdicts confirmed; 80 % interval 58-90 %; B"')
    grade = serializers.CharField(help_text="The human grade on that day, A-F; empty when never judged.")
    diverges = serializers.BooleanField(help_text="Grade and 80 % interval have nothing in common.")
    prior = PriorSerializer()
    claims = serializers.IntegerField(help_text="Accepted claims.")
    last_claimed_on = serializers.DateField(allow_null=True)


class PointSerializer(serializers.Serializer[SourceRecord]):
    as_of = serializers.DateField()
    mean = serializers.FloatField(source="record.mean")
    interval_80 = serializers.ListField(
        child=serializers.FloatField(), source="record.interval_80", min_length=2, max_length=2
    )
    n_effective = serializers.FloatField(source="record.n_effective")
    verdicts = serializers.IntegerField(source="record.counts.total")
    suggestion = serializers.CharField()
    grade = serializers.CharField()
    diverges = serializers.BooleanField()


class SeriesSerializer(serializers.Serializer[Any]):
    results = PointSerializer(many=True, help_text="Oldest first; the last is today.")


class TrackRecordViewSet(GenericViewSet[Source]):
    """How often a source has been right. No human grade goes into the figures; it stands beside them."""

    queryset = Source.objects.none()
    lookup_value_converter = "int"
    filterset_class = None
    pagination_class = None
    needs = {
        "track_record": Need("sources.view_source", Scope.READ),
        "series": Need("sources.view_source", Scope.READ),
    }
    parameters = {"track_record": tuple(RecordInput().fields), "series": tuple(SeriesInput().fields)}

    def get_queryset(self) -> QuerySet[Source]:
        return Source.objects.visible_to(caller(self.request)).defer("search")

    @extend_schema(summary="A source's record, on any day", parameters=[RecordInput], responses=RecordSerializer)
    @action(detail=True, url_path="track-record")
    def track_record(self, request: Request, pk: int) -> Response:
        """With `as_of` and `known_on` on the same past day: what was shown at the end of that day."""
        source = self.get_object()
        given = checked(RecordInput, request.query_params.dict())
        record = record_of(source, half_life_days=given.pop("half_life", None), **given)
        return Response(RecordSerializer(record).data)

    @extend_schema(summary="A source's record over time", parameters=[SeriesInput], responses=SeriesSerializer)
    @action(detail=True, url_path="track-record/series")
    def series(self, request: Request, pk: int) -> Response:
        """As of each day on which a verdict changed it, and today, by what is known now."""
        source = self.get_object()
        points = series_of(source, **checked(SeriesInput, request.query_params.dict()))
        return Response(SeriesSerializer({"results": points}).data)


class VerdictFilter(django_filters.FilterSet):
    outcome = django_filters.ChoiceFilter(choices=Outcome.choices)
    in_force = YesNoFilter(field_name="withdrawn_at", lookup_expr="isnull", help_text="Whether it was not withdrawn.")
    proposition = IdFilter(help_text="Id of the proposition it is about.")
    source = IdFilter(
        field_name="proposition",
        method="on_claims_of",
        help_text="Id of a source with an accepted claim on the proposition.",
    )
    decided_from = django_filters.DateFilter(field_name="decided_on", lookup_expr="gte")
    decided_to = django_filters.DateFilter(field_name="decided_on", lookup_expr="lte")

    class Meta:
        model = Verdict
        fields: list[str] = []

    def on_claims_of(self, queryset: QuerySet[Verdict], _name: str, source: int) -> QuerySet[Verdict]:
        claims = Claim.objects.accepted().by_source(source)
        return queryset.filter(Exists(claims.filter(proposition=OuterRef("proposition"))))


@extend_schema_view(
    list=extend_schema(summary="Verdicts, newest first"),
    retrieve=extend_schema(summary="One verdict"),
)
class VerdictViewSet(ReadOnlyModelViewSet[Verdict]):
    """How propositions turned out, withdrawn verdicts among them."""

    queryset = Verdict.objects.none()
    serializer_class = VerdictSerializer
    filterset_class = VerdictFilter
    orders = VERDICT_ORDERS
    lookup_value_converter = "int"
    needs = reading("claims.view_verdict")

    def get_queryset(self) -> QuerySet[Verdict]:
        visible = Proposition.objects.visible_to(caller(self.request)).filter(pk=OuterRef("proposition"))
        return Verdict.objects.filter(Exists(visible)).select_related("by").order_by("-id")
