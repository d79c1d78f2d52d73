"""Printed dates, in every order and with the usual scanning errors."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.dates import date_alone, dateline, find_date


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Saturday, January 19, 2013 7:44 PM", date(2013, 1, 19)),
        ("Thursday, May 5, 201112:02 PM", date(2011, 5, 5)),
        ("Sunday, March 27, 201i 9:05 PM", date(2011, 3, 27)),
        ("Thursday, November 15,.2012 7:11 AM", date(2012, 11, 15)),
        ("Friday:January , 6, 2012 2:25 PM", date(2012, 1, 6)),
        ("March 27. 2011", date(2011, 3, 27)),
        ("16 Deceniber 1960", date(1960, 12, 16)),
        ("Thu Jan 28 14:07:37 2010", date(2010, 1, 28)),
        ("Thu Jan 28 14:07:37 EST 2010", date(2010, 1, 28)),
        ("Sat, 19 Jan 2013 19:44:00 -0500", date(2013, 1, 19)),
        ("Fri, Dec 7, 2012 4:50 pm", date(2012, 12, 7)),
        ("the 2nd of May 2011", date(2011, 5, 2)),
        ("12 MAR 74", date(1974, 3, 12)),
        ("2013-01-19", date(2013, 1, 19)),
        ("11-30-2015", date(2015, 11, 30)),
        ("6/21/11 5:37 PM", date(2011, 6, 21)),
        ("30/6/2005", date(2005, 6, 30)),
        ("Thursday, pn    , 012 09:03 AM", None),
        ("February 30, 2012", None),
        ("at 7:44 PM on page 2013", None),
        ("", None),
    ],
)
def test_the_day_is_found_or_left_unknown(words, day):
    assert find_date(words) == day


@given(st.dates(date(1930, 1, 1), date(2029, 12, 31)))
def test_every_day_is_read_back_from_each_usual_form(day):
    month = day.strftime("%B")

    for words in (
        f"{day:%A}, {month} {day.day}, {day.year} 9:00 AM",
        f"{day.day} {month[:3]} {day.year}",
        f"{day.day:02} {month[:3].upper()} {day.year % 100:02}",
        day.isoformat(),
        f"{day.month}/{day.day}/{day.year}",
    ):
        assert find_date(words) == day, words


def test_a_date_line_holds_nothing_but_the_date():
    assert date_alone("           January 19, 2013  ") == date(2013, 1, 19)
    assert date_alone("Monday, 2 May 2011") == date(2011, 5, 2)
    assert date_alone("On January 19, 2013 troops") is None
    assert date_alone("Embassy reporting, January 19, 2013") is None


def test_a_dateline_may_name_the_place_and_the_hour():
    assert dateline("Moscow, January 21, 1961, 4 p.m.") == date(1961, 1, 21)
    assert (
        dateline("Khrushchev met him in Novosibirsk on March 9, 1961, and they talked for nearly three hours.") is None
    )
