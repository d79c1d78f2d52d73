"""Which message of a forwarded chain stands where."""

import itertools
from datetime import date

import pytest

from ingest.readers.facts import find_facts
from ingest.readers.messages import find_headers


def chain(text: str) -> list[tuple[str, str, date | None]]:
    """Who wrote each message of `text`, its first words, and its day."""
    segments = find_facts(text)[1]
    assert segments[0].start == 0
    assert segments[-1].end == len(text)
    assert all(one.end == two.start for one, two in itertools.pairwise(segments))
    first_lines = [text[part.start : part.end].partition("\n")[0].strip() for part in segments]
    return [(part.author, words, part.sent_on) for part, words in zip(segments, first_lines, strict=True)]


def block(sender: str, day: str = "Friday, May 6, 2011 1:00 PM", subject: str = "x") -> str:
    return f"From: {sender}\nSent: {day}\nTo: Somebody\nSubject: {subject}\n\nWords of {sender}.\n\n"


def test_each_header_block_opens_a_message_and_they_cover_the_text():
    text = block("Ann") + block("Bob", "Thursday, May 5, 2011 9:00 AM") + block("Carol", "Wed May 4 10:00:00 2011")

    assert chain(text) == [
        ("Ann", "From: Ann", date(2011, 5, 6)),
        ("Bob", "From: Bob", date(2011, 5, 5)),
        ("Carol", "From: Carol", date(2011, 5, 4)),
    ]


@pytest.mark.parametrize(
    "separator",
    [
        "-----Original Message-----",
        "    Original Message ----",
        "     Original Message",
        "---------- Forwarded message ----------",
        "Begin forwarded message:",
    ],
)
def test_a_line_that_announces_a_message_belongs_to_it(separator):
    assert chain(block("Ann") + f"{separator}\n\n" + block("Bob"))[1] == ("Bob", separator.strip(), date(2011, 5, 6))


def test_a_line_that_announces_a_message_which_does_not_come_opens_none():
    assert len(chain(block("Ann") + "-----Original Message-----\n\nWords.\n\n" + "More words.\n" * 5)) == 1


@pytest.mark.parametrize(
    "nested",
    [
        "Prom: Bob\nSant: Tuesday, April 26, 2011 1:21 PM\nTo: Ann\nSubject: x\n",
        "     From: Bob\n     Date: April 26, 2011 10:04:57 PM\n     To: Ann\n     Subject: x\n",
        "> From: Bob\n> Sent: Tuesday, April 26, 2011 1:21 PM\n> To: Ann\n> Subject: x\n",
        "From: Bob\nTo: Ann\nTo: Carol\nSubject: x\nSent: Apr 26, 2011 8:10 PM\n",
        "_ From:          Bob\n_ Sent:          Tuesday, April 26, 2011 1:21 PM\n_ To:\n_ Subject        x\n",
        "FROM: Bob\nDATE: 26 April 2011\nSUBJECT: x\n",
        "*From:* Bob\n*Sent:* Tuesday, April 26, 2011 1:21 PM\n*To:* Ann\n*Subject:* x\n",
        "From: Bob\nTo: Ann; Carol; 'Dan\n        ' <dan\nEve; Frank\nSent: Tue Apr 26 13:21:00 2011\nSubject: x\n",
        "From:        Bob\nSent:        Tuesday:April\n                  ,   26, 2011 1:21 PM\nTo:\nSubject:     x\n",
        "From: Bob\n\nSent: Tuesday, April 26, 2011\n\nTo: Ann\n\nSubject: x\n",
        "From: Bob\n2 of 3\nSent: Tuesday, April 26, 2011\nTo Ann\ncc: Carol\nSubject: x\n",
        "On Tue, Apr 26, 2011 at 8:02 PM, Bob              wrote:\n",
        "> On Apr 26, 2011, at 3:16 PM, Bob wrote:\n",
        "On Tuesday, April 26, 2011 at 3:16 PM,\nBob wrote:\n",
    ],
)
def test_a_nested_header_is_found_as_scans_and_mail_programs_leave_it(nested):
    first, second = chain(block("Ann") + nested + "\nWords.\n")

    assert first == ("Ann", "From: Ann", date(2011, 5, 6))
    assert (second[0], second[2]) == ("Bob", date(2011, 4, 26))


@pytest.mark.parametrize(
    "words",
    [
        "From: the north came tanks.\n",
        "To: everybody who asked\n",
        "From Lee b/l\n",
        "Subject: to approval, we go.\nDate: unknown\n",
        "From: 1:00\nTo: 2:00\n",
        "Note: he said no.\nRe: the other matter\n",
        "On Tuesday, he wrote:\n",
        "For: peace\nRe: war\nFrom: Sid\n",
    ],
)
def test_words_that_only_look_like_a_header_open_no_message(words):
    assert len(chain(block("Ann") + words + "\nMore words.\n")) == 1


def test_words_above_the_first_header_are_a_message_of_their_own():
    above = "These words stand above the first header, and they are too many to be a mere note on it.\n\n"

    assert chain(above + block("Bob")) == [("", above.strip(), None), ("Bob", "From: Bob", date(2011, 5, 6))]


def test_a_note_above_the_first_header_belongs_to_it():
    assert chain("Please print.\n\n" + block("Bob")) == [("Bob", "Please print.", date(2011, 5, 6))]


def test_a_subject_runs_over_indented_lines_but_not_into_stamps_and_text():
    text = (
        "From:           Ann\nSent:           Friday, May 6, 2011 1:00 PM\n"
        "To:                                                      Classified by DAS, A/GIS, DoS on\n"
        "Subject:        Fw: A long subject                       11/30/2015 — Class: CONFIDENTIAL —\n"
        "                that goes on                             Reason: 1.4(B) — Declassify on:\n"
        "                                                         09/25/2025\n"
        "Words.\n"
    )

    assert find_headers(text)[0].subject == "Fw: A long subject that goes on"


def test_a_header_ends_where_its_block_ends():
    text = block("Ann")

    header = find_headers(text)[0]

    assert text[header.start : header.end].endswith("Subject: x\n")


def test_line_ends_of_every_kind_are_understood():
    text = block("Ann") + block("Bob")

    for ending in ("\r\n", "\r", "\f\n"):
        assert [segment[0] for segment in chain(text.replace("\n", ending))] == ["Ann", "Bob"]
