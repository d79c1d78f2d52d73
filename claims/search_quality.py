"""How good the search is, on a collection of claims and queries with known answers (CheckThat! 2020, task 2).

The claims become propositions, and what is measured is `claims.search` itself. Nothing of it stays in the database.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import fmean

from django.db import connection, transaction

from accounts.models import User
from claims.models import Claim, ClaimState, Proposition, Stance
from claims.search import propositions_like
from documents.models import Collection, Document, DocumentState, Original, TextLayer
from sources.models import Source

DEPTH = 5
"""Of mean average precision: what an analyst looks at."""

LOOKED_AT = 50
"""Answers asked for; the reciprocal rank of anything beyond is 0."""

csv.field_size_limit(1 << 24)


class BadCollection(ValueError):
    """The folder does not hold what is expected; the message says what is missing."""


@dataclass(frozen=True)
class Known:
    """One claim of the collection: its id there, its wording, and a second wording, such as a headline, if any."""

    id: str
    text: str
    title: str = ""


@dataclass(frozen=True)
class Asked:
    """One query, and the ids of the claims that answer it."""

    text: str
    answers: frozenset[str]


@dataclass(frozen=True)
class Quality:
    """Means over the queries, 0 to 1."""

    queries: int
    average_precision: float
    first_right: float
    reciprocal_rank: float


def read_known(folder: Path) -> list[Known]:
    """From the first `*docs*.tsv` in or below the folder: id, wording, title. Raises BadCollection."""
    files = sorted(folder.rglob("*docs*.tsv"))
    if not files:
        raise BadCollection(f"There is no file of claims (*docs*.tsv) in {folder}.")
    rows = [[*row, ""] for row in _rows(files[0]) if len(row) > 1 and row[1].strip()]
    return [Known(row[0], row[1], row[2]) for row in rows if row[0].strip()]


def read_splits(folder: Path) -> dict[str, list[Asked]]:
    """Of each folder with `*queries*.tsv` and `*.qrels`: its name and the queries that have an answer.

    Raises BadCollection where there is none.
    """
    splits = {}
    for file in sorted(folder.rglob("*queries*.tsv")):
        answers = _answers(file.parent)
        asked = [Asked(row[1], frozenset(answers[row[0]])) for row in _rows(file) if row[0] in answers and len(row) > 1]
        if asked:
            splits[str(file.parent.relative_to(folder))] = asked
    if not splits:
        raise BadCollection(f"No folder in {folder} has queries (*queries*.tsv) and answers (*.qrels).")
    return splits


def _answers(folder: Path) -> dict[str, set[str]]:
    """Lines "query 0 claim relevance", with tabs or blanks; relevance 0 is no answer."""
    answers: dict[str, set[str]] = {}
    for file in sorted(folder.glob("*qrels*")):
        for line in file.read_text(encoding="utf-8-sig").splitlines():
            parts = line.split()
            if len(parts) == 4 and re.fullmatch(r"[1-9]\d*", parts[3]):
                answers.setdefault(parts[0], set()).add(parts[2])
    return answers


def _rows(file: Path) -> Iterator[list[str]]:
    """Lines of tab-separated values with or without a headline, which has no number in front."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.reader(lines, delimiter="\t"):
            if row and re.search(r"\d", row[0]):
                yield row


def measure(known: Sequence[Known], splits: dict[str, list[Asked]]) -> Iterator[tuple[str, Quality]]:
    """Of each split, its name and how good the search is. Everything stored for it is rolled back at the end."""
    with transaction.atomic():
        user, ids = _store(known)
        _take_statistics()
        for name, asked in splits.items():
            ranked = [
                [ids[match.proposition_id] for match in propositions_like(each.text, user=user, most=LOOKED_AT)]
                for each in asked
            ]
            yield name, quality(ranked, [each.answers for each in asked])
        transaction.set_rollback(True)
    _take_statistics()


def quality(ranked: Sequence[Sequence[str]], answers: Sequence[frozenset[str]]) -> Quality:
    """ranked: of each query the ids found, best first; answers: those that are right."""
    pairs = list(zip(ranked, answers, strict=True))
    return Quality(
        queries=len(pairs),
        average_precision=fmean(average_precision(found, right) for found, right in pairs),
        first_right=fmean(bool(found) and found[0] in right for found, right in pairs),
        reciprocal_rank=fmean(reciprocal_rank(found, right) for found, right in pairs),
    )


def average_precision(found: Sequence[str], right: frozenset[str], *, depth: int = DEPTH) -> float:
    hits, total = 0, 0.0
    for place, answer in enumerate(found[:depth], start=1):
        if answer in right:
            hits += 1
            total += hits / place
    return total / min(len(right), depth)


def reciprocal_rank(found: Sequence[str], right: frozenset[str]) -> float:
    return next((1 / place for place, answer in enumerate(found, start=1) if answer in right), 0.0)


def _store(known: Sequence[Known]) -> tuple[User, dict[int, str]]:
    """The claims as propositions in a collection of their own, the titles as claims on them; and who may see them."""
    user = User.objects.create(username="search-quality")
    collection = Collection.objects.create(name="search-quality")
    collection.members.add(user)
    wordings = [each.title or each.text for each in known]
    layer = _layer(collection, "\n".join(wordings))
    source = Source.objects.create(descriptor="search-quality")
    propositions = Proposition.objects.bulk_create((Proposition(text=each.text) for each in known), batch_size=2_000)
    claims, start = [], 0
    for number, (wording, proposition) in enumerate(zip(wordings, propositions, strict=True)):
        claims.append(
            Claim(
                layer=layer,
                collection=collection,
                fingerprint=f"{number:064x}",
                start=start,
                content_quote=wording,
                content_fragments=[[start, start + len(wording)]],
                type="direct",
                state=ClaimState.ACCEPTED,
                source=source,
                proposition=proposition,
                stance=Stance.ASSERTS,
            )
        )
        start += len(wording) + 1
    Claim.objects.bulk_create(claims, batch_size=2_000)
    return user, {proposition.pk: each.id for proposition, each in zip(propositions, known, strict=True)}


def _layer(collection: Collection, text: str) -> TextLayer:
    data = text.encode()
    original = Original.objects.create(sha256=sha256(data).hexdigest(), content=data, size=len(data))
    document = Document.objects.create(
        collection=collection, original=original, name="claims", state=DocumentState.EXTRACTED
    )
    return TextLayer.objects.create(
        document=document, version=1, reader="search-quality", reader_version="1", text=text
    )


def _take_statistics() -> None:
    """What autovacuum does for a database in use: statistics, which the search asks, and text indexes in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('proposition_search'), gin_clean_pending_list('claim_search')")
        cursor.execute("ANALYZE claims_proposition, claims_claim")
