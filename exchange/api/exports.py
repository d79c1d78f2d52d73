from __future__ import annotations

from typing import Any

import django_filters
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.inputs import Input, checked
from accounts.api.permissions import Need, caller
from accounts.models import Scope
from claims.api.filters import ClaimFilter
from claims.models import Claim
from documents.api.filters import IdFilter
from exchange.api.jobs import AnyType, JobSerializer
from exchange.errors import TooManyJobs
from exchange.exports import start_export
from exchange.formats.catalogue import Format
from exchange.formats.errors import BadSelection
from exchange.formats.exporting import FORMATS, export, file_name

DEFAULT = "jsonl"
NAMES = [(form.name, form.label) for form in FORMATS.values()]
CHOOSE = OpenApiParameter(
    "format", enum=list(FORMATS), default=DEFAULT, description="docs/exchange.md says what each is."
)


class UnknownParameter(ValidationError):
    default_code = "unknown_parameter"


def _as_text(filter: Any) -> dict[str, Any]:  # noqa: A002 -- a filter of django-filter
    """How the value of a filter is described where it is text, as in a query string."""
    if isinstance(filter, IdFilter):
        return {"type": "string", "pattern": "^[1-9][0-9]{0,17}$"}
    if isinstance(filter, django_filters.NumberFilter):
        return {"type": "string", "pattern": r"^(0(\.[0-9]{1,15})?|1(\.0{1,15})?)$"}
    if isinstance(filter, django_filters.ChoiceFilter):
        return {"type": "string", "enum": [value for value, _ in filter.extra["choices"]]}
    return {"type": "string", "minLength": 1, "maxLength": 1000}


def _content(form: Format) -> OpenApiTypes:
    return OpenApiTypes.OBJECT if form.media_type.partition(";")[0].endswith("json") else OpenApiTypes.STR


@extend_schema_field(
    {
        "type": "object",
        "properties": {name: _as_text(found) for name, found in ClaimFilter.base_filters.items()},
        "additionalProperties": False,
    }
)
class FiltersField(serializers.DictField):
    child = serializers.CharField(max_length=1000)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and not all(isinstance(value, str) for value in data.values()):
            raise ValidationError("Give each value as text, in quotation marks, as in a query string.")
        return super().to_internal_value(data)


class ExportInput(Input):
    format = serializers.ChoiceField(choices=NAMES, default=DEFAULT)
    filters = FiltersField(
        default=dict,
        help_text="By name of a parameter of the list of claims: its value, as text.",
    )


class ClaimExportViewSet(GenericViewSet[Any]):
    """Claims as files, in the formats that others read."""

    queryset = Claim.objects.none()
    serializer_class = serializers.Serializer
    filterset_class = ClaimFilter
    pagination_class = None
    needs = {
        "export": Need("claims.view_claim", Scope.READ),
        "start_export": Need("claims.view_claim", Scope.READ),
    }
    refusals: dict[str, list[Exception]] = {"start_export": [TooManyJobs(20)]}

    @extend_schema(
        summary="Claims as a file, streamed",
        parameters=[CHOOSE],
        filters=True,
        responses={(200, form.media_type.partition(";")[0]): _content(form) for form in FORMATS.values()},
    )
    @action(detail=False, methods=["get"], content_negotiation_class=AnyType)
    def export(self, request: Request) -> StreamingHttpResponse:
        """All that the list of claims shows for the same parameters, newest first, in one answer.

        It begins at once and takes as long as it takes; for large selections start an export as a job instead.
        """
        wanted = _parameters(request)
        form = _format(wanted.pop("format", DEFAULT))
        try:
            pieces = export(form, caller(request), wanted, address=request.build_absolute_uri("/").rstrip("/"))
        except BadSelection as error:
            raise refusal_of(error) from error
        return StreamingHttpResponse(
            pieces,
            content_type=form.media_type,
            headers={"Content-Disposition": f'attachment; filename="{file_name(form)}"'},
        )

    @extend_schema(
        summary="Have claims written to a file",
        request=ExportInput,
        responses={202: JobSerializer},
        examples=[
            OpenApiExample(
                "All accepted claims for a spreadsheet",
                value={"format": "csv-bom", "filters": {"state": "accepted"}},
                request_only=True,
            )
        ],
    )
    @export.mapping.post
    def start_export(self, request: Request) -> Response:
        """A worker writes the file; the job says how far it is and where the result can be fetched."""
        given: dict[str, Any] = checked(ExportInput, request.data)
        try:
            job = start_export(caller(request), form=given["format"], chosen=given["filters"])
        except BadSelection as error:
            raise refusal_of(error, under="filters.") from error
        return Response(JobSerializer(job, context={"request": request}).data, status=status.HTTP_202_ACCEPTED)


def _parameters(request: Request) -> dict[str, str]:
    if repeated := [name for name, values in request.query_params.lists() if len(values) > 1]:
        raise ValidationError({name: ["Give it once."] for name in repeated})
    return request.query_params.dict()


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise ValidationError({"format": [f"There is no such format. Known are: {', '.join(FORMATS)}."]})
    return FORMATS[name]


def refusal_of(error: BadSelection, *, under: str = "") -> ValidationError:
    kind = UnknownParameter if error.unknown else ValidationError
    return kind({f"{under}{name}": [said] for name, said in error.fields.items()})
