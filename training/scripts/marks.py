"""Reads the hand-written marks of a document and finds their words in its text.

A marks file has one line per thing; blank lines and lines that begin with ``#`` are skipped:

    document: foia/C00000001.txt                   folder and file, below documents/
    kind: memo
    meta memo_date: 2013-01-19                     a field that the index does not know
    furniture: From the ... next page              words of the page that no rule knows
    source S1 | group | anonymous | the canonical wording | mention: words; words | members: S2 S3 | note: ...
    @ first words of a sentence                    where to look from, in the order of the text
    S1 | source words | cue words | content words | hedge: may; believe | circumstance: words | mixed | uncertain
    S1>S2 | ...                                    a nested attribution: the chain from outermost to innermost

Words are found from the anchor on, over line breaks and page furniture. ``first words ... last words`` stands for
the whole stretch, `` + `` joins fragments, ``words#2`` means their second occurrence after the anchor.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from training.scripts.furniture import Stretch, furniture, masked, without

SPAN_OPTIONS = ("circumstance", "scope")
TYPES = ("direct", "mixed", "indirect")


class MarksError(ValueError):
    """A line of a marks file that cannot be read, or whose words are not in the text."""


@dataclass
class SourceMark:
    """One source of the document, with the words of mentions that no attribution uses."""

    id: str
    kind: str
    anonymous: bool
    canonical: str
    mentions: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    note: str = ""


@dataclass
class AttributionMark:
    """One attribution as written down: words, not yet places."""

    line: int
    anchor: str
    chain: list[str]
    spans: dict[str, str]
    hedge: str | None = None
    type: str = "indirect"
    uncertain: bool = False


@dataclass
class Marks:
    """A whole marks file."""

    file: str = ""
    kind: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    furniture: list[str] = field(default_factory=list)
    sources: list[SourceMark] = field(default_factory=list)
    attributions: list[AttributionMark] = field(default_factory=list)


def read_marks(path: Path) -> Marks:
    """The marks in a file. Raises MarksError with the number of the line that is wrong."""
    marks, anchor = Marks(), ""
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("@"):
            anchor = line[1:].strip()
        elif line.startswith("source "):
            marks.sources.append(_source(line.removeprefix("source "), number))
        elif re.match(r"S\d+(>S\d+)*\s*\|", line):
            marks.attributions.append(_attribution(line, anchor, number))
        else:
            _header(marks, line, number)
    return marks


def _header(marks: Marks, line: str, number: int) -> None:
    key, colon, value = (part.strip() for part in line.partition(":"))
    if not colon:
        raise MarksError(f"line {number}: neither a header nor a mark: {line!r}")
    if key == "document":
        marks.file = value
    elif key == "kind":
        marks.kind = value
    elif key == "furniture":
        marks.furniture.append(value)
    elif key.startswith("meta "):
        marks.metadata[key.removeprefix("meta ")] = value
    else:
        raise MarksError(f"line {number}: unknown header {key!r}")


def _source(line: str, number: int) -> SourceMark:
    try:
        identifier, kind, anonymous, canonical, *options = _columns(line)
    except ValueError as error:
        raise MarksError(f"line {number}: a source needs id | kind | anonymous or known | canonical") from error
    if anonymous not in ("anonymous", "known"):
        raise MarksError(f"line {number}: say anonymous or known, not {anonymous!r}")
    source = SourceMark(identifier, kind, anonymous == "anonymous", canonical)
    for option in options:
        key, _, value = (part.strip() for part in option.partition(":"))
        if key == "mention":
            source.mentions = [words.strip() for words in value.split(";")]
        elif key == "members":
            source.members = value.split()
        elif key == "note":
            source.note = value
        else:
            raise MarksError(f"line {number}: unknown option {key!r} of a source")
    return source


def _attribution(line: str, anchor: str, number: int) -> AttributionMark:
    columns = _columns(line)
    if not anchor or len(columns) < 4:
        raise MarksError(f"line {number}: an attribution needs an @ line before it, and chain | source | cue | content")
    spans = dict(zip(("source", "cue", "content"), columns[1:4], strict=True))
    mark = AttributionMark(number, anchor, columns[0].split(">"), spans)
    for option in columns[4:]:
        key, colon, value = (part.strip() for part in option.partition(":"))
        if option in TYPES:
            mark.type = option
        elif option == "uncertain":
            mark.uncertain = True
        elif colon and key == "hedge":
            mark.hedge = value
        elif colon and key in SPAN_OPTIONS:
            mark.spans[key] = value
        else:
            raise MarksError(f"line {number}: unknown option {option!r}")
    return mark


def _columns(line: str) -> list[str]:
    return [column.strip() for column in line.split("|")]


class Finder:
    """Finds words in a text over line breaks and page furniture."""

    def __init__(self, text: str, more_furniture: list[str] | None = None) -> None:
        self.text = text
        self.furniture = furniture(text)
        self.reading = masked(text, self.furniture)
        for words in more_furniture or []:
            self.furniture += self._stretches(words, 0)
            self.reading = masked(text, self.furniture)
        self.warnings: list[str] = []

    def anchor(self, words: str, start: int) -> int:
        """Where the words of an ``@`` line begin, looking from start on."""
        return self._find(words, start)[0]

    def span(self, words: str, start: int) -> list[Stretch]:
        """The fragments that the words of one column mean, looking from start on."""
        return [
            piece for stretch in self._stretches(words, start) for piece in without(stretch, self.text, self.furniture)
        ]

    def occurrences(self, words: str, start: int, end: int) -> int:
        """How often the first words of a column stand between two places; 1 where the column says which it means."""
        first = re.split(r" \+ | \.\.\. ", words)[0]
        return 1 if re.search(r"#\d+$", first) else sum(1 for _ in _pattern(first).finditer(self.reading, start, end))

    def _stretches(self, words: str, start: int) -> list[Stretch]:
        found = []
        for fragment in words.split(" + "):
            first, dots, last = fragment.partition(" ... ")
            begin, end = self._find(first, start)
            if dots:
                end = self._find(last, end)[1]
            found.append((begin, end))
            start = end
        return found

    def _find(self, words: str, start: int) -> Stretch:
        numbered = re.fullmatch(r"(.*)#(\d+)", words.strip())
        wanted, number = (numbered[1], int(numbered[2])) if numbered else (words, 1)
        for count, match in enumerate(_pattern(wanted).finditer(self.reading, start), start=1):
            if count == number:
                return match.span()
        raise MarksError(f"not in the text after {self.reading[start : start + 40]!r}: {words!r}")


def _pattern(words: str) -> re.Pattern[str]:
    body = r"\s+".join(re.escape(word) for word in words.split())
    before = r"(?<!\w)" if re.match(r"\w", words.strip()) else ""
    after = r"(?!\w)" if re.search(r"\w$", words.strip()) else ""
    return re.compile(before + body + after)
