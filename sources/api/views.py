from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.api.inputs import checked
from accounts.api.permissions import Need, caller, reading
from accounts.models import Scope
from sources.api.filters import SourceFilter
from sources.api.serializers import ReliabilityInput, ReliabilitySerializer, SourceSerializer
from sources.errors import BasisMissing, SourceError
from sources.models import Source, SourceAlias
from sources.services import assess_reliability


@extend_schema_view(
    list=extend_schema(summary="Sources, newest first"),
    retrieve=extend_schema(summary="One source"),
)
class SourceViewSet(ReadOnlyModelViewSet[Source]):
    """Who speaks, across documents: those with a claim in a collection you may see, and those you recorded."""

    queryset = Source.objects.none()
    serializer_class = SourceSerializer
    filterset_class = SourceFilter
    lookup_value_converter = "int"
    needs = reading("sources.view_source") | {
        "assessments": Need("sources.view_reliabilityassessment", Scope.READ),
        "assess": Need("sources.assess_source", Scope.REVIEW),
    }
    parameters = {"assessments": ("cursor", "page_size")}
    refusals: dict[str, list[SourceError]] = {"assess": [BasisMissing()]}

    def get_queryset(self) -> QuerySet[Source]:
        wordings = Prefetch("aliases", SourceAlias.objects.defer("search", "sounds").order_by("id"))
        return Source.objects.visible_to(caller(self.request)).for_list().with_grade().prefetch_related(wordings)

    @extend_schema(
        summary="Judge how reliable a source is", request=ReliabilityInput, responses={201: ReliabilitySerializer}
    )
    @action(detail=True, methods=["post"])
    def assess(self, request: Request, pk: int) -> Response:
        """Add a grade A-F with its basis. Earlier grades stay on record; the newest counts."""
        source = self.get_object()
        assessment = assess_reliability(source, by=caller(request), **checked(ReliabilityInput, request.data))
        return Response(ReliabilitySerializer(assessment).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="How a source was judged, newest first", responses=ReliabilitySerializer(many=True))
    @action(detail=True, filterset_class=None)
    def assessments(self, request: Request, pk: int) -> Response:
        rows: QuerySet[Any] = self.get_object().reliability_assessments.select_related("by")
        return self.get_paginated_response(ReliabilitySerializer(self.paginate_queryset(rows), many=True).data)
