"""Lines of a document, and which stretches of them are text rather than furniture."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

SOFT_HYPHEN = "\ufffe"
"""What PDFium writes for a hyphen at a line end, and nothing else: the next line follows at once."""
LINE_END = re.compile(r"\ufffe(?:\r\n|[\r\n])?|\r\n|[\n\r\x0b\f\x1c-\x1e\x85\u2028\u2029]")
LONGEST_FURNITURE_LINE = 500
"""Characters. A longer line is text: banners, headers and stamps are short, and it keeps every pattern linear."""


class Furniture(NamedTuple):
    """A stretch of the original that is not the author's text: `text[start:end]`, and what it is."""

    start: int
    end: int
    kind: str


@dataclass(slots=True)
class Line:
    """One line of the original. `end` stands before the line's terminator."""

    start: int
    end: int
    text: str
    page_break: bool
    """True when a form feed ends the line."""
    kind: str = ""
    """Empty for text, "blank", or the kind of furniture that fills the whole line."""
    text_start: int = 0
    """Where the text of the line begins and ends, margin codes and white space left out (original offsets)."""
    text_end: int = 0
    margins: list[Furniture] = field(default_factory=list)
    hyphen: bool = False
    """True when a soft hyphen ends the line: its last word goes on in the next line."""

    @property
    def is_text(self) -> bool:
        return not self.kind

    @property
    def words(self) -> str:
        return self.text[self.text_start - self.start : self.text_end - self.start]

    @property
    def indent(self) -> int:
        return self.text_start - self.start

    @property
    def edge(self) -> int:
        """The column after the last character of text."""
        return self.text_end - self.start

    def become(self, kind: str) -> None:
        """Make the whole line furniture."""
        self.kind = kind
        self.margins.clear()
        self.text_end = self.start + len(self.text.rstrip())

    def cut_margin(self, column: int, kind: str) -> None:
        """Make the line's characters from `column` on furniture; the line itself becomes it when nothing is left."""
        left = self.text[:column].rstrip()
        margin = self.text[column : self.edge]
        lead = len(margin) - len(margin.lstrip())
        if not left.strip():
            self.become(kind)
            return
        self.margins.append(Furniture(self.start + column + lead, self.text_end, kind))
        self.text_end = self.start + len(left)


def split_lines(text: str) -> list[Line]:
    """The lines of `text`, whatever their terminators; blank ones are marked."""
    lines = []
    start = 0
    for match in LINE_END.finditer(text):
        line = _line(text, start, match.start(), match.group() == "\f")
        line.hyphen = match.group().startswith(SOFT_HYPHEN)
        lines.append(line)
        start = match.end()
    if start < len(text):
        lines.append(_line(text, start, len(text), False))
    return lines


def _line(text: str, start: int, end: int, page_break: bool) -> Line:
    words = text[start:end]
    line = Line(start, end, words, page_break)
    line.text_end = start + len(words.rstrip())
    line.text_start = end - len(words.lstrip())
    if line.text_end <= line.text_start:
        line.kind = "blank"
    return line
