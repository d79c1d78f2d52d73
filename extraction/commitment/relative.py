"""Times that lean on the day of the document: yesterday, last week, the past two months, three days ago."""

from __future__ import annotations

import re
from datetime import date, timedelta

from extraction.commitment.calendar import SEASONS, Interval, season, shift, week_of, whole_month, whole_year
from extraction.commitment.numbers import number_at, tokens
from extraction.commitment.time_patterns import WEEKDAYS
from extraction.spans import Granularity

AHEAD = re.compile(
    r"\b(?:will|shall|would|next|upcoming|scheduled|plans?|intends?|to be|to meet|coming)\b", re.IGNORECASE
)


def relative(kind: str, words: str, lead: str, on: date | None) -> Interval | None:
    granularity = _granularity(kind, words)
    if on is None or kind == "later":
        return Interval(None, None, granularity)
    if kind == "near":
        return Interval(on, None, "open")
    if kind == "deictic":
        return _deictic(words, on)
    if kind == "weekday":
        return _weekday(words.rstrip("s"), lead, on)
    if kind == "relative":
        return _calendar_unit(words, on)
    return _counted(kind, words, on)


def _granularity(kind: str, words: str) -> Granularity:
    if kind == "near":
        return "open"
    units: tuple[Granularity, ...] = ("decade", "year", "month", "week")
    for unit in units:
        if unit in words and "weekend" not in words:
            return unit
    return "season" if any(season in words.split() for season in SEASONS) else "day"


def _deictic(words: str, on: date) -> Interval:
    if "weekend" in words:
        saturday = on - timedelta(days=(on.weekday() - 5) % 7)
        return Interval(saturday, saturday + timedelta(days=1), "day")
    steps = {"yesterday": -1, "last night": -1, "the day before yesterday": -2, "tomorrow": 1}
    day = on + timedelta(days=steps.get(words, 0))
    return Interval(day, day, "day")


def _weekday(name: str, lead: str, on: date) -> Interval:
    """The latest such day up to `on`; the next one where the words before speak of what is to come."""
    number = WEEKDAYS.index(name)
    back = (on.weekday() - number) % 7
    day = on - timedelta(days=back)
    if AHEAD.search(lead) and back:
        day += timedelta(days=7)
    return Interval(day, day, "day")


def _calendar_unit(words: str, on: date) -> Interval | None:
    which, unit = words.split()
    step = {"last": -1, "previous": -1, "this": 0, "next": 1, "coming": 1}[which]
    if unit in WEEKDAYS:
        back = (on.weekday() - WEEKDAYS.index(unit)) % 7
        day = on - timedelta(days=back or (7 if step < 0 else 0))
        day += timedelta(days=7 if step >= 0 and day < on else 0)
        day += timedelta(days=7 if step > 0 and day == on else 0)
        return Interval(day, day, "day")
    if unit == "weekend":
        saturday = on - timedelta(days=on.weekday() + 2) + timedelta(days=7 * (step + 1))
        return Interval(saturday, saturday + timedelta(days=1), "day")
    if unit == "week":
        return week_of(on + timedelta(days=7 * step))
    if unit == "month":
        first = shift(on.replace(day=1), step)
        return Interval(*whole_month(first.year, first.month), "month")
    if unit == "year":
        return Interval(*whole_year(on.year + step), "year")
    return season(unit, on.year + step)


def _counted(kind: str, words: str, on: date) -> Interval | None:
    """ "the past two weeks", "three days ago", "within a month"."""
    count = _count(words)
    granularity = _granularity(kind, words)
    ahead = kind == "within" or re.search(r"\b(?:next|coming)\b", words) is not None
    step = {"decade": 120, "year": 12, "month": 1}.get(granularity)
    if step:
        edge = shift(on, (count if ahead else -count) * step)
    else:
        days = -(-count // 24) if "hour" in words else count * (7 if granularity == "week" else 1)
        edge = on + timedelta(days=min(days, 40_000) * (1 if ahead else -1))
    if kind == "ago":
        if granularity == "year":
            return Interval(*whole_year(edge.year), "year")
        if granularity == "month":
            return Interval(*whole_month(edge.year, edge.month), "month")
        return Interval(edge, edge, granularity)
    if kind == "within" and words.endswith("time"):
        return Interval(edge, edge, granularity)
    return Interval(on, edge, granularity) if ahead else Interval(edge, on, granularity)


def _count(words: str) -> int:
    """The highest number the words allow; 1 where they give none."""
    found = tokens(words)
    for at in range(len(found)):
        number = number_at(found, at)
        if number is not None:
            return min(int(number.high), 999)
    return 1
