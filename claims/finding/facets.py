"""How the newest hits are spread over sources, cues, grades, days: counted over at most READ of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import JSONField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from claims.finding.matching import Reader
from claims.finding.wanted import NONE, Kind, Wanted
from claims.models import ClaimState, CredibilityAssessment, SecondReview, Verdict
from claims.models.claim import ClaimQuerySet
from documents.models import DocumentQuerySet
from sources.models import TrackRecord

READ = 2_000
"""Hits of a search that are read, the newest: they are counted, and their facets. So many take about 50 ms of processor
time with 200,000 claims; a word that stands in 100,000 of them takes no longer."""

CLAIM_FACETS = (
    "state",
    "source",
    "cue",
    "type",
    "reliability",
    "credibility",
    "outcome",
    "reported",
    "about",
    "collection",
)
DOCUMENT_FACETS = ("reported", "about", "author", "classification", "collection")


@dataclass(frozen=True, slots=True)
class Facets:
    """Of the newest hits. hits: their ids, newest first. more: there are others that were not read.

    by_name: `{name: {value: how many}}`, without those hits of which the value is not known.
    """

    hits: list[int]
    more: bool
    by_name: Mapping[str, Counter[Any]]


def facets_of(rows: ClaimQuerySet | DocumentQuerySet, wanted: Wanted, reader: Reader) -> Facets:
    """One query, whatever fits."""
    of_claims = wanted.kind == Kind.CLAIMS
    columns = _claim_columns(rows, reader) if of_claims else _document_columns(rows)
    found = list(columns.order_by("-pk")[: READ + 1])
    more = len(found) > READ
    del found[READ:]
    read = [(_claim_values if of_claims else _document_values)(*row) for _, *row in found]
    names = CLAIM_FACETS if of_claims else DOCUMENT_FACETS
    by_name = {name: Counter(values[name] for values in read if values.get(name)) for name in names}
    return Facets([row[0] for row in found], more, by_name)


def _claim_values(
    seen: Mapping[str, Any] | None,
    state: str,
    cue: str,
    kind: str,
    reported: date | None,
    about: date | None,
    collection: int,
    source: int | None,
    letter: str | None,
    digit: str | None,
    outcome: str | None,
) -> dict[str, Any]:
    """What a reader sees of a claim; `seen` is their own version of it."""
    values: dict[str, Any] = {"collection": collection, "reported": reported}
    if seen is not None:
        day = seen.get("information_date")
        about = date.fromisoformat(day) if day else None
        return values | {"state": seen["state"], "cue": seen["cue_quote"].lower(), "type": seen["type"], "about": about}
    values |= {"state": state, "cue": cue.lower(), "type": kind, "about": about, "source": source}
    if state == ClaimState.ACCEPTED:
        values |= {"reliability": letter or NONE, "credibility": digit or NONE, "outcome": outcome or NONE}
    return values


def _document_values(
    reported: date | None, about: date | None, author: str, classification: str, collection: int
) -> dict[str, Any]:
    return {
        "reported": reported,
        "about": about,
        "author": author,
        "classification": classification,
        "collection": collection,
    }


def _claim_columns(rows: Any, reader: Reader) -> QuerySet[Any, tuple[Any, ...]]:
    standing = Coalesce(OuterRef("source__merged_into"), OuterRef("source"))
    letter = TrackRecord.objects.overall().filter(source=standing)
    digit = CredibilityAssessment.objects.filter(claim=OuterRef("pk")).newest_first()
    verdict = Verdict.objects.in_force().filter(proposition=OuterRef("proposition"))
    own = SecondReview.objects.worked_on_by(reader.user).filter(claim=OuterRef("pk"))
    seen: Any = Value(None, output_field=JSONField(null=True))
    if reader.has_versions:
        seen = Subquery(own.values("seen")[:1], output_field=JSONField(null=True))
    columns: QuerySet[Any, tuple[Any, ...]] = rows.values_list(
        "pk",
        seen,
        "state",
        "cue_quote",
        "type",
        "reported_date",
        "information_date",
        "collection_id",
        Coalesce("source__merged_into", "source_id"),
        Subquery(letter.values("grade")[:1]),
        Subquery(digit.values("grade")[:1]),
        Subquery(verdict.values("outcome")[:1]),
    )
    return columns


def _document_columns(rows: Any) -> QuerySet[Any, tuple[Any, ...]]:
    columns: QuerySet[Any, tuple[Any, ...]] = rows.values_list(
        "pk", "document_date", "information_date", "author", "classification", "collection_id"
    )
    return columns
