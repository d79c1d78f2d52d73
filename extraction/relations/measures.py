"""The quantities and times of a statement, in the form in which two of them are compared."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from extraction.commitment.numbers import tokens
from extraction.commitment.quantities import read_quantities
from extraction.commitment.time_patterns import WEEKDAYS, months
from extraction.commitment.times import times
from extraction.commitment.units import in_base_unit, singular, unit_names
from extraction.relations.statement import Count, When

if TYPE_CHECKING:
    from extraction.relations.statement import Term
    from extraction.spans import Quantity, TimeExpression

SHARES = {"half": 50.0, "third": 33.33, "quarter": 25.0, "fifth": 20.0, "tenth": 10.0}
FRACTION = re.compile(rf"\bby (?:a |one )?({'|'.join(SHARES)})\b", re.IGNORECASE)
BOUNDS = ("since", "from", "until", "till", "through", "by", "before", "prior to", "after", "following")
LEADS = frozenset(("by", "to", "from"))
AMOUNTING = frozenset(("amount", "amounts", "amounted", "amounting", "comes", "came", "runs", "ran"))
DEFINITE = frozenset(("the", "these", "those", "all", "his", "her", "their", "its", "our"))
BEFORE = 20
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
        weekday=next((name for name in WEEKDAYS if name in one.span.quote.lower()), ""),
        bound=next((word for word in BOUNDS if one.span.quote.lower().startswith(word + " ")), ""),
    )


def _month_and_day(words: str) -> tuple[int, int]:
    """ "on 3 May" -> (5, 3): what a date without its year still tells."""
    found = [token.low for token in tokens(words)]
    named = [months()[word] for word in found if word in months()]
    days = [int(word) for word in found if word.isdecimal() and 0 < int(word) < 32]
    return (named[0], days[0] if len(days) == 1 else 0) if len(named) == 1 else (0, 0)


def numbers(text: str, found: tuple[When, ...]) -> list[Quantity]:
    """The quantities of a text whose times are known."""
    return read_quantities(text, [(one.start, one.end) for one in found])


def counts(text: str, quantities: list[Quantity], terms: tuple[Term, ...]) -> tuple[Count, ...]:
    return (*(_count(text, one, terms) for one in quantities), *_implied(terms), *_fractions(text, quantities))


def _implied(terms: tuple[Term, ...]) -> list[Count]:
    """ "doubled" is a rise by 100 percent."""
    shares = {"double": 100.0, "triple": 200.0, "treble": 200.0, "quadruple": 300.0, "halve": 50.0}
    return [
        Count(shares[term.lemma], shares[term.lemma], "%", -1, "by", True, term.start, term.end)
        for term in terms
        if term.lemma in shares and term.role == "event"
    ]


def _fractions(text: str, quantities: list[Quantity]) -> list[Count]:
    """ "fell by a quarter last year", where the quarter could be one of a year."""
    return [
        Count(SHARES[found[1].lower()], SHARES[found[1].lower()], "%", -1, "by", False, found.start(), found.end())
        for found in FRACTION.finditer(text)
        if not any(one.span.start < found.end() and found.start() < one.span.end for one in quantities)
    ]


def _count(text: str, quantity: Quantity, terms: tuple[Term, ...]) -> Count:
    base = in_base_unit(quantity)
    before = [token.low for token in tokens(text[max(0, quantity.span.start - BEFORE) : quantity.span.start])]
    return Count(
        low=base.low,
        high=base.high,
        unit=base.unit,
        term=_counted(quantity, terms),
        lead=before[-1] if before and before[-1] in LEADS and not set(before[-2:-1]) & AMOUNTING else "",
        is_definite=bool(before) and before[-1] in DEFINITE,
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
