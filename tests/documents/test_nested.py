"""Messages inside a document, and their folds: the page's text stays the document's, whatever is nested."""

import html
import re
import time
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from documents.marking import Mark, marked_text
from documents.nested import Nested, nested_messages

CHAIN = """From: Jones
To: Mills
Subject: Fw: talks

See below.

-----Original Message-----
From: Brennan
To: Jones; Mills; Amselem
Sent: 10 July 2009

He said so.
"""


def segment(start: int, **more: Any) -> dict[str, Any]:
    return {"start": start, "end": 0, "author": "", "recipients": "", "subject": "", "sent_on": None} | more


def spans(text: str, *segments: dict[str, Any]) -> list[tuple[str, str]]:
    """By message: its first line and its head."""
    found = nested_messages(text, segments)
    return [(text[one.start : one.end].partition("\n")[0], one.head) for one in found]


def plain(marked: str) -> str:
    """The text a browser would read out of the HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", marked).replace("&#13;", "\r"))


def test_a_forwarded_message_begins_at_the_line_that_introduces_it_and_says_who_wrote_to_whom():
    inner = segment(
        CHAIN.index("From: Brennan"), author="Brennan", recipients="Jones; Mills; Amselem", sent_on="2009-07-10"
    )

    assert spans(CHAIN, segment(0), inner) == [("-----Original Message-----", "Brennan to Jones +2, 10 Jul 2009")]


def test_one_without_names_is_called_by_its_subject():
    at = CHAIN.index("From: Brennan")

    assert spans(CHAIN, segment(0), segment(at, subject="Talks"))[0][1] == "Talks"
    assert spans(CHAIN, segment(0), segment(at))[0][1] == "Nested message"


def test_quoted_lines_are_messages_the_deeper_inside_those_around_them():
    text = "Yes.\n\nOn 3 May, Ana Lindqvist wrote:\n> one\n> two\n>> deep\n>> deeper\n>> deepest\n> three\n\nNo.\n"

    found = nested_messages(text, [segment(0)])

    assert [(text[one.start : one.end], one.head) for one in found] == [
        ("> one\n> two\n>> deep\n>> deeper\n>> deepest\n> three\n", "On 3 May, Ana Lindqvist wrote"),
        (">> deep\n>> deeper\n>> deepest\n", "Quoted text"),
    ]


def test_a_letter_misread_as_a_sign_is_no_quotation():
    assert spans("It rose\n> 5 percent\nand fell.\n", segment(0)) == []


def test_a_quotation_right_below_a_header_is_that_message_and_ends_with_it():
    text = "Hello.\n> From: Ana\n> one\n> two\n> From: Ben\n> three\n> four\n"
    segments = [segment(0), segment(text.index("> From: Ana") + 2), segment(text.index("> From: Ben"))]

    assert [first for first, _head in spans(text, *segments)] == ["> From: Ana", "> From: Ben"]


def test_a_document_of_one_message_has_none_inside():
    assert nested_messages(CHAIN, [segment(0)]) == nested_messages("", []) == []


def test_each_message_stands_in_a_fold_whose_head_is_no_text_and_the_lit_one_says_so():
    text = "one\ntwo\nthree\n"
    marked = marked_text(
        text, [Mark(8, 13, "lit", lit=True)], messages=[Nested(4, 8, "Ana to <Ben>"), Nested(8, 14, "Cleo")]
    )

    assert plain(marked) == text
    assert marked.count("<details") == marked.count("</details>") == 2
    assert 'data-message="4" open><summary data-say="Ana to &lt;Ben&gt;"' in marked
    assert 'data-message="8" data-holds open>' in marked


WORDS = st.text(alphabet=st.sampled_from("ab<&>>>> \"'é🎉\r\n\n\n"), max_size=120)


@given(
    text=WORDS,
    places=st.lists(st.integers(0, 130), max_size=6),
    marks=st.lists(st.tuples(st.integers(0, 120), st.integers(1, 30), st.booleans()), max_size=4),
)
def test_the_page_has_the_text_of_the_document_whatever_is_nested(text: str, places: list[int], marks: list[Any]):
    segments = [segment(place) for place in [0, *sorted(place for place in places if place <= len(text))]]
    messages = nested_messages(text, segments)

    shown = [Mark(start, start + size, "m", lit=lit) for start, size, lit in marks]
    marked = marked_text(text, shown, messages=messages, page_starts=[0, 5])

    assert plain(marked) == text
    assert marked.count("<details") == marked.count("</details>") == len(messages)
    depth = 0
    for tag in re.findall(r"</?details", marked):
        depth += 1 if tag == "<details" else -1
        assert depth >= 0
    for one, other in pairwise(messages):
        assert one.end <= other.start or other.end <= one.end, "one beside the other, or inside it"
        assert one.start < one.end


def test_time_stays_linear_in_hostile_text():
    text = ("> " * 20 + "x\n") * 5_000 + ">\n\n" * 20_000 + "> a\n>> b\n" * 10_000
    began = time.perf_counter()

    nested_messages(text, [segment(0), *(segment(start) for start in range(1, 100_000, 7))])

    assert time.perf_counter() - began < 2
