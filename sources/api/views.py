from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.api.inputs import checked
from accounts.api.permissions import Need, caller, reading
from accounts.models import Scope, User
from documents.api.lists import ListedMixin
from sources.api.filters import SourceFilter
from sources.api.serializers import DescribeInput, ReliabilitySerializer, SourceSerializer
from sources.api.shapes import SOURCE_EXPANSIONS, shaped_sources
from sources.errors import CannotDescribe, DescriptorMissing, SourceError
from sources.models import Source, SourceQuerySet
from sources.services import describe_source


@extend_schema_view(
    list=extend_schema(summary="Sources that stand by themselves, newest first"),
    retrieve=extend_schema(summary="One source; its ETag goes into If-Match"),
)
class SourceViewSet(ListedMixin, ReadOnlyModelViewSet[Source]):
    """Who speaks, across documents: those with a claim in a collection you may see, and those you recorded.

    A source merged into another is not listed; asked for by its id it says what it was merged into.
    """

    queryset = Source.objects.none()
    serializer_class = SourceSerializer
    filterset_class = SourceFilter
    expansions = SOURCE_EXPANSIONS
    lookup_value_converter = "int"
    needs = reading("sources.view_source") | {
        "assessments": Need("sources.view_reliabilityassessment", Scope.READ),
        "partial_update": Need("sources.change_source", Scope.REVIEW),
    }
    edits = ("partial_update",)
    parameters = {"assessments": ("cursor", "page_size")}
    refusals: dict[str, list[SourceError]] = {"partial_update": [CannotDescribe(5), DescriptorMissing()]}

    def readable(self, user: User) -> SourceQuerySet:
        rows = Source.objects.visible_to(user)
        return rows.standing() if self.action == "list" else rows

    def shaped(self, rows: Any, user: User) -> SourceQuerySet:
        return shaped_sources(rows, self.shape, user)

    @extend_schema(summary="Describe a source", request=DescribeInput, responses=SourceSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """What is not given stays. Who does not see all that a source said may not describe it."""
        source = self.get_object()
        said = checked(DescribeInput, request.data)
        describe_source(source, by=caller(request), **said)
        return Response(SourceSerializer(self.get_object()).data)

    @extend_schema(summary="How a source was judged, newest first", responses=ReliabilitySerializer(many=True))
    @action(detail=True, filterset_class=None)
    def assessments(self, request: Request, pk: int) -> Response:
        """Those of a source merged into this one stand with that one. Their reasons are empty where it is sanitised."""
        source = self.get_object()
        rows: QuerySet[Any] = source.reliability_assessments.select_related("by")
        shown = ReliabilitySerializer(
            self.paginate_queryset(rows), many=True, context={"sanitised": source.is_sanitised}
        )
        return self.get_paginated_response(shown.data)
