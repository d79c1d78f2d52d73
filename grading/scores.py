"""How good probabilities turned out to be: Brier score, log loss, and calibration with the counts behind it.

Every function takes probabilities in [0, 1] and, in the same order, whether each thing happened; ValueError when there
are none, when their numbers differ, or when one is out of range.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import xlog1py, xlogy

REPORTED_BINS = 10  # of equal width


@dataclass(frozen=True, slots=True)
class Bin:
    """The forecasts from `low` to below `high` (the last bin includes 1): how many, their mean, what share happened."""

    low: float
    high: float
    count: int
    mean: float
    rate: float


@dataclass(frozen=True, slots=True)
class Decomposition:
    """Murphy's parts of the Brier score over bins: reliability (0 is best), resolution (more is better), uncertainty.

    Reliability - resolution + uncertainty is the Brier score only where all forecasts in a bin are equal.
    """

    base_rate: float
    uncertainty: float
    reliability: float
    resolution: float


@dataclass(frozen=True, slots=True)
class CalibrationReport:
    """All scores of one set of decisions. Bins without a forecast are left out; small counts show little."""

    count: int
    brier: float
    log_loss: float
    calibration_error: float
    bins: tuple[Bin, ...]
    decomposition: Decomposition


def brier_score(probabilities: Sequence[float], happened: Sequence[bool]) -> float:
    """Mean squared error: 0 is perfect, 0.25 is saying 50 % always, 1 is worst."""
    _check(probabilities, happened)
    return math.fsum((p - y) ** 2 for p, y in zip(probabilities, happened, strict=True)) / len(probabilities)


def log_loss(probabilities: Sequence[float], happened: Sequence[bool]) -> float:
    """Mean surprise in nats: 0 is perfect; infinite after one certainty that was wrong."""
    _check(probabilities, happened)
    surprises = (-float(xlogy(y, p) + xlog1py(1 - y, -p)) for p, y in zip(probabilities, happened, strict=True))
    return math.fsum(surprises) / len(probabilities)


def reliability_bins(
    probabilities: Sequence[float], happened: Sequence[bool], *, bins: int = REPORTED_BINS
) -> tuple[Bin, ...]:
    """Forecasts in bins of equal width, number floor(p x bins), lowest first, empty bins left out."""
    _check(probabilities, happened)
    members: dict[int, list[tuple[float, bool]]] = {}
    for p, y in zip(probabilities, happened, strict=True):
        members.setdefault(min(int(p * bins), bins - 1), []).append((p, y))
    return tuple(
        Bin(
            low=number / bins,
            high=(number + 1) / bins,
            count=len(inside),
            mean=math.fsum(p for p, _ in inside) / len(inside),
            rate=sum(y for _, y in inside) / len(inside),
        )
        for number, inside in sorted(members.items())
    )


def calibration_error(probabilities: Sequence[float], happened: Sequence[bool], *, bins: int = REPORTED_BINS) -> float:
    """Expected calibration error (ECE): distance of mean forecast and rate, weighed by bin counts; 0 to 1."""
    table = reliability_bins(probabilities, happened, bins=bins)
    return math.fsum(each.count * abs(each.mean - each.rate) for each in table) / len(probabilities)


def decompose(probabilities: Sequence[float], happened: Sequence[bool], *, bins: int = REPORTED_BINS) -> Decomposition:
    table = reliability_bins(probabilities, happened, bins=bins)
    count = len(probabilities)
    base_rate = sum(happened) / count
    return Decomposition(
        base_rate=base_rate,
        uncertainty=base_rate * (1 - base_rate),
        reliability=math.fsum(each.count * (each.mean - each.rate) ** 2 for each in table) / count,
        resolution=math.fsum(each.count * (each.rate - base_rate) ** 2 for each in table) / count,
    )


def calibration_report(
    probabilities: Sequence[float], happened: Sequence[bool], *, bins: int = REPORTED_BINS
) -> CalibrationReport:
    """All scores at once. Hand in only decisions made after the calibration was fitted."""
    return CalibrationReport(
        count=len(probabilities),
        brier=brier_score(probabilities, happened),
        log_loss=log_loss(probabilities, happened),
        calibration_error=calibration_error(probabilities, happened, bins=bins),
        bins=reliability_bins(probabilities, happened, bins=bins),
        decomposition=decompose(probabilities, happened, bins=bins),
    )


def _check(probabilities: Sequence[float], happened: Sequence[bool]) -> None:
    if not probabilities:
        raise ValueError("there is no forecast to score")
    if len(probabilities) != len(happened):
        raise ValueError(f"{len(probabilities)} forecasts, but {len(happened)} results: each forecast needs its own")
    for p in probabilities:
        if not 0 <= p <= 1:
            raise ValueError(f"a probability lies from 0 to 1; got {p}")
