"""Gradings a text prints: "a usually reliable source", "(B)", "Appraisal of Content: 3", "Source: F-3".

They are shown to the analyst and never become a grade by themselves: what a service wrote decades ago about a source
of its own is evidence, not a judgement of ours.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache

from extraction import lexicon
from extraction.spans import PrintedGrade

WORD = re.compile(r"[^\W\d_]+")
LETTER = re.compile(r"\((?P<letter>[A-F])(?:\s*-?\s*[1-6])?\)")
SHORTEST_SLIP = 6
"""Letters a word needs for one of them to be read wrong ("fatrly") and the word still to be known."""
GRADE_WORDS = ("apprai", "evaluat", "grade", "grading")
SOURCE_LABEL = re.compile(r"source\s?[:.]")
REMEMBERED = 20_000
"""Words of which it is remembered what they read as."""
APPRAISAL = re.compile(r"appraisal\s+of\s+content\s*[:.]?\s*(?P<digit>[1-6])(?![\d:,]|\s*[:,]|\.\d)", re.IGNORECASE)
CODE = re.compile(
    r"\b(?:source|evaluation|grading|grade|rating|eval\.?)(?:\s+(?:evaluation|grading|rating|of\s+source))?\s*:\s*"
    r"(?P<letter>[A-F])\s*[-/]?\s*(?P<digit>[1-6])\b(?![-\d])",
    re.IGNORECASE,
)
SOURCE_LINE = re.compile(
    r"^(?:[^\w\n]|_){0,8}(?:SOURCES?|[Ss]ource)\s?[:.][ \t]*(?:\n[ \t]*){0,2}"
    r"(?P<words>\S[^\n]{2,300}(?:\n[^\n]{3,200}){0,4})",
    re.MULTILINE,
)
LINE_ENDS = re.compile(r"appraisal\s+of|headquarters\s+comment|field\s+comment|\n\s*\n|\n\s*1\s*[.)]", re.IGNORECASE)
BLOCK = re.compile(r"\n[ \t]*\n\s*|\n(?=\s*\d{1,2}\s*[.)]\s)|\A")
OWN_BLOCK = 24
"""Characters before a grading in its paragraph at which it still stands by itself."""


@dataclass(frozen=True, slots=True)
class Reach:
    """A printed grading and the stretch of the text it speaks of."""

    start: int
    end: int
    reliability: PrintedGrade | None
    credibility: PrintedGrade | None


@dataclass(frozen=True, slots=True)
class Gradings:
    """What a text prints about whole reports and paragraphs, by offsets of that text."""

    reaches: tuple[Reach, ...] = ()
    source_lines: tuple[tuple[int, str], ...] = ()
    """Where each "SOURCE: ..." ends, and its words."""

    def credibility_at(self, position: int) -> PrintedGrade | None:
        return next((one.credibility for one in self._over(position) if one.credibility), None)

    def reliability_at(self, position: int) -> PrintedGrade | None:
        return next((one.reliability for one in self._over(position) if one.reliability), None)

    def source_line_before(self, position: int) -> str:
        """The words of the latest source line above `position`, "" if there is none."""
        at = bisect_right([end for end, _ in self.source_lines], position)
        return self.source_lines[at - 1][1] if at else ""

    def _over(self, position: int) -> list[Reach]:
        """The gradings that speak of `position`, the narrowest first."""
        over = [one for one in self.reaches if one.start <= position < one.end]
        return sorted(over, key=lambda one: one.end - one.start)


def gradings(text: str) -> Gradings:
    """The gradings printed for reports and paragraphs of a text. Linear in its length."""
    low = text.lower()
    if not any(word in low for word in GRADE_WORDS) and not SOURCE_LABEL.search(low):
        return Gradings()
    lines = tuple((match.end(), _source_words(match)) for match in SOURCE_LINE.finditer(text))
    found = sorted([*APPRAISAL.finditer(text), *CODE.finditer(text)], key=lambda match: match.start())
    if not found:
        return Gradings((), lines)
    blocks = [match.end() for match in BLOCK.finditer(text)]
    reaches = []
    for match in found:
        start, end = _reach(text, match, blocks)
        reaches.append(
            Reach(start, end, _reliability_of(match), PrintedGrade(match["digit"], _one_line(match.group())))
        )
    return Gradings(_until_the_next(reaches, len(text)), lines)


def _source_words(match: re.Match[str]) -> str:
    words = match["words"]
    end = LINE_ENDS.search(words)
    return _one_line(words[: end.start()] if end else words)


def _reliability_of(match: re.Match[str]) -> PrintedGrade | None:
    letter = match.groupdict().get("letter")
    return PrintedGrade(letter.upper(), _one_line(match.group())) if letter else None


def _reach(text: str, match: re.Match[str], blocks: list[int]) -> tuple[int, int]:
    """A grading at the end of a paragraph speaks of it, one in brackets below it too; else of what follows (end -1)."""
    at = bisect_right(blocks, match.start()) - 1
    before = text[blocks[at] : match.start()]
    if SOURCE_LINE.match(before) or len(before.strip(" ([{-\t\r\n")) <= OWN_BLOCK:
        in_brackets = before.rstrip().endswith(("(", "["))
        return (blocks[max(at - 1, 0)], match.end()) if in_brackets and at else (match.start(), -1)
    return blocks[at], match.end()


def _until_the_next(reaches: list[Reach], length: int) -> tuple[Reach, ...]:
    """Gradings of whole reports reach to the next such, or to the end of the text."""
    ended = []
    end = length
    for one in reversed(reaches):
        if one.end == -1:
            ended.append(Reach(one.start, end, one.reliability, one.credibility))
            end = one.start
        else:
            ended.append(one)
    return tuple(reversed(ended))


@cache
def _phrases() -> tuple[tuple[tuple[str, ...], str], ...]:
    rows = [(tuple(row["words"].split()), row["grade"]) for row in lexicon.rows("reliability") if "words" in row]
    return tuple(sorted(rows, key=lambda row: -len(row[0])))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = [row for row in lexicon.rows("reliability") if "pattern" in row]
    return tuple((re.compile(rf"\b{row['pattern']}", re.IGNORECASE), row["grade"]) for row in rows)


@cache
def _any_pattern() -> re.Pattern[str]:
    """One search where most often nothing is found."""
    rows = [row["pattern"] for row in lexicon.rows("reliability") if "pattern" in row]
    return re.compile(r"\b(?:" + "|".join(rows) + ")", re.IGNORECASE)


def reliability(words: str) -> PrintedGrade | None:
    """How the words for a source grade it: ("B", "usually reliable"); None where they do not."""
    letter = LETTER.search(words)
    if letter:
        return PrintedGrade(letter["letter"], letter.group())
    for pattern, grade in _patterns() if _any_pattern().search(words) else ():
        match = pattern.search(words)
        if match:
            return PrintedGrade(grade, _one_line(match.group()))
    read = [_wanted_words(word.lower()) for word in WORD.findall(words)]
    if not any(read):
        return None
    found = list(WORD.finditer(words))
    for phrase, grade in _phrases():
        for at in range(len(found) - len(phrase) + 1):
            if all(want in read[at + step] for step, want in enumerate(phrase)):
                return PrintedGrade(grade, _one_line(words[found[at].start() : found[at + len(phrase) - 1].end()]))
    return None


@lru_cache(REMEMBERED)
def _wanted_words(word: str) -> frozenset[str]:
    """The words of gradings that a word reads as."""
    wanted = {want for phrase, _ in _phrases() for want in phrase}
    return frozenset(want for want in wanted if _reads(word, want))


def _reads(word: str, wanted: str) -> bool:
    """Is it the word, allowing one letter read wrong, lost or added, or an article glued to it ("Ausually")?"""
    if word == wanted:
        return True
    if len(wanted) < SHORTEST_SLIP or abs(len(word) - len(wanted)) > 1 or word == "reliably":
        return False
    at = next((i for i, (a, b) in enumerate(zip(word, wanted, strict=False)) if a != b), min(len(word), len(wanted)))
    return wanted[at + 1 :] in (word[at + 1 :], word[at:]) or word[at + 1 :] == wanted[at:]


def _one_line(words: str) -> str:
    return " ".join(words.split())
