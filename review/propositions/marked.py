"""Words with marks in them, for templates: a text cut into pieces of which some are marked. Knows no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    marked: bool


def pieces(text: str, spans: Iterable[Sequence[int]]) -> list[Piece]:
    """The text cut at these `[start, end)` in code points. Overlapping ones are one, those outside are cut off."""
    found = []
    at = 0
    for start, end in _joined(text, spans):
        if start > at:
            found.append(Piece(text[at:start], marked=False))
        found.append(Piece(text[start:end], marked=True))
        at = end
    if at < len(text) or not found:
        found.append(Piece(text[at:], marked=False))
    return found


def places_of(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where these words, or words that begin like them up to an ending, stand in the text."""
    spans = []
    for word in {word.strip().lower() for word in words if word.strip()}:
        stem = word[: max(3, len(word) - 2)] if word.isalpha() and len(word) > 4 else word
        ending = r"\w{0,4}" if stem != word else ""
        spans += [match.span() for match in re.finditer(rf"\b{re.escape(stem)}{ending}\b", text, re.IGNORECASE)]
    return spans


def _joined(text: str, spans: Iterable[Sequence[int]]) -> list[tuple[int, int]]:
    """Sorted, within the text; those that touch, or with only white space between them, as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted((max(0, span[0]), min(len(text), span[1])) for span in spans):
        if start >= end:
            continue
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
