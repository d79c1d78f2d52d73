"""What is loaded for the fields of claims and propositions that an answer shows."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any, cast

from django.db.models import Prefetch
from rest_framework import serializers

from accounts.api.shapes import Expansion, Shape
from accounts.models import User
from claims.api.serializers import InDocumentSourceSerializer, PropositionSerializer, VerdictSerializer, standings_of
from claims.models import Claim
from claims.models.claim import ClaimQuerySet
from claims.models.proposition import PropositionQuerySet
from claims.services.steps import ROLES
from documents.api.serializers import DocumentSerializer
from documents.models import Document
from sources.api.serializers import SourceSerializer
from sources.api.shapes import whole_sources

SOURCE = ("descriptor", "sanitised_name", "kind")
TAKES = {
    "document": (
        *(f"layer__document__{name}" for name in ("doc_number", "title", "name")),
        "layer__document__collection__name",
    ),
    "text_layer": ("layer__version",),
    "in_document_source": (
        *(f"document_source__{name}" for name in InDocumentSourceSerializer.Meta.fields if name != "source"),
        "document_source__source__merged_into_id",
    ),
    "source": (
        *(f"source__{name}" for name in SOURCE),
        *(f"source__merged_into__{name}" for name in SOURCE),
        "document_source__canonical",
    ),
    "proposition": ("proposition__text",),
    "engine": ("run__engine", "run__engine_version"),
}
"""By field: the columns of other tables that it takes. No more is loaded: each column costs, fifty times a page."""
TAKES_WHOLE = {
    "document": (
        *(f"layer__document__{field.name}" for field in Document._meta.concrete_fields),
        "layer__document__collection__name",
    ),
    "proposition": tuple(f"proposition__{name}" for name in ("text", "topic", "created_at")),
}
"""The same where it is expanded; what is not here is prefetched."""
NEVER_SHOWN = ("search", "fingerprint")


def shaped_claims(rows: ClaimQuerySet, shape: Shape, user: User) -> ClaimQuerySet:
    """With what the fields of `shape` show, newest first."""
    hidden = {*NEVER_SHOWN, *_own_columns_not_shown(shape)}
    own = [field.attname for field in Claim._meta.concrete_fields if field.name not in hidden]
    taken = _columns_taken(shape)
    rows = rows.only(*own, *taken).order_by("-id")
    if joined := {column.rsplit("__", 1)[0] for column in taken}:
        rows = rows.select_related(*sorted(joined))
    if shape.shows("grades"):
        rows = rows.with_grades()
    if shape.shows("chain"):
        rows = rows.with_tellers()
    if shape.shows("source") and "source" not in shape.expand:
        rows = rows.named_for(user)
    if "source" in shape.expand:
        sources = whole_sources(user)
        rows = rows.prefetch_related(Prefetch("source", sources), Prefetch("source__merged_into", sources))
    if "proposition" in shape.expand:
        rows = rows.prefetch_related("proposition__verdicts__by")
    return rows


def _columns_taken(shape: Shape) -> list[str]:
    """Of other tables."""
    references = [taken for field, taken in TAKES.items() if shape.shows(field) and field not in shape.expand]
    wholes = [taken for field, taken in TAKES_WHOLE.items() if field in shape.expand]
    return sorted(set(chain(*references, *wholes)))


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
