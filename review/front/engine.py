"""How the engine's score holds up against what analysts decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from claims.models import Decision, ExtractionRun, Review
from grading.scores import CalibrationReport, calibration_report
from review.charts import CalibrationChart, calibration_chart

NEWEST = 1_000
"""Decisions that the picture is made of: enough for ten bins, and of lately."""
LOOKED_AT = 2_500
"""Reviews among which they are looked for, so that the question costs the same in any installation."""
FEWEST = 50
"""Decisions below which a bin holds a handful, and a picture would look exact and not be."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """engine: name and version. count: how many decisions there are of the newest. report, chart: None below FEWEST."""

    engine: str
    count: int
    report: CalibrationReport | None
    chart: CalibrationChart | None
    bins: list[dict[str, Any]]
    fewest: int = FEWEST


def calibration_of(user: User, seen: list[int]) -> Calibration | None:
    """Of the engine version that ran last, by the newest decisions that the user may know of.

    seen: ids of their collections. None before the first run. Three queries.
    """
    run = ExtractionRun.objects.order_by("-pk").values_list("engine", "engine_version").first()
    newest = Review.objects.order_by("-pk").values_list("pk", flat=True).first()
    if run is None:
        return None
    engine, version = run
    rows = list(
        Review.objects.deciding()
        .known_to(user)
        .filter(pk__gt=(newest or 0) - LOOKED_AT, claim__collection__in=seen, claim__score__isnull=False)
        .filter(claim__run__engine=engine, claim__run__engine_version=version)
        .order_by("-pk")
        .values_list("claim__score", "decision")[:NEWEST]
    )
    name = f"{engine} {version}"
    if len(rows) < FEWEST:
        return Calibration(name, len(rows), None, None, [])
    report = calibration_report([score or 0.0 for score, _ in rows], [made == Decision.ACCEPT for _, made in rows])
    bins = [
        {
            "low": f"{each.low:.1f}",
            "high": f"{each.high:.1f}",
            "count": each.count,
            "mean": f"{each.mean:.2f}",
            "rate": f"{100 * each.rate:.0f}",
        }
        for each in report.bins
    ]
    return Calibration(name, len(rows), report, calibration_chart(report.bins), bins)
