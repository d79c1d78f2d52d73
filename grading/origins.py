"""Which claims share an origin: reports that derive from each other are one report (section 7)."""

from __future__ import annotations

from collections.abc import Iterable


def origin_of_each(claims: Iterable[int], links: Iterable[tuple[int, int]]) -> dict[int, int]:
    """For each claim the lowest id in its origin group: claims are in one group when links lead from one to the other.

    links: declared derivations and accepted text reuse, in either direction; they may lead over claims not in `claims`.
    """
    parent: dict[int, int] = {}

    def find(claim: int) -> int:
        root = claim
        while (above := parent.get(root, root)) != root:
            root = above
        while (above := parent.get(claim, claim)) != root:  # shorten the way for the next one
            parent[claim], claim = root, above
        return root

    for one, other in links:
        low, high = sorted((find(one), find(other)))
        parent[high] = low
    return {claim: find(claim) for claim in claims}
