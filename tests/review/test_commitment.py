"""What the workbench says of the numbers, times and gradings in a claim's words."""

from __future__ import annotations

import pytest

from claims.models import Claim, DocumentSource
from review import commitment
from review.commitment import Reading


def quantity(low: float | None, high: float | None, comparator: str, unit: str = "") -> Claim:
    words = {"low": low, "high": high, "comparator": comparator, "unit": unit, "words": "these words", "fragments": []}
    return Claim(commitment={"quantities": [words]})


@pytest.mark.parametrize(
    ("claim", "meaning"),
    [
        (quantity(0, 35, "<=", "hostage"), "at most 35 (hostage)"),
        (quantity(5000, 10000, "range", "fighter"), "5,000 to 10,000 (fighter)"),
        (quantity(100, None, ">="), "at least 100"),
        (quantity(11400000, 11400000, "=", "USD"), "11,400,000 (USD)"),
        (quantity(5.4, 6.6, "~", "people"), "about 5.4 to 6.6 (people)"),
    ],
)
def test_a_quantity_is_said_as_an_interval(claim: Claim, meaning: str):
    assert commitment.quantities(claim) == [Reading("these words", meaning)]


@pytest.mark.parametrize(
    ("earliest", "latest", "meaning"),
    [
        ("2012-12-13", "2012-12-13", "13 Dec 2012"),
        ("2011-03-01", "2011-06-15", "1 Mar 2011 – 15 Jun 2011"),
        (None, "1964-04-30", "until 30 Apr 1964"),
        ("2013-01-19", None, "from 19 Jan 2013 on"),
        (None, None, "the day is open"),
    ],
)
def test_a_time_is_said_in_days(earliest: str | None, latest: str | None, meaning: str):
    claim = Claim(commitment={"times": [{"earliest": earliest, "latest": latest, "words": "then"}]})

    assert commitment.times(claim) == [Reading("then", meaning)]


def test_a_claim_added_by_hand_has_nothing_to_say():
    claim = Claim()

    assert commitment.quantities(claim) == commitment.times(claim) == []
    assert commitment.reported(claim) is commitment.printed_credibility(claim) is None
    assert commitment.negation(claim) == ""


def test_a_printed_grading_is_shown_with_the_letter_it_stands_for():
    graded = DocumentSource(printed_reliability="B", printed_reliability_words="usually reliable")

    assert commitment.printed_reliability(graded) == Reading("usually reliable", "B")
    assert commitment.printed_reliability(DocumentSource()) is None
