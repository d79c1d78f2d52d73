"""Ids of rows as they arrive in addresses, forms and calls: words that somebody may have changed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import BigIntegerField

LARGEST_ID = BigIntegerField.MAX_BIGINT
MOST_DIGITS = 18
"""What fits the database's eight bytes; of thousands of digits Python makes no number at all, but an error."""


def row_id(words: str) -> int | None:
    """The id that the words are; None for all else, and for what no row can have."""
    return int(words) if words.isdecimal() and len(words) <= MOST_DIGITS else None


def row_ids(given: Iterable[str]) -> set[int]:
    """The ids among these."""
    return {found for words in given if (found := row_id(words)) is not None}
