from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.api.permissions import Need, caller, reading
from accounts.models import Scope
from documents.api.filters import LARGEST_ID, DocumentFilter
from documents.api.serializers import CollectionSerializer, DocumentSerializer, TextLayerSerializer
from documents.models import Collection, Document


@extend_schema_view(
    list=extend_schema(summary="Collections you are a member of"),
    retrieve=extend_schema(summary="One collection"),
)
class CollectionViewSet(ReadOnlyModelViewSet[Collection]):
    """Documents that belong together and that the same people may see."""

    queryset = Collection.objects.none()
    serializer_class = CollectionSerializer
    lookup_value_converter = "int"
    needs = reading("documents.view_collection")

    def get_queryset(self) -> QuerySet[Collection]:
        return Collection.objects.visible_to(caller(self.request))


@extend_schema_view(
    list=extend_schema(summary="Documents, newest first"),
    retrieve=extend_schema(summary="One document and the facts printed on it"),
)
class DocumentViewSet(ReadOnlyModelViewSet[Document]):
    """What arrived, the facts printed on it, and how far its processing is."""

    queryset = Document.objects.none()
    serializer_class = DocumentSerializer
    filterset_class = DocumentFilter
    lookup_value_converter = "int"
    needs = reading("documents.view_document") | {"text": Need("documents.view_textlayer", Scope.READ)}
    parameters = {"text": ("version",)}

    def get_queryset(self) -> QuerySet[Document]:
        return Document.objects.visible_to(caller(self.request)).for_list()

    @extend_schema(
        summary="The text of a document",
        parameters=[
            OpenApiParameter("version", OpenApiTypes.INT, description="Of the text layer; the newest by default.")
        ],
        responses=TextLayerSerializer,
    )
    @action(detail=True)
    def text(self, request: Request, pk: int) -> Response:
        """The text that the offsets of claims count in, with its pages, messages and furniture."""
        document = self.get_object()
        layers = document.layers.newest_first()
        version = request.query_params.get("version")
        if version is not None:
            layers = layers.filter(version=_version(version))
        layer = layers.first()
        if layer is None:
            raise NotFound(_no_text(document, version), code="no_text")
        return Response(TextLayerSerializer(layer).data)


def _version(value: str) -> int:
    if not (value.isascii() and value.isdigit() and 0 < int(value[:20]) <= LARGEST_ID):
        raise ValidationError({"version": ["Give the number of a text layer: 1, 2 ..."]})
    return int(value)


def _no_text(document: Document, version: str | None) -> str:
    if version is not None:
        return f"Document {document.pk} has no text layer {version}."
    state = document.get_state_display().lower()
    return f"Document {document.pk} has no text: it is {state}. {document.failure_reason}".strip()
