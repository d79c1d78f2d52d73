"""Which wrapped lines belong together: paragraphs out of lines, across page breaks and double spacing."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from extraction.reading.lines import Line

SENTENCE_END = re.compile(r"[.!?:][\"'”’)\]]*$")
BLOCK_START = re.compile(
    r"\(?\d{1,3}[.)] |[•·▪*o-] |--|\([USC]\)|\(SBU\)|\((?:Source )?(?:Comment|Note)\b|[A-Z][A-Za-z ]{2,24}:( |$)|>"
)
HYPHENATED = re.compile(r"[^\W_]-$")
NEIGHBOURS = 6
"""Text lines above and below that tell how wide the text is set and where it is indented."""
NOT_WRAPPED = 220
"""Columns. Where the text is set wider than this, each line is a paragraph of its own."""
INDENT = 3
"""Columns by which a line must stand in to begin a paragraph."""
GAP_INDENT = 24
"""Columns. A line that stands in this far inside a paragraph follows removed words."""
FULL_SHARE = 0.82
"""A line is full when the next line's first word would have taken it past this share of the width."""


@dataclass(frozen=True, slots=True)
class _Setting:
    width: int
    indent: int
    double_spaced: bool


def paragraphs(lines: list[Line]) -> Iterator[list[Line]]:
    """The text lines grouped into paragraphs, in order."""
    numbers = [number for number, line in enumerate(lines) if line.is_text]
    paragraph: list[Line] = []
    for i, number in enumerate(numbers):
        if i and not _joins(lines, numbers, i):
            yield paragraph
            paragraph = []
        paragraph.append(lines[number])
    if paragraph:
        yield paragraph


def _setting(lines: list[Line], numbers: list[int], i: int) -> _Setting:
    near = numbers[max(0, i - NEIGHBOURS) : i + NEIGHBOURS + 1]
    spaced = sum(1 for a, b in itertools.pairwise(near) if b - a == 2 and lines[a + 1].kind == "blank")
    return _Setting(
        width=max(lines[n].edge for n in near),
        indent=min(lines[n].indent for n in near),
        double_spaced=len(near) > 4 and spaced >= 0.7 * (len(near) - 1),
    )


def _joins(lines: list[Line], numbers: list[int], i: int) -> bool:
    """Does text line `i` go on with the paragraph of the text line before it?"""
    above, line = lines[numbers[i - 1]], lines[numbers[i]]
    between = lines[numbers[i - 1] + 1 : numbers[i]]
    setting = _setting(lines, numbers, i)
    ended = SENTENCE_END.search(above.words[-6:]) is not None
    first_word = line.words[:40].split(" ", 1)[0]
    goes_on = first_word[:1].islower() or first_word[:1] in ",;)"
    stands_in = line.indent >= setting.indent + INDENT and line.indent >= above.indent + INDENT
    full = above.edge + 1 + len(first_word) >= FULL_SHARE * setting.width
    if any(part.kind in {"header", "memo_head", "attributes"} for part in between):
        return False
    if line.indent >= above.indent + GAP_INDENT:
        return False
    if HYPHENATED.search(above.words[-3:]) and line.words[:1].isalnum() and not between:
        return True
    if setting.width > NOT_WRAPPED:
        return goes_on and not ended and not any(part.kind == "blank" for part in between)
    if BLOCK_START.match(line.words) and (ended or stands_in or between) and not (goes_on and not ended):
        return False
    if any(part.kind != "blank" for part in between) or above.page_break:
        return full and not stands_in if ended else full or goes_on
    if between:
        return full and ((setting.double_spaced and not stands_in) or (not ended and goes_on))
    if stands_in and not (goes_on and not ended):
        return False
    return full or (goes_on and not ended)
