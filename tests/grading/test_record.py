from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.beta import Beta
from grading.record import JudgedClaim, Outcome, VerdictCounts, track_record

TODAY = date(2026, 6, 1)


def claims(*, true: int = 0, false: int = 0, partly: int = 0) -> list[JudgedClaim]:
    outcomes = [Outcome.TRUE] * true + [Outcome.FALSE] * false + [Outcome.PARTLY] * partly
    return [JudgedClaim(outcome, TODAY) for outcome in outcomes]


def aged(outcome: Outcome, days: int) -> JudgedClaim:
    return JudgedClaim(outcome, TODAY - timedelta(days=days))


judged_claims = st.builds(
    JudgedClaim,
    outcome=st.sampled_from(Outcome),
    claimed_on=st.none() | st.dates(min_value=date(1950, 1, 1), max_value=date(2030, 1, 1)),
    decided_on=st.none() | st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1)),
    derived=st.booleans(),
    counts_once_as=st.none() | st.integers(0, 3),
)


@pytest.mark.parametrize(
    ("counts", "posterior", "mean", "interval"),
    [
        ({"true": 8, "false": 2}, Beta(9, 3), 0.75, (0.5848, 0.8952)),
        ({"true": 3, "false": 7}, Beta(4, 8), 0.3333, (0.1692, 0.5108)),
        ({"true": 6, "false": 2, "partly": 2}, Beta(8, 4), 0.6667, (0.4892, 0.8308)),
    ],
)
def test_a_record_reads_as_the_worked_values(counts, posterior, mean, interval):
    record = track_record(claims(**counts), as_of=TODAY)

    assert record.posterior == posterior
    assert record.mean == pytest.approx(mean, abs=1e-4)
    assert record.interval_80 == pytest.approx(interval, abs=1e-4)
    assert record.counts == VerdictCounts(**counts)
    assert record.n_effective == 10


def test_the_wider_interval_and_the_deviation_are_the_worked_values():
    record = track_record(claims(true=8, false=2), as_of=TODAY)

    assert record.interval_95 == pytest.approx((0.4822, 0.9398), abs=1e-4)
    assert record.posterior.deviation == pytest.approx(0.1201, abs=1e-4)


def test_verdicts_fade_by_half_in_one_half_life():
    history = [aged(Outcome.TRUE, 0), aged(Outcome.TRUE, 730), aged(Outcome.TRUE, 1460), aged(Outcome.FALSE, 365)]

    record = track_record(history, as_of=TODAY)

    assert record.posterior.confirmed == pytest.approx(2.75, abs=1e-4)
    assert record.posterior.refuted == pytest.approx(1.7071, abs=1e-4)
    assert record.mean == pytest.approx(0.6170, abs=1e-4)
    assert record.n_effective == pytest.approx(2.4571, abs=1e-4)
    assert record.interval_80 == pytest.approx((0.3224, 0.8819), abs=1e-4)
    assert track_record(history, as_of=TODAY, half_life_days=0).posterior == Beta(4, 2)


def test_no_verdict_leaves_the_prior():
    record = track_record([], as_of=TODAY, prior=Beta(3, 2))

    assert record.posterior == Beta(3, 2)
    assert record.n_effective == 0
    assert record.counts.total == 0


def test_a_claim_of_the_future_weighs_as_one_of_today():
    assert track_record([aged(Outcome.TRUE, -400)], as_of=TODAY).confirmed == 1


def test_a_claim_without_a_date_weighs_as_one_of_today_and_is_flagged():
    record = track_record([JudgedClaim(Outcome.FALSE)], as_of=TODAY)

    assert record.refuted == 1
    assert record.counts == VerdictCounts(false=1, undated=1)


def test_an_earlier_day_does_not_know_later_verdicts():
    verdicts = [
        JudgedClaim(Outcome.TRUE, date(2020, 1, 1), decided_on=date(2021, 1, 1)),
        JudgedClaim(Outcome.FALSE, date(2020, 1, 1), decided_on=date(2022, 1, 1)),
    ]

    on_the_day = track_record(verdicts, as_of=date(2021, 1, 1))
    the_day_before = track_record(verdicts, as_of=date(2020, 12, 31))

    assert on_the_day.counts == VerdictCounts(true=1)
    assert the_day_before.counts.total == 0


def test_a_repeater_gets_neither_credit_nor_blame():
    copies = [JudgedClaim(Outcome.TRUE, TODAY, derived=True), JudgedClaim(Outcome.FALSE, TODAY, derived=True)]

    assert track_record(copies, as_of=TODAY) == track_record([], as_of=TODAY)


def test_saying_the_same_again_counts_once_as_of_the_first_time():
    first = JudgedClaim(Outcome.TRUE, TODAY - timedelta(days=730), counts_once_as=("family 1", "question 1"))
    again = JudgedClaim(Outcome.TRUE, TODAY, counts_once_as=("family 1", "question 1"))
    other_question = JudgedClaim(Outcome.TRUE, TODAY, counts_once_as=("family 1", "question 2"))

    record = track_record([again, first, other_question], as_of=TODAY)

    assert record.confirmed == 1.5
    assert record.counts == VerdictCounts(true=2)


def test_a_verdict_is_turned_round_for_a_denial():
    assert [outcome.for_a_denial for outcome in Outcome] == [
        Outcome.FALSE,
        Outcome.PARTLY,
        Outcome.TRUE,
        Outcome.UNVERIFIABLE,
    ]


@pytest.mark.parametrize("half_life", [-1, float("nan"), float("inf")])
def test_a_half_life_that_is_no_length_of_time_is_refused(half_life):
    with pytest.raises(ValueError, match="half-life"):
        track_record([], as_of=TODAY, half_life_days=half_life)


@pytest.mark.parametrize("pseudo_counts", [(0, 1), (1, 0), (-1, 2), (float("nan"), 1), (1, float("inf"))])
def test_a_prior_that_could_make_certainty_is_refused(pseudo_counts):
    with pytest.raises(ValueError, match="above 0"):
        Beta(*pseudo_counts)


@pytest.mark.parametrize("mass", [0, 1, 1.2])
def test_an_interval_of_no_or_all_mass_is_refused(mass):
    with pytest.raises(ValueError, match="between 0 and 1"):
        Beta(1, 1).interval(mass)


@given(st.lists(judged_claims, max_size=60), st.randoms(use_true_random=False))
def test_order_does_not_matter_to_the_last_bit(verdicts, random):
    shuffled = random.sample(verdicts, len(verdicts))

    assert track_record(shuffled, as_of=TODAY) == track_record(verdicts, as_of=TODAY)


def test_order_does_not_matter_in_a_long_record():
    history = [aged(outcome, days) for days in range(0, 3000, 7) for outcome in Outcome]

    assert track_record(history[::-1], as_of=TODAY) == track_record(history, as_of=TODAY)


@given(st.lists(judged_claims, max_size=30), judged_claims, st.integers(0, 30))
def test_adding_and_withdrawing_a_verdict_restores_every_figure(verdicts, one_more, place):
    before = track_record(verdicts, as_of=TODAY)
    rows = [*verdicts[:place], one_more, *verdicts[place:]]

    track_record(rows, as_of=TODAY)
    rows.remove(one_more)
    after = track_record(rows, as_of=TODAY)

    assert after == before
    assert after.interval_80 == before.interval_80


@given(st.lists(judged_claims, max_size=30), judged_claims)
def test_unverifiable_changes_nothing(verdicts, other):
    unverifiable = JudgedClaim(Outcome.UNVERIFIABLE, other.claimed_on, counts_once_as=other.counts_once_as)

    assert track_record([unverifiable, *verdicts], as_of=TODAY) == track_record(verdicts, as_of=TODAY)


@given(st.lists(judged_claims, max_size=30), st.integers(0, 20000))
def test_a_confirmation_raises_the_mean_and_a_refutation_lowers_it(verdicts, age):
    before = track_record(verdicts, as_of=TODAY)
    confirmed = track_record([*verdicts, aged(Outcome.TRUE, age)], as_of=TODAY)
    refuted = track_record([*verdicts, aged(Outcome.FALSE, age)], as_of=TODAY)

    rounding = 1e-9
    assert refuted.mean - rounding <= before.mean <= confirmed.mean + rounding
    assert refuted.interval_80[0] - rounding <= before.interval_80[0] <= confirmed.interval_80[0] + rounding
    assert before.n_effective <= confirmed.n_effective <= before.n_effective + 1 + rounding


@given(st.lists(judged_claims, max_size=30))
def test_the_wider_interval_holds_the_narrower_and_both_lie_in_zero_to_one(verdicts):
    record = track_record(verdicts, as_of=TODAY)

    low, high = record.interval_80
    lowest, highest = record.interval_95

    assert 0 <= lowest < low < high < highest <= 1
    assert 0 < record.mean < 1
