"""Words with marks in them, for templates: a text cut into pieces of which some are marked. Knows no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Span = Sequence[int] | tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Piece:
    """kind: what it is marked as; empty: not marked."""

    text: str
    kind: str = ""


def pieces(text: str, spans: Iterable[Span], kind: str = "marked") -> list[Piece]:
    """The text cut at these `[start, end)` or `(start, end, kind)` in code points.

    Overlapping ones are one, those outside are cut off.
    """
    found = []
    at = 0
    for start, end, mark in _joined(text, spans, kind):
        if start > at:
            found.append(Piece(text[at:start]))
        found.append(Piece(text[start:end], mark))
        at = end
    if at < len(text) or not found:
        found.append(Piece(text[at:]))
    return found


def places_of(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where these words, or words that begin like them up to an ending, stand in the text."""
    spans = []
    for word in {word.strip().lower() for word in words if word.strip()}:
        stem = word[: max(3, len(word) - 2)] if word.isalpha() and len(word) > 4 else word
        ending = r"\w{0,4}" if stem != word else ""
        spans += [match.span() for match in re.finditer(rf"\b{re.escape(stem)}{ending}\b", text, re.IGNORECASE)]
    return spans


def _joined(text: str, spans: Iterable[Span], kind: str) -> list[tuple[int, int, str]]:
    """Sorted, within the text; those of one kind that touch, or with only white space between them, as one."""
    joined: list[tuple[int, int, str]] = []
    for start, end, mark in sorted((_within(text, span, kind) for span in spans), key=lambda span: (span[0], -span[1])):
        last = joined[-1] if joined else (0, 0, "")
        begin = max(start, last[1])
        if begin >= end:
            continue
        if joined and last[2] == mark and not text[last[1] : begin].strip():
            joined[-1] = (last[0], end, mark)
        else:
            joined.append((begin, end, mark))
    return joined


def _within(text: str, span: Span, kind: str) -> tuple[int, int, str]:
    start, end, *mark = span
    return max(0, int(start)), min(len(text), int(end)), str(mark[0]) if mark else kind
