import pytest

from grading.agreement import DiagonalShare, diagonal_share


def test_letters_that_match_their_numbers_are_on_the_diagonal():
    found = diagonal_share({("A", "1"): 2, ("B", "2"): 3, ("B", "3"): 4, ("E", "1"): 1})

    assert (found.pairs, found.diagonal, found.share) == (10, 5, 0.5)


def test_worked_value_8_eight_of_ten_grades_are_on_the_diagonal():
    on = {("A", "1"): 2, ("B", "2"): 2, ("C", "3"): 2, ("D", "4"): 1, ("E", "5"): 1}

    assert diagonal_share(on | {("A", "2"): 1, ("B", "4"): 1}).share == 0.8


def test_by_chance_is_what_the_marginal_counts_give():
    found = diagonal_share({("A", "1"): 3, ("A", "2"): 1, ("B", "1"): 1, ("B", "2"): 5})

    assert found.by_chance == pytest.approx((4 * 4 + 6 * 6) / 10)
    assert found.share_by_chance == pytest.approx(0.52)


def test_f_and_6_judge_nothing_and_count_nowhere():
    assert diagonal_share({("F", "6"): 5, ("A", "6"): 2, ("F", "1"): 2}) == DiagonalShare(0, 0, 0.0)
    assert diagonal_share({}).share is None
