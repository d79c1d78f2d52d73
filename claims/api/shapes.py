"""What is loaded for the fields of claims and propositions that an answer shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.db.models import Prefetch
from rest_framework import serializers

from accounts.api.shapes import Expansion, Shape
from accounts.models import User
from claims.api.serializers import PropositionSerializer, VerdictSerializer, standings_of
from claims.models import ChainLink, Claim
from claims.models.claim import ClaimQuerySet
from claims.models.proposition import PropositionQuerySet
from claims.services.steps import ROLES
from documents.api.serializers import DocumentSerializer
from sources.api.serializers import SourceSerializer
from sources.api.shapes import whole_sources

HEAVY = {
    "layer": ("text", "furniture", "segments", "page_starts"),
    "source": ("search", "merged_into__search"),
    "document_source__source": ("search",),
    "proposition": ("search",),
}
"""By what is joined: columns that no list shows."""
JOINS = {
    "document": ("layer__document__collection",),
    "text_layer": ("layer",),
    "in_document_source": ("document_source__source",),
    "source": ("source__merged_into", "document_source"),
    "proposition": ("proposition",),
    "engine": ("run",),
}
"""By field: what it takes from other tables."""


def shaped_claims(rows: ClaimQuerySet, shape: Shape, user: User) -> ClaimQuerySet:
    """With what the fields of `shape` show, newest first."""
    if shape.is_plain:
        return rows.named_for(user).for_list()
    whole = {"source"} & shape.expand
    joins = {join for field, joined in JOINS.items() if shape.shows(field) and field not in whole for join in joined}
    rows = rows.order_by("-id").defer("search", *_own_columns_not_shown(shape))
    rows = rows.select_related(*joins) if joins else rows
    for table, columns in HEAVY.items():
        if any(join.startswith(table) for join in joins):
            rows = rows.defer(*(f"{table}__{column}" for column in columns))
    if shape.shows("source") and not whole:
        rows = rows.named_for(user)
    if shape.shows("grades"):
        rows = rows.with_grades()
    if shape.shows("chain"):
        rows = rows.prefetch_related(Prefetch("chain", ChainLink.objects.with_sources()))
    if whole:
        sources = whole_sources(user)
        rows = rows.prefetch_related(Prefetch("source", sources), Prefetch("source__merged_into", sources))
    if "proposition" in shape.expand:
        rows = rows.prefetch_related("proposition__verdicts__by")
    return rows


def shaped_propositions(rows: PropositionQuerySet, shape: Shape) -> PropositionQuerySet:
    if shape.shows("verdict") or "verdicts" in shape.expand:
        return rows.for_list()
    return rows.defer("search").order_by("-id")


def _own_columns_not_shown(shape: Shape) -> list[str]:
    # Where the source's name is not to be told, its words in the text stand for it.
    spans = [f"{role}_{part}" for role in ROLES for part in ("quote", "fragments") if role != "source"]
    return [*(() if shape.shows("spans") else spans), *(() if shape.shows("commitment") else ("commitment",))]


def _weigh_all(field: serializers.BaseSerializer[Any], claims: list[Any], context: Mapping[str, Any]) -> None:
    found = [claim.proposition for claim in cast(list[Claim], claims) if claim.proposition]
    cast(PropositionSerializer, field).standings = standings_of(found, context)


CLAIM_EXPANSIONS = {
    "document": Expansion(lambda: DocumentSerializer(source="layer.document")),
    "source": Expansion(lambda: SourceSerializer(source="source.standing", allow_null=True)),
    "proposition": Expansion(lambda: PropositionSerializer(allow_null=True), prepare=_weigh_all),
}


PROPOSITION_EXPANSIONS = {"verdicts": Expansion(lambda: VerdictSerializer(many=True))}
