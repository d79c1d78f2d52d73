"""Claims on which two analysts differ who judged them without knowing of each other: seen side by side, and decided."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.api.inputs import Input, checked
from accounts.api.permissions import Need, caller
from accounts.models import Scope
from claims import services
from claims.api.inputs import words_field
from claims.api.serializers import ReviewSerializer
from claims.errors import CannotAdjudicate, ReasonMissing
from claims.models import ClaimState, ClaimType, Difference, Modality, Review, SecondReview, SecondReviewState
from claims.services.adjudicate import CHOICES
from claims.services.steps import ROLES

LOOK = Need("claims.adjudicate_claim", Scope.READ)
ADJUDICATE = Need("claims.adjudicate_claim", Scope.REVIEW)
OPINIONS = ("claim__search", "claim__layer__text", "claim__layer__furniture", "claim__layer__segments")


class QuoteSerializer(serializers.Serializer[Any]):
    quote = serializers.CharField()
    fragments = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))


class OpinionSerializer(serializers.Serializer[Any]):
    """The claim as one of them decided it."""

    analyst = serializers.CharField(help_text="Whose it is.")
    state = serializers.ChoiceField(choices=ClaimState.choices)
    type = serializers.ChoiceField(choices=ClaimType.choices)
    modality = serializers.ChoiceField(choices=[("", "None"), *Modality.choices])
    hedge = serializers.CharField()
    source = serializers.IntegerField(  # type: ignore[assignment]  # DRF takes declared fields off the class
        allow_null=True, help_text="Id of the source it is ascribed to."
    )
    reason = serializers.CharField(help_text="Why; empty without one.")
    spans = serializers.DictField(child=QuoteSerializer(allow_null=True), help_text="By role: its words and places.")


class AdjudicationSerializer(serializers.ModelSerializer[SecondReview]):
    """Two opinions on one claim. `differs` says in what."""

    claim = serializers.IntegerField(source="claim_id")
    collection = serializers.IntegerField(source="claim.collection_id")
    document = serializers.IntegerField(source="claim.layer.document_id")
    text_layer = serializers.IntegerField(source="claim.layer_id")
    differs = serializers.ListField(child=serializers.ChoiceField(choices=Difference.choices))
    first = serializers.SerializerMethodField()
    second = serializers.SerializerMethodField()
    by = serializers.CharField(
        source="adjudicator.display_name", allow_null=True, help_text="Who decided, or words a third version."
    )

    class Meta:
        model = SecondReview
        fields = [
            "claim",
            "collection",
            "document",
            "text_layer",
            "state",
            "differs",
            "first",
            "second",
            "by",
            "given_at",
        ]

    @extend_schema_field(OpinionSerializer)
    def get_first(self, row: SecondReview) -> dict[str, Any]:
        return _opinion(row.first_analyst, row.first or {})

    @extend_schema_field(OpinionSerializer)
    def get_second(self, row: SecondReview) -> dict[str, Any]:
        return _opinion(row.analyst, row.second or {})


def _opinion(analyst: Any, version: dict[str, Any]) -> dict[str, Any]:
    spans = {
        role: {"quote": quote, "fragments": version[f"{role}_fragments"]}
        if (quote := version.get(f"{role}_quote"))
        else None
        for role in ROLES
    }
    return {
        "analyst": analyst.display_name,
        "state": version["state"],
        "type": version["type"],
        "modality": version["modality"],
        "hedge": version["hedge"],
        "source": version["source_id"],
        "reason": version.get("reason", ""),
        "spans": spans,
    }


class ChooseInput(Input):
    choose = serializers.ChoiceField(choices=CHOICES, help_text="Whose version the claim is from now on.")
    reason = words_field("Why. Required.", required=True)


class ThirdInput(Input):
    reason = words_field("Why neither will do. Required.", required=True)


@extend_schema_view(
    list=extend_schema(summary="Claims that wait for your adjudication, newest first"),
    retrieve=extend_schema(summary="The two opinions on a claim"),
)
class AdjudicationViewSet(ReadOnlyModelViewSet[SecondReview]):
    """Blind second opinions that differ from the first. The id is the claim's."""

    queryset = SecondReview.objects.none()
    serializer_class = AdjudicationSerializer
    filterset_class = None
    lookup_field = "claim"
    lookup_value_converter = "int"
    needs = {"list": LOOK, "retrieve": LOOK, "choose": ADJUDICATE, "third": ADJUDICATE, "drop_third": ADJUDICATE}
    refusals: dict[str, list[Exception]] = {
        "choose": [ReasonMissing("adjudicating"), CannotAdjudicate(12, "another reviewer is wording a version of it.")],
        "third": [ReasonMissing("adjudicating"), CannotAdjudicate(12, "another reviewer is wording a version of it.")],
        "drop_third": [CannotAdjudicate(12, "you are not wording a version of it.")],
    }

    def get_queryset(self) -> QuerySet[SecondReview]:
        user = caller(self.request)
        rows = SecondReview.objects.visible_to(user).compared().exclude(differs=[])
        if self.action == "list":
            rows = rows.to_adjudicate_by(user)
        return rows.select_related("claim__layer", "first_analyst", "analyst", "adjudicator").defer(*OPINIONS)

    def get_object(self) -> SecondReview:
        row = super().get_object()
        party = caller(self.request).pk in (row.first_analyst_id, row.analyst_id)
        if party and row.state == SecondReviewState.DIFFERS and not row.claim.collection.parties_adjudicate:
            raise PermissionDenied("One of the two opinions is yours. Leave this one to another reviewer.")
        return row

    @extend_schema(summary="Decide for one of two opinions", request=ChooseInput, responses=ReviewSerializer)
    @action(detail=True, methods=["post"])
    def choose(self, request: Request, claim: int) -> Response:
        """The claim is so from now on. `POST /claims/{id}/undo/` with the id of this step takes it back."""
        row, given = self.get_object(), checked(ChooseInput, request.data)
        step: Review = services.adjudicate(row.claim, by=caller(request), **given)
        return Response(ReviewSerializer(step).data)

    @extend_schema(summary="Begin a third version", request=ThirdInput, responses=AdjudicationSerializer)
    @action(detail=True, methods=["post"])
    def third(self, request: Request, claim: int) -> Response:
        """For you the claim is a candidate again, as the second has it: edit, accept or reject it as any other."""
        services.word_third(self.get_object().claim, by=caller(request), **checked(ThirdInput, request.data))
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(summary="Give a third version up", request=None, responses=AdjudicationSerializer)
    @action(detail=True, methods=["post"], url_path="drop-third")
    def drop_third(self, request: Request, claim: int) -> Response:
        """The two opinions wait as before."""
        services.drop_third(self.get_object().claim, by=caller(request))
        return Response(self.get_serializer(self.get_object()).data)
