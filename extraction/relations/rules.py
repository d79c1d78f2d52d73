"""The rules, in the order in which they are asked. Each takes a Pair and returns a Relation where it fires."""

from __future__ import annotations

from collections.abc import Callable

from extraction.relations.pair import Pair
from extraction.relations.statement import Relation

ALIKE = 0.6


def attitude(pair: Pair) -> Relation | None:
    """A say-so, belief, fear, plan or denial is not the fact."""
    if bool(pair.a.attitude) != bool(pair.b.attitude):
        return pair.result("neither", "attitude")
    return None


def quantity(pair: Pair) -> Relation | None:
    """Counts of the same thing that cannot both be right."""
    if not pair.event_matches or pair.shared_participants() < ALIKE:
        return None
    for one in pair.a.counts:
        for other in pair.b.counts:
            if one.unit != other.unit:
                continue
            if _ends_before(one.high, other.low) or _ends_before(other.high, one.low):
                return pair.result("contradicts", "quantity")
    return None


def _ends_before(high: float | None, low: float | None) -> bool:
    return high is not None and low is not None and high < low


def polarity(pair: Pair) -> Relation | None:
    if pair.event_matches and pair.polarity_differs and pair.shared_participants() >= ALIKE:
        return pair.result("contradicts", "polarity")
    return None


def similarity(pair: Pair) -> Relation | None:
    if pair.event_matches and not pair.polarity_differs and pair.alignment.similarity >= ALIKE:
        return pair.result("corroborates", "similarity")
    return None


RULES: tuple[Callable[[Pair], Relation | None], ...] = (attitude, quantity, polarity, similarity)
