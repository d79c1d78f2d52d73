from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.api.inputs import Input, checked
from accounts.api.permissions import Need, caller, reading
from accounts.api.shapes import ShapedMixin
from accounts.models import Scope
from documents.api.filters import LARGEST_ID, DocumentFilter
from documents.api.serializers import (
    CollectionSerializer,
    DocumentSerializer,
    LayerSerializer,
    SecondReviewsSerializer,
    StatusSerializer,
    TextLayerSerializer,
)
from documents.api.shapes import DOCUMENT_EXPANSIONS, shaped_documents
from documents.models import Collection, Document, TextLayer
from documents.services import set_second_reviews

LARGEST_OFFSET = 2**31 - 2

READ_TEXT = Need("documents.view_textlayer", Scope.READ)


class TextInput(Input):
    version = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, required=False, help_text="Of the text layer; the newest by default."
    )
    start = serializers.IntegerField(
        min_value=0, max_value=LARGEST_OFFSET, required=False, help_text="Code point at which the piece begins; 0."
    )
    end = serializers.IntegerField(
        min_value=0, max_value=LARGEST_OFFSET, required=False, help_text="Code point before which it ends; all."
    )


class SecondReviewsInput(Input):
    share = serializers.FloatField(
        min_value=0, max_value=1, required=False, help_text="0 to 1, of the claims that are decided."
    )
    parties_adjudicate = serializers.BooleanField(
        required=False, help_text="Whether a reviewer who gave one of two opinions may decide between them."
    )


@extend_schema_view(
    list=extend_schema(summary="Collections you are a member of"),
    retrieve=extend_schema(summary="One collection"),
)
class CollectionViewSet(ReadOnlyModelViewSet[Collection]):
    """Documents that belong together and that the same people may see."""

    queryset = Collection.objects.none()
    serializer_class = CollectionSerializer
    lookup_value_converter = "int"
    needs = reading("documents.view_collection") | {
        "second_reviews": Need("documents.change_collection", Scope.ADMIN),
    }

    def get_queryset(self) -> QuerySet[Collection]:
        return Collection.objects.visible_to(caller(self.request))

    @extend_schema(
        summary="Say which share of its claims is judged twice",
        request=SecondReviewsInput,
        responses=SecondReviewsSerializer,
    )
    @action(detail=True, methods=["post"], url_path="second-reviews")
    def second_reviews(self, request: Request, pk: int) -> Response:
        """Of first decisions from now on. What is not given stays; an empty body changes nothing and shows both."""
        given = checked(SecondReviewsInput, request.data)
        return Response(SecondReviewsSerializer(set_second_reviews(self.get_object(), **given)).data)


@extend_schema_view(
    list=extend_schema(summary="Documents, newest first"),
    retrieve=extend_schema(summary="One document and the facts printed on it"),
)
class DocumentViewSet(ShapedMixin, ReadOnlyModelViewSet[Document]):
    """What arrived, the facts printed on it, and how far its processing is."""

    queryset = Document.objects.none()
    serializer_class = DocumentSerializer
    filterset_class = DocumentFilter
    expansions = DOCUMENT_EXPANSIONS
    lookup_value_converter = "int"
    needs = reading("documents.view_document") | {
        "text": READ_TEXT,
        "layers": READ_TEXT,
        "status": Need("documents.view_document", Scope.READ),
    }
    parameters = {"text": tuple(TextInput().fields)}

    def get_queryset(self) -> QuerySet[Document]:
        return shaped_documents(Document.objects.visible_to(caller(self.request)), self.shape)

    @extend_schema(summary="The text of a document", parameters=[TextInput], responses=TextLayerSerializer)
    @action(detail=True)
    def text(self, request: Request, pk: int) -> Response:
        """The text that the offsets of claims count in, or a piece of it, with its pages, messages and furniture."""
        document = self.get_object()
        given = checked(TextInput, request.query_params.dict())
        start, version = given.get("start", 0), given.get("version")
        layers = document.layers.cut(start, given.get("end")).newest_first()
        layer = (layers.filter(version=version) if version else layers).first()
        if layer is None:
            raise NotFound(_no_text(document, version), code="no_text")
        return Response(TextLayerSerializer(layer, context={"start": start}).data)

    @extend_schema(summary="The texts read from a document, newest first", responses=LayerSerializer(many=True))
    @action(detail=True, filterset_class=None, pagination_class=None)
    def layers(self, request: Request, pk: int) -> Response:
        """Without the texts themselves. A better reader adds one; none is ever edited."""
        rows = self.get_object().layers.without_text().newest_first()
        return Response(LayerSerializer(rows, many=True).data)

    @extend_schema(summary="How far a document is", responses=StatusSerializer)
    @action(detail=True)
    def status(self, request: Request, pk: int) -> Response:
        """Its state, the work on it, and the texts read from it so far."""
        layers = Prefetch("layers", TextLayer.objects.without_text().newest_first())
        rows = Document.objects.filter(pk=self.get_object().pk).select_related("dispatch").prefetch_related(layers)
        return Response(StatusSerializer(rows.get()).data)


def _no_text(document: Document, version: int | None) -> str:
    if version is not None:
        return f"Document {document.pk} has no text layer {version}."
    state = document.get_state_display().lower()
    return f"Document {document.pk} has no text: it is {state}. {document.failure_reason}".strip()
