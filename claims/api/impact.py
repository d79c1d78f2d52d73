from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from accounts.api.inputs import Input, checked
from accounts.api.permissions import Need, caller, reading
from accounts.api.reading import ReadModelSerializer, ReadSerializer
from accounts.models import Scope
from claims import services
from claims.api.inputs import IdField
from claims.api.propositions import reason
from claims.errors import AlreadyDiscredited, AlreadyWithdrawn, ClaimError, FlagAlreadyCleared, ReasonMissing
from claims.impact import Change, Impact, Subject, SuggestionChange, if_discredited, impact_of
from claims.models import Claim, Discrediting, GradeFlag
from documents.models import Document
from sources.models import Source

MOST_CHANGES = 200
DISCREDIT = Need("claims.discredit", Scope.REVIEW)


class SuggestionChangeSerializer(ReadSerializer[SuggestionChange]):
    claim = serializers.IntegerField(source="claim.pk", help_text="A claim of another source.")
    before = serializers.CharField(source="before.grade", help_text="Suggested credibility, 1-6.")
    after = serializers.CharField(source="after.grade")
    why = serializers.CharField(source="after.why")


class ChangeSerializer(ReadSerializer[Change]):
    proposition = serializers.IntegerField(source="proposition.pk")
    text = serializers.CharField(source="proposition.text")
    before = serializers.FloatField(help_text="Probability now, all reports considered, 0 to 1.")
    after = serializers.FloatField(allow_null=True, help_text="Null: no report would be left.")
    reports = serializers.IntegerField(help_text="Accepted claims on it now.")
    left = serializers.IntegerField(help_text="Accepted claims that would still count.")
    suggestions = SuggestionChangeSerializer(many=True)


class ImpactSerializer(ReadSerializer[Impact]):
    claims = serializers.IntegerField(help_text="Accepted claims of its own.")
    relayed = serializers.IntegerField(help_text="Accepted claims of others that repeat it.")
    passed_on = serializers.IntegerField(help_text="Accepted claims of others that came through it.")
    propositions = serializers.IntegerField(help_text="Propositions its own and repeating claims stand on.")
    settled = serializers.IntegerField(help_text="How many of these have a verdict.")
    graded = serializers.IntegerField(help_text="How many of its claims have a credibility grade.")


class DiscreditSerializer(ReadSerializer[Any]):
    total = serializers.IntegerField(help_text="Propositions that would stand differently.")
    changes = ChangeSerializer(many=True, help_text=f"The {MOST_CHANGES} most affected, the most affected first.")


def _one_of(model: Any, help_text: str) -> IdField:
    return IdField(lambda context: model.objects.visible_to(context["user"]), required=False, help_text=help_text)


class SubjectInput(Input):
    """One of them."""

    source = _one_of(Source, "Id of a source.")  # type: ignore[assignment]  # DRF takes declared fields off the class
    claim = _one_of(Claim, "Id of a claim.")
    document = _one_of(Document, "Id of a document.")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if len(given.keys() & {"source", "claim", "document"}) != 1:
            raise serializers.ValidationError("Give one of source, claim and document.")
        return given


class DiscreditInput(SubjectInput):
    reason = reason()


class WithdrawDiscreditingInput(Input):
    reason = reason()


class ClearInput(Input):
    reason = reason(required=False)


@extend_schema_serializer(many=False)
class SubjectImpactSerializer(DiscreditSerializer):
    resting = ImpactSerializer(help_text="What rests on it.")


class DiscreditingSerializer(ReadModelSerializer[Discrediting]):
    by = serializers.CharField(source="by.display_name")
    in_force = serializers.SerializerMethodField()

    class Meta:
        model = Discrediting
        fields = [
            "id",
            "source",
            "claim",
            "document",
            "reason",
            "by",
            "at",
            "in_force",
            "withdrawn_at",
            "withdrawal_reason",
        ]

    def get_in_force(self, row: Discrediting) -> bool:
        return row.withdrawn_at is None


class GradeFlagSerializer(ReadModelSerializer[GradeFlag]):
    """A credibility grade to look at again."""

    claim = serializers.IntegerField(source="assessment.claim_id")
    grade = serializers.CharField(source="assessment.grade", help_text="1-6.")
    by = serializers.CharField(source="by.display_name", help_text="Whose act moved what it rests on.")

    class Meta:
        model = GradeFlag
        fields = ["id", "claim", "assessment", "grade", "reason", "by", "at", "cleared_at", "cleared_reason"]


class ImpactViewSet(GenericViewSet[Discrediting]):
    """What rests on a source, a claim or a document, in the collections you may see."""

    queryset = Discrediting.objects.none()
    filterset_class = None
    pagination_class = None
    needs = {"list": Need("claims.view_claim", Scope.READ)}
    parameters = {"list": ("source", "claim", "document")}

    @extend_schema(
        summary="What rests on a source, claim or document, and what its fall would change",
        parameters=[SubjectInput],
        responses=SubjectImpactSerializer,
    )
    def list(self, request: Request) -> Response:
        """A preview; nothing is changed. Name one of the three."""
        (subject,) = checked(SubjectInput, request.query_params.dict(), user=caller(request)).values()
        changes = if_discredited(subject, caller(request))
        resting = impact_of(subject, caller(request))
        found = {"resting": resting, "total": len(changes), "changes": changes[:MOST_CHANGES]}
        return Response(SubjectImpactSerializer(found).data)


@extend_schema_view(
    list=extend_schema(summary="What was discredited, newest first"),
    retrieve=extend_schema(summary="One discrediting"),
)
class DiscreditingViewSet(ReadOnlyModelViewSet[Discrediting]):
    """Sources, claims and documents that count no more, withdrawn ones among them."""

    queryset = Discrediting.objects.none()
    serializer_class = DiscreditingSerializer
    filterset_class = None
    lookup_value_converter = "int"
    needs = reading("claims.view_discrediting") | {"create": DISCREDIT, "withdraw": DISCREDIT}
    parameters = {"list": ("cursor", "page_size")}
    refusals: dict[str, Sequence[ClaimError]] = {
        "create": [AlreadyDiscredited("Source 5"), ReasonMissing("discrediting")],
        "withdraw": [AlreadyWithdrawn("Discrediting 3"), ReasonMissing("withdrawing a discrediting")],
    }

    def get_queryset(self) -> QuerySet[Discrediting]:
        return Discrediting.objects.visible_to(caller(self.request)).select_related("by").order_by("-id")

    @extend_schema(
        summary="Discredit a source, claim or document",
        request=DiscreditInput,
        responses={201: DiscreditingSerializer},
    )
    def create(self, request: Request) -> Response:
        """It counts no more, nor does what repeats it; grades concerned are flagged, none is changed."""
        given = checked(DiscreditInput, request.data, user=caller(request))
        why = given.pop("reason")
        subject: Subject = next(iter(given.values()))
        made = services.discredit(subject, by=caller(request), reason=why)
        return Response(DiscreditingSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Withdraw a discrediting", request=WithdrawDiscreditingInput, responses=DiscreditingSerializer
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """It counts again."""
        given = checked(WithdrawDiscreditingInput, request.data)
        made = services.withdraw_discrediting(self.get_object(), by=caller(request), **given)
        return Response(DiscreditingSerializer(made).data)


@extend_schema_view(
    list=extend_schema(summary="Grades to look at again, newest first"),
    retrieve=extend_schema(summary="One flagged grade"),
)
class GradeFlagViewSet(ReadOnlyModelViewSet[GradeFlag]):
    """Credibility grades that rest on what has moved since. A newer grade answers a flag, and so does clearing it."""

    queryset = GradeFlag.objects.none()
    serializer_class = GradeFlagSerializer
    filterset_class = None
    lookup_value_converter = "int"
    needs = reading("claims.view_gradeflag") | {"clear": Need("claims.assess_claim", Scope.REVIEW)}
    parameters = {"list": ("cursor", "page_size")}
    refusals: dict[str, Sequence[ClaimError]] = {"clear": [FlagAlreadyCleared(3)]}

    def get_queryset(self) -> QuerySet[GradeFlag]:
        rows = GradeFlag.objects.visible_to(caller(self.request)).select_related("assessment", "by")
        return rows.open().order_by("-id") if self.action == "list" else rows

    @extend_schema(summary="Clear a flag", request=ClearInput, responses=GradeFlagSerializer)
    @action(detail=True, methods=["post"])
    def clear(self, request: Request, pk: int) -> Response:
        """The grade was looked at and stands."""
        made = services.clear_flag(self.get_object(), by=caller(request), **checked(ClearInput, request.data))
        return Response(GradeFlagSerializer(made).data)


class SourceImpactViewSet(GenericViewSet[Source]):
    """What rests on a source, in the collections you may see."""

    queryset = Source.objects.none()
    lookup_value_converter = "int"
    filterset_class = None
    pagination_class = None
    needs = {
        "impact": Need("claims.view_claim", Scope.READ),
        "if_discredited": Need("claims.view_claim", Scope.READ),
    }

    def get_queryset(self) -> QuerySet[Source]:
        return Source.objects.visible_to(caller(self.request)).defer("search")

    @extend_schema(summary="What rests on a source", responses=ImpactSerializer)
    @action(detail=True)
    def impact(self, request: Request, pk: int) -> Response:
        """How many claims and propositions would have to be looked at again, were the source discredited."""
        return Response(ImpactSerializer(impact_of(self.get_object(), caller(request))).data)

    @extend_schema(summary="What would change if a source were not believed", responses=DiscreditSerializer)
    @action(detail=True, url_path="impact/if-discredited")
    def if_discredited(self, request: Request, pk: int) -> Response:
        """A preview; nothing is changed. What repeats the source falls with it; settled propositions stay."""
        changes = if_discredited(self.get_object(), caller(request))
        return Response(DiscreditSerializer({"total": len(changes), "changes": changes[:MOST_CHANGES]}).data)
