"""The messages inside a document: forwarded below each other, or quoted with `>`, as stretches that can be folded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

QUOTED = re.compile(r"^[ \t]{0,3}((?:>[ \t]?)+)[^\n]*$", re.MULTILINE)
INTRODUCED = re.compile(r"^[ \t>]*-{2,}[^\n]{0,40}(?:original|forwarded)[^\n]{0,40}-{2,}[ \t]*$", re.IGNORECASE)
"""The line that mail programs put above a message: "-----Original Message-----"."""
WROTE = re.compile(r"[^\n]{4,160}\bwrote:[ \t]*$")
FEWEST_LINES = 3
"""Of a quotation: one or two lines with a sign in front are as often a misread letter."""
DEEPEST = 4
MOST = 500
"""Messages of one document that can be folded; further ones stand open."""
SAME_MESSAGE = 400
"""Characters. A quotation that begins so soon below a message's header is that message."""
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Nested:
    """A message inside a document, `[start, end)` in code points. Of two that overlap one is inside the other."""

    start: int
    end: int
    head: str
    """Who wrote to whom and when, for people."""


def nested_messages(text: str, segments: Sequence[dict[str, Any]]) -> list[Nested]:
    """In text order, an outer one before what is inside it. segments: those of a text layer, the first the outermost.

    Takes time linear in the text.
    """
    borders, heads = [0], [""]
    for segment in segments[1:MOST]:
        start = _opening(text, segment["start"], after=borders[-1])
        if borders[-1] < start < len(text):
            borders.append(start)
            heads.append(_head(segment))
    borders.append(len(text))
    found: list[Nested] = []
    for number, (start, end) in enumerate(pairwise(borders)):
        if number:
            found.append(Nested(start, end, heads[number]))
        free_from = start + SAME_MESSAGE if number else start
        found += (quote for quote in _quotations(text, start, end) if quote.start >= free_from)
    return sorted(found[:MOST], key=lambda one: (one.start, -one.end))


def _opening(text: str, start: int, *, after: int) -> int:
    """Where the message's first line begins, the line above that introduces it included if it stands after `after`."""
    first = text.rfind("\n", 0, start) + 1
    above = text[max(after, first - 300) : first]
    line = above.rstrip().rpartition("\n")[2]
    return first - len(above) + above.rindex(line) if INTRODUCED.match(line) else first


def _head(segment: dict[str, Any]) -> str:
    author = _short(segment.get("author") or "")
    first, *others = [name for name in (segment.get("recipients") or "").split(";") if name.strip()] or [""]
    recipients = f"{_short(first)} +{len(others)}" if others else _short(first)
    who = _("%(author)s to %(recipients)s") % {"author": author, "recipients": recipients} if recipients else author
    if not author:
        who = _short(segment.get("subject") or "") or _("Nested message")
    sent = segment.get("sent_on")
    return f"{who}, {date_format(date.fromisoformat(sent), 'j M Y')}" if sent else who


def _short(name: str) -> str:
    return Truncator(" ".join(name.split())).chars(LONGEST_NAME)


def _quotations(text: str, start: int, end: int) -> Iterator[Nested]:
    """Runs of lines with `>` in front; deeper ones inside those around them."""
    open_runs: list[_Run] = []
    last_end = start
    for line in QUOTED.finditer(text, start, end):
        depth = min(line[1].count(">"), DEEPEST)
        between = text[last_end : line.start()]
        if between.strip() or between.count("\n") > 2:
            yield from _closed(text, open_runs, last_end, above=0)
        yield from _closed(text, open_runs, last_end, above=depth)
        if not open_runs or open_runs[-1].depth < depth:
            open_runs.append(_Run(depth, line.start()))
        for run in open_runs:
            run.lines += 1
        last_end = min(line.end() + 1, end)
    yield from _closed(text, open_runs, last_end, above=0)


@dataclass(slots=True)
class _Run:
    depth: int
    start: int
    lines: int = 0


def _closed(text: str, runs: list[_Run], end: int, *, above: int) -> Iterable[Nested]:
    """Ends the runs deeper than `above` and gives those that are long enough."""
    while runs and runs[-1].depth > above:
        run = runs.pop()
        if run.lines >= FEWEST_LINES:
            yield Nested(run.start, end, _introduction(text, run.start))


def _introduction(text: str, start: int) -> str:
    """The line above that says who wrote it, if there is one."""
    line = text[max(0, start - 200) : start].rstrip().rpartition("\n")[2].strip(" \t>")
    return _short(line.removesuffix(":")) if WROTE.match(line) else _("Quoted text")
