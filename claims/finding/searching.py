"""One search: a page of hits with their snippets, how many there are, and how they are spread.

Hits come newest first, which an index answers however common a word is; ranking would read all of them (half a second
at a million claims). Counted and spread are the newest `facets.READ`, so that no search costs more than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from django.db.models import Prefetch

from accounts.models import User
from claims.finding.facets import READ, Facets, facets_of
from claims.finding.matching import Reader, rows_matching, words_of
from claims.finding.snippets import Snippet, passages_of, snippets
from claims.finding.wanted import Kind, Wanted
from claims.finding.words import Words
from claims.models import Claim, Verdict
from documents.models import Document

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Hit:
    """row: a Claim as its reader sees it, or a Document. stored_as: the id of the claim, or of the document's text."""

    row: Any
    snippet: Snippet
    stored_as: int


@dataclass(frozen=True, slots=True)
class Found:
    """next_before: where the next page begins, None on the last. others: how many hits of the other kind, at most
    READ + 1."""

    wanted: Wanted
    words: Words
    hits: list[Hit]
    facets: Facets
    others: int
    next_before: int | None

    @property
    def total(self) -> int:
        return len(self.facets.hits)

    @property
    def more(self) -> bool:
        """There are more than `total`."""
        return self.facets.more


def search(wanted: Wanted, user: User, *, before: int | None = None, size: int = PAGE_SIZE) -> Found:
    """before: the id of the last hit on the page before. The same number of queries for any number of hits."""
    reader, words = Reader.of(user), words_of(wanted)
    rows = rows_matching(wanted, words, reader)
    facets = facets_of(rows, wanted, reader)
    ids = _page(rows, facets, before, size)
    shown = ids[:size]
    hits = (_claims if wanted.kind == Kind.CLAIMS else _documents)(shown, words, user)
    other = wanted.of_kind(Kind.DOCUMENTS if wanted.kind == Kind.CLAIMS else Kind.CLAIMS)
    # In order, so that PostgreSQL stops when it has enough instead of gathering all that have a common word.
    others = rows_matching(other, words, reader).order_by("-pk")[: READ + 1].count()
    return Found(wanted, words, hits, facets, others, shown[-1] if len(ids) > size else None)


def _page(rows: Any, facets: Facets, before: int | None, size: int) -> list[int]:
    """The ids of one page and of the first hit behind it: of those read already, unless the page lies behind them."""
    passed = sum(1 for _ in takewhile(lambda pk: before is not None and pk >= before, facets.hits))
    ids = facets.hits[passed : passed + size + 1]
    if len(ids) > size or not facets.more:
        return ids
    return list(rows.filter(pk__lt=before).order_by("-pk").values_list("pk", flat=True)[: size + 1])


def _claims(ids: list[int], words: Words, user: User) -> list[Hit]:
    verdicts = Prefetch("proposition__verdicts", Verdict.objects.in_force())
    rows = Claim.objects.filter(pk__in=ids).as_seen_by(user).for_list().with_tellers().named_for(user)
    claims = list(rows.prefetch_related(verdicts))
    cut = snippets([claim.content_quote for claim in claims], words)
    return [Hit(claim, snippet, claim.pk) for claim, snippet in zip(claims, cut, strict=True)]


def _documents(ids: list[int], words: Words, user: User) -> list[Hit]:
    documents = list(Document.objects.filter(pk__in=ids).for_list())
    passages = passages_of(ids, words)
    found = [passages.get(document.pk, (0, "")) for document in documents]
    cut = snippets([piece for _, piece in found], words)
    return [Hit(document, snippet, layer) for document, snippet, (layer, _) in zip(documents, cut, found, strict=True)]
