"""Days, months and years as intervals of days; a date that lacks its year."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from extraction.spans import Granularity

PARTS_OF_MONTH = {"early": (1, 10), "mid": (11, 20), "late": (21, 31), "first half": (1, 15), "second half": (16, 31)}
PARTS_OF_YEAR = {"early": (1, 4), "mid": (5, 8), "late": (9, 12), "first half": (1, 6), "second half": (7, 12)}

SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 2)}


@dataclass(frozen=True, slots=True)
class Interval:
    """Whole days, both ends included; None is an open or unknown end."""

    earliest: date | None
    latest: date | None
    granularity: Granularity


@dataclass(frozen=True, slots=True)
class Partial:
    """What a text names of a date; day 31 of a shorter month is its last."""

    year: int | None
    month: int | None = None
    day: int | None = None
    last_day: int | None = None
    part: str = ""
    """early, mid, late, first half or second half of the month or year."""


def whole_year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def whole_month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def week_of(day: date) -> Interval:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Interval(monday, monday + timedelta(days=6), "week")


def season(name: str, year: int) -> Interval:
    """The three months of a season, by the northern year; a winter runs into the next one."""
    first, last = SEASONS[name]
    return Interval(date(year, first, 1), whole_month(year + (last < first), last)[1], "season")


def shift(day: date, months: int) -> date:
    """The same day some months on, or the last one of a shorter month; kept within the years 1 to 9999."""
    number = min(max(day.year * 12 + day.month - 1 + months, 12), 9999 * 12 + 11)
    year, month = divmod(number, 12)
    return _day(year, month + 1, day.day)


def days_around(interval: Interval, days: int) -> Interval:
    if interval.earliest is None or interval.latest is None:
        return interval
    around = timedelta(days=days)
    return Interval(interval.earliest - around, interval.latest + around, interval.granularity)


def near_day(on: date, day: int) -> Interval:
    """The day of the month nearest to `on`, in its month or a neighbouring one."""
    firsts = (shift(on.replace(day=1), step) for step in (-1, 0, 1))
    best = min((_day(first.year, first.month, day) for first in firsts), key=lambda one: abs((one - on).days))
    return Interval(best, best, "day")


def resolve(partial: Partial, on: date | None, prefer: str = "near") -> Interval:
    """The interval a partial date means. A missing year is the one nearest to `on`, or, with "past", the last begun."""
    if partial.year is not None:
        return _in_year(partial, partial.year)
    if on is None:
        return Interval(None, None, "day" if partial.day else "month")
    candidates = [_in_year(partial, year) for year in (on.year - 1, on.year, on.year + 1) if 1 <= year <= 9999]
    if prefer == "past":
        begun = [one for one in candidates if one.earliest and one.earliest <= on]
        return begun[-1]
    return min(candidates, key=lambda one: _distance(one, on))


def _distance(interval: Interval, on: date) -> int:
    assert interval.earliest is not None
    assert interval.latest is not None
    if interval.earliest <= on <= interval.latest:
        return 0
    return min(abs((interval.earliest - on).days), abs((interval.latest - on).days))


def _in_year(partial: Partial, year: int) -> Interval:
    if partial.month is None:
        first, last = PARTS_OF_YEAR.get(partial.part, (1, 12))
        return Interval(date(year, first, 1), whole_month(year, last)[1], "year" if not partial.part else "season")
    if partial.day is None:
        first, last = PARTS_OF_MONTH.get(partial.part, (1, 31))
        return Interval(_day(year, partial.month, first), _day(year, partial.month, last), "month")
    start = _day(year, partial.month, partial.day)
    end = _day(year, partial.month, partial.last_day or partial.day)
    return Interval(min(start, end), max(start, end), "day")


def _day(year: int, month: int, day: int) -> date:
    return date(year, month, min(max(day, 1), monthrange(year, month)[1]))
