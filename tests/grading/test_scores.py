import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.scores import (
    Decomposition,
    brier_score,
    calibration_error,
    calibration_report,
    decompose,
    log_loss,
    reliability_bins,
)

FORECASTS = [0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1]
HAPPENED = [bool(y) for y in (1, 1, 1, 0, 1, 1, 0, 1, 0, 0)]

forecasts_and_results = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=80)


def test_scores_are_the_worked_values():
    assert brier_score(FORECASTS, HAPPENED) == pytest.approx(0.1625, abs=1e-4)
    assert log_loss(FORECASTS, HAPPENED) == pytest.approx(0.48394, abs=1e-5)
    assert calibration_error(FORECASTS, HAPPENED, bins=5) == pytest.approx(0.22, abs=1e-4)
    assert calibration_error(FORECASTS, HAPPENED, bins=10) == pytest.approx(0.29, abs=1e-4)


def test_five_bins_hold_what_was_worked_out():
    table = [(each.count, each.mean, each.rate) for each in reliability_bins(FORECASTS, HAPPENED, bins=5)]

    expected = [(1, 0.1, 0), (2, 0.25, 0.5), (1, 0.4, 0), (2, 0.65, 1), (4, 0.875, 0.75)]
    assert table == [pytest.approx(row) for row in expected]


def test_the_score_comes_apart_as_worked_out():
    parts = decompose(FORECASTS, HAPPENED, bins=5)

    assert parts.base_rate == pytest.approx(0.6)
    assert parts.uncertainty == pytest.approx(0.24)
    assert parts.reliability == pytest.approx(0.06025)
    assert parts.resolution == pytest.approx(0.1150)


def test_a_report_shows_its_counts_and_leaves_empty_bins_out():
    report = calibration_report([0.0, 0.05, 1.0], [False, True, True])

    assert report.count == 3
    assert [(each.low, each.high, each.count) for each in report.bins] == [(0, 0.1, 2), (0.9, 1, 1)]
    assert report.decomposition == Decomposition(
        pytest.approx(2 / 3), pytest.approx(2 / 9), pytest.approx(0.150417, abs=1e-6), pytest.approx(1 / 18)
    )
    assert report.calibration_error == pytest.approx((2 * 0.475) / 3)


def test_certainty_is_free_when_right_and_beyond_measure_when_wrong():
    assert log_loss([1.0, 0.0], [True, False]) == 0
    assert log_loss([1.0], [False]) == math.inf


@pytest.mark.parametrize(
    ("forecasts", "happened", "told"),
    [
        ([], [], "no forecast"),
        ([0.5], [], "each forecast needs its own"),
        ([1.2], [True], "from 0 to 1"),
        ([math.nan], [True], "from 0 to 1"),
    ],
)
@pytest.mark.parametrize("score", [brier_score, log_loss, calibration_error, decompose, calibration_report])
def test_what_cannot_be_scored_is_refused(score, forecasts, happened, told):
    with pytest.raises(ValueError, match=told):
        score(forecasts, happened)


@given(forecasts_and_results)
def test_bins_lose_no_forecast_and_scores_stay_in_range(rows):
    forecasts, happened = zip(*rows, strict=True)

    report = calibration_report(forecasts, happened)

    assert sum(each.count for each in report.bins) == report.count == len(rows)
    assert 0 <= report.brier <= 1
    assert 0 <= report.calibration_error <= 1
    assert all(each.low <= each.mean <= each.high + 1e-12 for each in report.bins)


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=80))
def test_the_parts_add_up_when_forecasts_in_a_bin_are_equal(rows):
    forecasts = [(number + 0.5) / 10 for number, _ in rows]
    happened = [result for _, result in rows]

    parts = decompose(forecasts, happened)

    assert parts.reliability - parts.resolution + parts.uncertainty == pytest.approx(brier_score(forecasts, happened))
