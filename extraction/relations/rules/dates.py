"""When: dates at their granularity, parts of the day, and changes from one time to another."""

from __future__ import annotations

from functools import cache

from extraction import lexicon
from extraction.relations.pair import Pair
from extraction.relations.statement import Relation, Statement, When, day

ENOUGH = 0.6
RELATIVE = frozenset(("before", "after", "until", "till", "since", "following", "during"))


def other_time(pair: Pair) -> Relation | None:
    """The same state at two times, or the same figure for two: "leads", "led until 2009"."""
    if pair.a.tense != pair.b.tense and pair.a.shifted != pair.b.shifted and not (pair.a.persists or pair.b.persists):
        return pair.result("neither", "other time") if not pair.polarity_differs else None
    if pair.event_is("measured") and are_disjoint(pair.a.times, pair.b.times):
        return pair.result("neither", "other time")
    if _is_dated_by_event(pair.a) != _is_dated_by_event(pair.b) and pair.a.tense != pair.b.tense:
        return pair.result("neither", "other time")
    return None


def _is_dated_by_event(statement: Statement) -> bool:
    """ "before the war"."""
    return any(term.role == "oblique" and term.preposition in RELATIVE for term in statement.terms)


def later_change(pair: Pair) -> Relation | None:
    """Opposite states at two times do not exclude each other, unless one is said to last."""
    if not pair.polarity_differs:
        return None
    apart = are_disjoint(pair.a.times, pair.b.times)
    if pair.a.persists or pair.b.persists:
        lasting, other = (pair.a, pair.b) if pair.a.persists else (pair.b, pair.a)
        return pair.result("neither", "later change") if apart and _is_before(lasting.times, other.times) else None
    was = {pair.a.tense, pair.b.tense} == {"past", "present"} and pair.a.is_state and pair.b.is_state
    if apart or pair.a.shifted != pair.b.shifted or was:
        return pair.result("neither", "later change")
    return None


def time(pair: Pair) -> Relation | None:
    """One event that cannot have been at both times."""
    if pair.polarity_differs or not pair.events or pair.shared_participants() < ENOUGH:
        return None
    if pair.event_is("repeating") or pair.a.is_state or pair.b.is_state or pair.a.tense != pair.b.tense:
        return None
    if are_disjoint(pair.a.times, pair.b.times):
        spans = (
            tuple((one.start, one.end) for one in pair.a.times),
            tuple((one.start, one.end) for one in pair.b.times),
        )
        return pair.result("contradicts", "time", spans=spans)
    return None


def are_disjoint(some: tuple[When, ...], others: tuple[When, ...]) -> bool:
    """Are there times on both sides, and no two of them that may be the same?"""
    pairs = [_are_apart(one, other) for one in some for other in others]
    return bool(pairs) and all(pairs)


def _are_apart(one: When, other: When) -> bool:
    if one.weekday and other.weekday and not (one.earliest and other.earliest):
        return one.weekday != other.weekday
    if one.bound or other.bound:
        return _ends_before(one, other) or _ends_before(other, one)
    (month, at), (other_month, other_at) = _month_and_day(one), _month_and_day(other)
    if not (_is_dated(one) and _is_dated(other)) and month and other_month:
        return month != other_month or bool(at and other_at and at != other_at)
    return _ends_before(one, other) or _ends_before(other, one)


def _is_dated(one: When) -> bool:
    return bool(one.earliest or one.latest)


def _month_and_day(one: When) -> tuple[int, int]:
    """What a date has of both, whether its year is known or not; 0 where it has not."""
    first, last = day(one.earliest), day(one.latest)
    if first is None or last is None:
        return one.month, one.day
    same_month = (first.year, first.month) == (last.year, last.month)
    return (first.month, first.day if first == last else 0) if same_month else (0, 0)


def _ends_before(one: When, other: When) -> bool:
    return bool(one.latest and other.earliest and one.latest < other.earliest)


def _is_before(some: tuple[When, ...], others: tuple[When, ...]) -> bool:
    return any(_ends_before(one, other) for one in some for other in others)


def time_of_day(pair: Pair) -> Relation | None:
    """Before dawn, after nightfall."""
    if pair.polarity_differs or not pair.events or not pair.is_close:
        return None
    some, others = _hours(pair.a), _hours(pair.b)
    if some and others and all(a[1] <= b[0] or b[1] <= a[0] for a in some for b in others):
        return pair.result("contradicts", "time of day")
    return None


@cache
def _day_parts() -> dict[str, tuple[float, float]]:
    return {row["word"]: (row["from"], row["to"]) for row in lexicon.rows("day_parts")}


def _hours(statement: Statement) -> list[tuple[float, float]]:
    """The hours a statement names; those before dawn begin the day, those after nightfall end it."""
    found = []
    for term in statement.terms:
        if term.lemma not in _day_parts():
            continue
        first, last = _day_parts()[term.lemma]
        if term.preposition == "before":
            first, last = 0, first
        elif term.preposition == "after":
            first, last = last, 30
        found.append((float(first), float(last)))
    return found
