"""The quantities and times of a statement, in the form in which two of them are compared."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from extraction.commitment.numbers import tokens
from extraction.commitment.quantities import read_quantities
from extraction.commitment.time_patterns import months
from extraction.commitment.times import times
from extraction.commitment.units import in_base_unit, singular, unit_names
from extraction.relations.statement import Count, When

if TYPE_CHECKING:
    from extraction.relations.statement import Term
    from extraction.spans import Quantity, TimeExpression

REACH = 40
"""Characters behind a number within which the noun it counts begins."""


def whens(text: str, on: date | None) -> tuple[When, ...]:
    return tuple(_when(one) for one in times(text, on))


def _when(one: TimeExpression) -> When:
    month, day = (0, 0) if one.earliest or one.latest else _month_and_day(one.span.quote)
    return When(
        earliest=one.earliest.isoformat() if one.earliest else "",
        latest=one.latest.isoformat() if one.latest else "",
        granularity=one.granularity,
        start=one.span.start,
        end=one.span.end,
        month=month,
        day=day,
    )


def _month_and_day(words: str) -> tuple[int, int]:
    """ "on 3 May" -> (5, 3): what a date without its year still tells."""
    found = [token.low for token in tokens(words)]
    named = [months()[word] for word in found if word in months()]
    days = [int(word) for word in found if word.isdecimal() and 0 < int(word) < 32]
    return (named[0], days[0] if len(days) == 1 else 0) if len(named) == 1 else (0, 0)


def counts(text: str, found: tuple[When, ...], terms: tuple[Term, ...]) -> tuple[Count, ...]:
    quantities = read_quantities(text, [(one.start, one.end) for one in found])
    return tuple(_count(text, one, terms) for one in quantities)


def _count(text: str, quantity: Quantity, terms: tuple[Term, ...]) -> Count:
    base = in_base_unit(quantity)
    words = quantity.span.quote.lower().split()
    return Count(
        low=base.low,
        high=base.high,
        unit=base.unit,
        term=_counted(quantity, terms),
        is_exact=quantity.comparator in {"=", "~", "range"},
        is_partial=" of the " in f" {text[quantity.span.start : quantity.span.end + 8].lower()} " and words[0] != "all",
        start=quantity.span.start,
        end=quantity.span.end,
    )


def _counted(quantity: Quantity, terms: tuple[Term, ...]) -> int:
    """The term a number counts: its unit as a noun, else the next noun behind a bare number or a share."""
    behind = [
        (number, term)
        for number, term in enumerate(terms)
        if term.end > quantity.span.start and term.start < quantity.span.end + REACH and term.pos in {"noun", "name"}
    ]
    for number, term in behind:
        if quantity.unit and singular(term.lemma) == quantity.unit:
            return number
    measured = quantity.unit in set(unit_names().values()) and quantity.unit != "%"
    if measured:
        return -1
    return next((number for number, term in behind if term.start >= quantity.span.end - 1 and term.is_head), -1)
