"""The reading view: the text as a reader reads it, laid over the original without moving a character."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from extraction.reading.forms import mark_forms
from extraction.reading.furniture import mark_furniture
from extraction.reading.headers import Segment, mark_headers
from extraction.reading.layout import paragraphs
from extraction.reading.lines import SOFT_HYPHEN, Furniture, Line, split_lines
from extraction.reading.wording import wording

WORD = r"[^\s\x00-\x08\x0e-\x1b\x7f-\x9f\ufeff\u200b\ud800-\udfff]{1,200}"
"""No white space, control characters or halves of surrogate pairs: those part words, and no word holds them.
A longer run of characters is parted, too: tokenizing takes time in the square of its length."""
WORDS = re.compile(rf"{WORD}(?: {WORD})*")
RUN_TOGETHER = re.compile(
    r"(?<!\w)(?:[IiOo]n(?=a (?:report|document|letter|list|message|memorandum|cable|dispatch)\b)"
    r"|A(?=(?:usually|fairly|completely) )|(?:the|of|in|to|and|by|that|from|with|said)(?=[A-Z][A-Z]))"
)
"""Words that have lost the space behind them in a scan or a transcription: "Ina report", "Ausually", "theUSSR"."""
QUOTE_PREFIX = re.compile(r"(?:> ?)+")
REMOVED_WORDS = 6
"""Spaces inside a line of text: so many stand for words removed from it (IMPORT-CASES: half of such gaps are)."""
PARAGRAPH_BREAK = "\n\n"


class Run(NamedTuple):
    """`length` characters alike in view and original. `glued`: only white space before it in the original."""

    view_start: int
    start: int
    length: int
    glued: bool


class Paragraph(NamedTuple):
    """`view.text[start:end]`, and the number of the message (segment) it stands in."""

    start: int
    end: int
    segment: int


@dataclass(frozen=True, slots=True)
class ReadingView:
    """What to read of `original`, and the way back to it. Built by `reading_view`."""

    original: str
    text: str
    """The author's text: lines joined by a space, paragraphs parted by a blank line, furniture left out."""
    paragraphs: tuple[Paragraph, ...]
    furniture: tuple[Furniture, ...]
    """What was left out, in original offsets, in order, without overlap."""
    page_starts: tuple[int, ...]
    """Original offsets where a page begins; the first is 0."""
    segments: tuple[Segment, ...]
    """The messages of a forwarded chain (original offsets), in order; at least one."""
    runs: tuple[Run, ...] = field(repr=False)
    wording: str = field(repr=False)
    """`text` as it is best parsed: as long, but small letters where all are capitals, and without misreadings."""

    def to_original(self, start: int, end: int) -> list[tuple[int, int]]:
        """The stretches of the original under `text[start:end]`.

        White space at a line end is kept inside a stretch; furniture, a page break or a gap of removed words parts it.
        """
        pieces: list[tuple[int, int]] = []
        for number in range(self._run_at(start), len(self.runs)):
            run = self.runs[number]
            if run.view_start >= end:
                break
            first = max(start, run.view_start) - run.view_start + run.start
            last = min(end, run.view_start + run.length) - run.view_start + run.start
            if first >= last:
                continue
            if pieces and run.glued and first == run.start:
                pieces[-1] = (pieces[-1][0], last)
            else:
                pieces.append((first, last))
        return pieces

    def to_view(self, start: int, end: int) -> tuple[int, int] | None:
        """Where `original[start:end]` stands in `text`, first to last character, or None when all of it is left out."""
        first = last = None
        number = max(0, bisect_right(self.runs, start, key=lambda run: run.start) - 1) if self.runs else 0
        for run in self.runs[number:]:
            if run.start >= end:
                break
            low, high = max(start, run.start), min(end, run.start + run.length)
            if low < high:
                first = low - run.start + run.view_start if first is None else first
                last = high - run.start + run.view_start
        return None if first is None or last is None else (first, last)

    def _run_at(self, position: int) -> int:
        return max(0, bisect_right(self.runs, position, key=lambda run: run.view_start) - 1) if self.runs else 0


def reading_view(text: str) -> ReadingView:
    """Lay a reading view over any text: memo, mail chain, telegram, news, noise. Takes time linear in its length."""
    lines = split_lines(text)
    mark_furniture(lines)
    mark_forms(lines)
    segments = mark_headers(lines, len(text))
    return _Builder(text, segments).build(lines)


class _Builder:
    """Collects the runs of the view, line by line."""

    def __init__(self, text: str, segments: tuple[Segment, ...]) -> None:
        self.original = text
        self.segments = segments
        self.pieces: list[str] = []
        self.length = 0
        self.runs: list[Run] = []
        self.paragraphs: list[Paragraph] = []
        self.quote_marks: list[Furniture] = []

    def build(self, lines: list[Line]) -> ReadingView:
        segment = 0
        for paragraph in paragraphs(lines):
            if self.pieces:
                self._add_blank(PARAGRAPH_BREAK)
            start = self.length
            before: Line | None = None
            for line in paragraph:
                self._add_line(line, before)
                before = line
            while segment + 1 < len(self.segments) and self.segments[segment + 1].start <= paragraph[0].text_start:
                segment += 1
            if self.length > start:
                self.paragraphs.append(Paragraph(start, self.length, segment))
        text = "".join(self.pieces)
        return ReadingView(
            original=self.original,
            text=text,
            paragraphs=tuple(self.paragraphs),
            furniture=self._furniture(lines),
            page_starts=(0, *(line.end + 1 for line in lines if line.page_break and line.end + 1 < len(self.original))),
            segments=self.segments,
            runs=tuple(self.runs),
            wording=wording(text, ((paragraph.start, paragraph.end) for paragraph in self.paragraphs)),
        )

    def _add_blank(self, blank: str) -> None:
        self.pieces.append(blank)
        self.length += len(blank)

    def _add_line(self, line: Line, before: Line | None) -> None:
        start = line.text_start
        prefix = QUOTE_PREFIX.match(line.words)
        if prefix:
            self.quote_marks.append(Furniture(start, start + prefix.end(), "quote_mark"))
            start += prefix.end()
        for match in WORDS.finditer(self.original, start, line.text_end):
            line_start = before is not None and match.start() == start
            joined = line_start and before is not None and before.hyphen
            at = match.start()
            for together in RUN_TOGETHER.finditer(self.original, at, match.end()):
                self._add_words(at, together.end(), line_start, joined)
                at, line_start, joined = together.end(), False, False
            self._add_words(at, match.end(), line_start, joined)

    def _add_words(self, start: int, end: int, line_start: bool, joined: bool) -> None:
        after = self.runs[-1] if self.runs else None
        gap = self.original[after.start + after.length : start] if after else ""
        in_paragraph = self.pieces and self.pieces[-1] != PARAGRAPH_BREAK
        if after and in_paragraph and not joined and not (line_start and self._is_hyphenated(after, start)):
            self._add_blank(" ")
        glued = bool(in_paragraph) and not gap.replace(SOFT_HYPHEN, "").strip() and "\f" not in gap
        glued = glued and (line_start or len(gap) < REMOVED_WORDS)
        self.runs.append(Run(self.length, start, end - start, glued))
        self.pieces.append(self.original[start:end])
        self.length += end - start

    def _is_hyphenated(self, after: Run, start: int) -> bool:
        """Does the line above end in a hyphen inside a word ("el-" / "Keib")? It is joined, never dropped."""
        end = after.start + after.length
        return (
            self.original[end - 1] == "-"
            and self.original[end - 2 : end - 1].isalnum()
            and self.original[start].isalnum()
        )

    def _furniture(self, lines: list[Line]) -> tuple[Furniture, ...]:
        found = list(self.quote_marks)
        for line, beside_banner in zip(lines, _blank_beside_banner(lines), strict=True):
            if beside_banner and line.end > line.start:
                found.append(Furniture(line.start, line.end, "page_break"))
            elif line.kind not in {"", "blank"}:
                found.append(Furniture(line.text_start, line.text_end, line.kind))
            found.extend(line.margins)
            if line.page_break:
                found.append(Furniture(line.end, line.end + 1, "page_break"))
        return tuple(sorted(found))


def _blank_beside_banner(lines: list[Line]) -> list[bool]:
    """For each line: is it blank, with only blank lines between it and a page banner or a form feed?"""
    beside = [False] * len(lines)
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        near = False
        for number in order:
            line = lines[number]
            if line.kind == "blank":
                beside[number] = beside[number] or near
            else:
                near = line.kind == "banner"
            near = near or line.page_break
    return beside
