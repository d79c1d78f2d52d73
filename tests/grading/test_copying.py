from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.copying import (
    Answer,
    RefutedClaim,
    SharedAnswers,
    candidate_pairs,
    copy_posterior,
    is_noticeable,
    shared_answers,
)

counts = st.integers(0, 300)
accuracies = st.floats(0.01, 0.99)


@pytest.mark.parametrize(
    ("shared", "accuracy", "posterior"),
    [
        ((10, 5, 2), 0.7, 0.999988),
        ((10, 1, 2), 0.7, 0.720709),
        ((10, 0, 7), 0.7, 0.000061),
        ((10, 0, 0), 0.7, 0.826597),
        ((15, 0, 0), 0.7, 0.954161),
        ((0, 3, 0), 0.7, 0.998389),
        ((3, 0, 2), 0.7, 0.023643),
        ((10, 2, 5), 0.7, 0.218372),
        ((15, 0, 0), 0.9, 0.472795),
        ((0, 3, 0), 0.9, 0.999938),
    ],
)
def test_copying_is_as_probable_as_worked_out(shared, accuracy, posterior):
    assert copy_posterior(SharedAnswers(*shared), accuracy, accuracy) == pytest.approx(posterior, abs=1e-5)


def test_two_shared_questions_prove_nothing():
    assert copy_posterior(SharedAnswers(refuted=2), 0.7, 0.7) == 0
    assert copy_posterior(SharedAnswers(refuted=3), 0.7, 0.7) > 0.99


def test_only_more_probable_than_not_is_put_before_an_analyst():
    assert [is_noticeable(posterior) for posterior in (0.499, 0.5, 0.501)] == [False, False, True]


@pytest.mark.parametrize("accuracy", [0, 1, -0.1, 1.1])
def test_an_accuracy_that_is_certain_is_refused(accuracy):
    with pytest.raises(ValueError, match="both excluded"):
        copy_posterior(SharedAnswers(5, 5, 5), 0.7, accuracy)


def test_answers_are_compared_question_by_question():
    one = {1: Answer("red", True), 2: Answer("ten", False), 3: Answer("north", False), 4: Answer("late", True)}
    other = {1: Answer("red", True), 2: Answer("ten", False), 3: Answer("south", True), 5: Answer("late", True)}

    assert shared_answers(one, other) == SharedAnswers(true=1, refuted=1, different=1)


def test_sources_are_compared_only_when_they_held_the_same_refuted_value():
    claims = [
        RefutedClaim(1, "ten", source=4),
        RefutedClaim(1, "ten", source=2),
        RefutedClaim(1, "ten", source=2),
        RefutedClaim(1, "twelve", source=3),
        RefutedClaim(2, "ten", source=5),
    ]

    assert candidate_pairs(claims) == {(2, 4)}


def test_of_many_holders_the_fifty_earliest_are_paired():
    claims = [RefutedClaim(1, "ten", source=n, claimed_on=date(2020, 1, 1)) for n in range(1, 61)]
    late_low_id = RefutedClaim(1, "ten", source=0, claimed_on=None)

    pairs = candidate_pairs([late_low_id, *reversed(claims)])

    assert len(pairs) == 50 * 49 / 2
    assert {source for pair in pairs for source in pair} == set(range(1, 51))


@given(counts, counts, counts, accuracies, accuracies)
def test_it_is_a_probability_and_the_same_from_both_sides(true, refuted, different, one, other):
    shared = SharedAnswers(true, refuted, different)

    posterior = copy_posterior(shared, one, other)

    assert 0 <= posterior <= 1
    assert posterior == pytest.approx(copy_posterior(shared, other, one))


@given(st.integers(3, 50), st.integers(0, 50), st.integers(0, 50), accuracies)
def test_a_shared_mistake_makes_copying_more_probable_and_a_difference_less(true, refuted, different, accuracy):
    before = copy_posterior(SharedAnswers(true, refuted, different), accuracy, accuracy)

    assert copy_posterior(SharedAnswers(true, refuted + 1, different), accuracy, accuracy) >= before - 1e-12
    assert copy_posterior(SharedAnswers(true, refuted, different + 1), accuracy, accuracy) <= before + 1e-12
