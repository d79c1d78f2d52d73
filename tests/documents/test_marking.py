"""A text as HTML: never a character more or less, marks that overlap, nothing taken for markup."""

import html
import re
import time

import pytest

from documents.marking import Mark, columns, marked_text


def plain(marked: str) -> str:
    """The text a browser would read out of the HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", marked).replace("&#13;", "\r"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n  first\n\n\n\nlast \n",
        "<b>no</b> &amp; \"quotes\" 'too'",
        "🎉 Ω\r\ntwo\rthree\x0c four",
        f"{'x' * 70}\nand on\n   indented\tcolumns\t\t\there",
    ],
)
def test_the_pieces_together_are_the_text(text: str):
    marks = [Mark(start, start + 3, "a") for start in range(0, len(text), 2)]

    assert plain(marked_text(text, marks, page_starts=[0, len(text) // 2])) == text


def test_overlapping_marks_share_their_piece():
    marked = marked_text("one two three", [Mark(0, 7, "a"), Mark(4, 13, "b")])

    assert marked == '<span class="a">one </span><span class="a b">two</span><span class="b"> three</span>'


def test_a_lit_mark_says_what_it_is_once_and_can_be_gone_to():
    marked = marked_text("one two", [Mark(0, 7, "lit content", say="Content", lit=True), Mark(4, 7, "other")])

    assert marked == (
        '<mark class="lit content" id="at-0" data-say="Content">one </mark><mark class="lit content other">two</mark>'
    )


def test_a_mark_with_an_address_is_a_link():
    marked = marked_text("one", [Mark(0, 3, "cue-of", href="/review/claims/1/", title="Accepted")])

    assert marked == '<a class="cue-of" href="/review/claims/1/" title="Accepted">one</a>'


def test_marks_outside_the_text_are_left_out():
    assert marked_text("one", [Mark(2, 9, "a"), Mark(3, 3, "b")]) == "one"


def test_pages_begin_at_the_start_of_their_line():
    assert marked_text("one\n  two", [], page_starts=[0, 6]) == (
        '<span class="leaf" data-say="Page 1"></span>one\n<span class="leaf" data-say="Page 2"></span>  two'
    )


def test_a_lone_page_has_no_heading():
    assert marked_text("one", [], page_starts=[0]) == "one"


def test_white_space_that_only_lays_out_is_marked():
    line = "a line of at least sixty characters, so that it goes on below"
    marked = marked_text(f"Head:      value\n\n\n\n{line}\nits end.\n   Indented.", [])

    assert marked == (
        'Head:<span class="gap">      </span>value\n\n<span class="gap">\n\n</span>'
        f'{line}<span class="soft">\n</span>its end.\n<span class="gap">   </span>Indented.'
    )


def test_time_stays_linear_in_hostile_text():
    text = " " * 100_000 + "\n" * 100_000 + " \n" * 50_000

    began = time.perf_counter()
    marked_text(text, [])

    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("text", "wide"),
    [("", 80), ("x" * 80, 80), ("x" * 81 + "   ", 96), ("x\n" * 300 + "y" * 500, 80), ("y" * 500, 136)],
)
def test_a_page_is_set_as_wide_as_nearly_all_its_lines(text: str, wide: int):
    assert columns(text) == wide
