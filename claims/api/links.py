"""Links between propositions and between claims, and notices of common origins: listed, accepted, dismissed."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, Q, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.api.inputs import Input, checked
from accounts.api.permissions import Need, caller, reading
from accounts.api.reading import ReadModelSerializer
from accounts.models import Scope
from claims import services
from claims.api.inputs import IdField
from claims.api.propositions import known_proposition, reason
from claims.api.serializers import FragmentsField, PropositionReference
from claims.errors import BadLink, ClaimError, IndependenceInTheWay, LinkAlreadyDecided
from claims.models import Claim, ClaimLink, LinkKind, LinkState, OriginNotice, PropositionLink, RelationKind
from claims.services.links import locked_link
from documents.api.filters import IdFilter
from sources.api.serializers import LONGEST_TEXT, SourceReference
from sources.models import Source

DECIDE = Need("claims.decide_link", Scope.REVIEW)
DECISIONS = {"accept": DECIDE, "dismiss": DECIDE, "reopen": DECIDE}
DECIDED: dict[str, list[ClaimError]] = {name: [LinkAlreadyDecided(5, "confirmed")] for name in DECISIONS}


def _why() -> serializers.CharField:
    return serializers.CharField(
        max_length=LONGEST_TEXT, allow_blank=True, required=False, help_text="In words: what speaks for it."
    )


def _claim(help_text: str, *, required: bool) -> IdField:
    return IdField(
        lambda context: Claim.objects.visible_to(context["user"]).defer("search"),
        help_text=help_text,
        required=required,
    )


class CorrectInput(Input):
    kind = serializers.ChoiceField(choices=RelationKind.choices)
    turned = serializers.BooleanField(
        required=False, help_text="Of `refines`: it is `other` that says more than `proposition`."
    )


class LinkInput(Input):
    proposition = known_proposition("Id; of `refines`, the one that says more.")
    other = known_proposition("Id.")
    kind = serializers.ChoiceField(choices=RelationKind.choices)
    why = _why()


class ClaimLinkInput(Input):
    claim = _claim("Id of the claim that repeats, or takes back.", required=True)
    kind = serializers.ChoiceField(choices=LinkKind.choices, required=False, help_text="`relays` without.")
    origin = _claim("Id of the claim it was had from, or that it takes back.", required=False)
    origin_source = IdField(
        lambda context: Source.objects.visible_to(context["user"]).defer("search"),
        required=False,
        help_text="Id of the source it was had from, where that one's own claim is not there.",
    )
    why = _why()


class DecideInput(Input):
    reason = reason(required=False)


class LinkSerializer(ReadModelSerializer[PropositionLink]):
    """How two propositions stand to each other. Of `refines`, `proposition` says more than `other`."""

    proposition = PropositionReference()
    other = PropositionReference()
    by = serializers.CharField(source="by.display_name", allow_null=True, help_text="Who decided; null: nobody yet.")
    spans = FragmentsField(help_text="Where in `said` the rule found what it rests on.")
    other_spans = FragmentsField()

    class Meta:
        model = PropositionLink
        fields = [
            "id",
            "proposition",
            "other",
            "kind",
            "state",
            "rule",
            "why",
            "said",
            "spans",
            "other_said",
            "other_spans",
            "by",
            "at",
        ]


class ClaimLinkSerializer(ReadModelSerializer[ClaimLink]):
    """Where a claim was had from, or what it takes back."""

    by = serializers.CharField(source="by.display_name", allow_null=True, help_text="Who decided; null: nobody yet.")

    class Meta:
        model = ClaimLink
        fields = ["id", "claim", "kind", "origin", "origin_source", "state", "rule", "why", "by", "at"]


class NoticeSerializer(ReadModelSerializer[OriginNotice]):
    """Two sources that may have a common origin, by the refuted answers they share."""

    one = SourceReference()
    other = SourceReference()
    by = serializers.CharField(source="by.display_name", allow_null=True)

    class Meta:
        model = OriginNotice
        fields = [
            "id",
            "one",
            "other",
            "posterior",
            "shared_true",
            "shared_refuted",
            "different",
            "unsettled_same",
            "unsettled_different",
            "computed_at",
            "state",
            "reason",
            "by",
            "at",
        ]


class LinkFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=LinkState.choices)
    kind = django_filters.ChoiceFilter(choices=RelationKind.choices)
    rule = django_filters.CharFilter(help_text="Which rule fired, exactly.")
    proposition = IdFilter(
        field_name="proposition", method="at_either_end", help_text="Id of a proposition at either end."
    )

    class Meta:
        model = PropositionLink
        fields: list[str] = []

    def at_either_end(self, queryset: Any, _name: str, proposition: int) -> Any:
        return queryset.touching([proposition])


class ClaimLinkFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=LinkState.choices)
    kind = django_filters.ChoiceFilter(choices=LinkKind.choices)
    rule = django_filters.CharFilter(help_text="Which rule fired, exactly.")
    claim = IdFilter(field_name="claim", method="at_either_end", help_text="Id of a claim at either end.")

    class Meta:
        model = ClaimLink
        fields: list[str] = []

    def at_either_end(self, queryset: QuerySet[ClaimLink], _name: str, claim: int) -> QuerySet[ClaimLink]:
        return queryset.filter(Q(claim=claim) | Q(origin=claim))


class NoticeFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=LinkState.choices)
    source = IdFilter(field_name="one", method="at_either_end", help_text="Id of one of the two sources.")

    class Meta:
        model = OriginNotice
        fields: list[str] = []

    def at_either_end(self, queryset: QuerySet[OriginNotice], _name: str, source: int) -> QuerySet[OriginNotice]:
        return queryset.filter(Q(one=source) | Q(other=source))


@extend_schema_view(
    list=extend_schema(summary="Links between propositions, newest first"),
    retrieve=extend_schema(summary="One link between propositions"),
)
class LinkViewSet(ReadOnlyModelViewSet[PropositionLink]):
    """What contradicts, corroborates or refines what. Nothing counts until somebody accepts it."""

    queryset = PropositionLink.objects.none()
    serializer_class = LinkSerializer
    filterset_class = LinkFilter
    lookup_value_converter = "int"
    needs = reading("claims.view_propositionlink") | DECISIONS | {"correct": DECIDE, "create": DECIDE}
    edits = (*DECISIONS, "correct")
    refusals: dict[str, list[ClaimError]] = {**DECIDED, "create": [BadLink("that is one proposition.")]}

    def locked(self, row: PropositionLink) -> PropositionLink:
        return locked_link(row)

    def get_queryset(self) -> QuerySet[PropositionLink]:
        return PropositionLink.objects.visible_to(caller(self.request)).for_list()

    @extend_schema(summary="Link two propositions", request=LinkInput, responses={201: LinkSerializer})
    def create(self, request: Request) -> Response:
        """It counts at once, as yours. Two propositions have one link: one that is there is corrected."""
        given = checked(LinkInput, request.data, user=caller(request))
        first, second = given.pop("proposition"), given.pop("other")
        made = services.link_propositions(first, second, by=caller(request), **given)
        return self._answer(made.pk, status.HTTP_201_CREATED)

    @extend_schema(summary="Accept a link", request=None, responses=LinkSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: int) -> Response:
        """From now on it counts."""
        return self._answer(services.accept_link(self.get_object(), by=caller(request)).pk)

    @extend_schema(summary="Dismiss a link", request=None, responses=LinkSerializer)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: int) -> Response:
        """It does not count and is not proposed again."""
        return self._answer(services.dismiss_link(self.get_object(), by=caller(request)).pk)

    @extend_schema(summary="Take a decision on a link back", request=None, responses=LinkSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: int) -> Response:
        """It is proposed again."""
        return self._answer(services.reopen_link(self.get_object(), by=caller(request)).pk)

    @extend_schema(summary="Accept a link as another relation", request=CorrectInput, responses=LinkSerializer)
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: int) -> Response:
        """The rule proposed the wrong one."""
        given = checked(CorrectInput, request.data)
        return self._answer(services.correct_link(self.get_object(), by=caller(request), **given).pk)

    def _answer(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        return Response(LinkSerializer(PropositionLink.objects.for_list().get(pk=pk)).data, status=code)


@extend_schema_view(
    list=extend_schema(summary="Links between claims, newest first"),
    retrieve=extend_schema(summary="One link between claims"),
)
class ClaimLinkViewSet(ReadOnlyModelViewSet[ClaimLink]):
    """Who had what from whom, and what was taken back. Nothing counts until somebody accepts it."""

    queryset = ClaimLink.objects.none()
    serializer_class = ClaimLinkSerializer
    filterset_class = ClaimLinkFilter
    lookup_value_converter = "int"
    needs = reading("claims.view_claimlink") | DECISIONS | {"create": DECIDE}
    edits = tuple(DECISIONS)
    refusals: dict[str, list[ClaimError]] = {
        **DECIDED,
        "accept": [LinkAlreadyDecided(5, "confirmed"), IndependenceInTheWay(12)],
        "create": [BadLink("that is one claim."), IndependenceInTheWay(12)],
    }

    def locked(self, row: ClaimLink) -> ClaimLink:
        return locked_link(row)

    def get_queryset(self) -> QuerySet[ClaimLink]:
        return ClaimLink.objects.visible_to(caller(self.request)).select_related("by").order_by("-id")

    @extend_schema(summary="Link two claims", request=ClaimLinkInput, responses={201: ClaimLinkSerializer})
    def create(self, request: Request) -> Response:
        """It counts at once, as yours."""
        given = checked(ClaimLinkInput, request.data, user=caller(request))
        made = services.link_claims(given.pop("claim"), by=caller(request), **given)
        return Response(ClaimLinkSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Accept a link between claims", request=None, responses=ClaimLinkSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: int) -> Response:
        """From now on the two are one report."""
        return Response(ClaimLinkSerializer(services.accept_link(self.get_object(), by=caller(request))).data)

    @extend_schema(summary="Dismiss a link between claims", request=None, responses=ClaimLinkSerializer)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: int) -> Response:
        """It does not count and is not proposed again."""
        return Response(ClaimLinkSerializer(services.dismiss_link(self.get_object(), by=caller(request))).data)

    @extend_schema(summary="Take a decision on a claim link back", request=None, responses=ClaimLinkSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: int) -> Response:
        """It is proposed again."""
        return Response(ClaimLinkSerializer(services.reopen_link(self.get_object(), by=caller(request))).data)


@extend_schema_view(
    list=extend_schema(summary="Suspected common origins, newest first"),
    retrieve=extend_schema(summary="One suspected common origin"),
)
class OriginNoticeViewSet(ReadOnlyModelViewSet[OriginNotice]):
    """Pairs of sources that share refuted answers. Undecided, the later weighs less; accepted, they are one origin."""

    queryset = OriginNotice.objects.none()
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter
    lookup_value_converter = "int"
    needs = reading("claims.view_originnotice") | DECISIONS
    edits = tuple(DECISIONS)
    refusals: dict[str, list[ClaimError]] = {**DECIDED}

    def get_queryset(self) -> QuerySet[OriginNotice]:
        user = caller(self.request)
        named = Source.objects.named_for(user).defer("search")
        rows = OriginNotice.objects.visible_to(user).select_related("by").order_by("-id")
        return rows.prefetch_related(Prefetch("one", named), Prefetch("other", named))

    @extend_schema(summary="Have two sources count as one origin", request=DecideInput, responses=NoticeSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: int) -> Response:
        """Wherever both speak of one proposition they are one report."""
        return self._decide(services.accept_notice, request)

    @extend_schema(summary="Have two sources count as two", request=DecideInput, responses=NoticeSerializer)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: int) -> Response:
        """The notice stays on record and does not come again."""
        return self._decide(services.dismiss_notice, request)

    @extend_schema(summary="Take a decision on a notice back", request=DecideInput, responses=NoticeSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: int) -> Response:
        """It waits to be decided again."""
        return self._decide(services.reopen_notice, request)

    def _decide(self, decision: Any, request: Request) -> Response:
        row = decision(self.get_object(), by=caller(request), **checked(DecideInput, request.data))
        return Response(NoticeSerializer(self.get_queryset().get(pk=row.pk)).data)
