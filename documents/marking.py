"""A document's text as HTML: as released, with claims marked in place.

The text is cut wherever a mark begins or ends, so that marks may overlap: each piece carries the classes of all marks
over it. White space that only lays out the page (line ends inside a paragraph, columns, blank lines) is cut out too, so
that a style sheet can close it up. The pieces together are the text, character for character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from documents.nested import Nested

WHOLE_LINE = 60
"""Characters. A line at least this long that is followed by unindented text goes on there: its end is only layout."""
WIDTHS = (80, 96, 112, 124, 136)
"""Columns a page may be set in; each has a class `columns-N` in the style sheet."""
COLUMNS = re.compile(r"[ \t]{3,}")


@dataclass(frozen=True, slots=True)
class Mark:
    """One stretch of text and how it is shown. Offsets count code points."""

    start: int
    end: int
    css: str
    href: str = ""
    """Where a click goes. Of several marks over one piece the first that has an address wins."""
    title: str = ""
    say: str = ""
    """What a screen reader says where the mark begins."""
    lit: bool = False
    """Belongs to the claim under review."""


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    marks: tuple[Mark, ...]


def marked_text(
    text: str, marks: Iterable[Mark], *, page_starts: Sequence[int] = (), messages: Sequence[Nested] = ()
) -> SafeString:
    """The text as HTML with `marks` shown, and a heading where each page but a lone one begins.

    messages: each stands in an element of its own that can be folded, but for those that hold what is lit.
    """
    line_starts = [text.rfind("\n", 0, start) + 1 for start in page_starts]
    pages = {start: number for number, start in enumerate(line_starts, start=1)} if len(page_starts) > 1 else {}
    marks = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    folds = _Folds(messages, [mark for mark in marks if mark.lit])
    begun: set[int] = set()
    html: list[str] = []
    for piece in _pieces(text, [*marks, *_layout(text)], {*pages, *folds.borders}):
        html += folds.ending(piece.start)
        if piece.start in pages:
            html.append(format_html('<span class="leaf" data-say="{}"></span>', _("Page %d") % pages[piece.start]))
        html += folds.beginning(piece.start)
        html.append(_html(text, piece, begun))
    html += folds.ending(len(text))
    return mark_safe("".join(html))  # noqa: S308 -- every part was escaped by escape or format_html


class _Folds:
    """The tags around nested messages. Their heads have no text of their own: it would count as the document's."""

    def __init__(self, messages: Sequence[Nested], lit: Sequence[Mark]) -> None:
        self.waiting = sorted(messages, key=lambda one: (one.start, -one.end), reverse=True)
        self.borders = {place for one in messages for place in (one.start, one.end)}
        self.lit = lit
        self.open: list[int] = []

    def ending(self, place: int) -> Iterable[str]:
        while self.open and self.open[-1] <= place:
            self.open.pop()
            yield "</details>"

    def beginning(self, place: int) -> Iterable[str]:
        while self.waiting and self.waiting[-1].start == place:
            one = self.waiting.pop()
            self.open.append(one.end)
            holds = any(mark.start < one.end and mark.end > one.start for mark in self.lit)
            yield format_html(
                '<details class="message" data-message="{}"{} open><summary data-say="{}" aria-label="{}"></summary>',
                one.start,
                mark_safe(" data-holds") if holds else "",
                one.head,
                _("Message: %s") % one.head,
            )


def columns(text: str) -> int:
    """The narrowest of WIDTHS that holds all lines but the longest hundredth."""
    lengths = sorted(len(line.rstrip()) for line in text.split("\n"))
    most = lengths[int(0.99 * (len(lengths) - 1))]
    return next((width for width in WIDTHS if width >= most), WIDTHS[-1])


def _layout(text: str) -> Iterable[Mark]:
    """`soft`: a line end inside a sentence. `gap`: columns of white space, all blank lines but one."""
    for found in COLUMNS.finditer(text):
        yield Mark(found.start(), found.end(), "gap")
    start = 0
    blank_since: int | None = None
    lines = text.split("\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        end = start + len(line)
        words = line.rstrip()
        if words:
            if blank_since is not None and start > blank_since:
                yield Mark(blank_since, start, "gap")
            blank_since = None
            if len(COLUMNS.sub(" ", words)) >= WHOLE_LINE and following and not following[0].isspace():
                yield Mark(start + len(words), end + 1, "soft")
        elif blank_since is None:
            blank_since = end + 1
        start = end + 1


def _pieces(text: str, marks: list[Mark], cuts: Iterable[int]) -> Iterable[_Piece]:
    """The text cut at every border of a mark and at `cuts`, in order. Takes time linear in text, marks and overlaps."""
    borders = sorted(
        {0, len(text), *(c for c in cuts if c < len(text)), *(m.start for m in marks), *(m.end for m in marks)}
    )
    waiting = sorted(marks, key=lambda mark: mark.start, reverse=True)
    over: list[Mark] = []
    for start, end in pairwise(borders):
        over = [mark for mark in over if mark.end > start]
        while waiting and waiting[-1].start == start:
            over.append(waiting.pop())
        yield _Piece(start, end, tuple(over))


def _html(text: str, piece: _Piece, begun: set[int]) -> str:
    words = escape(text[piece.start : piece.end]).replace("\r", "&#13;")
    if not piece.marks:
        return words
    link = next((mark for mark in piece.marks if mark.href), None)
    tag = "a" if link else "mark" if any(mark.lit for mark in piece.marks) else "span"
    attributes = _classes(tuple([mark.css for mark in piece.marks]))
    if link:
        attributes += f' href="{escape(link.href)}" title="{escape(link.title)}"'
    starting = [mark for mark in piece.marks if mark.start == piece.start and (mark.say or mark.lit)]
    if starting:
        attributes += f' id="at-{piece.start}"'
        if say := ", ".join(mark.say for mark in starting if mark.say and id(mark) not in begun):
            attributes += f' data-say="{escape(say)}"'
        begun.update(id(mark) for mark in starting)
    return f"<{tag}{attributes}>{words}</{tag}>"


@lru_cache(maxsize=512)
def _classes(css: tuple[str, ...]) -> str:
    """Each class once. There are few combinations, and a long document has thousands of pieces."""
    names = dict.fromkeys(name for each in css for name in each.split())
    return f' class="{escape(" ".join(names))}"'
