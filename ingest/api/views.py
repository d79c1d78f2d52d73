from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.settings import api_settings

from accounts.api.inputs import Input, checked
from accounts.api.permissions import Need, caller
from accounts.models import Scope
from documents.api.serializers import DocumentSerializer
from documents.api.views import DocumentViewSet as ReadingDocuments
from documents.errors import DocumentError, NotRetryable, TooLarge
from ingest import intake
from ingest.api.serializers import UploadInput

ENVELOPE_BYTES = 64 * 1024
"""What a multipart form may take besides the file."""


class DocumentViewSet(ReadingDocuments):
    """What arrived, the facts printed on it, and how far its processing is."""

    parser_classes = [MultiPartParser]
    needs = ReadingDocuments.needs | {
        "create": Need("documents.add_document", Scope.PROPOSE),
        "retry": Need("documents.retry_document", Scope.PROPOSE),
    }
    refusals: dict[str, list[DocumentError]] = {
        "create": [TooLarge("report.pdf", 31_457_280, 20_971_520)],
        "retry": [NotRetryable(7, "ready")],
    }

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Before anything else, because the check of a session's CSRF token reads the whole form.
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if self.action == "create" and length > settings.MAX_UPLOAD_BYTES + ENVELOPE_BYTES:
            raise TooLarge("The upload", length, settings.MAX_UPLOAD_BYTES)
        super().initial(request, *args, **kwargs)

    @extend_schema(
        summary="Upload a document",
        request={"multipart/form-data": UploadInput},
        responses={
            201: OpenApiResponse(DocumentSerializer, description="New. A worker reads it and extracts its claims."),
            200: OpenApiResponse(DocumentSerializer, description="The same bytes are in this collection already."),
        },
    )
    def create(self, request: Request) -> Response:
        """Keep a file and have a worker read it and extract its claims; `state` tells how far that is.

        The same bytes in the same collection are the same document, however often they are sent.
        """
        sent = checked(UploadInput, request.data, user=caller(request))
        file = sent["file"]
        document, created = intake.receive(
            file.read(), name=file.name, collection=sent["collection"], added_by=caller(request)
        )
        return Response(
            DocumentSerializer(document).data,
            status=status.HTTP_201_CREATED if created else status.HTTP_200_OK,
            headers={"Location": reverse("document-detail", [document.pk], request=request)},
        )

    @extend_schema(summary="Have a failed document read again", request=None, responses=DocumentSerializer)
    @action(detail=True, methods=["post"], parser_classes=api_settings.DEFAULT_PARSER_CLASSES)
    def retry(self, request: Request, pk: int) -> Response:
        checked(Input, request.data)
        document = intake.retry(self.get_object())
        return Response(DocumentSerializer(document).data)
