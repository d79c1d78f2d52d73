"""Which candidate an analyst should see next: the one whose decision tells most."""

from __future__ import annotations

import math

RANDOM_SHARE = 0.2
"""Of the queue, picked at random: these decisions alone feed the unbiased calibration report."""


def priority(probability: float, *, links: int = 0, weight: float = 1.0) -> float:
    """p(1 - p) x (1 + log2(1 + links)) x weight: doubtful and well connected first. 0 or above; ties go by id.

    probability: that the candidate is right, 0 to 1. links: accepted links of its proposition or source, 0 or more.
    weight: what the analysts make of it, 0 or more (1: as usual). Raises ValueError when one is out of range.
    """
    if not 0 <= probability <= 1:
        raise ValueError(f"a probability lies from 0 to 1; got {probability}")
    if links < 0 or weight < 0:
        raise ValueError(f"links and weight are 0 or more; got {links} and {weight}")
    return probability * (1 - probability) * (1 + math.log2(1 + links)) * weight
