"""From a score to a probability, fitted only when there are enough decisions to fit on.

Platt's slope and intercept serve both the fusion score (section 9) and the engine's score; the engine's may also get
steps (isotonic regression) where there are many decisions and steps foretell held-out ones better.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from grading.scores import log_loss

FEWEST_DECISIONS = 200
FEWEST_FOR_STEPS = 1_000
FOLDS = 5
"""Parts of the decisions, each foretold by a fit to the others, by which Platt's curve and steps are compared."""
EDGE = 1e-3
"""Scores from 0 to 1 are cut this far from both ends before their log-odds are taken."""


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


@dataclass(frozen=True, slots=True)
class Steps:
    """Isotonic regression: at each of `scores` (rising) the probability beside it, straight lines in between."""

    scores: tuple[float, ...]
    probabilities: tuple[float, ...]

    def probability(self, score: float) -> float:
        return float(np.interp(score, self.scores, self.probabilities))


Calibration = Scale | Steps


def log_odds(score: float) -> float:
    """Of a score from 0 to 1, which is cut a little at both ends: what `fit_calibration` takes."""
    cut = min(max(score, EDGE), 1 - EDGE)
    return math.log(cut / (1 - cut))


def fit_calibration(scores: Sequence[float], happened: Sequence[bool]) -> Calibration:
    """Platt's calibration; from 1,000 decisions on isotonic steps, if their log loss in five folds is the lower one.

    scores: log-odds (any finite numbers). Fold n is every fifth decision from the n-th on, so hand them in by date.
    Raises TooFewDecisions below 200, ValueError as `fit_scale`.
    """
    scale = fit_scale(scores, happened)
    if len(scores) < FEWEST_FOR_STEPS:
        return scale
    by_steps = _held_out_loss(fit_steps, scores, happened)
    return fit_steps(scores, happened) if by_steps < _held_out_loss(fit_scale, scores, happened) else scale


def fit_steps(scores: Sequence[float], happened: Sequence[bool]) -> Steps:
    """The rising steps nearest to the decisions (pool adjacent violators), each a little inside 0 and 1.

    Within a step of n decisions, k of which happened, the probability is (k + 1) / (n + 2) cut to where its neighbours
    are, so no step is certain, and one of few decisions is modest.
    """
    pooled: list[list[float]] = []  # sum of scores, happened, decisions
    for score, result in sorted(zip(scores, happened, strict=True)):
        pooled.append([score, float(result), 1.0])
        while len(pooled) > 1 and pooled[-2][1] * pooled[-1][2] >= pooled[-1][1] * pooled[-2][2]:
            last = pooled.pop()
            pooled[-1] = [one + other for one, other in zip(pooled[-1], last, strict=True)]
    means = tuple(total / count for total, _, count in pooled)
    modest = np.maximum.accumulate([(good + 1) / (count + 2) for _, good, count in pooled])
    return Steps(means, tuple(float(p) for p in modest))


def _held_out_loss(
    fit: Callable[[Sequence[float], Sequence[bool]], Calibration], scores: Sequence[float], happened: Sequence[bool]
) -> float:
    """Log loss of each fold under the fit to the other four, over all decisions."""
    probabilities: list[float] = []
    results: list[bool] = []
    for fold in range(FOLDS):
        rest = [number for number in range(len(scores)) if number % FOLDS != fold]
        fitted = fit([scores[number] for number in rest], [happened[number] for number in rest])
        probabilities += [fitted.probability(score) for score in scores[fold::FOLDS]]
        results += happened[fold::FOLDS]
    return log_loss(probabilities, results)


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
    from scipy.optimize import minimize  # noqa: PLC0415 -- 22 MB that only a fit needs, of every web process

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
