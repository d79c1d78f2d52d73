"""Is it so or not: negations, and words that mean the opposite."""

from __future__ import annotations

from extraction.relations.pair import ACTORS, Pair
from extraction.relations.statement import Count, Relation, Statement, Stretch

ENOUGH = 0.5


def polarity(pair: Pair) -> Relation | None:
    """The same event told with the other sign."""
    if not (pair.polarity_differs and pair.is_close and (pair.events or pair.near_events or pair.opposites)):
        return None
    if pair.shared_participants() < ENOUGH:
        return None
    if _are_some_and_others(pair):
        return pair.result("neither", "some and others")
    rule = "opposites" if pair.opposites else "polarity"
    return pair.result("contradicts", rule, spans=_signs(pair))


def _are_some_and_others(pair: Pair) -> bool:
    """ "Three survived", "two were killed": both may be so."""
    some, others = _of_some(pair.a), _of_some(pair.b)
    return _of_others(pair) or (
        bool(some and others) and {(one.low, one.high) for one in some} != {(one.low, one.high) for one in others}
    )


def _signs(pair: Pair) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]] | None:
    """The words that carry the sign: negations and opposites."""
    ours = [(pair.a.terms[match.a].start, pair.a.terms[match.a].end) for match in pair.opposites]
    theirs = [(pair.b.terms[match.b].start, pair.b.terms[match.b].end) for match in pair.opposites]
    return (*pair.a.negations, *ours), (*pair.b.negations, *theirs)


def _of_some(statement: Statement) -> list[Count]:
    """Counts of some only, so that the others may have fared otherwise: "three soldiers survived"."""
    if statement.universal:
        return []
    counted = [count for count in statement.counts if count.term >= 0 and not count.is_definite]
    return [count for count in counted if statement.terms[count.term].role in ACTORS]


def _of_others(pair: Pair) -> bool:
    """Are all actors they share "a soldier" in both?"""
    shared = [pair.terms(match) for match in pair.alignment.matches if match.agrees]
    actors = [(one, other) for one, other in shared if one.role in ACTORS and one.is_head and other.role in ACTORS]
    return bool(actors) and all(one.indefinite and other.indefinite for one, other in actors)
