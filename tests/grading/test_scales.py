import pytest

from grading.scales import Credibility, Reliability, likelihood_term


@pytest.mark.parametrize(
    ("percent", "term"),
    [
        (0.5, "almost no chance"),
        (4.9, "almost no chance"),
        (5, "very unlikely"),
        (19, "very unlikely"),
        (20, "unlikely"),
        (44, "unlikely"),
        (45, "roughly even chance"),
        (55, "roughly even chance"),
        (56, "likely"),
        (80, "likely"),
        (81, "very likely"),
        (95, "very likely"),
        (96, "almost certain"),
        (99.5, "almost certain"),
    ],
)
def test_likelihood_words_follow_icd_203(percent, term):
    assert likelihood_term(percent) == term


@pytest.mark.parametrize("percent", [0, 100, -3, 140])
def test_certainty_has_no_likelihood_word(percent):
    with pytest.raises(ValueError, match="between 0 and 100"):
        likelihood_term(percent)


def test_grades_carry_the_labels_of_the_standard():
    assert Reliability.F.label == "Reliability cannot be judged"
    assert Reliability.B.label == "Usually reliable"
    assert Credibility.CONFIRMED.label == "Confirmed by other sources"
    assert Credibility("6").label == "Truth cannot be judged"
