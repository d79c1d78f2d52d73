"""The result types."""

import pytest

from extraction.spans import Fragment, Span


def test_a_span_is_freed_of_white_space_at_its_edges():
    assert Span.cut("a  bc \n d", [(1, 6), (6, 9)]).fragments == (Fragment(3, 5, "bc"), Fragment(8, 9, "d"))


def test_a_span_of_white_space_is_refused():
    with pytest.raises(ValueError, match="at least one character"):
        Span.cut("a   b", [(1, 4)])


def test_quote_and_offsets_follow_the_text():
    span = Span.cut("sees him as a fool", [(9, 11), (0, 4)])

    assert (span.start, span.end, span.quote) == (0, 11, "sees as")
    assert span.offsets == [[0, 4], [9, 11]]
