"""Candidates made by hand, and steps on many claims: actions of the claims' resource."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, QuerySet, Subquery
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.inputs import Input, RowIdField, checked
from accounts.api.permissions import Need, caller
from accounts.ids import LARGEST_ID
from accounts.models import Scope, User
from claims import services
from claims.api import examples
from claims.api.inputs import (
    IdField,
    SpansInput,
    known_source_field,
    new_source_field,
    seconds_field,
    words_field,
)
from claims.api.serializers import ClaimSerializer, DecisionSerializer, FragmentsField, ReviewSerializer
from claims.errors import (
    BadSpan,
    CannotMergeClaims,
    CannotSplitClaim,
    CannotUndo,
    ClaimAlreadyDecided,
    ClaimAlreadyThere,
    ClaimError,
    NothingToUndo,
    ReasonMissing,
    TooManyClaims,
)
from claims.models import Claim, ClaimType, Decision, DocumentSource, Modality, Review
from claims.services.bulk import MOST_AT_ONCE, Item
from claims.services.candidates import MOST_PARTS
from documents.models import Collection, TextLayer

if TYPE_CHECKING:
    from rest_framework.viewsets import GenericViewSet

    Viewed = GenericViewSet[Claim]
else:
    Viewed = object

REVIEW = Need("claims.review_claim", Scope.REVIEW)
NEEDS = {
    "create": Need("claims.add_claim", Scope.PROPOSE),
    "split": REVIEW,
    "merge": REVIEW,
    "bulk": REVIEW,
    "undo_steps": REVIEW,
}
EDITS = ("split", "merge")
REFUSALS: dict[str, list[ClaimError]] = {
    "create": [ClaimAlreadyThere(12, "rejected"), BadSpan("content", "a claim needs a content.")],
    "split": [ClaimAlreadyDecided(12, "accepted"), CannotSplitClaim(12, "two of the contents are the same words.")],
    "merge": [ClaimAlreadyDecided(12, "accepted"), CannotMergeClaims(12, 13, "they stand in different documents.")],
    "bulk": [ReasonMissing("rejecting claims"), TooManyClaims(900, MOST_AT_ONCE)],
    "undo_steps": [NothingToUndo(), CannotUndo(31, "it was undone already.")],
}


def newest_layers(user: User) -> QuerySet[TextLayer]:
    """The texts to which claims may be added: of each document the newest reading."""
    newest = TextLayer.objects.filter(document=OuterRef("document")).newest_first().values("pk")[:1]
    visible = TextLayer.objects.filter(document__collection__in=Collection.objects.ids_visible_to(user))
    return visible.filter(pk=Subquery(newest)).select_related("document__collection")


class AddInput(Input):
    text_layer = IdField(
        lambda context: newest_layers(context["user"]),
        help_text="Id of the text in which the offsets count: the newest one of its document.",
    )
    spans = SpansInput(help_text="Content is needed.")
    source = known_source_field()  # type: ignore[assignment]  # DRF takes declared fields off the class
    document_source = IdField(
        lambda context: DocumentSource.objects.filter(
            run__layer__document__collection__in=Collection.objects.ids_visible_to(context["user"])
        ).select_related("run", "source"),
        required=False,
        help_text="Id of a source as the same document speaks of it. By default whom the words mention.",
    )
    new_source = new_source_field()
    type = serializers.ChoiceField(
        choices=ClaimType.choices, required=False, help_text="By default read off the quotation marks."
    )
    hedge = words_field("Words that lower commitment, verbatim, separated by '; '.")
    modality = serializers.ChoiceField(choices=Modality.choices, required=False)
    information_date = serializers.DateField(required=False, help_text="When what is reported happened or was known.")
    reason = words_field("Why, if that needs saying.")
    seconds = seconds_field()


class SplitClaimInput(Input):
    contents = serializers.ListField(
        child=FragmentsField(),
        min_length=2,
        max_length=MOST_PARTS,
        help_text="The content of each claim; the first is that of this claim, each other one becomes a new claim.",
    )
    seconds = seconds_field()


class MergeClaimInput(Input):
    other = IdField(
        lambda context: Claim.objects.visible_to(context["user"]).defer("search"),
        help_text="Id of the claim that is withdrawn; this one gets the words of both.",
    )
    other_version = serializers.IntegerField(
        min_value=1, required=False, help_text="Its version you have seen. When it was changed since, you get 409."
    )
    seconds = seconds_field()


class SeenClaimInput(Input):
    id = RowIdField()
    version = serializers.IntegerField(
        min_value=1, required=False, help_text="The version you have seen; when it was changed since, it is left alone."
    )


class BulkInput(Input):
    decision = serializers.ChoiceField(choices=[Decision.ACCEPT.value, Decision.REJECT.value])
    claims = SeenClaimInput(many=True, allow_empty=False, help_text=f"{MOST_AT_ONCE} at most.")
    reason = words_field("Why. Required when they are rejected.")


class UndoStepsInput(Input):
    """One of both."""

    batch = serializers.UUIDField(required=False, help_text="That of a step on several claims.")
    reviews = serializers.ListField(
        child=RowIdField(),
        required=False,
        min_length=1,
        max_length=MOST_AT_ONCE,
        help_text="Ids of steps. Of a step on several claims, one of its rows stands for all.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError("Give either a batch or reviews.")
        return attrs


class ItemRefusalSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.SerializerMethodField()

    def get_detail(self, refusal: Exception) -> str:
        return str(refusal)


class BulkItemSerializer(serializers.Serializer[Item]):
    claim = serializers.IntegerField(source="claim_id")
    review = ReviewSerializer(allow_null=True, help_text="The step taken; null where nothing was written.")
    refusal = ItemRefusalSerializer(allow_null=True, help_text="Why nothing was written.")


class BulkSerializer(serializers.Serializer[Any]):
    """Every claim was decided or left alone as a whole."""

    batch = serializers.UUIDField(allow_null=True, help_text="Undoes them all together; null when none was decided.")
    decided = serializers.IntegerField()
    refused = serializers.IntegerField()
    items = BulkItemSerializer(many=True, help_text="In the order of the call.")


class RemadeSerializer(DecisionSerializer):
    others = ClaimSerializer(many=True, help_text="The claims the step made or withdrew.")


class UndoneSerializer(serializers.Serializer[Any]):
    reviews = ReviewSerializer(many=True, help_text="The rows that undid the steps.")


class CandidateActions(Viewed):
    """Mixed into the claims' resource."""

    _given: Callable[[type[Input]], tuple[Claim, dict[str, Any]]]
    _decided: Callable[[Review], Response]
    get_queryset: Callable[[], QuerySet[Claim]]

    @extend_schema(
        summary="Propose a claim",
        request=AddInput,
        responses={201: DecisionSerializer},
        examples=[OpenApiExample("Propose a claim", value=examples.ADD, request_only=True)],
    )
    def create(self, request: Request) -> Response:
        """It waits for review like those the engine found. What a newer engine finds there is not added again."""
        given = checked(AddInput, request.data, user=caller(request))
        step = services.add_claim(given.pop("text_layer"), by=caller(request), **given)
        response = self._decided(step)
        response.status_code = status.HTTP_201_CREATED
        return response

    @extend_schema(
        summary="Make two claims of one",
        request=SplitClaimInput,
        responses=RemadeSerializer,
        examples=[OpenApiExample("Cut in two", value=examples.SPLIT, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def split(self, request: Request, pk: int) -> Response:
        """They keep source, cue and circumstance. One step: an undo takes it back on all of them."""
        claim, given = self._given(SplitClaimInput)
        return self._remade(services.split_claim(claim, by=caller(request), **given))

    @extend_schema(
        summary="Make one claim of two",
        request=MergeClaimInput,
        responses=RemadeSerializer,
        examples=[OpenApiExample("Merge", value=examples.MERGE, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: int) -> Response:
        """Both wait for review in one document. One step: an undo takes it back on both."""
        claim, given = self._given(MergeClaimInput)
        return self._remade(services.merge_claims(claim, given.pop("other"), by=caller(request), **given))

    @extend_schema(
        summary="Accept or reject many claims",
        request=BulkInput,
        responses=BulkSerializer,
        examples=[OpenApiExample("Accept two", value=examples.BULK, request_only=True)],
    )
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def bulk(self, request: Request) -> Response:
        """One step with one undo. What was decided or changed since is left alone and reported; the rest is done."""
        given = checked(BulkInput, request.data)
        seen = {claim["id"]: claim.get("version") for claim in given["claims"]}
        decided = services.decide_many(
            seen, decision=Decision(given["decision"]), by=caller(request), reason=given.get("reason", "")
        )
        found = {
            "batch": decided.batch,
            "decided": len(decided.done),
            "refused": len(decided.refused),
            "items": decided.items,
        }
        return Response(BulkSerializer(found).data)

    @extend_schema(
        operation_id="claims_undo_steps",
        summary="Undo steps, each on all its claims",
        request=UndoStepsInput,
        responses=UndoneSerializer,
    )
    @action(detail=False, methods=["post"], url_path="undo", filterset_class=None, pagination_class=None)
    def undo_steps(self, request: Request) -> Response:
        """All or nothing, the latest first. Other people's steps take a reviewer."""
        given = checked(UndoStepsInput, request.data)
        user = caller(request)
        steps = Review.objects.visible_to(user)
        if "batch" in given:
            steps = steps.standing().filter(batch=given["batch"])
        else:
            steps = steps.filter(pk__in=given["reviews"])
            if unknown := set(given["reviews"]) - {step.pk for step in steps}:
                raise ValidationError({"reviews": [f"There is no step {min(unknown)} that you may see."]})
        return Response(UndoneSerializer({"reviews": services.undo_steps(steps, by=user)}).data)

    def locked_beside(self) -> list[int]:
        """Ids of claims that the action changes besides the one it is called on."""
        given = self.request.data
        other = given.get("other") if self.action == "merge" and isinstance(given, dict) else None
        return [other] if isinstance(other, int) and 0 < other <= LARGEST_ID else []

    def _remade(self, step: Review) -> Response:
        beside = Review.objects.filter(batch=step.batch).exclude(claim=step.claim_id).values("claim")
        others = self.get_queryset().filter(pk__in=beside)
        claim = self.get_queryset().get(pk=step.claim_id)
        return Response(RemadeSerializer({"review": step, "claim": claim, "others": others}).data)
