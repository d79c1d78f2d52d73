"""Which claims stand in words that two documents share: one had them from the other, or both from a third."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from claims.models import Claim, ClaimState
from documents.models import Document, SharedPassage

INSIDE = 0.5
"""Part of a claim's content that must stand in the passage."""

SAME_WORDS = 0.7
"""Part of the shorter content's words that must stand in the other: a bad scan spoils some of them."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Repeated:
    """A claim of the document asked about, a claim of another one with the same words, and the passage around both."""

    claim: Claim
    other: Claim
    passage: SharedPassage


def claims_in_shared_passages(document: Document) -> Iterator[Repeated]:
    """Pairs of claims that lie in the same shared passage and say the same, in the order of the document's text.

    Rejected and superseded claims are left out. Whoever shows a pair asks whether the user may see both: the other
    document may be in another collection. Two queries.
    """
    passages = list(SharedPassage.objects.of_document(document).for_list())
    layers = {layer for passage in passages for layer in (passage.layer_id, passage.other_layer_id)}
    by_layer: dict[int, list[Claim]] = defaultdict(list)
    stand = Claim.objects.filter(layer__in=layers, state__in=[ClaimState.CANDIDATE, ClaimState.ACCEPTED])
    for claim in stand.defer("search").in_reading_order() if layers else ():
        by_layer[claim.layer_id].append(claim)
    seen: set[tuple[int, int]] = set()
    for passage in passages:
        mine, theirs = (passage.layer_id, passage.start, passage.end), _elsewhere(passage)
        if passage.layer.document_id != document.pk:
            mine, theirs = theirs, mine
        others = [claim for claim in by_layer[theirs[0]] if _inside(claim, *theirs[1:])]
        for claim in by_layer[mine[0]]:
            if not _inside(claim, *mine[1:]):
                continue
            other = _partner(claim, others)
            if other is not None and (claim.pk, other.pk) not in seen:
                seen.add((claim.pk, other.pk))
                yield Repeated(claim, other, passage)


def _elsewhere(passage: SharedPassage) -> tuple[int, int, int]:
    return passage.other_layer_id, passage.other_start, passage.other_end


def _inside(claim: Claim, start: int, end: int) -> bool:
    inside = sum(max(0, min(last, end) - max(first, start)) for first, last in claim.content_fragments)
    return bool(inside >= INSIDE * sum(last - first for first, last in claim.content_fragments))


def _partner(claim: Claim, others: list[Claim]) -> Claim | None:
    """The one whose content is the most alike, if any is alike enough; the first of equals."""
    best = max(others, key=lambda other: (_same_words(claim, other), -other.start), default=None)
    return best if best is not None and _same_words(claim, best) >= SAME_WORDS else None


def _same_words(claim: Claim, other: Claim) -> float:
    one, two = (Counter(_WORD.findall(each.content_quote.casefold())) for each in (claim, other))
    return (one & two).total() / max(1, min(one.total(), two.total()))
