from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.api.inputs import Input, RowIdField, checked
from accounts.api.permissions import Need, caller, reading
from accounts.models import Scope, User
from documents import services
from documents.api.filters import DocumentFilter
from documents.api.lists import ListedMixin
from documents.api.orders import COLLECTION_ORDERS, DOCUMENT_ORDERS
from documents.api.serializers import (
    CollectionSerializer,
    DocumentSerializer,
    LayerSerializer,
    SecondReviewsSerializer,
    StatusSerializer,
    TextLayerSerializer,
)
from documents.api.shapes import DOCUMENT_EXPANSIONS, shaped_documents
from documents.errors import NameTaken, NobodyCalled
from documents.models import Collection, Document, DocumentQuerySet, TextLayer

LARGEST_OFFSET = 2**31 - 2

MANAGE = Need("documents.change_collection", Scope.ADMIN)
READ_TEXT = Need("documents.view_textlayer", Scope.READ)


def _account_names() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=150), max_length=200, required=False, help_text="Names of accounts."
    )


class TextInput(Input):
    version = RowIdField(required=False, help_text="Of the text layer; the newest by default.")
    start = serializers.IntegerField(
        min_value=0, max_value=LARGEST_OFFSET, required=False, help_text="Code point at which the piece begins; 0."
    )
    end = serializers.IntegerField(
        min_value=0, max_value=LARGEST_OFFSET, required=False, help_text="Code point before which it ends; all."
    )

    def validate(self, attrs: dict[str, int]) -> dict[str, int]:
        if attrs.get("end", LARGEST_OFFSET) < attrs.get("start", 0):
            raise serializers.ValidationError({"end": ["It lies before the start. Give a place after it."]})
        return attrs


class CollectionInput(Input):
    name = serializers.CharField(max_length=200)
    marking = serializers.CharField(
        max_length=100, allow_blank=True, required=False, help_text="Protection marking shown on every page, if any."
    )


class CollectionChange(CollectionInput):
    name = serializers.CharField(max_length=200, required=False)


class MembersInput(Input):
    add = _account_names()
    remove = _account_names()


class MemberSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    name = serializers.CharField(source="display_name")


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
    orders = COLLECTION_ORDERS
    lookup_value_converter = "int"
    needs = reading("documents.view_collection") | {
        "create": Need("documents.add_collection", Scope.ADMIN),
        "partial_update": MANAGE,
        "members": MANAGE,
        "change_members": MANAGE,
        "second_reviews": MANAGE,
    }
    edits = ("partial_update",)
    refusals = {
        "create": [NameTaken("Inbox")],
        "partial_update": [NameTaken("Inbox")],
        "change_members": [NobodyCalled("ana")],
    }

    def get_queryset(self) -> QuerySet[Collection]:
        return Collection.objects.visible_to(caller(self.request))

    @extend_schema(
        summary="Make a collection", request=CollectionInput, responses={status.HTTP_201_CREATED: CollectionSerializer}
    )
    def create(self, request: Request) -> Response:
        """Without members: only administrators see it until somebody is let in."""
        if caller(request).limited_by is not None:
            raise PermissionDenied("This key is limited to some collections, and would not see a new one.")
        row = services.name_collection(**checked(CollectionInput, request.data))
        return Response(CollectionSerializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Give a collection another name or marking", request=CollectionChange, responses=CollectionSerializer
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        """What is not given stays."""
        row = services.name_collection(self.get_object(), **checked(CollectionChange, request.data))
        return Response(CollectionSerializer(row).data)

    @extend_schema(summary="Who sees a collection", responses=MemberSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def members(self, request: Request, pk: int) -> Response:
        """By name of the account. Administrators see every collection, and are here only if they are members, too."""
        return Response(MemberSerializer(self.get_object().members.order_by("username"), many=True).data)

    @extend_schema(
        summary="Let people into a collection, or out", request=MembersInput, responses=MemberSerializer(many=True)
    )
    @members.mapping.post
    def change_members(self, request: Request, pk: int) -> Response:
        """All or nothing. Whoever is named twice is in."""
        collection = self.get_object()
        services.change_members(collection, **checked(MembersInput, request.data))
        return Response(MemberSerializer(collection.members.order_by("username"), many=True).data)

    @extend_schema(
        summary="Say which share of its claims is judged twice",
        request=SecondReviewsInput,
        responses=SecondReviewsSerializer,
    )
    @action(detail=True, methods=["post"], url_path="second-reviews")
    def second_reviews(self, request: Request, pk: int) -> Response:
        """Of first decisions from now on. What is not given stays; an empty body changes nothing and shows both."""
        given = checked(SecondReviewsInput, request.data)
        return Response(SecondReviewsSerializer(services.set_second_reviews(self.get_object(), **given)).data)


@extend_schema_view(
    list=extend_schema(summary="Documents, newest first"),
    retrieve=extend_schema(summary="One document and the facts printed on it"),
)
class DocumentViewSet(ListedMixin, ReadOnlyModelViewSet[Document]):
    """What arrived, the facts printed on it, and how far its processing is."""

    queryset = Document.objects.none()
    serializer_class = DocumentSerializer
    filterset_class = DocumentFilter
    orders = DOCUMENT_ORDERS
    expansions = DOCUMENT_EXPANSIONS
    lookup_value_converter = "int"
    needs = reading("documents.view_document") | {
        "text": READ_TEXT,
        "layers": READ_TEXT,
        "status": Need("documents.view_document", Scope.READ),
    }
    parameters = {"text": tuple(TextInput().fields)}

    def readable(self, user: User) -> DocumentQuerySet:
        return Document.objects.visible_to(user)

    def shaped(self, rows: Any, user: User) -> DocumentQuerySet:
        return shaped_documents(rows, self.shape)

    @extend_schema(summary="The text of a document", parameters=[TextInput], responses=TextLayerSerializer)
    @action(detail=True)
    def text(self, request: Request, pk: int) -> Response:
        """The text that the offsets of claims count in, or a piece of it, with its pages, messages and furniture.

        Beyond the end of the text there is nothing: the piece is shorter, or empty. `characters` is the whole length.
        """
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
