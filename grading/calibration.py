"""From a fusion score to a probability: one slope and one intercept, fitted only when there is enough to fit on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

FEWEST_DECISIONS = 200


class TooFewDecisions(ValueError):
    """A calibration fitted to so few decisions would look exact and not be."""

    def __init__(self, decisions: int) -> None:
        self.decisions = decisions
        super().__init__(
            f"a calibration needs {FEWEST_DECISIONS} decisions, and there are {decisions}; "
            "until then show the figure as uncalibrated"
        )


@dataclass(frozen=True, slots=True)
class Scale:
    """probability = logistic(slope x score + intercept).

    The default slope is section 9's lambda: summed log-odds are too sure of themselves by a factor of about two.
    """

    slope: float = 0.5
    intercept: float = 0.0
    fitted: bool = False

    def probability(self, score: float) -> float:
        return float(expit(self.slope * score + self.intercept))


UNCALIBRATED = Scale()


def fit_scale(scores: Sequence[float], happened: Sequence[bool]) -> Scale:
    """Platt's calibration of scores (finite, any range), on at least 200 decisions; else TooFewDecisions.

    The targets are Platt's (1999), a little inside 0 and 1, so scores that separate perfectly stay finite. The slope is
    held at 0 or above: more support never lowers a probability.
    """
    if len(scores) != len(happened):
        raise ValueError(f"{len(scores)} scores, but {len(happened)} results: each score needs its own")
    if len(scores) < FEWEST_DECISIONS:
        raise TooFewDecisions(len(scores))
    if not all(map(math.isfinite, scores)):
        raise ValueError("scores are finite numbers")
    x = np.array(scores, dtype=np.float64)
    y = np.array(happened, dtype=np.bool_)
    targets = np.where(y, (y.sum() + 1) / (y.sum() + 2), 1 / ((~y).sum() + 2))
    found = minimize(
        _loss, x0=(0.5, 0.0), args=(x, targets), jac=True, method="L-BFGS-B", bounds=((0, None), (None, None))
    )
    return Scale(slope=float(found.x[0]), intercept=float(found.x[1]), fitted=True)


def _loss(
    point: npt.NDArray[np.float64], scores: npt.NDArray[np.float64], targets: npt.NDArray[np.float64]
) -> tuple[float, npt.NDArray[np.float64]]:
    """Mean log loss at (slope, intercept), and how it changes with both."""
    z = point[0] * scores + point[1]
    errors = expit(z) - targets
    return float(np.mean(np.logaddexp(0, z) - targets * z)), np.array([np.mean(errors * scores), np.mean(errors)])
