"""Sources whose record or grade moved lately, and how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.models import User
from claims.moved import Moved, records_moved
from review.charts import IntervalBar, interval_bar
from review.sources.listing import covered_from
from review.sources.names import named
from sources.models import ReliabilityAssessment, Source

LATELY = timedelta(days=30)
SHOWN = 5


@dataclass(frozen=True, slots=True)
class MovedShown:
    """covered: whether the suggested letters are not shown, as on the list of sources."""

    source: Source
    moved: Moved
    covered: bool

    @property
    def before_percent(self) -> str:
        return f"{100 * self.moved.before.mean:.0f}"

    @property
    def now_percent(self) -> str:
        return f"{100 * self.moved.now.mean:.0f}"

    @property
    def up(self) -> bool:
        return self.moved.by > 0

    @property
    def bar(self) -> IntervalBar:
        low, high = self.moved.now.interval_80
        return interval_bar(self.moved.now.mean, low, high)


@dataclass(frozen=True, slots=True)
class Regraded:
    source: Source
    assessment: ReliabilityAssessment
    before: str
    """The letter before; empty when nobody had judged the source."""


def records_on_the_move(user: User) -> list[MovedShown]:
    """By the verdicts of the last thirty days, those that moved furthest first."""
    rows = records_moved(user, since=timezone.now() - LATELY, on=timezone.localdate(), most=SHOWN)
    names = named([row.source for row in rows], user)
    covered = covered_from(user, [row.source for row in rows])
    return [MovedShown(names[row.source], row, row.source in covered) for row in rows]


def regraded(user: User) -> list[Regraded]:
    """The newest grades that people gave in the last thirty days, each with the one before. Three queries."""
    earlier = ReliabilityAssessment.objects.grades().filter(
        source=OuterRef("source"), topic=OuterRef("topic"), pk__lt=OuterRef("pk")
    )
    rows = list(
        ReliabilityAssessment.objects.grades()
        .filter(at__gte=timezone.now() - LATELY, topic="", source__in=Source.objects.visible_to(user))
        .annotate(before=Subquery(earlier.newest_first().values("grade")[:1]))
        .select_related("by")
        .order_by("-pk")[:SHOWN]
    )
    names = named([row.source_id for row in rows], user)
    before = [row.before or "" for row in rows]  # type: ignore[attr-defined]  # annotated above
    return [Regraded(names[row.source_id], row, letter) for row, letter in zip(rows, before, strict=True)]
