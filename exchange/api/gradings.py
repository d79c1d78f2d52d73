"""Gradings that documents print, proposed to analysts: as on the page Printed gradings."""

from __future__ import annotations

import django_filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.api.inputs import Input, checked
from accounts.api.permissions import Need, PermissionMissing, caller, reading
from accounts.api.reading import ReadModelSerializer
from accounts.models import Scope
from claims.api.inputs import IdField
from claims.errors import IndependentOriginMissing
from claims.models import LinkState
from documents.api.filters import IdFilter
from documents.models import Collection
from exchange.api.jobs import JobSerializer
from exchange.errors import AlreadyDecided, ReasonNeeded, TooManyJobs
from exchange.looking import start_look
from exchange.models import PrintedGrading
from exchange.services import printed
from sources.api.serializers import LONGEST_TEXT, SourceReference
from sources.models import Source

JUDGE = Need("claims.assess_claim", Scope.REVIEW)
GRADE_SOURCES = "sources.assess_source"


class PrintedGradingSerializer(ReadModelSerializer[PrintedGrading]):
    """A grade as a document prints it. It counts only once an analyst has taken it over."""

    source = SourceReference(allow_null=True)  # type: ignore[assignment]  # DRF takes declared fields off the class
    by = serializers.CharField(source="by.display_name", allow_null=True, help_text="Who decided; null: nobody yet.")

    class Meta:
        model = PrintedGrading
        fields = [
            "id",
            "claim",
            "source",
            "document",
            "grade",
            "words",
            "said_on",
            "state",
            "reason",
            "by",
            "decided_at",
        ]


class PrintedGradingFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=LinkState.choices)
    claim = IdFilter(help_text="Id of the claim it stands beside.")
    source = IdFilter(help_text="Id of the source it is of; those of claims have none.")
    document = IdFilter(help_text="Id of the document that prints it.")

    class Meta:
        model = PrintedGrading
        fields: list[str] = []


class TakeOverInput(Input):
    note = serializers.CharField(
        max_length=LONGEST_TEXT, allow_blank=True, required=False, help_text="What you add to the basis of the grade."
    )


class DismissInput(Input):
    reason = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, help_text="Why. Required.")


class LookInput(Input):
    collection = IdField(lambda context: Collection.objects.visible_to(context["user"]))


@extend_schema_view(
    list=extend_schema(summary="Printed gradings, newest first"),
    retrieve=extend_schema(summary="One printed grading"),
)
class PrintedGradingViewSet(ReadOnlyModelViewSet[PrintedGrading]):
    """What documents themselves say of a source or a claim. Accepted, it is a grade given by whoever accepted it."""

    queryset = PrintedGrading.objects.none()
    serializer_class = PrintedGradingSerializer
    filterset_class = PrintedGradingFilter
    lookup_value_converter = "int"
    needs = reading("claims.view_claim") | {"accept": JUDGE, "dismiss": JUDGE, "look": JUDGE}
    edits = ("accept", "dismiss")
    refusals: dict[str, list[Exception]] = {
        "accept": [AlreadyDecided(5), IndependentOriginMissing(12)],
        "dismiss": [AlreadyDecided(5), ReasonNeeded()],
        "look": [TooManyJobs(20)],
    }

    def get_queryset(self) -> QuerySet[PrintedGrading]:
        user = caller(self.request)
        rows = PrintedGrading.objects.visible_to(user).select_related("by").order_by("-id")
        return rows.prefetch_related(Prefetch("source", Source.objects.named_for(user).defer("search")))

    @extend_schema(
        summary="Give a printed grade as a judgement of yours",
        request=TakeOverInput,
        responses=PrintedGradingSerializer,
    )
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: int) -> Response:
        """Its basis says where it is printed and of which day it is. A printed 1 has to be earned here as well."""
        row = self._row(request)
        return self._shown(printed.take_over(row, by=caller(request), **checked(TakeOverInput, request.data)))

    @extend_schema(summary="Dismiss a printed grade", request=DismissInput, responses=PrintedGradingSerializer)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: int) -> Response:
        """It stays on record and is not proposed again."""
        row = self._row(request)
        return self._shown(printed.dismiss(row, by=caller(request), **checked(DismissInput, request.data)))

    @extend_schema(
        summary="Look for printed gradings",
        request=LookInput,
        responses={202: OpenApiResponse(JobSerializer, description="A worker looks; its last words say what is new.")},
    )
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def look(self, request: Request) -> Response:
        """Through the accepted claims of a collection. Those proposed before stay as they are."""
        given = checked(LookInput, request.data, user=caller(request))
        job = start_look(given["collection"], by=caller(request))
        return Response(JobSerializer(job, context={"request": request}).data, status=status.HTTP_202_ACCEPTED)

    def _row(self, request: Request) -> PrintedGrading:
        if not caller(request).has_perm(GRADE_SOURCES):
            raise PermissionMissing(GRADE_SOURCES)
        row: PrintedGrading = self.get_object()
        return row

    def _shown(self, row: PrintedGrading) -> Response:
        return Response(PrintedGradingSerializer(self.get_queryset().get(pk=row.pk)).data)
