"""The score of an attribution: plain features, honestly uncalibrated."""

from __future__ import annotations

import math

from extraction.linking import Draft

LONG_CONTENT = 700
"""Characters beyond which a content has probably run past its clause."""


def score(draft: Draft, *, resolved: bool, uncertain: bool) -> float:
    """0 to 1, higher for surer; not a probability. From how the cue was found, its source, and the content's length."""
    length = sum(end - start for start, end in draft.content)
    odds = 4.0 * draft.strength - 2.0
    odds += 0.4 if draft.quoted else 0.0
    odds += 0.2 if resolved else -0.6
    odds -= 0.5 if uncertain else 0.0
    odds -= 0.5 if length < 15 else 0.0
    odds -= 0.7 if length > LONG_CONTENT else 0.0
    odds -= 0.3 if draft.outer is not None else 0.0
    return round(1 / (1 + math.exp(-odds)), 3)
