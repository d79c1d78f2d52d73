from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.beta import Beta
from grading.forecast import grade_primed_forecast
from grading.record import TrackRecord, VerdictCounts
from grading.scales import Reliability
from grading.suggestion import band_masses, diverges, evidence_in_words, suggest

TODAY = date(2026, 6, 1)
A, B, C, D, E, F = Reliability

sums = st.floats(0, 1000)


def record(confirmed: float, refuted: float, partly: int = 0) -> TrackRecord:
    counts = VerdictCounts(true=int(confirmed), partly=partly, false=int(refuted))
    return TrackRecord(confirmed + partly / 2, refuted + partly / 2, counts)


@pytest.mark.parametrize(
    ("confirmed", "refuted", "letter"),
    [
        (0, 0, "F"),
        (4, 0, "F"),
        (2, 3, "F"),
        (5, 0, "A-B"),
        (7, 3, "B-C"),
        (5, 5, "C-D"),
        (6, 6, "C-D"),
        (8, 2, "B"),
        (10, 0, "B"),
        (20, 0, "A"),
        (19, 1, "A"),
        (14, 6, "C"),
        (3, 7, "D"),
        (1, 9, "E"),
        (40, 10, "B"),
    ],
)
def test_letters_are_no_more_precise_than_the_verdicts(confirmed, refuted, letter):
    assert str(suggest(record(confirmed, refuted))) == letter


@pytest.mark.parametrize(
    ("confirmed", "refuted", "letter", "mass"),
    [
        (10, 0, A, 0.6862),
        (20, 0, A, 0.8906),
        (19, 1, A, 0.6353),
        (14, 6, C, 0.5113),
        (3, 7, D, 0.6000),
        (1, 9, E, 0.8029),
        (40, 10, B, 0.9219),
    ],
)
def test_the_heaviest_band_weighs_as_worked_out(confirmed, refuted, letter, mass):
    masses = band_masses(record(confirmed, refuted).posterior)

    assert max(masses, key=masses.__getitem__) == letter
    assert masses[letter] == pytest.approx(mass, abs=1e-4)


def test_all_masses_of_eight_in_ten_are_the_worked_values():
    expected = {E: 0.0001, D: 0.0326, C: 0.2800, B: 0.5977, A: 0.0896}

    assert band_masses(Beta(9, 3)) == pytest.approx(expected, abs=1e-4)


def test_a_faded_record_gets_no_letter():
    faded = TrackRecord(1.75, 0.7071, VerdictCounts(true=3, false=1))

    assert str(suggest(faded)) == "F"
    assert suggest(faded).why == "fewer than 5 effective verdicts"


def test_the_reason_says_why_an_a_is_held_back():
    assert suggest(record(10, 0)).why == "A with 69 % probability, which needs 20 effective verdicts"


@pytest.mark.parametrize(
    ("words", "of"),
    [
        ("8 of 10 verdicts confirmed; 80 % interval 58-90 %; B", record(8, 2)),
        ("6 of 10 verdicts confirmed, 2 partly; 80 % interval 49-83 %; B-C", record(6, 2, partly=2)),
        ("no verdict yet; 80 % interval 10-90 %; F", record(0, 0)),
        ("1 of 1 verdict confirmed; 80 % interval 32-95 %; F", record(1, 0)),
        (
            "3 of 4 verdicts confirmed (aged: worth 2.5); 80 % interval 32-88 %; F",
            TrackRecord(1.75, 0.7071, VerdictCounts(true=3, false=1)),
        ),
        (
            "1 of 1 verdict confirmed (1 without a date, counted as new); 80 % interval 32-95 %; F",
            TrackRecord(1, 0, VerdictCounts(true=1, undated=1)),
        ),
    ],
)
def test_the_evidence_is_put_in_words(words, of):
    assert evidence_in_words(of) == words


def test_a_human_letter_far_from_the_record_is_flagged():
    three_in_ten = record(3, 7)

    flagged = [letter for letter in Reliability if diverges(letter, three_in_ten)]

    assert flagged == [A, B]  # the interval is [.169, .511]


def test_the_best_letter_is_not_flagged_on_a_perfect_record():
    flagged = [letter for letter in Reliability if diverges(letter, record(1000, 0))]

    assert flagged == [B, C, D, E]


def test_a_prior_alone_contradicts_nobody():
    without_verdicts = TrackRecord(prior=Beta(5.865, 2.135))

    assert not any(diverges(letter, without_verdicts) for letter in Reliability)


def test_a_grade_forecasts_while_the_record_is_thin():
    assert grade_primed_forecast(record(0, 0), A).mean == pytest.approx(0.95)
    assert grade_primed_forecast(record(0, 0), C) == Beta.of(0.60, 6)
    assert grade_primed_forecast(record(0, 4), B) == Beta.of(0.80, 8).after(0, 4)


def test_a_grade_forecasts_nothing_once_the_record_speaks_or_nobody_graded():
    assert grade_primed_forecast(record(4, 1), A) is None
    assert grade_primed_forecast(record(0, 0), None) is None


def test_no_judgement_forecasts_from_the_population():
    unknown = TrackRecord(prior=Beta(5.865, 2.135))

    assert grade_primed_forecast(unknown, F) == unknown.prior


def test_the_table_of_grades_is_configuration():
    assert grade_primed_forecast(record(0, 0), A, table={A: Beta(7, 3)}) == Beta(7, 3)


@given(sums, sums)
def test_masses_sum_to_one(confirmed, refuted):
    masses = band_masses(record(confirmed, refuted).posterior)

    assert sum(masses.values()) == pytest.approx(1, abs=1e-9)
    assert all(0 <= mass <= 1 for mass in masses.values())


@given(sums, sums)
def test_a_suggestion_is_one_letter_two_neighbours_or_no_judgement(confirmed, refuted):
    letters = suggest(record(confirmed, refuted)).letters

    assert letters == (F,) or "".join(letters) in "ABCDE"


@given(st.integers(0, 200), st.integers(0, 200))
def test_more_confirmations_never_make_a_letter_worse(confirmed, refuted):
    before = suggest(record(confirmed, refuted)).letters
    after = suggest(record(confirmed + 1, refuted)).letters

    if F not in before + after:
        assert "".join(after) <= "".join(before) or set(after) & set(before)


@given(st.sampled_from(Reliability), sums, sums)
def test_a_human_letter_never_moves_the_evidence(human, confirmed, refuted):
    judged = record(confirmed, refuted)
    before = (suggest(judged), judged.interval_80, judged.posterior)

    diverges(human, judged)
    grade_primed_forecast(judged, human)

    assert (suggest(judged), judged.interval_80, judged.posterior) == before
