"""Do they say the same?"""

from __future__ import annotations

from typing import Literal

from extraction.relations.pair import Pair
from extraction.relations.statement import Count, Relation, When

ALIKE = 0.6
ALIKE_WITHOUT_EVENT = 0.75
CONTAINED = 0.85
NOT_ONLY_CONTAINED = 0.45
"""Similarity that one statement inside a longer one needs besides."""
MORE = 0.2
"""How much more of one statement than of the other must be new for it to say more."""


def similarity(pair: Pair) -> Relation | None:
    """Enough of the same, nothing against it; "refines" where one says more."""
    if pair.polarity_differs or not _is_alike(pair):
        return None
    narrower = _narrower(pair)
    return pair.result("refines" if narrower else "corroborates", "similarity", narrower)


def _is_alike(pair: Pair) -> bool:
    similar = pair.alignment.similarity
    if pair.events or pair.near_events:
        covered = max(pair.alignment.covered("a"), pair.alignment.covered("b"))
        return similar >= ALIKE or (covered >= CONTAINED and similar >= NOT_ONLY_CONTAINED)
    least = ALIKE if pair.alignment.share_an_amount else ALIKE_WITHOUT_EVENT
    return similar >= least and not pair.events_differ


def _narrower(pair: Pair) -> Literal["", "a", "b"]:
    """Which of the two says more, if the other follows from it."""
    by_interval = {_inside(one, other) for one in pair.a.counts for other in pair.b.counts if one.unit == other.unit}
    by_interval |= {_within(one, other) for one in pair.a.times for other in pair.b.times}
    by_interval.discard("")
    if len(by_interval) == 1:
        return "a" if "a" in by_interval else "b"
    a, b = pair.alignment.covered("a"), pair.alignment.covered("b")
    if max(a, b) >= CONTAINED and abs(a - b) > MORE:
        return "a" if a < b else "b"
    return ""


def _inside(one: Count, other: Count) -> str:
    if (one.low, one.high) == (other.low, other.high):
        return ""
    if _holds(other.low, other.high, one.low, one.high):
        return "a"
    return "b" if _holds(one.low, one.high, other.low, other.high) else ""


def _holds(low: float | None, high: float | None, inner_low: float | None, inner_high: float | None) -> bool:
    from_below = low is None or (inner_low is not None and low <= inner_low)
    return from_below and (high is None or (inner_high is not None and inner_high <= high))


def _within(one: When, other: When) -> str:
    if not (one.earliest and one.latest and other.earliest and other.latest) or one == other:
        return ""
    if (one.earliest, one.latest) == (other.earliest, other.latest):
        return ""
    if other.earliest <= one.earliest and one.latest <= other.latest:
        return "a"
    return "b" if one.earliest <= other.earliest and other.latest <= one.latest else ""
