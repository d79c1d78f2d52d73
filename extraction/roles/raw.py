"""What the role stage hands on: attributions in token numbers of one parsed text."""

from __future__ import annotations

from dataclasses import dataclass

Pieces = tuple[tuple[int, int], ...]
"""Stretches of tokens `[start, end)`, in text order."""


@dataclass(slots=True)
class RawAttribution:
    """Source, cue and content as found, before nesting, resolution and scoring; what any labeller returns."""

    cue: Pieces
    source: Pieces
    content: Pieces
    kind: str
    """speech, belief, knowledge, fear, plan or denial."""
    strength: float
    """0 to 1: how surely these words are an attribution at all, from what was found."""
    hedging: bool = False
    """True when the cue itself lowers commitment ("fear", "in the opinion of")."""
    told: bool = False
    """True when the sentence names who was told: then the source need not have spoken to the author."""
    scope: Pieces = ()
    quoted: bool = False
    """True when the content was found as a direct quotation."""


def size(pieces: Pieces) -> int:
    return sum(end - start for start, end in pieces)
