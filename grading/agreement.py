"""Whether the two axes are graded apart: how often the letter only repeats the digit."""

from __future__ import annotations

from collections.abc import Iterable

from grading.scales import Credibility, Reliability

_DIAGONAL = set(zip("ABCDE", "12345", strict=True))


def diagonal_share(grades: Iterable[tuple[Reliability, Credibility]]) -> float | None:
    """Share, 0 to 1, of grades on the diagonal A1, B2, C3, D4, E5; None without a grade.

    A high share says that one axis is copied from the other: 87 % of more than 1,400 US Army reports lay there (Baker,
    McKendry and Mace 1968). Hand in grades that somebody gave; a claim still at its F6 default is none.
    """
    given = [(reliability.value, credibility.value) for reliability, credibility in grades]
    return sum(grade in _DIAGONAL for grade in given) / len(given) if given else None
