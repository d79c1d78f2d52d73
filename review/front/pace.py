"""How many claims are decided by day and by hour: the reader's own and everybody's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.db.models.functions import TruncHour
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from claims.models import Review

DAYS = 14
"""Days in the picture, today among them: two weeks show the rhythm of one."""


@dataclass(frozen=True, slots=True)
class Step:
    """Decisions in one day or hour."""

    begins: datetime
    name: str
    short: str
    mine: int = 0
    everybody: int = 0

    @property
    def of_others(self) -> int:
        return self.everybody - self.mine


@dataclass(frozen=True, slots=True)
class Pace:
    days: list[Step]
    """Of the last two weeks, oldest first."""
    hours: list[Step]
    """Of today, from the first hour with a decision to now."""

    @property
    def today(self) -> Step:
        return self.days[-1]

    @property
    def mine(self) -> int:
        return sum(day.mine for day in self.days)

    @property
    def everybody(self) -> int:
        return sum(day.everybody for day in self.days)


def pace_of(user: User, seen: list[int]) -> Pace:
    """Decisions that stand, on claims of the collections with these ids. One query, from the index on time."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    first = _midnight(midnight.date() - timedelta(days=DAYS - 1))
    rows = Review.objects.decisions().known_to(user).filter(at__gte=first)
    if not user.has_perm("documents.view_all_collections"):
        rows = rows.filter(claim__collection__in=seen)
    counted = (
        rows.order_by()
        .annotate(hour=TruncHour("at"))
        .values_list("hour")
        .annotate(everybody=Count("pk"), mine=Count("pk", filter=Q(analyst=user)))
    )
    hours = {timezone.localtime(hour): (everybody, mine) for hour, everybody, mine in counted if hour}
    days = [_step(_midnight(first.date() + timedelta(days=number)), hours, timedelta(days=1)) for number in range(DAYS)]
    return Pace(days=days, hours=_hours_of(midnight, hours))


Counted = dict[datetime, tuple[int, int]]
"""By the beginning of an hour: decisions of everybody, and those of the reader."""


def _hours_of(midnight: datetime, hours: Counted) -> list[Step]:
    today = [hour for hour in hours if hour >= midnight]
    if not today:
        return []
    now = timezone.localtime()
    numbers = range(min(today).hour, now.hour + 1)
    return [_step(midnight + timedelta(hours=number), hours, timedelta(hours=1)) for number in numbers]


def _step(begins: datetime, hours: Counted, length: timedelta) -> Step:
    inside = [counts for hour, counts in hours.items() if begins <= hour < begins + length]
    whole_day = length >= timedelta(days=1)
    return Step(
        begins=begins,
        name=date_format(begins, "l, j F") if whole_day else f"{begins:%H}:00–{begins + length:%H}:00",
        short=date_format(begins, "j M") if whole_day else f"{begins:%H}",
        everybody=sum(everybody for everybody, _ in inside),
        mine=sum(mine for _, mine in inside),
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


# --- The picture ---

WIDTH, HEIGHT, LEFT, TOP, FLOOR = 560.0, 168.0, 34.0, 8.0, 142.0
"""Of the picture, and where its plot begins and ends, in units of its own."""


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    width: float
    mine: float
    others: float
    """Heights; that of the others stands on top of mine."""
    middle: float
    label: str

    @property
    def top_of_mine(self) -> float:
        return round(FLOOR - self.mine, 1)

    @property
    def top(self) -> float:
        return round(FLOOR - self.mine - self.others, 1)


@dataclass(frozen=True, slots=True)
class BarChart:
    bars: list[Bar]
    ticks: list[tuple[float, int]]
    """Heights and the numbers they stand for."""
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    floor: float = FLOOR


def bar_chart(steps: Sequence[Step]) -> BarChart:
    """One bar for each step, the reader's part at the foot of it."""
    most = _round_up(max((step.everybody for step in steps), default=0))
    unit = (FLOOR - TOP) / most
    slot = (WIDTH - LEFT) / max(len(steps), 7)
    each = -(-len(steps) // 7)  # every label would run into the next
    bars = [
        Bar(
            x=round(LEFT + slot * (number + 0.15), 1),
            width=round(slot * 0.7, 1),
            mine=round(unit * step.mine, 1),
            others=round(unit * step.of_others, 1),
            middle=round(LEFT + slot * (number + 0.5), 1),
            label=step.short if (len(steps) - 1 - number) % each == 0 else "",
        )
        for number, step in enumerate(steps)
    ]
    return BarChart(bars, [(round(FLOOR - unit * part, 1), part) for part in (0, most // 2, most)])


def _round_up(most: int) -> int:
    """To an even number that is easily read."""
    size = 1
    while True:
        for nice in (2, 4, 6, 10):
            if nice * size >= most:
                return nice * size
        size *= 10
