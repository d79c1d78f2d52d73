"""Time stays linear and nothing fails, whatever is sent."""

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers import Unreadable, read

SIZE = 500_000
LARGE = 5_000_000
SECONDS = 60
"""Of one processor. Far above what any of these takes, far below what a pass that is not linear would."""
MAIL = b"MIME-Version: 1.0\nFrom: a\n"

SHAPES = {
    "spaces": b" ",
    "blank lines": b"\n",
    "form feeds": b"\f",
    "lines of spaces": b" " * 70 + b"\n",
    "one long word": b"a",
    "quote marks": b"> > > > \n",
    "from lines": b"From: a\n",
    "headers": b"From: a\nSent: Jan 1, 2012\nTo: x\nSubject: y\n\n",
    "recipients": b"To: a; b;\n",
    "banners": b"Doc No. C05797165 ",
    "release marks": b" " * 40 + b"RELEASE IN PART B6\n",
    "codes in the margin": b" " * 40 + b"B6 " * 50 + b"\n",
    "cut addresses": b"From: " + b" " * 900 + b"<" * 900 + b"\nSent: Jan 1, 2012\nSubject: x\n",
    "reply lines": b"On Jan 1, 2012, x wrote:\n",
    "unfinished reply lines": b"On Jan 1, 2012\n",
    "date-time groups": b"R 121254Z MAR 74\n",
    "stamps": b"Class: " + b" " * 300,
    "high bytes": b"\xe9\xe8\xe7x",
}
WRAPPED_SHAPES = {
    "unclosed tags": (b"<html>", b"<a "),
    "unclosed comments": (b"<html>", b"<!--"),
    "unclosed quotes in tags": (b"<html>", b'<a"<a>"'),
    "nested blocks": (b"<html>", b"<div>"),
    "broken entities": (b"<html>", b"&#1"),
    "recipients of a mail": (MAIL + b"To: ", b"a@b, "),
    "encoded words": (MAIL + b"Subject: ", b"=?utf-8?q?a?= "),
    "content parameters": (MAIL + b"Content-Type: multipart/mixed; ", b'";'),
    "blank lines in a mail": (MAIL + b"\n", b"\n"),
    "messages in messages": (MAIL, b"Content-Type: message/rfc822\n\n"),
}


def seconds_to_read(data: bytes) -> float:
    start = time.process_time()
    with suppress(Unreadable):
        reading = read(data, name="")
        assert reading.segments == () or reading.segments[-1].end == len(reading.text)
    return time.process_time() - start


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["spaces", "from lines"])
def test_five_megabytes_of_one_shape_take_linear_time(shape):
    assert seconds_to_read(SHAPES[shape] * (LARGE // len(SHAPES[shape]))) < SECONDS


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_half_a_megabyte_of_one_shape_takes_linear_time(shape):
    assert seconds_to_read(SHAPES[shape] * (SIZE // len(SHAPES[shape]))) < SECONDS


@pytest.mark.slow
@pytest.mark.parametrize("shape", WRAPPED_SHAPES)
def test_half_a_megabyte_of_markup_or_mail_takes_linear_time(shape):
    opening, unit = WRAPPED_SHAPES[shape]

    assert seconds_to_read(opening + unit * (SIZE // len(unit))) < SECONDS


PIECES = [
    "From: ", "Sent: ", "To:", "Subject   ", "For: ", "Re; ", "Date: 05/13/2015", "Saturday, January 19, 2013", "\n",
    "\n\n", ]  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_mixture_of_what_documents_print_reads_into_segments_without_gap(text):
    reading = read(text.encode(), name="")

    starts = [segment.start for segment in reading.segments]
    ends = [segment.end for segment in reading.segments]
    assert ([*ends[-1:]] or [0]) == [len(reading.text)]
    assert starts == ([0, *ends[:-1]] if reading.text else [])
    assert all(start < end for start, end in zip(starts, ends, strict=True))
    assert list(reading.page_starts) == sorted(set(reading.page_starts))


@given(st.binary(max_size=500))
def test_any_bytes_are_read_or_refused_with_a_reason(data):
    with suppress(Unreadable):
        reading = read(data, name="")
        assert "\0" not in reading.text
        reading.text.encode("utf-8")
