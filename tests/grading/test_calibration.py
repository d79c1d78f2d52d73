import random

import pytest
from scipy.special import expit

from grading.calibration import UNCALIBRATED, Scale, TooFewDecisions, fit_scale


def drawn(*, slope: float, intercept: float, count: int) -> tuple[list[float], list[bool]]:
    """Scores, and results that follow the given scale by chance."""
    chance = random.Random(7)
    scores = [chance.uniform(-6, 6) for _ in range(count)]
    return scores, [chance.random() < expit(slope * score + intercept) for score in scores]


def test_uncalibrated_scores_are_halved():
    assert Scale(slope=0.5, intercept=0.0, fitted=False) == UNCALIBRATED
    assert UNCALIBRATED.probability(1.5404) == pytest.approx(0.6836, abs=1e-4)


def test_the_scale_behind_the_decisions_is_found():
    scale = fit_scale(*drawn(slope=0.8, intercept=-0.5, count=5000))

    assert scale.fitted
    assert scale.slope == pytest.approx(0.8, abs=0.06)
    assert scale.intercept == pytest.approx(-0.5, abs=0.1)


def test_a_fit_to_fewer_than_two_hundred_decisions_is_refused():
    scores, happened = drawn(slope=0.5, intercept=0, count=200)

    assert fit_scale(scores, happened).fitted
    with pytest.raises(TooFewDecisions, match="needs 200 decisions, and there are 199"):
        fit_scale(scores[:-1], happened[:-1])


def test_perfect_separation_stays_short_of_certainty():
    scale = fit_scale([-1.0] * 100 + [1.0] * 100, [False] * 100 + [True] * 100)

    assert scale.probability(1.0) == pytest.approx(101 / 102, abs=1e-3)


def test_more_support_never_lowers_a_probability():
    backwards = fit_scale([-1.0] * 100 + [1.0] * 100, [True] * 100 + [False] * 100)

    assert backwards.slope == 0
    assert backwards.probability(1.0) == pytest.approx(0.5, abs=1e-3)


def test_scores_and_results_must_pair_up_and_be_finite():
    with pytest.raises(ValueError, match="each score needs its own"):
        fit_scale([0.0] * 200, [True] * 199)
    with pytest.raises(ValueError, match="finite"):
        fit_scale([float("inf")] * 200, [True] * 200)
