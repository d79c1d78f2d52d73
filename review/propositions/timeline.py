"""Claims for and against on a line of time: where each mark stands. Knows no database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format

from review.charts import Tick, in_short

BUCKET = 20.0
"""Marks closer than this, in units of the picture, become one mark with their number."""
AXIS, LANE = 62.0, 30.0


@dataclass(frozen=True, slots=True)
class Said:
    """A claim on the proposition: the day it was reported and its number in the list below the picture."""

    on: date
    number: int
    denies: bool
    who: str


@dataclass(frozen=True, slots=True)
class SaidMark:
    x: float
    y: float
    label: str
    count: int
    denies: bool
    say: str


@dataclass(frozen=True, slots=True)
class Timeline:
    width: float
    height: float
    left: float
    right: float
    axis: float
    days: list[Tick]
    marks: list[SaidMark]
    verdict: float | None
    verdict_outcome: str
    narrow: bool
    both_sides: bool

    @property
    def for_y(self) -> float:
        return self.axis - LANE

    @property
    def against_y(self) -> float:
        return self.axis + LANE


def timeline(
    said: Sequence[Said], *, verdict: date | None = None, outcome: str = "", narrow: bool = False
) -> Timeline | None:
    """The line from the first claim to the last, or to the verdict. None without a claim that has a day."""
    if not said:
        return None
    width = 340.0 if narrow else 780.0
    left, right = (12.0 if narrow else 74.0), width - 16.0
    days = [each.on for each in said] + ([verdict] if verdict else [])
    first, last = _with_room(min(days), max(days))
    length = (last - first).days

    def x(day: date) -> float:
        return round(left + (right - left) * (day - first).days / length, 1)

    both = any(each.denies for each in said)
    return Timeline(
        width=width,
        height=AXIS + (LANE + 40 if both else 30),
        left=left,
        right=right,
        axis=AXIS,
        days=_ticks(first, last, x, most=3 if narrow else 6),
        marks=[*_marks(said, x, denies=False), *_marks(said, x, denies=True)],
        verdict=x(verdict) if verdict else None,
        verdict_outcome=outcome,
        narrow=narrow,
        both_sides=both,
    )


def _with_room(first: date, last: date) -> tuple[date, date]:
    """Two weeks at least, and a twentieth of the time on either side."""
    room = timedelta(days=max(7, (last - first).days // 20))
    return first - room, last + room


def _ticks(first: date, last: date, x: Callable[[date], float], *, most: int) -> list[Tick]:
    months = [
        date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        if first < date(year, month, 1) <= last
    ]
    if len(months) < 2:
        spread = (last - first) / most
        return [Tick(x(day), in_short(day)) for day in (first + spread * (part + 0.5) for part in range(most))]
    years = [month for month in months if month.month == 1]
    chosen, words = (years, "Y") if len(years) >= 3 else (months, "M Y")
    step = -(-len(chosen) // most)
    return [Tick(x(day), date_format(day, words)) for day in chosen[::step]]


def _marks(said: Sequence[Said], x: Callable[[date], float], *, denies: bool) -> Iterable[SaidMark]:
    """From the left; a mark too close to the one before joins it."""
    side = sorted((each for each in said if each.denies == denies), key=lambda each: (each.on, each.number))
    groups: list[list[Said]] = []
    for each in side:
        if groups and x(each.on) - x(groups[-1][0].on) < BUCKET:
            groups[-1].append(each)
        else:
            groups.append([each])
    for group in groups:
        places = [x(each.on) for each in group]
        yield SaidMark(
            x=round(sum(places) / len(places), 1),
            y=AXIS + LANE if denies else AXIS - LANE,
            label=str(group[0].number) if len(group) == 1 else f"{len(group)}×",
            count=len(group),
            denies=denies,
            say="; ".join(f"{each.number}. {each.who}, {in_short(each.on)}" for each in group[:12]),
        )
