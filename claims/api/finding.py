from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.viewsets import GenericViewSet

from accounts.api.inputs import Input, RowIdField, checked
from accounts.api.permissions import Need, caller
from accounts.models import Scope
from claims.api.serializers import ClaimSerializer
from claims.finding.facets import READ
from claims.finding.searching import PAGE_SIZE, Found, search
from claims.finding.snippets import Piece
from claims.finding.wanted import CREDIBILITIES, OUTCOMES, RELIABILITIES, Kind, Wanted
from claims.models import Claim, ClaimState, ClaimType
from documents.api.serializers import DocumentSerializer

LARGEST_PAGE = 100
VALUES = 50
"""Values of a facet in an answer, the most frequent."""
_PERIOD = r"^[1-9][0-9]{3}(-(0[1-9]|1[0-2]))?$"


class SearchInput(Input):
    """The words, the filters, and where the page begins."""

    kind = serializers.ChoiceField(Kind.choices, required=False, help_text="What is looked for; claims by default.")
    q = serializers.CharField(
        required=False, max_length=300, help_text='The words, in any form; "a phrase", -without, or.'
    )
    collection = RowIdField(required=False, help_text="Its id.")
    reported = serializers.RegexField(
        _PERIOD, required=False, help_text="The year or month a claim was reported, a document is dated: 2013, 2013-01."
    )
    about = serializers.RegexField(
        _PERIOD, required=False, help_text="The year or month of what is reported: 2013, 2013-01."
    )
    since = serializers.DateField(required=False, help_text="Reported, or dated, that day or later.")
    until = serializers.DateField(required=False, help_text="Reported, or dated, that day or earlier.")
    document = RowIdField(required=False, help_text="Of claims: id of the document.")
    source = RowIdField(  # type: ignore[assignment]  # DRF takes declared fields off the class
        required=False, help_text="Of claims: id of the source."
    )
    cue = serializers.CharField(required=False, max_length=200, help_text="Of claims: the attributing words, whole.")
    type = serializers.ChoiceField(ClaimType.choices, required=False, help_text="Of claims.")
    state = serializers.ChoiceField(ClaimState.choices, required=False, help_text="Of claims.")
    reliability = serializers.ChoiceField(
        RELIABILITIES, required=False, help_text="Of claims: the letter of the source, or `none`."
    )
    credibility = serializers.ChoiceField(
        CREDIBILITIES, required=False, help_text="Of claims: the newest digit, or `none`."
    )
    outcome = serializers.ChoiceField(
        OUTCOMES, required=False, help_text="Of claims: the verdict on the proposition, or `none`."
    )
    author = serializers.CharField(required=False, max_length=500, help_text="Of documents: as printed, whole.")
    classification = serializers.CharField(required=False, max_length=200, help_text="Of documents: as printed, whole.")
    before = RowIdField(required=False, help_text="Only what was stored before the row with this id.")
    page_size = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_PAGE, default=PAGE_SIZE, help_text="Hits per page."
    )


class PieceSerializer(serializers.Serializer[Piece]):
    text = serializers.CharField()
    lit = serializers.BooleanField(help_text="Whether it is one of the words.")


class HitSerializer(serializers.Serializer[dict[str, Any]]):
    snippet = PieceSerializer(many=True, help_text="The words where they stand, on one line.")
    claim = ClaimSerializer(allow_null=True, help_text="Null where documents are looked for.")
    document = DocumentSerializer(allow_null=True, help_text="Null where claims are looked for.")


class FacetValueSerializer(serializers.Serializer[dict[str, Any]]):
    value = serializers.CharField(help_text="What the filter of that name takes.")
    count = serializers.IntegerField()


class FacetSerializer(serializers.Serializer[dict[str, Any]]):
    name = serializers.CharField(help_text="The filter.")
    values = FacetValueSerializer(many=True, help_text=f"The most frequent, at most {VALUES}; months newest first.")


@extend_schema_serializer(many=False)
class SearchSerializer(serializers.Serializer[dict[str, Any]]):
    next = serializers.URLField(allow_null=True, help_text="The page with older hits; null on the last.")
    total = serializers.IntegerField(help_text=f"Hits, counted up to {READ}.")
    more = serializers.BooleanField(help_text="There are more than `total`; the facets are of the newest `total`.")
    other_kind = serializers.IntegerField(help_text=f"Hits of the other kind for the same words, up to {READ + 1}.")
    results = HitSerializer(many=True)
    facets = FacetSerializer(many=True)


class SearchViewSet(GenericViewSet[Claim]):
    """Full text over claims and documents, as on the workbench's search page."""

    queryset = Claim.objects.none()
    serializer_class = SearchSerializer  # type: ignore[assignment]  # what was found, not a claim
    filter_backends: list[Any] = []
    pagination_class = None
    needs = {"list": Need("claims.view_claim", Scope.READ)}
    parameters = {"list": tuple(SearchInput().fields)}

    @extend_schema(
        summary="Search in claims or documents",
        parameters=[SearchInput],
        responses=SearchSerializer,
        examples=[OpenApiExample("Words", value={"q": '"special forces" -harbour'}, parameter_only=("q", "query"))],
    )
    def list(self, request: Request) -> Response:
        """Newest first. A filter that the kind does not have is left out of account."""
        given = checked(SearchInput, request.query_params.dict())
        wanted = Wanted.of(request.query_params.dict())
        if wanted.errors:
            raise serializers.ValidationError(wanted.errors)
        found = search(wanted, caller(request), before=given.get("before"), size=given["page_size"])
        one = "claim" if wanted.kind == Kind.CLAIMS else "document"
        link = request.build_absolute_uri()
        body = {
            "next": replace_query_param(link, "before", found.next_before) if found.next_before else None,
            "total": found.total,
            "more": found.more,
            "other_kind": found.others,
            "results": [{"snippet": hit.snippet, "claim": None, "document": None, one: hit.row} for hit in found.hits],
            "facets": list(_facets(found)),
        }
        return Response(SearchSerializer(body, context=self.get_serializer_context()).data)


def _facets(found: Found) -> Iterable[dict[str, Any]]:
    for name, counted in found.facets.by_name.items():
        dated = name in ("reported", "about")
        if dated:
            months: Counter[str] = Counter()
            for day, count in counted.items():
                months[f"{day:%Y-%m}"] += count
            rows = sorted(months.items(), reverse=True)
        else:
            rows = counted.most_common()
        yield {"name": name, "values": [{"value": str(value), "count": count} for value, count in rows[:VALUES]]}
