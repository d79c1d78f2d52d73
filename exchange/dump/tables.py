"""What a dump holds: kinds of rows, in an order in which each stands after those that it names.

Columns are read off the models: a field that comes to a model comes into the dump by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Field, ForeignKey

from accounts.models import User
from claims import models as claims
from documents import models as documents
from exchange.models import RowKind
from sources import models as sources


@dataclass(frozen=True)
class Table:
    """kind: what its rows are called. named: whether they have an id outside. later: columns that may name a row of the
    same kind, and are written when all rows of it are there. only: the columns that are in a dump; empty: all. many:
    fields that name many rows of another kind."""

    kind: str
    model: type[models.Model]
    named: bool = True
    later: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    many: tuple[str, ...] = ()

    @cached_property
    def plain(self) -> list[Field[Any, Any]]:
        """Columns with values of their own."""
        return [field for field in self._columns() if not isinstance(field, ForeignKey)]

    @cached_property
    def references(self) -> dict[str, str]:
        """Columns that name a row: `{field: kind of row}`."""
        return {field.name: KIND_OF[field.related_model] for field in self._columns() if isinstance(field, ForeignKey)}

    @cached_property
    def lists(self) -> dict[str, str]:
        """Fields that name many rows: `{field: kind of row}`."""
        return {name: KIND_OF[self.model._meta.get_field(name).related_model] for name in self.many}

    def _columns(self) -> Iterator[Field[Any, Any]]:
        for field in self.model._meta.concrete_fields:
            own_key = field.primary_key and not isinstance(field, ForeignKey) and self.model is not documents.Original
            unwanted = bool(self.only) and field.name not in self.only
            if not (own_key or getattr(field, "generated", False) or unwanted):
                yield field


TABLES = (
    Table(RowKind.USER, User, only=("username", "first_name", "last_name")),
    Table(RowKind.COLLECTION, documents.Collection),
    Table("original", documents.Original, named=False),
    Table(RowKind.DOCUMENT, documents.Document, later=("near_duplicate_of",)),
    Table(RowKind.LAYER, documents.TextLayer),
    Table("passage", documents.SharedPassage, named=False),
    Table(RowKind.RUN, claims.ExtractionRun),
    Table(RowKind.SOURCE, sources.Source, later=("merged_into",)),
    Table(RowKind.ALIAS, sources.SourceAlias),
    Table(RowKind.MERGE, sources.SourceMerge),
    Table(RowKind.RELIABILITY, sources.ReliabilityAssessment),
    Table(RowKind.DOCUMENT_SOURCE, claims.DocumentSource, many=("members",)),
    Table(RowKind.QUESTION, claims.Question),
    Table(RowKind.PROPOSITION, claims.Proposition),
    Table(RowKind.CLAIM, claims.Claim, later=("source",)),
    Table("chain", claims.ChainLink, named=False),
    Table(RowKind.CLAIM_LINK, claims.ClaimLink),
    Table(RowKind.PROPOSITION_LINK, claims.PropositionLink),
    Table(RowKind.SPLIT, claims.SourceSplit),
    Table(RowKind.MOVE, claims.PropositionMove),
    Table(RowKind.INDEPENDENCE, claims.IndependentOrigin),
    Table(RowKind.NOTICE, claims.OriginNotice),
    Table(RowKind.CREDIBILITY, claims.CredibilityAssessment),
    Table(RowKind.FLAG, claims.GradeFlag),
    Table(RowKind.VERDICT, claims.Verdict),
    Table(RowKind.DISCREDITING, claims.Discrediting),
    Table(RowKind.SECOND_REVIEW, claims.SecondReview),
    Table(RowKind.REVIEW, claims.Review),
    Table(RowKind.NOTE, claims.Note),
    Table("addressee", claims.Addressee, named=False),
    Table(RowKind.CALIBRATION, claims.ScoreCalibration),
    Table("engine_score", claims.EngineScore, named=False),
    Table("awaited_comparison", claims.AwaitedComparison, named=False),
)
KIND_OF: dict[Any, str] = {table.model: table.kind for table in TABLES}
BY_KIND = {table.kind: table for table in TABLES}
