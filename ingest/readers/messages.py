"""Header blocks inside a text: which message of a forwarded chain stands where, and the head of a memo.

Printed mails are no RFC 5322: labels lose their colon or a letter in scanning, "To:" is blacked out, lists of
recipients run over many lines, and release stamps stand between the lines. A block is therefore believed by how many
different labels it holds, not by one line. Every line is looked at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from ingest.readers.dates import find_date, find_date_span
from ingest.readers.layout import Line, is_furniture, is_margin_note, lines, without_margin

Label = Literal["from", "date", "to", "cc", "subject", "for", "re", "other"]

_LABELS: dict[str, Label] = {
    "from": "from", "front": "from", "frorn": "from", "sent": "date", "date": "date", "to": "to", "cc": "cc",
    "subject": "subject", "for": "for", "re": "re", "bcc": "other", "attachments": "other", "attachment": "other",
    "importance": "other", "reply-to": "other", "thru": "other", "through": "other", "via": "other",
    "reference": "other", "ref": "other", "clearances": "other",
}  # fmt: skip
_MISREAD_LABELS = ("from", "sent", "date", "subject")
_LEAST_INDENT = 6
_LEAST_INDENT_OF_ONE_LINERS = 15
"""Columns right of its label that a line must begin to run over; From and Sent do so only when a scan broke them."""

_QUOTED = re.compile(r"(?:[ \t]{0,8}[>|]){0,20}")
_LABELLED = re.compile(r"[ \t_.,'•*-]{0,60}([A-Za-z]{2,11}(?:-To)?)[ \t]{0,12}([:;]|(?=[ \t])|$)\*?(.*)")
_MAY_OPEN = re.compile(
    r"[ \t>|_.,'•*-]{0,80}(?:[A-Za-z]{2,11}(?:-To)?[ \t]{0,12}[:;]|From\b|Front\b|On\s|Original\b|Forwarded\b|Begin\b)",
    re.IGNORECASE,
)
"""What a line must begin with to matter outside a block; nearly all lines do not, and are passed over quickly."""
_SEPARATOR = re.compile(
    r"\W{0,24}(?:Original (?:Message|Appointment)|Forwarded [Mm]essage|Begin forwarded message)\b.{0,40}", re.IGNORECASE
)
_WROTE = re.compile(r"\s{0,40}On\s.{6,400}\bwrote\s?:\s*", re.IGNORECASE)
_CLOCK = re.compile(r"[\s,;]{0,4}(?:at\s)?\s?(?:\d{1,2}:\d\d(?::\d\d)?)?\s?(?:[AP]M\b)?[\s,;]{0,4}", re.IGNORECASE)
_ONLY_DIGITS = re.compile(r"[\d\s/.-]+")
_MOST_LINES_RUN_OVER = 80
_MOST_BLANKS_INSIDE = 3
_SEPARATOR_REACH = 6
"""Lines between "Original Message" and the header it announces."""

_CUT_ADDRESS = re.compile(r"\s*(?:<[^<>@©®]*|<\s*>|\[mailto\b[^\]]*\]?)\s*$")
"""An address of which a redaction left the bracket, or Outlook's "[mailto:" with whatever follows."""
_QUOTES = "'\"‘’“”„`´"


@dataclass(slots=True)
class Header:
    """One block of labelled lines: `text[start:end]`. A "memo" head says For or Re, a "message" From and Sent."""

    start: int
    end: int
    values: dict[Label, str] = field(default_factory=dict)
    kind: Literal["message", "memo"] = "message"

    @property
    def author(self) -> str:
        return clean_names(self.values.get("from", ""))

    @property
    def recipients(self) -> str:
        labels: tuple[Label, ...] = ("to", "for", "cc")
        named = (clean_names(self.values.get(label, "")) for label in labels)
        return "; ".join(name for name in named if name)

    @property
    def subject(self) -> str:
        return clean_words(self.values.get("subject", "") or self.values.get("re", ""))

    @property
    def sent_on(self) -> date | None:
        return find_date(clean_words(self.values.get("date", "")))


def find_headers(text: str) -> list[Header]:
    """All header blocks of `text` that hold enough labels to be believed, in text order."""
    return list(_Scanner().scan(text))


def clean_words(value: str) -> str:
    """`value` on one line, without the gaps that wrapping and blacking out left."""
    return " ".join(value.split())[:1000]


def clean_names(value: str) -> str:
    """Names as printed, without what a redaction left of an address: "Sidney Blumenthal <" is "Sidney Blumenthal"."""
    names = (_clean_name(name) for name in clean_words(value).split(";"))
    return "; ".join(name for name in names if name)


def _clean_name(name: str) -> str:
    name = _CUT_ADDRESS.sub("", name.replace(" >", ">")).strip().rstrip(" ,<[")
    name = _without_loose_quotes(name)
    return "" if is_margin_note(name) or not any(map(str.isalnum, name)) else name


def _without_loose_quotes(name: str) -> str:
    """`name` without quotation marks around all of it, or left over at one end: "A, B" <ab@state.gov> keeps its."""
    if name[:1] in _QUOTES and (name[-1:] in _QUOTES or name.count(name[0]) % 2):
        return name.strip(_QUOTES + " ")
    return name.rstrip(_QUOTES + " ") if name[-1:] in _QUOTES and name.count(name[-1]) % 2 else name


@dataclass(slots=True)
class _Block:
    """A header block while its lines come in."""

    start: int
    end: int
    indent: int
    label: Label = "other"
    parts: dict[Label, list[str]] = field(default_factory=dict)
    blanks: int = 0
    run_over: int = 0

    def add(self, label: Label, value: str, line: Line) -> None:
        self.label, self.end, self.blanks, self.run_over = label, line.end, 0, 0
        self.parts.setdefault(label, []).append(value)

    def run_on(self, value: str, line: Line) -> None:
        self.parts[self.label].append(value)
        self.run_over += 1
        self.end = line.end

    def ends_before(self, label: Label) -> bool:
        """Whether `label` opens another head: it comes again, or a memo's head stands a blank line below a mail's."""
        if label in self.parts and (self.blanks or label not in ("to", "cc", "other")):
            return True
        is_whole = "subject" in self.parts or "re" in self.parts or (label in ("for", "re") and "date" in self.parts)
        return self.blanks > _MOST_BLANKS_INSIDE or (self.blanks > 0 and is_whole)

    def takes_continuation(self, words: str) -> bool:
        """Whether an unlabelled line belongs to the value above: recipients run on anywhere, others only indented."""
        if self.blanks or self.run_over >= _MOST_LINES_RUN_OVER:
            return False
        if self.label in ("to", "cc"):
            return True
        indent = len(words) - len(words.lstrip()) - self.indent
        needed = _LEAST_INDENT if self.label in ("subject", "re", "other") else _LEAST_INDENT_OF_ONE_LINERS
        return indent >= needed and not _ONLY_DIGITS.fullmatch(words)  # A date alone is the end of a stamp.

    def header(self) -> Header | None:
        """The finished block; None when its labels do not add up to a header."""
        if len(self.parts) < 2:
            return None
        values: dict[Label, str] = {label: " ".join(filter(None, parts)) for label, parts in self.parts.items()}
        labels = set(values) - {"other"}
        is_memo = bool(labels & {"for", "re"}) and "date" not in labels
        if is_memo:
            believed = "from" in labels or {"for", "re"} <= labels
        else:
            dated = "date" in labels and ("from" in labels or len(labels) >= 3)
            believed = dated and len(labels) >= 2 if "subject" not in labels else dated or "from" in labels
        if not believed or not any(value.strip() for value in values.values()):
            return None
        return Header(self.start, self.end, values, "memo" if is_memo else "message")


class _Scanner:
    """Walks the lines of a text once and hands out the header blocks it has seen the end of."""

    def __init__(self) -> None:
        self.block: _Block | None = None
        self.separator: int | None = None
        self.separator_age = 0
        self.banner_goes_on = False
        self.opening: Line | None = None  # "On Monday, somebody" whose "wrote:" may stand on the next line

    def scan(self, text: str) -> Iterator[Header]:
        for line in lines(text):
            if line.is_blank:
                self._pass_blanks(line.line_count)
                continue
            in_banner, self.banner_goes_on = self.banner_goes_on, "Doc No." in line.words
            if self.banner_goes_on or (in_banner and line.words.lstrip().startswith("Date:")):
                continue  # The "Date:" of a banner is the release, not a message.
            self.separator_age += 1
            if self.block or self.opening or _MAY_OPEN.match(line.words):
                yield from self._take(line, line.words[_QUOTED.match(line.words).end() :])  # type: ignore[union-attr]
        yield from self._close()

    def _pass_blanks(self, count: int) -> None:
        self.separator_age += count
        if self.block:
            self.block.blanks += count

    def _take(self, line: Line, words: str) -> Iterator[Header]:
        if _SEPARATOR.fullmatch(words.strip()):
            yield from self._close()
            self.separator, self.separator_age = line.start, 0
            return
        words = without_margin(words)
        if not words.strip():
            return
        if labelled := self._labelled(words):
            yield from self._take_labelled(line, words, *labelled)
        elif self.block and self.block.takes_continuation(words):
            self.block.run_on(words.strip(), line)
        elif not is_furniture(words):
            yield from self._close()
            yield from self._reply_line(line, words)

    def _labelled(self, words: str) -> tuple[Label, str] | None:
        match = _LABELLED.match(words)
        if match is None:
            return None
        name, mark, value = match.groups()
        label = _label(name)
        if label is None or not (name[0].isupper() or name == "cc"):
            return None
        return (label, value) if mark or self._is_label_without_colon(name, value) else None

    def _is_label_without_colon(self, name: str, value: str) -> bool:
        if self.block is None and name != "From":
            return False
        if not value.strip() or value.startswith(("  ", "\t")):
            return True
        return self.block is not None and not self.block.blanks and name in ("From", "To", "Cc", "Sent", "Subject")

    def _take_labelled(self, line: Line, words: str, label: Label, value: str) -> Iterator[Header]:
        if self.block and self.block.ends_before(label):
            yield from self._close()
        if self.block is None:
            near = self.separator is not None and self.separator_age <= _SEPARATOR_REACH
            start = self.separator if near and self.separator is not None else line.start
            self.block = _Block(start, line.end, indent=len(words) - len(words.lstrip()))
        self.block.add(label, value.strip(), line)

    def _close(self) -> Iterator[Header]:
        block, self.block = self.block, None
        if block:
            self.separator = None
            if header := block.header():
                yield header

    def _reply_line(self, line: Line, words: str) -> Iterator[Header]:
        """ "On Friday, May 6, 2011 at 5:50 PM, Somebody wrote:", which may be wrapped once."""
        opening, self.opening = self.opening, None
        start = line.start
        if not _WROTE.fullmatch(words):
            if opening is None or not _WROTE.fullmatch(words := f"{opening.words.rstrip()} {words.strip()}"):
                self.opening = line if words.lstrip().startswith("On ") and len(words) < 200 else None
                return
            start = opening.start
        words = words.strip().lstrip("> ")
        if found := find_date_span(words):
            author = re.sub(r"\s*wrote\s?:\s*$", "", words[_CLOCK.match(words, found[1]).end() :])  # type: ignore[union-attr]
            yield Header(start, line.end, {"date": words[: found[1]], "from": author})


def _label(name: str) -> Label | None:
    """The label `name` stands for, one misread letter of a long one forgiven: "Prom", "Sant", "Subjoct"."""
    name = name.lower()
    if name in _LABELS:
        return _LABELS[name]
    for label in _MISREAD_LABELS:
        if len(label) == len(name) and sum(a != b for a, b in zip(label, name, strict=True)) == 1:
            return _LABELS[label]
    return None
