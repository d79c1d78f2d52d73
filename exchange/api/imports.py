from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.inputs import Input, checked
from accounts.api.permissions import Need, PermissionMissing, ScopeMissing, caller
from accounts.models import ApiKey, Scope
from documents.api.inputs import CollectionField
from documents.errors import TooLarge
from exchange.api.jobs import JobSerializer
from exchange.errors import ExchangeError, TooManyJobs
from exchange.imports.errors import BadFile
from exchange.imports.files import MOST_BYTES
from exchange.imports.running import CLAIMS, KINDS, PERMISSIONS
from exchange.models import ImportFile
from exchange.services.imports import keep, start_import

ENVELOPE_BYTES = 64 * 1024
"""What a multipart form may take besides the file."""


class ImportInput(Input):
    file = serializers.FileField(help_text="UTF-8; at most 20 MB and 50,000 rows.")
    kind = serializers.ChoiceField(choices=[(name, name) for name in KINDS], help_text="What the file holds.")
    collection = CollectionField(help_text="Where its rows go: the id or the name of a collection.")
    dry_run = serializers.BooleanField(default=False, help_text="Store nothing, and report what would happen.")


class ImportViewSet(GenericViewSet[Any]):
    """Files of claims, sources and verdicts, taken in row by row."""

    queryset = ImportFile.objects.none()
    serializer_class = serializers.Serializer
    parser_classes = [MultiPartParser]
    needs = {"create": Need("documents.add_document", Scope.PROPOSE)}
    refusals: dict[str, list[ExchangeError | TooLarge]] = {
        "create": [TooLarge("claims.csv", 31_457_280, MOST_BYTES), BadFile("The file is empty."), TooManyJobs(20)],
    }

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length > MOST_BYTES + ENVELOPE_BYTES:
            raise TooLarge("The upload", length, MOST_BYTES)
        super().initial(request, *args, **kwargs)

    @extend_schema(
        summary="Import a file",
        request={"multipart/form-data": ImportInput},
        responses={202: OpenApiResponse(JobSerializer, description="A worker takes it in; the result is its report.")},
        examples=[
            OpenApiExample(
                "The report",
                value={
                    "counts": {"added": 41, "known": 0, "differs": 0, "refused": 1},
                    "rows": [{"line": 7, "result": "refused", "detail": "content_quote is empty", "external_id": "c6"}],
                },
                response_only=True,
                status_codes=["200"],
            )
        ],
    )
    def create(self, request: Request) -> Response:
        """Each row for itself: one that is refused leaves nothing behind and stops none of the others. The same file
        again changes nothing. Sources, verdicts and decided claims take the scope `review`; with `propose` alone,
        claims come in as candidates."""
        user = caller(request)
        sent = checked(ImportInput, request.data, user=user)
        decides = not isinstance(request.auth, ApiKey) or bool({Scope.REVIEW, Scope.ADMIN} & set(request.auth.scopes))
        if not user.has_perm(PERMISSIONS[sent["kind"]]):
            raise PermissionMissing(PERMISSIONS[sent["kind"]])
        if sent["kind"] != CLAIMS and not decides:
            raise ScopeMissing(Scope.REVIEW)
        file = keep(
            sent["file"].read(),
            name=sent["file"].name,
            kind=sent["kind"],
            collection=sent["collection"],
            by=user,
            decides=decides,
        )
        job = start_import(file, by=user, dry_run=sent["dry_run"])
        return Response(JobSerializer(job, context={"request": request}).data, status=status.HTTP_202_ACCEPTED)
