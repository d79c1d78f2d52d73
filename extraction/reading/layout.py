"""Which wrapped lines belong together: paragraphs out of lines, across page breaks and double spacing."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from extraction.reading.lines import Line

SENTENCE_END = re.compile(r"[.!?:][\"'”’)\]]*$|(?<!\d)[.!?][\"'”’)]*\s?\d{1,2}(?:[,. ]+\d{1,2})*[,.]?$")
"""Numbers of notes may stand behind the mark: "the easy life.1,2,3"."""
LONGEST_END = 40
BLOCK_START = re.compile(
    r"\(?\d{1,3}[.)] |[•·▪*o-] |--|\([USC]\)|\(SBU\)|\((?:Source )?(?:Comment|Note)\b|[A-Z][A-Za-z ]{2,24}:( |$)|>"
)
CAPITALS_BLOCK_START = re.compile(r"(?:\d{1,2}|[A-Z])\. [A-Z\"(]")
"""In a telegram a number or letter at the beginning of a line begins a paragraph, also after a missing full stop."""
END_OF_TELEGRAM = re.compile(r"N{3,4}")
HYPHENATED = re.compile(r"[^\W_]-$")
NEIGHBOURS = 6
"""Text lines above and below that tell how wide the text is set and where it is indented."""
NOT_WRAPPED = 220
"""Columns. Where the text is set wider than this, each line is a paragraph of its own."""
INDENT = 3
"""Columns by which a line must stand in to begin a paragraph."""
GAP_INDENT = 24
"""Columns. A line that stands in this far inside a paragraph follows removed words."""
OUTLIER = 1.25
LABELS = 40
"""Columns. A line in capitals that is no longer may be a label."""
FULL_SHARE = 0.82
"""A line is full when the next line's first word would have taken it past this share of the width."""


@dataclass(frozen=True, slots=True)
class _Setting:
    width: int
    indent: int
    double_spaced: bool
    capitals: bool


class _Shape:
    """The text lines' numbers and what of them tells how the text is set, a list each."""

    def __init__(self, lines: list[Line]) -> None:
        self.numbers = [number for number, line in enumerate(lines) if line.is_text]
        texts = [lines[number] for number in self.numbers]
        self.edges = [line.edge for line in texts]
        self.indents = [line.indent for line in texts]
        self.capitals = [line.edge if line.edge > LABELS and line.words.isupper() else 0 for line in texts]
        """The edge of each line of running text in capitals, 0 for other lines, such as the labels of a form."""
        pairs = itertools.pairwise(self.numbers)
        self.below_blank = [False, *(b - a == 2 and lines[a + 1].kind == "blank" for a, b in pairs)]

    def setting(self, i: int) -> _Setting:
        """How the lines around text line `i` are set."""
        first, end = max(0, i - NEIGHBOURS), i + NEIGHBOURS + 1
        edges = self.edges[first:end]
        capitals = self.capitals[first:end]
        spaced = sum(self.below_blank[first + 1 : end])
        return _Setting(
            width=_width(edges),
            indent=min(self.indents[first:end]),
            capitals=len(capitals) - capitals.count(0) > 1 and 2 * sum(capitals) > sum(edges),
            double_spaced=len(edges) > 4 and spaced >= 0.7 * (len(edges) - 1),
        )


def paragraphs(lines: list[Line]) -> Iterator[list[Line]]:
    """The text lines grouped into paragraphs, in order."""
    shape = _Shape(lines)
    paragraph: list[Line] = []
    for i, number in enumerate(shape.numbers):
        if i and not _joins(lines, shape, i):
            yield paragraph
            paragraph = []
        paragraph.append(lines[number])
    if paragraph:
        yield paragraph


def _width(edges: list[int]) -> int:
    """How wide the text is set: the widest line, unless it alone is far wider than all others."""
    widest, *others = sorted(edges, reverse=True)
    return others[0] if len(others) > 2 and LABELS < others[0] < widest / OUTLIER else widest


def _joins(lines: list[Line], shape: _Shape, i: int) -> bool:
    """Does text line `i` go on with the paragraph of the text line before it?"""
    numbers = shape.numbers
    above, line = lines[numbers[i - 1]], lines[numbers[i]]
    between = lines[numbers[i - 1] + 1 : numbers[i]]
    if any(part.kind in {"header", "memo_head", "attributes"} for part in between):
        return False
    if above.hyphen and line.words[:1].isalnum():
        return True
    if line.indent >= above.indent + GAP_INDENT:
        return False
    if HYPHENATED.search(above.words[-3:]) and line.words[:1].isalnum() and not between:
        return True
    setting = shape.setting(i)
    seam = _seam(above, line, setting)
    if setting.width > NOT_WRAPPED:
        return seam.open_small and not any(part.kind == "blank" for part in between)
    if setting.capitals and not (between and all(part.kind == "blank" for part in between)):
        return _joins_in_capitals(lines, numbers, i, seam)
    if BLOCK_START.match(line.words) and (seam.ended or seam.stands_in or between) and not seam.open_small:
        return False
    if any(part.kind != "blank" for part in between) or above.page_break:
        return seam.full and not seam.stands_in if seam.ended else seam.full or seam.small
    if between:
        torn = len(between) == 1 and i > 1 and _right_below(numbers, i - 1) and line.words[0].isalnum()
        return seam.full and _joins_over_blank(seam, double_spaced=setting.double_spaced, torn=torn)
    return seam.open_small or (seam.full and not seam.stands_in)


@dataclass(frozen=True, slots=True)
class _Seam:
    """What tells at the border of two text lines whether they belong together."""

    ended: bool
    """The line above ends a sentence."""
    full: bool
    """The first word of the line would not have fitted into the line above."""
    small: bool
    """The line begins with a small letter or a comma."""
    stands_in: bool

    @property
    def open_small(self) -> bool:
        return self.small and not self.ended


def _seam(above: Line, line: Line, setting: _Setting) -> _Seam:
    first_word = line.words[:LONGEST_END].split(" ", 1)[0]
    return _Seam(
        ended=SENTENCE_END.search(above.words[-LONGEST_END:]) is not None,
        full=above.edge + 1 + len(first_word) >= FULL_SHARE * setting.width,
        small=first_word[:1].islower() or first_word[:1] in ",;)",
        stands_in=line.indent >= setting.indent + INDENT and line.indent >= above.indent + INDENT,
    )


def _joins_over_blank(seam: _Seam, *, double_spaced: bool, torn: bool) -> bool:
    """Is the blank line no end of a paragraph? torn: it is one, as scanning leaves it, below two lines of text."""
    if double_spaced and not seam.stands_in:
        return True
    return not seam.ended and (seam.small or (torn and not seam.stands_in))


def _right_below(numbers: list[int], i: int) -> bool:
    return numbers[i] - numbers[i - 1] == 1


def _joins_in_capitals(lines: list[Line], numbers: list[int], i: int, seam: _Seam) -> bool:
    """The same for two lines of a telegram, with no mere blank between: no small letter shows that it goes on."""
    starts_block = CAPITALS_BLOCK_START.match(lines[numbers[i]].words) or (seam.stands_in and seam.ended)
    if starts_block or _is_signature(lines, numbers, i):
        return False
    return seam.full or not seam.ended


def _is_signature(lines: list[Line], numbers: list[int], i: int) -> bool:
    """Is the line the last one of a telegram, with no more than a name on it?"""
    if lines[numbers[i]].words.count(" ") > 1:
        return False
    after = lines[numbers[i] + 1 : numbers[i + 1]] if i + 1 < len(numbers) else lines[numbers[i] + 1 :]
    return i + 1 == len(numbers) or any(END_OF_TELEGRAM.fullmatch(part.words) for part in after)
