"""Lines of a text layer with their offsets, and which of them a releasing office printed rather than the author."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_LINE = re.compile(r"(?:[ \t]*+(?:\r\n|[\n\f\r]))++|[^\n\f\r]*+(?:\r\n|[\n\f\r]|\Z)")
"""A run of blank lines, or one line with its end. Possessive throughout, so that no run is read twice."""
_LONGEST = 2000
"""Characters of one line that are looked at: longer lines are no header lines, and hostile ones must stay cheap."""

CODE = r"(?:B ?[1-9](?:\([A-Z]\))?|1 ?\.4 ?\([A-Z]\)|\(b\)\(\d\)(?:\([A-Z]\))?)"
_MARK = r"(?:RELEASED?|DENIED)(?: IN(?: (?:PART|FULL))?)?|IN (?:PART|FULL)|PART|FULL"
_MARGIN = re.compile(rf"(?:(?:{_MARK}|{CODE}|CIA PERS/ORG)[\s,;'.|]{{0,4}}){{1,12}}")
_STAMP = re.compile(
    r"\bClassified by [A-Z]|\bClass: ?(?:CONF|SECR|TOP)|\bClass:\W{0,3}$|\bReason: ?(?:1 ?\.|$)|"
    r"\b[DO]eclass?if\w{1,3}(?: on)?:?\W{0,3}$|\bDeclassify on:|^\W{0,3}on: \d|"
    r"^(?:CONFIDENTIAL|SECRET|TOP SECRET) ?\S ?Reason"
)
_FURNITURE = re.compile(
    r"(?:UNCLASSIFIED\s+)?U\.S\. Department of State\b.*|UNCLASSIFIED\s+STATE DEPT\..*|STATE DEPT\. - PRODUCED.*|"
    r"(?:STATE-)?SCB\s?\d+|STATE-SCB.{0,20}|Case No\..*|Doc No\..*|Date: \d\d/\d\d/\d{4}\b.*|"
    r"(?:Page|PAGE)? ?\d{1,4}(?: of \d{1,4})?|.{0,40}RELEASE UNDER THE PRESIDENT JOHN F\. KENNEDY.*|"
    r".{0,30}Approved [Ff]or Release.*|Declassified/Released.*"
)
_WIDE_GAP = re.compile(r"[ \t]{4,}")
_NARROWEST_MARGIN = 30
"""Column from which a piece behind a wide gap may be a margin note."""


class Line(NamedTuple):
    """`text[start:end]` is the line with its line end; `words` are its first 2,000 characters without it.

    A run of blank lines is one Line without words.
    """

    start: int
    end: int
    words: str
    line_count: int = 1
    """How many lines this is: more than 1 for a run of blank ones."""

    @property
    def is_blank(self) -> bool:
        return not self.words


def lines(text: str) -> Iterator[Line]:
    """The lines of `text`, one after the other; a form feed ends a line as a line feed does."""
    for match in _LINE.finditer(text):
        start, end = match.span()
        words = text[start : min(end, start + _LONGEST)].rstrip("\r\n\f")
        if words.strip():
            yield Line(start, end, words)
        elif end > start:
            yield Line(start, end, "", max(1, text.count("\n", start, end)))


def without_margin(words: str) -> str:
    """`words` without exemption codes, release marks and declassification stamps at their right edge."""
    while gap := _last_wide_gap(words):
        piece = words[gap[1] :].strip()
        if piece and not is_margin_note(piece):
            return words
        words = words[: gap[0]]
    return "" if is_margin_note(words.strip()) else words


def margin_note(words: str) -> str:
    """What stands at the right edge of a line, behind a wide gap or far indented; empty when nothing does."""
    gap = _last_wide_gap(words.rstrip())
    return words[gap[1] :].strip() if gap and gap[1] >= _NARROWEST_MARGIN else ""


def is_margin_note(piece: str) -> bool:
    """Whether `piece` is an exemption code, a release mark, or a line of a declassification stamp."""
    if _MARGIN.fullmatch(piece):
        return True
    may_be_stamp = (
        "lass" in piece or "eason" in piece or "on: " in piece
    )  # Three quick looks spare most lines the slow one.
    return may_be_stamp and _STAMP.search(piece) is not None


def is_furniture(words: str) -> bool:
    """Whether a line holds nothing its author wrote: blank, page banner, stamp, margin note or page number."""
    words = without_margin(words).strip()
    return not words or _FURNITURE.fullmatch(words) is not None or is_margin_note(words)


def _last_wide_gap(words: str) -> tuple[int, int] | None:
    end = len(words.rstrip())
    start = max(words.rfind("    ", 0, end), words.rfind("\t", 0, end))
    if start < 0:
        return None
    before = words[: start + 4].rstrip(" \t")
    return len(before), len(words) - len(words[start:].lstrip(" \t"))
