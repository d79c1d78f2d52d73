"""Track records, computed from claims and verdicts and stored so that lists can sort by them."""

from __future__ import annotations

from collections.abc import Iterable


def refresh(sources: Iterable[int]) -> None:
    """Compute the stored records of these sources (ids) anew, in the caller's transaction.

    A source merged into another stands for the one it was merged into. Ids that are gone are passed over.
    """
