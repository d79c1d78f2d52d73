"""The words that hedge are marked inside cue and content, and nowhere else."""

import pytest

from review.hedging import hedge_marks
from tests.factories import ClaimFactory, TextLayerFactory

pytestmark = pytest.mark.django_db

TEXT = "They may go. An officer believes that the column\nmay, at  least in part, have left by May; the maybe is ours."


@pytest.mark.parametrize(
    ("hedge", "marked"),
    [
        ("", []),
        ("believes", ["believes"]),
        ("believes; may", ["believes", "may", "May"]),
        ("at least", ["at  least"]),
        ("in part; a.b(", ["in part"]),
    ],
)
def test_each_hedge_is_marked_where_cue_or_content_has_it(hedge: str, marked: list[str]):
    words = ("An officer", "believes", "the column\nmay, at  least in part, have left by May")
    claim = ClaimFactory(layer=TextLayerFactory(text=TEXT), words=words, hedge=hedge)

    assert [TEXT[mark.start : mark.end] for mark in hedge_marks(claim)] == marked
