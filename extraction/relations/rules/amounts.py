"""How many and how much."""

from __future__ import annotations

from extraction.relations.pair import Pair, Side
from extraction.relations.statement import Count, Relation, Statement
from extraction.relations.words import kinship

ENOUGH = 0.5
WHOLE = 100.0
CONVERTED = frozenset(("metre", "kilogram", "hectare", "litre", "watt"))
ROUNDING = 1.025
"""What a figure may gain when it is given in another unit: 100 miles are 160.9 kilometres."""


def quantity(pair: Pair) -> Relation | None:
    """Counts of the same thing that cannot both be right."""
    if pair.events_differ or pair.alignment.similarity < ENOUGH:
        return None
    if pair.polarity_differs or pair.shared_participants() < ENOUGH:
        return None
    for one in pair.a.counts:
        like = [other for other in pair.b.counts if _same_thing(pair, one, other)]
        beside = [same for same in pair.a.counts if same.term == one.term]
        if like and all(are_apart(same, other) for same in beside for other in like):
            spans = (((one.start, one.end),), tuple((other.start, other.end) for other in like))
            return pair.result("contradicts", "quantity", spans=spans)
    return None


def are_apart(one: Count, other: Count) -> bool:
    slack = ROUNDING if one.unit in CONVERTED else 1.0
    return _ends_before(one.high, other.low, slack) or _ends_before(other.high, one.low, slack)


def _ends_before(high: float | None, low: float | None, slack: float) -> bool:
    return high is not None and low is not None and high * slack < low


def _same_thing(pair: Pair, one: Count, other: Count) -> bool:
    """Do two counts count the same?"""
    if (one.lead == "to") != (other.lead == "to"):
        return False
    if one.term >= 0 and other.term >= 0:
        match = pair.alignment.of_a.get(one.term)
        if match is not None and match.b == other.term:
            return (one.unit == "%") == (other.unit == "%")
        return False
    if one.term < 0 and other.term < 0:
        return one.unit == other.unit
    return one.unit == other.unit or kinship(one.unit, "noun", other.unit, "noun") in {"same", "synonym"}


def quantifier(pair: Pair) -> Relation | None:
    """All, against only some or a share."""
    if not (pair.events or pair.near_events) or pair.polarity_differs or not pair.is_close:
        return None
    sides: tuple[tuple[Statement, Side, Statement], ...] = ((pair.a, "b", pair.b), (pair.b, "a", pair.a))
    for side, _, other in sides:
        if (
            side.universal
            and not side.negated
            and not other.universal
            and any(_is_less(one, other) for one in other.counts)
        ):
            return pair.result("contradicts", "quantifier")
    return None


def _is_less(count: Count, statement: Statement) -> bool:
    """ "a third of the ships", "only nine of the twelve"."""
    if count.unit == "%":
        return count.term >= 0 and count.high is not None and count.high < WHOLE
    return statement.exclusive and count.term >= 0 and not count.is_definite
