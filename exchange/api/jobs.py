from __future__ import annotations

from typing import Any

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.api.inputs import Input, checked
from accounts.api.permissions import Need, PermissionMissing, ScopeMissing, caller, reading
from accounts.models import ApiKey, Scope
from exchange.errors import (
    ExchangeError,
    JobEnded,
    JobNotDone,
    NoResult,
    ResultGone,
    ResultOutOfSight,
    TooManyJobs,
)
from exchange.jobs import kind_of
from exchange.models import Job, JobState
from exchange.results import response_with
from exchange.services.jobs import cancel, result_of, start

EXAMPLE: dict[str, Any] = {
    "id": 4,
    "kind": "export_claims",
    "parameters": {"format": "jsonl", "chosen": {"state": "accepted"}},
    "state": "done",
    "progress": {"done": 812, "total": 812, "words": "Claims"},
    "created_at": "2026-11-23T10:00:00Z",
    "started_at": "2026-11-23T10:00:01Z",
    "finished_at": "2026-11-23T10:00:03Z",
    "error": None,
    "result": {
        "url": "https://hearsay.example.org/api/v1/jobs/4/result/",
        "name": "claims-2026-11-23.jsonl",
        "media_type": "application/jsonl",
        "bytes": 1203822,
        "expires_at": "2026-11-30T10:00:03Z",
    },
}


class ProgressSerializer(serializers.Serializer[Job]):
    done = serializers.IntegerField(min_value=0)
    total = serializers.IntegerField(min_value=0, allow_null=True, help_text="Null while nobody knows.")
    words = serializers.CharField(help_text="What it is doing, or what it did.")


class TroubleSerializer(serializers.Serializer[Job]):
    code = serializers.CharField(source="error_code")
    detail = serializers.CharField(source="error")


class ResultSerializer(serializers.Serializer[Job]):
    url = serializers.SerializerMethodField(help_text="Where to fetch it, with the same key.")
    name = serializers.CharField(source="result_name")
    media_type = serializers.CharField(source="result_type")
    bytes = serializers.IntegerField(source="result_bytes")
    expires_at = serializers.DateTimeField(source="result_until", help_text="Then it is deleted.")

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, job: Job) -> str:
        address: str = reverse("job-result", [job.pk], request=self.context.get("request"))
        return address


class JobSerializer(serializers.ModelSerializer[Job]):
    """Something that takes longer than a request."""

    progress = ProgressSerializer(source="*")
    error = serializers.SerializerMethodField(help_text="Of a failed job: what went wrong and what to do about it.")
    result = serializers.SerializerMethodField(help_text="Null before it is done, and after the result has expired.")

    class Meta:
        model = Job
        fields = [
            "id",
            "kind",
            "parameters",
            "state",
            "progress",
            "created_at",
            "started_at",
            "finished_at",
            "error",
            "result",
        ]

    @extend_schema_field(TroubleSerializer(allow_null=True))
    def get_error(self, job: Job) -> dict[str, Any] | None:
        return TroubleSerializer(job).data if job.state == JobState.FAILED else None

    @extend_schema_field(ResultSerializer(allow_null=True))
    def get_result(self, job: Job) -> dict[str, Any] | None:
        return ResultSerializer(job, context=self.context).data if job.has_result else None


class JobFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=JobState.choices, help_text="How far it is.")
    kind = django_filters.ChoiceFilter(choices=[(name, name) for name in settings.JOB_KINDS], help_text="What it does.")

    class Meta:
        model = Job
        fields: list[str] = []


class AnyType(BaseContentNegotiation):
    """A result has the one type it has, whatever the caller accepts."""

    def select_parser(self, _request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, _request: HttpRequest, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


@extend_schema_view(
    list=extend_schema(summary="Your jobs, newest first"),
    retrieve=extend_schema(summary="One job", examples=[OpenApiExample("Done", value=EXAMPLE, response_only=True)]),
)
class JobViewSet(ReadOnlyModelViewSet[Job]):
    """Exports, imports and recomputations: how far they are, and what came of them. Everybody sees their own."""

    queryset = Job.objects.none()
    serializer_class = JobSerializer
    filterset_class = JobFilter
    lookup_value_converter = "int"
    needs = reading("exchange.view_job") | {
        "result": Need("exchange.view_job", Scope.READ),
        "cancel": Need("exchange.view_job", Scope.READ),
        "recompute": Need("exchange.recompute", Scope.ADMIN),
    }
    refusals: dict[str, list[ExchangeError]] = {
        "cancel": [JobEnded(4, "done")],
        "result": [JobNotDone(4, "running"), NoResult(4), ResultGone(4), ResultOutOfSight(4)],
        "recompute": [TooManyJobs(20)],
    }

    def get_queryset(self) -> QuerySet[Job]:
        return Job.objects.visible_to(caller(self.request)).select_related("by", "limited_by").order_by("-id")

    @extend_schema(summary="Cancel a job", request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: int) -> Response:
        """One that waits ends at once; one that runs ends as soon as it hears of it. Takes the scope that starting it
        took."""
        checked(Input, request.data)
        job = self.get_object()
        needed = kind_of(job.kind)
        if not caller(request).has_perm(needed.permission):
            raise PermissionMissing(needed.permission)
        if isinstance(request.auth, ApiKey) and not {needed.scope, Scope.ADMIN} & set(request.auth.scopes):
            raise ScopeMissing(needed.scope)
        return Response(self.get_serializer(cancel(job)).data)

    @extend_schema(
        summary="Fetch the result of a job",
        responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "The file, in its type.")},
    )
    @action(detail=True, content_negotiation_class=AnyType)
    def result(self, request: Request, pk: int) -> StreamingHttpResponse:
        """The file, streamed. It is deleted at `expires_at` of the job's `result`."""
        return response_with(result_of(self.get_object(), user=caller(request)))

    @extend_schema(summary="Have all records computed anew", request=None, responses={202: JobSerializer})
    @action(detail=False, methods=["post"])
    def recompute(self, request: Request) -> Response:
        """The track records of all sources as of today, as it is done every night."""
        checked(Input, request.data)
        if caller(request).limited_by is not None:
            raise PermissionDenied("A key that is limited to some collections cannot do this: it concerns all of them.")
        return Response(
            self.get_serializer(start("recompute", by=caller(request))).data, status=status.HTTP_202_ACCEPTED
        )
