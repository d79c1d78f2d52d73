import random

import pytest
from scipy.special import expit

from grading.calibration import (
    UNCALIBRATED,
    Scale,
    Steps,
    TooFewDecisions,
    fit_calibration,
    fit_scale,
    fit_steps,
    log_odds,
)


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


def stepped(count: int) -> tuple[list[float], list[bool]]:
    """Scores whose results know two levels only, which no slope follows: .1 below nought and .9 above, far out .5."""
    chance = random.Random(3)
    scores = [chance.uniform(-6, 6) for _ in range(count)]
    return scores, [chance.random() < (0.1 if score < 0 else 0.9 if score < 1 else 0.95) for score in scores]


def test_steps_are_fitted_from_a_thousand_decisions_on_and_only_where_they_foretell_better():
    scores, happened = stepped(1000)

    assert isinstance(fit_calibration(scores, happened), Steps)
    assert isinstance(fit_calibration(scores[:-1], happened[:-1]), Scale)
    assert isinstance(fit_calibration(*drawn(slope=0.8, intercept=-0.5, count=3000)), Scale)
    with pytest.raises(TooFewDecisions):
        fit_calibration(scores[:199], happened[:199])


def test_steps_follow_what_no_slope_follows():
    steps = fit_steps(*stepped(5000))

    assert steps.probability(-3) == pytest.approx(0.1, abs=0.05)
    assert steps.probability(0.5) == pytest.approx(0.9, abs=0.05)


def test_steps_rise_and_are_never_certain():
    scores, happened = drawn(slope=3.0, intercept=0, count=400)
    steps = fit_steps(scores, happened)
    grid = [steps.probability(score / 10) for score in range(-100, 101)]

    assert grid == sorted(grid)
    assert 0 < grid[0] < 0.05
    assert 0.95 < grid[-1] < 1
    assert list(steps.scores) == sorted(set(steps.scores))


def test_one_step_of_few_decisions_is_modest():
    assert fit_steps([0.0, 1.0], [True, True]).probability(5.0) == pytest.approx(0.75)


def test_log_odds_of_a_score_are_finite_at_both_ends():
    assert log_odds(0.5) == 0
    assert log_odds(0.0) == pytest.approx(-6.9068, abs=1e-3)
    assert log_odds(1.0) == pytest.approx(6.9068, abs=1e-3)
