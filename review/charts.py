"""Where everything in a picture stands. The templates draw it as SVG with classes, so the style sheet colours it.

A picture is made twice, wide and narrow, so that its letters stay readable on a phone; the style sheet shows one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.dates import MONTHS_3
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from grading.scales import Reliability
from grading.scores import Bin
from grading.suggestion import BANDS

BAND_OF = {band.letter: band for band in BANDS}
LANE_HEIGHT = 17.0
LANE_GAP = 8.0
BUCKET = 7.0
"""Marks closer than this, in units of the picture, become one mark with their number."""
MANY = 120
"""From so many verdicts on, marks within twice that distance become one."""
LANES = ("true", "partly", "false")


@dataclass(frozen=True, slots=True)
class Moment:
    """What a source's record said on one day: mean and 80 % interval, each from 0 to 1."""

    on: date
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict as the record counts it: the day it is known from, and its outcome seen from the claim."""

    on: date
    outcome: str


@dataclass(frozen=True, slots=True)
class Graded:
    """A letter somebody gave from this day on."""

    on: date
    letter: Reliability
    by: str


@dataclass(frozen=True, slots=True)
class BandShape:
    letter: str
    name: str
    y: float
    height: float
    middle: float
    odd: bool


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class MarkShape:
    x: float
    y: float
    outcome: str
    count: int
    say: str


@dataclass(frozen=True, slots=True)
class GradeShape:
    letter: str
    x: float
    width: float
    y: float
    say: str
    drop: float | None
    """How far, and which way, the line goes to the grade before; None for the first."""


@dataclass(frozen=True, slots=True)
class Lane:
    outcome: str
    name: str
    y: float


@dataclass(frozen=True, slots=True)
class RecordChart:
    """A source's record over time with all that belongs on the same picture."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    bands: list[BandShape]
    shares: list[Tick]
    days: list[Tick]
    interval: str
    mean: str
    end: tuple[float, float] | None
    lanes: list[Lane]
    marks: list[MarkShape]
    grades: list[GradeShape]
    floor: float
    """The lower end of the lowest lane: where the days are written."""
    narrow: bool = False

    @property
    def plot_width(self) -> float:
        return self.right - self.left

    @property
    def plot_height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Scale:
    """From days and shares to places in the picture."""

    first: date
    last: date
    left: float
    right: float
    top: float
    bottom: float

    def x(self, on: date) -> float:
        days = max(1, (self.last - self.first).days)
        part = min(1.0, max(0.0, (on - self.first).days / days))
        return round(self.left + part * (self.right - self.left), 1)

    def y(self, share: float) -> float:
        return round(self.bottom - share * (self.bottom - self.top), 1)


def record_chart(
    moments: Sequence[Moment],
    verdicts: Sequence[Judged],
    grades: Sequence[Graded],
    *,
    until: date,
    narrow: bool = False,
) -> RecordChart:
    """The picture of a record up to `until`. Moments, verdicts and grades are oldest first and not after `until`."""
    width, plot = (360.0, 190.0) if narrow else (820.0, 230.0)
    left, right, top = (32.0, width - 20.0, 8.0) if narrow else (74.0, width - 30.0, 8.0)
    scale = Scale(_begins(moments, verdicts, grades, until), until, left, right, top, top + plot)
    not_judged = scale.bottom + LANE_HEIGHT if any(grade.letter is Reliability.F for grade in grades) else scale.bottom
    lanes = [
        Lane(outcome, _lane_name(outcome), round(not_judged + LANE_GAP + LANE_HEIGHT * (number + 0.5), 1))
        for number, outcome in enumerate(LANES)
    ]
    floor = not_judged + LANE_GAP + LANE_HEIGHT * len(LANES) + 4
    return RecordChart(
        width=width,
        height=floor + 20,
        left=left,
        right=right,
        top=top,
        bottom=scale.bottom,
        bands=_bands(scale),
        shares=[Tick(scale.y(share / 100), f"{share} %") for share in (0, 25, 50, 70, 90)],
        days=_days(scale, most=4 if narrow else 9),
        interval=_area(scale, moments),
        mean=_line((scale.x(moment.on), scale.y(moment.mean)) for moment in moments),
        end=(scale.x(moments[-1].on), scale.y(moments[-1].mean)) if moments else None,
        lanes=lanes,
        marks=list(_marks(scale, verdicts, {lane.outcome: lane.y for lane in lanes}, say=not narrow)),
        grades=list(_grades(scale, grades, not_judged - LANE_HEIGHT / 2)),
        floor=floor,
        narrow=narrow,
    )


def _begins(moments: Sequence[Moment], verdicts: Sequence[Judged], grades: Sequence[Graded], until: date) -> date:
    firsts = [series[0].on for series in (moments, verdicts, grades) if series]
    begin = min([*firsts, until - timedelta(days=90)])
    return begin - timedelta(days=max(1, (until - begin).days // 50))


def _lane_name(outcome: str) -> str:
    return {"true": _("confirmed"), "partly": _("partly"), "false": _("refuted")}[outcome]


def _bands(scale: Scale) -> list[BandShape]:
    return [
        BandShape(
            letter=band.letter.value,
            name=band.letter.label,
            y=scale.y(band.high),
            height=round(scale.y(band.low) - scale.y(band.high), 1),
            middle=scale.y((band.low + band.high) / 2),
            odd=number % 2 == 0,
        )
        for number, band in enumerate(BANDS)
    ]


def _days(scale: Scale, *, most: int) -> list[Tick]:
    """Beginnings of years, or of months where the picture is short, at most so many."""
    years = range(scale.first.year + 1, scale.last.year + 1)
    if len(years) >= 3:
        step = -(-len(years) // most)
        return [Tick(scale.x(date(year, 1, 1)), str(year)) for year in years[::step]]
    months = [
        date(year, month, 1)
        for year in range(scale.first.year, scale.last.year + 1)
        for month in range(1, 13)
        if scale.first < date(year, month, 1) <= scale.last
    ]
    step = next((wide for wide in (1, 2, 3, 6) if len(months) / wide <= most), 12)
    chosen = [month for month in months if (month.month - 1) % step == 0]
    return [Tick(scale.x(month), date_format(month, "M Y")) for month in chosen]


def _area(scale: Scale, moments: Sequence[Moment]) -> str:
    upper = [(scale.x(moment.on), scale.y(moment.high)) for moment in moments]
    lower = [(scale.x(moment.on), scale.y(moment.low)) for moment in reversed(moments)]
    return f"{_line([*upper, *lower])}Z" if moments else ""


def _line(points: Iterable[tuple[float, float]]) -> str:
    path = "L".join(f"{x:g},{y:g}" for x, y in points)
    return f"M{path}" if path else ""


def _marks(scale: Scale, verdicts: Sequence[Judged], lanes: dict[str, float], *, say: bool) -> Iterable[MarkShape]:
    """One mark for the verdicts of one lane that would lie on each other; `say` adds words for who points at it."""
    wide = BUCKET if len(verdicts) <= MANY else 2 * BUCKET
    buckets: dict[tuple[str, int], list[Judged]] = {}
    for verdict in verdicts:
        if verdict.outcome in lanes:
            bucket = int((scale.x(verdict.on) - scale.left) // wide)
            buckets.setdefault((verdict.outcome, bucket), []).append(verdict)
    for (outcome, _bucket), inside in buckets.items():
        xs = [scale.x(verdict.on) for verdict in inside]
        words = _in_words(outcome, inside) if say else ""
        yield MarkShape(round(sum(xs) / len(xs), 1), lanes[outcome], outcome, len(inside), words)


def _in_words(outcome: str, inside: Sequence[Judged]) -> str:
    first, last = (in_short(inside[place].on) for place in (0, -1))
    when = first if first == last else f"{first} – {last}"
    return f"{len(inside)} × {_lane_name(outcome)}, {when}" if len(inside) > 1 else f"{_lane_name(outcome)}, {when}"


def in_short(day: date) -> str:
    """As the date format "j M Y", twenty times as fast."""
    return f"{day.day} {MONTHS_3[day.month].title()} {day.year}"


def _grades(scale: Scale, grades: Sequence[Graded], not_judged: float) -> Iterable[GradeShape]:
    """Each letter as a step from its day to the next one's, in the middle of its band; F below all bands."""
    before: float | None = None
    for number, grade in enumerate(grades):
        x = scale.x(grade.on)
        end = scale.x(grades[number + 1].on) if number + 1 < len(grades) else scale.right
        band = BAND_OF.get(grade.letter)
        y = scale.y((band.low + band.high) / 2) if band else not_judged
        say = _("%(letter)s, %(name)s, from %(day)s, by %(who)s") % {
            "letter": grade.letter.value,
            "name": grade.letter.label.lower(),
            "day": date_format(grade.on, "j M Y"),
            "who": grade.by,
        }
        drop = None if before is None else round(before - y, 1)
        yield GradeShape(grade.letter.value, x, round(max(0.0, end - x), 1), round(y, 1), say, drop)
        before = y


# --- The small bar in lists ---


@dataclass(frozen=True, slots=True)
class IntervalBar:
    """An 80 % interval on the scale from 0 to 1, with the limits between the letters."""

    low: float
    high: float
    mean: float
    width: float = 120.0
    limits: list[float] = field(default_factory=list)

    @property
    def span(self) -> float:
        return round(self.high - self.low, 1)


def interval_bar(mean: float, low: float, high: float, *, width: float = 120.0) -> IntervalBar:
    return IntervalBar(
        low=round(low * width, 1),
        high=round(high * width, 1),
        mean=round(mean * width, 1),
        width=width,
        limits=[round(band.low * width, 1) for band in BANDS[1:]],
    )


# --- Calibration ---


@dataclass(frozen=True, slots=True)
class BinShape:
    x: float
    y: float
    radius: float
    bar: float
    bar_x: float
    count: int


@dataclass(frozen=True, slots=True)
class CalibrationChart:
    """How often what was called p percent likely came true; on the diagonal, as often as was said."""

    side: float
    left: float
    top: float
    bars_top: float
    bars_bottom: float
    bins: list[BinShape]
    ticks: list[Tick]
    bin_width: float

    @property
    def right(self) -> float:
        return self.left + self.side

    @property
    def bottom(self) -> float:
        return self.top + self.side


def calibration_chart(bins: Sequence[Bin]) -> CalibrationChart:
    side, left, top, bars = 280.0, 46.0, 10.0, 54.0
    most = max((each.count for each in bins), default=1)
    bars_bottom = top + side + 14 + bars
    return CalibrationChart(
        side=side,
        left=left,
        top=top,
        bars_top=top + side + 14,
        bars_bottom=bars_bottom,
        bins=[
            BinShape(
                x=round(left + each.mean * side, 1),
                y=round(top + (1 - each.rate) * side, 1),
                radius=round(3 + 6 * (each.count / most) ** 0.5, 1),
                bar=round(bars * each.count / most, 1),
                bar_x=round(left + each.low * side, 1),
                count=each.count,
            )
            for each in bins
        ],
        ticks=[Tick(round(part / 100 * side, 1), f"{part}") for part in (0, 20, 40, 60, 80, 100)],
        bin_width=round(side / 10, 1),
    )
