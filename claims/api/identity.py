"""Merging and splitting sources, and judging how reliable they are: what needs their claims as well."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.inputs import Input, RowIdField, checked
from accounts.api.permissions import Need, caller
from accounts.api.reading import ReadModelSerializer, ReadSerializer
from accounts.models import Scope
from claims.api.inputs import IdField
from claims.api.serializers import InDocumentSourceSerializer
from claims.errors import ClaimError, ReasonMissing
from claims.identity import MergePreview, SplitPreview, merge_preview, split_preview
from claims.models import SourceSplit
from claims.services.identity import merge, undo_merge
from claims.services.reliability import grade_source
from claims.services.split import split, undo_split
from sources.api.serializers import LONGEST_TEXT, ReliabilityInput, ReliabilitySerializer, SourceReference
from sources.errors import (
    BasisMissing,
    CannotMerge,
    CannotSplit,
    CannotUndoMerge,
    CannotUndoSplit,
    DepartureUnexplained,
    DescriptorMissing,
    SourceError,
)
from sources.models import Source, SourceMerge

MOST_CLAIMS = 10_000
MERGE = Need("sources.merge_source", Scope.REVIEW)
SEE = Need("sources.view_sourcemerge", Scope.READ)


def _source(help_text: str, **kwargs: Any) -> IdField:
    return IdField(
        lambda context: Source.objects.visible_to(context["user"]).defer("search"), help_text=help_text, **kwargs
    )


def _reason() -> serializers.CharField:
    return serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, help_text="Why. Required.")


def _claims() -> serializers.ListField:
    number = RowIdField()
    return serializers.ListField(
        child=number, max_length=MOST_CLAIMS, help_text="Ids of accepted claims of the source."
    )


class MergeInput(Input):
    into = _source("Id of the source that stands from now on.")
    reason = _reason()


class IntoInput(Input):
    into = _source("Id of the source that would stand.")


class UndoMergeInput(Input):
    merge = IdField(lambda context: merges_of(context["source"]), help_text="Id of the merge.")
    reason = _reason()


class SplitInput(Input):
    claims = _claims()
    into = _source("Id of the source they go to; else `descriptor`.", required=False)
    descriptor = serializers.CharField(
        max_length=500, required=False, allow_blank=True, help_text="Of a new source to make for them."
    )
    reason = _reason()


class SplitPreviewInput(Input):
    claims = _claims()


class UndoSplitInput(Input):
    split = IdField(lambda context: SourceSplit.objects.filter(source=context["source"]), help_text="Id of the split.")
    reason = _reason()


class MergeSerializer(ReadModelSerializer[SourceMerge]):
    by = serializers.CharField(source="by.display_name")
    in_force = serializers.SerializerMethodField()

    class Meta:
        model = SourceMerge
        fields = ["id", "absorbed", "into", "reason", "by", "at", "in_force", "undone_at", "undone_reason"]

    def get_in_force(self, row: SourceMerge) -> bool:
        return row.undone_at is None


class SplitSerializer(ReadModelSerializer[SourceSplit]):
    by = serializers.CharField(source="by.display_name")
    claims = serializers.SerializerMethodField(help_text="How many claims went.")
    in_force = serializers.SerializerMethodField()

    class Meta:
        model = SourceSplit
        fields = ["id", "source", "into", "claims", "reason", "by", "at", "in_force", "undone_at", "undone_reason"]

    def get_claims(self, row: SourceSplit) -> int:
        return len(row.claims)

    def get_in_force(self, row: SourceSplit) -> bool:
        return row.undone_at is None


class MergeSideSerializer(ReadSerializer[Any]):
    source = SourceReference()  # type: ignore[assignment]  # DRF takes declared fields off the class
    aliases = serializers.ListField(child=serializers.CharField())
    claims = serializers.IntegerField(help_text="Accepted claims that you see.")
    grade = serializers.CharField(source="grade.grade", allow_null=True, help_text="A-F; null when never judged.")
    followers = serializers.IntegerField(help_text="Sources merged into it before.")
    record = serializers.CharField(source="record.evidence", help_text="In words.")


class MergePreviewSerializer(ReadSerializer[MergePreview]):
    absorbed = MergeSideSerializer()
    into = MergeSideSerializer(help_text="Its grade stays.")
    together = serializers.CharField(source="evidence", help_text="The record of both as one, in words.")
    shared = serializers.IntegerField(help_text="Propositions on which two reports would become one.")
    conflicts = serializers.ListField(child=serializers.CharField(), help_text="What speaks against it.")


class SplitPreviewSerializer(ReadSerializer[SplitPreview]):
    source = SourceReference()  # type: ignore[assignment]  # DRF takes declared fields off the class
    moving = serializers.ListField(child=serializers.IntegerField(), help_text="Ids of the claims that would go.")
    staying = serializers.IntegerField(help_text="Claims that would stay.")
    going_along = InDocumentSourceSerializer(many=True, help_text="In-document sources that would go along.")
    divided = InDocumentSourceSerializer(many=True, help_text="Those that would stay because some of their claims do.")


class SourceIdentityViewSet(GenericViewSet[Source]):
    """Who is who among sources, and how reliable they are judged to be."""

    queryset = Source.objects.none()
    lookup_value_converter = "int"
    filterset_class = None
    needs = {
        "assess": Need("sources.assess_source", Scope.REVIEW),
        "merge": MERGE,
        "undo_merge": MERGE,
        "split": MERGE,
        "undo_split": MERGE,
        "preview_merge": SEE,
        "preview_split": MERGE,
        "merges": SEE,
        "splits": SEE,
    }
    parameters = {
        "preview_merge": ("into",),
        "merges": ("cursor", "page_size"),
        "splits": ("cursor", "page_size"),
    }
    refusals: dict[str, list[SourceError | ClaimError]] = {
        "assess": [BasisMissing(), DepartureUnexplained("B", "D-E")],
        "merge": [CannotMerge(5, 8, "that is the same source."), ReasonMissing("merging two sources")],
        "undo_merge": [CannotUndoMerge(3, "it was undone already."), ReasonMissing("undoing a merge")],
        "split": [CannotSplit(5, "all its claims would go."), ReasonMissing("splitting a source"), DescriptorMissing()],
        "undo_split": [CannotUndoSplit(3, "it was undone already."), ReasonMissing("undoing a split")],
    }

    def get_queryset(self) -> QuerySet[Source]:
        user = caller(self.request)
        return Source.objects.visible_to(user).named_for(user).defer("search").select_related("merged_into")

    @extend_schema(
        summary="Judge how reliable a source is", request=ReliabilityInput, responses={201: ReliabilitySerializer}
    )
    @action(detail=True, methods=["post"])
    def assess(self, request: Request, pk: int) -> Response:
        """Add a grade A-F with its basis; earlier ones stay on record.

        By a reviewer it is the grade from now on, by others an opinion beside it. A grade outside what the verdicts
        suggest takes a `departure`. A source merged into another: that one is judged.
        """
        given = checked(ReliabilityInput, request.data)
        made = grade_source(self.get_object(), by=caller(request), **given)
        return Response(ReliabilitySerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="What a merge would do",
        parameters=[OpenApiParameter("into", int, required=True, description="Id of the source that would stand.")],
        responses=MergePreviewSerializer,
    )
    @action(detail=True, url_path="merge/preview", pagination_class=None)
    def preview_merge(self, request: Request, pk: int) -> Response:
        """Both sources beside each other, in the collections you see; their record as one; what speaks against it."""
        source = self.get_object()
        given = checked(IntoInput, request.query_params, user=caller(request))
        preview = merge_preview(source, given["into"], by=caller(request))
        return Response(MergePreviewSerializer(preview).data)

    @extend_schema(summary="Merge a source into another", request=MergeInput, responses={201: MergeSerializer})
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: int) -> Response:
        """From now on all that goes by source speaks of the one that stands. An undo restores everything."""
        source = self.get_object()
        given = checked(MergeInput, request.data, user=caller(request))
        made = merge(source, given["into"], by=caller(request), reason=given["reason"])
        return Response(MergeSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Undo a merge", request=UndoMergeInput, responses=MergeSerializer)
    @action(detail=True, methods=["post"], url_path="undo-merge")
    def undo_merge(self, request: Request, pk: int) -> Response:
        """Of merges upon merges the latest comes first."""
        source = self.get_object()
        given = checked(UndoMergeInput, request.data, source=source)
        return Response(MergeSerializer(undo_merge(given["merge"], by=caller(request), reason=given["reason"])).data)

    @extend_schema(summary="Merges of a source, newest first", responses=MergeSerializer(many=True))
    @action(detail=True)
    def merges(self, request: Request, pk: int) -> Response:
        """Those by which it was absorbed and those by which it absorbed another; undone ones too."""
        rows: QuerySet[Any] = merges_of(self.get_object()).select_related("by")
        return self.get_paginated_response(MergeSerializer(self.paginate_queryset(rows), many=True).data)

    @extend_schema(summary="What a split would do", request=SplitPreviewInput, responses=SplitPreviewSerializer)
    @action(detail=True, methods=["post"], url_path="split/preview", pagination_class=None)
    def preview_split(self, request: Request, pk: int) -> Response:
        """Nothing is changed. Claims that are not the source's are passed over."""
        source = self.get_object()
        preview = split_preview(source, claims=checked(SplitPreviewInput, request.data)["claims"], by=caller(request))
        return Response(SplitPreviewSerializer(preview).data)

    @extend_schema(
        summary="Give some of a source's claims to another", request=SplitInput, responses={201: SplitSerializer}
    )
    @action(detail=True, methods=["post"])
    def split(self, request: Request, pk: int) -> Response:
        """To a known source, or to a new one. `given_source` of each claim still says whose it was at first."""
        source = self.get_object()
        given = checked(SplitInput, request.data, user=caller(request))
        made = split(source, by=caller(request), **given)
        return Response(SplitSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Undo a split", request=UndoSplitInput, responses=SplitSerializer)
    @action(detail=True, methods=["post"], url_path="undo-split")
    def undo_split(self, request: Request, pk: int) -> Response:
        """The claims go back. A source that the split made goes too, unless something rests on it by now."""
        source = self.get_object()
        given = checked(UndoSplitInput, request.data, source=source)
        return Response(SplitSerializer(undo_split(given["split"], by=caller(request), reason=given["reason"])).data)

    @extend_schema(summary="Splits of a source, newest first", responses=SplitSerializer(many=True))
    @action(detail=True)
    def splits(self, request: Request, pk: int) -> Response:
        """Undone ones too."""
        rows: QuerySet[Any] = SourceSplit.objects.filter(source=self.get_object()).select_related("by")
        return self.get_paginated_response(SplitSerializer(self.paginate_queryset(rows), many=True).data)


def merges_of(source: Source) -> QuerySet[SourceMerge]:
    return SourceMerge.objects.filter(Q(absorbed=source) | Q(into=source))
