from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.api.inputs import Input, checked
from accounts.api.permissions import Need, caller, reading
from accounts.models import Scope, User
from claims import services
from claims.api import candidates, examples
from claims.api.filters import ClaimFilter, PropositionFilter
from claims.api.inputs import (
    AcceptInput,
    CredibilityInput,
    EditInput,
    RejectInput,
    SettleInput,
    UndoInput,
    WithdrawInput,
)
from claims.api.orders import CLAIM_ORDERS
from claims.api.serializers import (
    ClaimSerializer,
    CredibilitySerializer,
    DecisionSerializer,
    InDocumentSourceSerializer,
    PropositionSerializer,
    ReviewSerializer,
    SourceProposalSerializer,
    VerdictSerializer,
)
from claims.api.shapes import CLAIM_EXPANSIONS, PROPOSITION_EXPANSIONS, shaped_claims, shaped_propositions
from claims.errors import (
    BadSpan,
    CannotUndo,
    ClaimAlreadyDecided,
    ClaimContradicted,
    ClaimError,
    IndependentOriginMissing,
    NoSource,
    PropositionAlreadySettled,
    QuestionAlreadyAnswered,
    ReasonMissing,
    VerdictAlreadyWithdrawn,
    VerdictOfTheFuture,
)
from claims.models import Claim, CredibilityAssessment, DocumentSource, Proposition, Review, SecondReview
from claims.models.claim import ClaimQuerySet
from claims.models.proposition import PropositionQuerySet
from claims.resolution import source_proposals
from documents.api.lists import ListedMixin
from documents.models import Collection

Action = TypeVar("Action", bound=Callable[..., Response])

DECIDE = Need("claims.review_claim", Scope.REVIEW)


def _decision(summary: str, takes: type[Input], example: dict[str, Any]) -> Callable[[Action], Action]:
    """The schema of an action that decides on a claim."""
    decorate: Callable[[Action], Action] = extend_schema(
        summary=summary,
        request=takes,
        responses=DecisionSerializer,
        examples=[OpenApiExample(summary, value=example, request_only=True)],
    )
    return decorate


@extend_schema_view(
    list=extend_schema(summary="Claims, newest first"),
    retrieve=extend_schema(summary="One claim; its ETag goes into If-Match"),
)
class ClaimViewSet(candidates.CandidateActions, ListedMixin, ReadOnlyModelViewSet[Claim]):
    """What documents say that sources said, found by the engine, decided on by analysts."""

    queryset = Claim.objects.none()
    serializer_class = ClaimSerializer
    filterset_class = ClaimFilter
    orders = CLAIM_ORDERS
    expansions = CLAIM_EXPANSIONS
    lookup_value_converter = "int"
    needs = reading("claims.view_claim") | {
        "reviews": Need("claims.view_review", Scope.READ),
        "in_document_sources": Need("claims.view_documentsource", Scope.READ),
        "source_proposals": Need("sources.view_source", Scope.READ),
        "accept": DECIDE,
        "reject": DECIDE,
        "edit": DECIDE,
        "undo": DECIDE,
        "assess": Need("claims.assess_claim", Scope.REVIEW),
        "assessments": Need("claims.view_credibilityassessment", Scope.READ),
    }
    needs |= candidates.NEEDS
    edits = ("accept", "reject", "edit", *candidates.EDITS)
    parameters = {"reviews": ("cursor", "page_size"), "assessments": ("cursor", "page_size")}
    refusals: dict[str, list[ClaimError]] = {
        "accept": [ClaimAlreadyDecided(12, "accepted"), NoSource(12)],
        "reject": [ClaimAlreadyDecided(12, "accepted"), ReasonMissing("rejecting a claim")],
        "edit": [ClaimAlreadyDecided(12, "accepted"), BadSpan("cue", "its pieces overlap.")],
        "undo": [CannotUndo(31, "it was undone already.")],
        "assess": [ReasonMissing("a credibility grade"), IndependentOriginMissing(12), ClaimContradicted(12)],
        **candidates.REFUSALS,
    }

    def readable(self, user: User) -> ClaimQuerySet:
        return Claim.objects.filter(collection__in=Collection.objects.ids_visible_to(user))

    def shaped(self, rows: Any, user: User) -> ClaimQuerySet:
        return shaped_claims(rows.as_seen_by(user), self.shape, user)

    def locked(self, row: Claim) -> Claim:
        wanted = [row.pk, *self.locked_beside()]
        list(Claim.objects.select_for_update(of=("self",)).only("pk").filter(pk__in=wanted).order_by("pk"))
        return self.now(row)

    def now(self, row: Claim) -> Claim:
        """As the caller sees it, who may be giving a blind second opinion."""
        return Claim.objects.seen_by(caller(self.request)).defer("search").get(pk=row.pk)

    @_decision("Accept a claim", AcceptInput, examples.ACCEPT)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: int) -> Response:
        """The claim gets its source and a proposition, graded F6 until somebody judges.

        Without `source` and `new_source` it gets the source it is tied to already, or a new one worded as in the text.
        """
        claim, given = self._given(AcceptInput)
        return self._decided(services.accept(claim, by=caller(request), **given))

    @_decision("Reject a claim", RejectInput, examples.REJECT)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: int) -> Response:
        """It will not come back when the document is extracted again."""
        claim, given = self._given(RejectInput)
        return self._decided(services.reject(claim, by=caller(request), **given))

    @_decision("Correct a claim before it is decided", EditInput, examples.EDIT)
    @action(detail=True, methods=["post"])
    def edit(self, request: Request, pk: int) -> Response:
        """What is not given stays."""
        claim, given = self._given(EditInput)
        return self._decided(services.edit(claim, by=caller(request), **given))

    @extend_schema(summary="Undo a step", request=UndoInput, responses=DecisionSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: int) -> Response:
        """Put the claim back to what it was before its latest step. Other people's steps take a reviewer."""
        claim = self.get_object()
        given = checked(UndoInput, request.data, claim=claim, user=caller(request))
        return self._decided(services.undo(given["review"], by=caller(request)))

    @extend_schema(
        summary="Judge how credible a claim is", request=CredibilityInput, responses={201: CredibilitySerializer}
    )
    @action(detail=True, methods=["post"])
    def assess(self, request: Request, pk: int) -> Response:
        """Add a grade 1-6 with its basis. Earlier grades stay on record; the newest counts."""
        claim = self.get_object()
        assessment = services.assess_credibility(claim, by=caller(request), **checked(CredibilityInput, request.data))
        return Response(CredibilitySerializer(assessment).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Credibility grades of a claim, newest first", responses=CredibilitySerializer(many=True))
    @action(detail=True, filterset_class=None)
    def assessments(self, request: Request, pk: int) -> Response:
        """The first is its grade. None is ever taken away; whoever thinks otherwise gives another."""
        blind = SecondReview.objects.keeping_blind(caller(request)).values("claim")
        rows: QuerySet[Any] = CredibilityAssessment.objects.filter(claim=self.get_object()).exclude(claim__in=blind)
        page: Any = self.paginate_queryset(rows.select_related("by"))
        return self.get_paginated_response(CredibilitySerializer(page, many=True).data)

    @extend_schema(summary="The steps taken on a claim, newest first", responses=ReviewSerializer(many=True))
    @action(detail=True, filterset_class=None)
    def reviews(self, request: Request, pk: int) -> Response:
        steps: QuerySet[Any] = self.get_object().reviews.visible_to(caller(request))
        steps = steps.select_related("analyst", "undone_by")
        return self.get_paginated_response(ReviewSerializer(self.paginate_queryset(steps), many=True).data)

    @extend_schema(
        summary="Sources the claim's document speaks of",
        responses=InDocumentSourceSerializer(many=True),
    )
    @action(detail=True, url_path="in-document-sources", filterset_class=None, pagination_class=None)
    def in_document_sources(self, request: Request, pk: int) -> Response:
        """Candidates for `document_source` of an edit, in text order."""
        found = DocumentSource.objects.filter(run__layer=self.get_object().layer_id).select_related("source")
        found = found.defer("source__search").order_by("id")
        return Response(InDocumentSourceSerializer(found, many=True).data)

    @extend_schema(summary="Known sources that a claim's own may be", responses=SourceProposalSerializer(many=True))
    @action(detail=True, url_path="source-proposals", filterset_class=None, pagination_class=None)
    def source_proposals(self, request: Request, pk: int) -> Response:
        """At most five, likeliest first, each with the reasons; empty where the engine found nobody.

        Nothing is ever tied by itself: equal words of somebody unnamed score low.
        """
        found = self.get_object().document_source
        proposals: Any = source_proposals(found, user=caller(request)) if found else []
        return Response(SourceProposalSerializer(proposals, many=True).data)

    def _given(self, takes: type[Input]) -> tuple[Claim, dict[str, Any]]:
        """The claim and the service's arguments."""
        claim = self.get_object()
        return claim, checked(takes, self.request.data, user=caller(self.request), claim=claim)

    def _decided(self, review: Review) -> Response:
        claim = self.get_queryset().get(pk=review.claim_id)
        return Response(DecisionSerializer({"review": review, "claim": claim}).data)


@extend_schema_view(
    list=extend_schema(summary="Propositions, newest first"),
    retrieve=extend_schema(summary="One proposition, its verdict, and what its claims make of it"),
)
class PropositionViewSet(ListedMixin, ReadOnlyModelViewSet[Proposition]):
    """What is said, whoever says it. Accepted claims assert or deny it; a verdict settles it."""

    queryset = Proposition.objects.none()
    serializer_class = PropositionSerializer
    filterset_class = PropositionFilter
    expansions = PROPOSITION_EXPANSIONS
    lookup_value_converter = "int"
    needs = reading("claims.view_proposition") | {
        "verdicts": Need("claims.view_verdict", Scope.READ),
        "settle": Need("claims.settle_proposition", Scope.REVIEW),
        "withdraw": Need("claims.settle_proposition", Scope.REVIEW),
    }
    parameters = {"verdicts": ("cursor", "page_size")}
    refusals: dict[str, list[ClaimError]] = {
        "settle": [
            PropositionAlreadySettled(9),
            QuestionAlreadyAnswered(9),
            VerdictOfTheFuture(date(2031, 1, 1)),
            ReasonMissing("a verdict"),
        ],
        "withdraw": [VerdictAlreadyWithdrawn(4), ReasonMissing("withdrawing a verdict")],
    }

    def readable(self, user: User) -> PropositionQuerySet:
        return Proposition.objects.visible_to(user)

    def shaped(self, rows: Any, user: User) -> PropositionQuerySet:
        return shaped_propositions(rows, self.shape)

    @extend_schema(
        summary="Record how a proposition turned out",
        request=SettleInput,
        responses={201: VerdictSerializer},
        examples=[OpenApiExample("It was false", value=examples.SETTLE, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: int) -> Response:
        """Every claim on it now counts for or against its source."""
        proposition = self.get_object()
        verdict = services.settle(proposition, by=caller(request), **checked(SettleInput, request.data))
        return Response(VerdictSerializer(verdict).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Take a verdict out of force", request=WithdrawInput, responses=VerdictSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """The verdict stays on record, with who withdrew it, when and why; the sources' records are as before it."""
        given = checked(WithdrawInput, request.data, proposition=self.get_object())
        verdict = services.withdraw_verdict(given["verdict"], by=caller(request), reason=given["reason"])
        return Response(VerdictSerializer(verdict).data)

    @extend_schema(summary="The verdicts on a proposition, newest first", responses=VerdictSerializer(many=True))
    @action(detail=True, filterset_class=None)
    def verdicts(self, request: Request, pk: int) -> Response:
        rows: QuerySet[Any] = self.get_object().verdicts.select_related("by")
        return self.get_paginated_response(VerdictSerializer(self.paginate_queryset(rows), many=True).data)
