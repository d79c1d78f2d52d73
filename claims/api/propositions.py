"""Where claims meet: origins and probability of a proposition, what it may belong with, splits, merges, wording."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.inputs import Input, RowIdField, checked
from accounts.api.permissions import Need, caller
from accounts.api.reading import ReadModelSerializer, ReadSerializer
from accounts.models import Scope
from claims import services
from claims.api.inputs import IdField
from claims.api.serializers import PropositionReference, PropositionSerializer
from claims.errors import (
    AlreadyConfirmed,
    AlreadyWithdrawn,
    CannotMergePropositions,
    CannotMoveClaim,
    CannotSplitProposition,
    CannotUndoMove,
    ClaimError,
    NotIndependent,
    ReasonMissing,
    TextMissing,
)
from claims.models import Claim, IndependentOrigin, Proposition, PropositionMove, Stance
from claims.origins import Edge, Node, Origins, Term, origins_of
from claims.proposals import PropositionProposal, proposals_for, proposals_on
from sources.api.serializers import LONGEST_TEXT

MOST_CLAIMS = 10_000
CHANGE = Need("claims.change_proposition", Scope.REVIEW)
CONFIRM = Need("claims.confirm_independence", Scope.REVIEW)
SEE = Need("claims.view_proposition", Scope.READ)


def reason(*, required: bool = True) -> serializers.CharField:
    return serializers.CharField(
        max_length=LONGEST_TEXT,
        allow_blank=True,
        required=required,
        help_text="Why. Required." if required else "Why.",
    )


def known_proposition(help_text: str) -> IdField:
    return IdField(lambda context: Proposition.objects.visible_to(context["user"]).defer("search"), help_text=help_text)


def wording(help_text: str, *, required: bool) -> serializers.CharField:
    return serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, required=required, help_text=help_text)


class MergePropositionInput(Input):
    into = known_proposition("Id of the proposition that stays.")
    opposed = serializers.BooleanField(required=False, help_text="The one says what the other denies.")
    reason = reason()


class SplitPropositionInput(Input):
    claims = serializers.ListField(
        child=RowIdField(),
        max_length=MOST_CLAIMS,
        help_text="Ids of the claims that say something else.",
    )
    text = wording("The new proposition in neutral words. Required.", required=True)
    topic = serializers.CharField(max_length=100, allow_blank=True, required=False, help_text="As before without.")
    reason = reason()


class RewordInput(Input):
    text = wording("In neutral words.", required=False)
    topic = serializers.CharField(max_length=100, allow_blank=True, required=False)


class UndoMoveInput(Input):
    move = IdField(
        lambda context: PropositionMove.objects.touching(context["proposition"].pk), help_text="Id of the move."
    )
    reason = reason(required=False)


class JoinInput(Input):
    proposition = known_proposition("Id of the proposition it is to speak of.")
    stance = serializers.ChoiceField(choices=Stance.choices, required=False, help_text="As before without.")
    reason = reason(required=False)


class OpenInput(Input):
    text = wording("The new proposition in neutral words; the content's own by default.", required=False)
    reason = reason()


class ConfirmInput(Input):
    basis = wording("How you know that its origin is apart from the others'. Required.", required=True)


class WithdrawIndependenceInput(Input):
    confirmation = IdField(
        lambda context: IndependentOrigin.objects.filter(claim=context["claim"]), help_text="Id of the confirmation."
    )
    reason = reason()


class MoveSerializer(ReadModelSerializer[PropositionMove]):
    by = serializers.CharField(source="by.display_name")
    claims = serializers.SerializerMethodField(help_text="How many claims went.")
    in_force = serializers.SerializerMethodField()

    class Meta:
        model = PropositionMove
        fields = [
            "id",
            "kind",
            "proposition",
            "into",
            "claims",
            "reason",
            "by",
            "at",
            "in_force",
            "undone_at",
            "undone_reason",
        ]

    def get_claims(self, row: PropositionMove) -> int:
        return len(row.claims)

    def get_in_force(self, row: PropositionMove) -> bool:
        return row.undone_at is None


class IndependenceSerializer(ReadModelSerializer[IndependentOrigin]):
    by = serializers.CharField(source="by.display_name")
    in_force = serializers.SerializerMethodField()

    class Meta:
        model = IndependentOrigin
        fields = ["id", "claim", "proposition", "basis", "by", "at", "in_force", "withdrawn_at", "withdrawal_reason"]

    def get_in_force(self, row: IndependentOrigin) -> bool:
        return row.withdrawn_at is None


class TermSerializer(ReadSerializer[Term]):
    """What one claim adds to the probability."""

    claim = serializers.IntegerField(source="claim.pk")
    source_name = serializers.CharField(source="claim.source_name", help_text="Whom it is ascribed to.")
    side = serializers.ChoiceField(choices=["for", "against"])
    origin = serializers.IntegerField(help_text="Claims with the same number are of one origin.")
    accuracy = serializers.FloatField(help_text="Chance that the source is right, by its record.")
    faithfulness = serializers.FloatField(help_text="Chance that it came to us unchanged.")
    weight = serializers.FloatField(help_text="Log-odds, above 0 for it; 0 where it is not counted.")
    counted = serializers.BooleanField()
    why = serializers.CharField()
    via = serializers.IntegerField(allow_null=True, help_text="Id of the link by which it speaks of this proposition.")


class NodeSerializer(ReadSerializer[Node]):
    id = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF takes declared fields off the class
    origin = serializers.IntegerField()
    side = serializers.CharField(help_text="for, against, or empty.")


class EdgeSerializer(ReadSerializer[Edge]):
    teller = serializers.CharField(help_text="Id of the node that had it from `origin`.")
    origin = serializers.CharField()
    rule = serializers.CharField()
    confirmed = serializers.BooleanField()
    link = serializers.IntegerField(allow_null=True, help_text="Id of the claim link; null for a chain of tellers.")


class ClaimSuggestionSerializer(ReadSerializer[Any]):
    claim = serializers.IntegerField()
    corroboration = serializers.FloatField(help_text="Probability without the claim's own origin.")
    credibility = serializers.CharField(help_text="Suggested digit, 1-6. A suggestion, never a grade.")
    why = serializers.CharField()
    independent = serializers.BooleanField(help_text="An analyst confirmed that its origin is independent.")


class OriginsSerializer(ReadSerializer[Origins]):
    proposition = PropositionReference()
    reports = serializers.IntegerField()
    independent = serializers.IntegerField(help_text="Origins the reports come from.")
    probability = serializers.FloatField(allow_null=True, help_text="0.01 to 0.99; null without a report that counts.")
    in_words = serializers.CharField(help_text="The ICD 203 word; empty without a report.")
    formula = serializers.CharField(help_text="How the weights make the probability.")
    supporting = serializers.IntegerField(help_text="Origins for it.")
    contradicting = serializers.IntegerField(help_text="Origins against it.")
    terms = TermSerializer(many=True)
    nodes = NodeSerializer(many=True)
    edges = EdgeSerializer(many=True)
    claims = serializers.SerializerMethodField()

    def get_claims(self, found: Origins) -> list[dict[str, Any]]:
        rows = [
            {
                "claim": claim,
                "corroboration": found.corroboration[claim],
                "credibility": suggestion.grade,
                "why": suggestion.why,
                "independent": claim in found.confirmed,
            }
            for claim, suggestion in sorted(found.suggestions.items())
        ]
        return [dict(row) for row in ClaimSuggestionSerializer(rows, many=True).data]


class MarkSerializer(ReadSerializer[Any]):
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    kind = serializers.CharField(help_text="word, name, number or date.")


class PropositionProposalSerializer(ReadSerializer[PropositionProposal]):
    """A proposition that a wording may belong to."""

    proposition = PropositionReference()
    score = serializers.FloatField(help_text="0 to 1: how alike the wordings are.")
    channel = serializers.CharField(help_text="By which search it was found: duplicate or corroboration.")
    relation = serializers.CharField(
        help_text="corroborates, contradicts, refines, refined by; empty where no rule fired."
    )
    rule = serializers.CharField(help_text="Which rule fired.")
    said = serializers.CharField(help_text="The words that were compared with the proposition's text.")
    spans = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()), help_text="[[start, end], ...] in `said`."
    )
    other_spans = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()), help_text="... in the proposition's text."
    )
    marks = serializers.SerializerMethodField(help_text="What both share, in `said`.")
    other_marks = serializers.SerializerMethodField(help_text="What both share, in the proposition's text.")
    stance = serializers.ChoiceField(choices=Stance.choices, help_text="How the claim would join.")
    link = serializers.IntegerField(source="link.pk", allow_null=True, help_text="Id of the link between both.")

    def get_marks(self, found: PropositionProposal) -> list[dict[str, Any]]:
        return _marks(found.marks)

    def get_other_marks(self, found: PropositionProposal) -> list[dict[str, Any]]:
        return _marks(found.other_marks)


def _marks(marks: tuple[tuple[int, int, str], ...]) -> list[dict[str, Any]]:
    rows = [{"start": start, "end": end, "kind": kind} for start, end, kind in marks]
    return [dict(row) for row in MarkSerializer(rows, many=True).data]


class PropositionMeetingViewSet(GenericViewSet[Proposition]):
    """What claims make of a proposition, and which of them belong to it."""

    queryset = Proposition.objects.none()
    lookup_value_converter = "int"
    filterset_class = None
    needs = {
        "origins": SEE,
        "proposals": SEE,
        "merge": CHANGE,
        "split": CHANGE,
        "reword": CHANGE,
        "moves": Need("claims.view_propositionmove", Scope.READ),
        "undo_move": CHANGE,
    }
    edits = ("reword",)
    parameters = {"moves": ("cursor", "page_size")}
    refusals: dict[str, list[ClaimError]] = {
        "merge": [CannotMergePropositions(9, 7, "they answer different questions."), ReasonMissing("merging")],
        "split": [CannotSplitProposition(9, "no claim would be left."), TextMissing("it"), ReasonMissing("splitting")],
        "reword": [TextMissing("a proposition")],
        "undo_move": [CannotUndoMove(3, "it was undone already.")],
    }

    def get_queryset(self) -> QuerySet[Proposition]:
        return Proposition.objects.visible_to(caller(self.request)).defer("search")

    @extend_schema(summary="Reports, origins and probability", responses=OriginsSerializer)
    @action(detail=True, pagination_class=None)
    def origins(self, request: Request, pk: int) -> Response:
        """Who had it from whom, and what each report adds; by the claims you see and by what is confirmed."""
        return Response(OriginsSerializer(origins_of(self.get_object(), caller(request))).data)

    @extend_schema(
        summary="Propositions it may be one with, or at odds with", responses=PropositionProposalSerializer(many=True)
    )
    @action(detail=True, pagination_class=None)
    def proposals(self, request: Request, pk: int) -> Response:
        """Best first, with the rule that fired and what both share. Proposals: nothing counts until you decide."""
        found: Any = proposals_on(self.get_object(), caller(request))
        return Response(PropositionProposalSerializer(found, many=True).data)

    @extend_schema(
        summary="Merge a proposition into another", request=MergePropositionInput, responses={201: MoveSerializer}
    )
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: int) -> Response:
        """All its claims speak of the other one from now on; it stays as an empty row, and can come back."""
        absorbed = self.get_object()
        given = checked(MergePropositionInput, request.data, user=caller(request))
        made = services.merge_propositions(absorbed, by=caller(request), **given)
        return Response(MoveSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Split claims off a proposition", request=SplitPropositionInput, responses={201: MoveSerializer}
    )
    @action(detail=True, methods=["post"])
    def split(self, request: Request, pk: int) -> Response:
        """The claims open a new proposition. A verdict stays with the old one."""
        given = checked(SplitPropositionInput, request.data)
        made = services.split_proposition(self.get_object(), by=caller(request), **given)
        return Response(MoveSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Word a proposition anew", request=RewordInput, responses=PropositionSerializer)
    @action(detail=True, methods=["post"])
    def reword(self, request: Request, pk: int) -> Response:
        """What is not given stays."""
        services.reword(self.get_object(), by=caller(request), **checked(RewordInput, request.data))
        row = Proposition.objects.visible_to(caller(request)).for_list().get(pk=pk)
        return Response(PropositionSerializer(row, context={"user": caller(request)}).data)

    @extend_schema(summary="Joins, splits and merges, newest first", responses=MoveSerializer(many=True))
    @action(detail=True)
    def moves(self, request: Request, pk: int) -> Response:
        """Those by which claims left it and those by which they came; undone ones too."""
        rows: QuerySet[Any] = PropositionMove.objects.touching(self.get_object().pk).select_related("by")
        return self.get_paginated_response(MoveSerializer(self.paginate_queryset(rows), many=True).data)

    @extend_schema(summary="Undo a join, split or merge", request=UndoMoveInput, responses=MoveSerializer)
    @action(detail=True, methods=["post"], url_path="undo-move")
    def undo_move(self, request: Request, pk: int) -> Response:
        """Every claim goes back to where it was, with the stance it had."""
        given = checked(UndoMoveInput, request.data, proposition=self.get_object())
        made = services.undo_move(given["move"], by=caller(request), reason=given.get("reason", ""))
        return Response(MoveSerializer(made).data)


class ClaimMeetingViewSet(GenericViewSet[Claim]):
    """Which proposition a claim belongs to, and whether its origin is its own."""

    queryset = Claim.objects.none()
    lookup_value_converter = "int"
    filterset_class = None
    pagination_class = None
    needs = {
        "proposals": SEE,
        "join": CHANGE,
        "open_proposition": CHANGE,
        "confirm_independence": CONFIRM,
        "withdraw_independence": CONFIRM,
    }
    edits = ("join", "open_proposition")
    refusals: dict[str, list[ClaimError]] = {
        "join": [CannotMoveClaim(12, "it stands there already.")],
        "open_proposition": [CannotMoveClaim(12, "it is not accepted."), CannotSplitProposition(9, "it stands alone.")],
        "confirm_independence": [
            AlreadyConfirmed(12),
            NotIndependent(12, "it repeats claim 7."),
            ReasonMissing("confirming an independent origin"),
        ],
        "withdraw_independence": [AlreadyWithdrawn("Confirmation 3"), ReasonMissing("withdrawing a confirmation")],
    }

    def get_queryset(self) -> QuerySet[Claim]:
        return Claim.objects.seen_by(caller(self.request)).select_related("proposition").defer("search")

    @extend_schema(
        summary="Propositions that a claim may belong to", responses=PropositionProposalSerializer(many=True)
    )
    @action(detail=True, url_path="proposition-proposals")
    def proposals(self, request: Request, pk: int) -> Response:
        """Best first, with the rule that fired and what both share; for candidates and accepted claims alike."""
        found: Any = proposals_for(self.get_object(), caller(request))
        return Response(PropositionProposalSerializer(found, many=True).data)

    @extend_schema(
        summary="Have a claim speak of another proposition", request=JoinInput, responses={201: MoveSerializer}
    )
    @action(detail=True, methods=["post"])
    def join(self, request: Request, pk: int) -> Response:
        """Can be undone on either proposition."""
        claim = self.get_object()
        given = checked(JoinInput, request.data, user=caller(request))
        made = services.join(claim, by=caller(request), **given)
        return Response(MoveSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Have a claim open its own proposition", request=OpenInput, responses={201: MoveSerializer})
    @action(detail=True, methods=["post"], url_path="open-proposition")
    def open_proposition(self, request: Request, pk: int) -> Response:
        """For one that was put with others and says something else."""
        made = services.open_new(self.get_object(), by=caller(request), **checked(OpenInput, request.data))
        return Response(MoveSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Confirm that a claim's origin is independent",
        request=ConfirmInput,
        responses={201: IndependenceSerializer},
    )
    @action(detail=True, methods=["post"], url_path="confirm-independence")
    def confirm_independence(self, request: Request, pk: int) -> Response:
        """Of all others on its proposition. Grade 1 for another claim there rests on it."""
        given = checked(ConfirmInput, request.data)
        made = services.confirm_independence(self.get_object(), by=caller(request), **given)
        return Response(IndependenceSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Take a confirmation back", request=WithdrawIndependenceInput, responses=IndependenceSerializer
    )
    @action(detail=True, methods=["post"], url_path="withdraw-independence")
    def withdraw_independence(self, request: Request, pk: int) -> Response:
        """It stays on record; a grade 1 that rested on it is flagged for review."""
        given = checked(WithdrawIndependenceInput, request.data, claim=self.get_object())
        made = services.withdraw_independence(given["confirmation"], by=caller(request), reason=given["reason"])
        return Response(IndependenceSerializer(made).data)
