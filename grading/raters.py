"""How far two people who judged the same items agree, and how far beyond chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import krippendorff

FEWEST_ITEMS = 20
"""Items below which no figure is given: of 20 that agree in 17 the 95 % interval of the share (Wilson) still reaches
from 64 to 95 %, and that of kappa is wider."""

Span = Iterable[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """items: judged by both. agreed: judged alike.

    kappa: Cohen (1960), each person's own frequencies taken for chance. alpha: Krippendorff (2011), nominal, the
    frequencies of both together. Both are 1 for full agreement and 0 for that of chance; None where everything was
    judged the same by both, since then nothing says what chance would have done.
    """

    items: int
    agreed: int
    kappa: float | None
    alpha: float | None

    @property
    def share(self) -> float | None:
        """0 to 1; None without items."""
        return self.agreed / self.items if self.items else None

    @property
    def enough(self) -> bool:
        """Whether the figures say more than the draw of these items."""
        return self.items >= FEWEST_ITEMS


def agreement(pairs: Iterable[tuple[Hashable, Hashable]]) -> Agreement:
    """Of items as the one and as the other judged them, in categories without an order."""
    judged = list(pairs)
    return Agreement(
        items=len(judged),
        agreed=sum(one == other for one, other in judged),
        kappa=cohens_kappa(judged),
        alpha=krippendorffs_alpha(judged),
    )


def cohens_kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """(observed - expected) / (1 - expected) agreement (Cohen 1960), expected from how often each used each category.

    Computed here: the libraries that have it bring an array of estimators along. The tests compare it with one.
    """
    if not pairs:
        return None
    total = len(pairs)
    ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    expected = sum(times * others[category] for category, times in ones.items())
    if expected == total**2:
        return None
    observed = sum(one == other for one, other in pairs)
    return (observed * total - expected) / (total**2 - expected)


def krippendorffs_alpha(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """By the library `krippendorff`; None with fewer than two categories, which it refuses."""
    numbers: dict[Hashable, int] = {}
    for pair in pairs:
        for category in pair:
            numbers.setdefault(category, len(numbers))
    if len(numbers) < 2:
        return None
    table = [[numbers[pair[person]] for pair in pairs] for person in (0, 1)]
    return float(krippendorff.alpha(reliability_data=table, level_of_measurement="nominal"))


def overlap(one: Span, other: Span) -> float:
    """How much of two spans of characters is the same: twice what both have over what each has (Dice), 0 to 1."""
    first = {place for start, end in one for place in range(start, end)}
    second = {place for start, end in other for place in range(start, end)}
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else 1.0
