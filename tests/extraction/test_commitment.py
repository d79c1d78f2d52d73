"""Quantities, times and polarity: pure functions over strings."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction import lexicon
from extraction.commitment import in_base_unit, polarity, quantities, times
from extraction.commitment.calendar import Partial, resolve
from tests.extraction.held_out import cases, reading

PIECES = st.sampled_from(
    [
        "35", "5,000-10,000", "two", "hundred", "a", "dozen", "of", "and", "$", "US$", "million", "(", "40", ")",
        "half", "to", "between", "at least", "161200Z", "Jan", "1963", "March", "31", "February", "the past",
        "several", "weeks", "ago", "-", "since", "early", "mid-", "2012", "99/99/99", "2/30/2011", "no", "not",
        "rpt", "who", ",", "per", "cent", "next", "year", "9" * 30, "٣", "०", "0000Z", "310000Z FEB", "last",
        "Monday", "decades", "999", "February 30", "1899", "the 1990s", "winter of 2099",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES).map(" ".join), st.lists(PIECES).map("".join))
DAYS = st.one_of(st.none(), st.dates(min_value=date(1800, 1, 1), max_value=date(2100, 12, 31)))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["text"][:50])
def test_a_sentence_written_before_the_code_is_read_as_a_person_did(case: dict[str, Any]):
    expected = {key: case[key] for key in ("quantities", "times", "negative")}

    assert reading(case) == expected


@given(TEXTS, DAYS)
def test_any_text_yields_intervals_in_order_over_words_of_the_text(text: str, on: date | None):
    found = [*quantities(text), *times(text, on)]

    for one in found:
        assert text[one.span.start : one.span.end] == one.span.quote
    for quantity in quantities(text):
        assert quantity.low is None or quantity.high is None or quantity.low <= quantity.high
    for time in times(text, on):
        assert time.earliest is None or time.latest is None or time.earliest <= time.latest
    assert isinstance(polarity(text).negative, bool)


@given(TEXTS, DAYS)
def test_no_number_is_counted_twice(text: str, on: date | None):
    spans = sorted(one.span.offsets[0] for one in quantities(text))

    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


@pytest.mark.parametrize(
    "unit", ["5,000-10,000 ", "not ", "early March and ", "a", "1", "the week of the ", "n't", "- ", "who "]
)
@pytest.mark.no_cover
def test_ten_times_the_text_takes_about_ten_times_as_long(unit: str):
    def seconds(text: str) -> float:
        start = perf_counter()
        quantities(text)
        times(text, date(2012, 1, 1))
        polarity(text)
        return perf_counter() - start

    seconds(unit * 100)
    short = min(seconds(unit * 2_000) for _ in range(3))
    assert seconds(unit * 20_000) < 40 * short + 0.05


def test_a_year_the_text_leaves_out_is_the_nearest():
    assert resolve(Partial(None, 12, 20), date(2013, 1, 5)).earliest == date(2012, 12, 20)
    assert resolve(Partial(None, 1, 20), date(2012, 12, 28)).earliest == date(2013, 1, 20)


def test_without_the_date_of_the_document_a_day_without_a_year_stays_open():
    (found,) = times("the attack of 13 December")

    assert (found.earliest, found.latest, found.granularity) == (None, None, "day")
    assert found.span.quote == "13 December"


def test_units_of_one_kind_meet_in_one_unit():
    (far,) = quantities("about 10 miles")
    (near,) = quantities("16 km")

    assert in_base_unit(far).unit == in_base_unit(near).unit == "metre"
    assert in_base_unit(far).low <= in_base_unit(near).low <= in_base_unit(far).high


@pytest.mark.parametrize("row", list(lexicon.rows("numbers")), ids=lambda row: row["word"])
def test_the_example_of_a_number_has_its_value(row: dict[str, Any]):
    (found,) = quantities(row["example"])

    bounds = (row.get("low", row.get("value")), row.get("high", row.get("value")))
    if row["kind"] == "scale":
        bounds = (2 * row["value"],) * 2
    if row["kind"] == "fraction":
        count = {"One": 1, "Two": 2, "Three": 3}[row["example"].split()[0]]
        bounds = (pytest.approx(100 * count * row["value"], abs=0.01),) * 2
    assert (found.low, found.high) == bounds


@pytest.mark.parametrize("row", list(lexicon.rows("comparators")), ids=lambda row: row["words"])
def test_the_example_of_a_comparator_has_its_interval(row: dict[str, Any]):
    (found,) = quantities(row["example"])

    wanted = {
        "<=": (0, 40, "<="),
        ">=": (40, None, ">="),
        "~": (36, 44, "~"),
        "nearly": (36, 40, "~"),
        "=": (40, 40, "="),
    }
    assert (found.low, found.high, found.comparator) == wanted[row["comparator"]]
    assert row["words"] in found.span.quote


@pytest.mark.parametrize("row", list(lexicon.rows("units")), ids=lambda row: row["unit"])
def test_the_example_of_a_unit_is_counted_in_it(row: dict[str, Any]):
    (found,) = quantities(row["example"])

    assert found.unit == row["unit"]


@pytest.mark.parametrize("row", list(lexicon.rows("plurals")), ids=lambda row: row["plural"])
def test_the_example_of_a_plural_is_counted_in_its_singular(row: dict[str, Any]):
    (found,) = quantities(row["example"])

    assert found.unit == row["singular"]


@pytest.mark.parametrize("row", list(lexicon.rows("negations")), ids=lambda row: row["words"])
def test_the_example_of_a_negation_is_negative_unless_the_words_negate_nothing(row: dict[str, Any]):
    assert polarity(row["example"]).negative is row["negates"]


@pytest.mark.parametrize("row", list(lexicon.rows("months")), ids=lambda row: row["name"])
def test_the_example_of_a_month_is_a_day_in_it(row: dict[str, Any]):
    (found,) = times(row["example"])

    assert found.earliest == found.latest == date(1963, row["number"], 9)
