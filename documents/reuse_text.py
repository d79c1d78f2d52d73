"""Which passages two texts share: five-word shingles, furniture left out, lined up on both sides.

Knows no database. Containment counts, not likeness of the whole: one paragraph quoted in forty pages is a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

SHINGLE = 5
"""Words in a row that are compared as one."""

WINDOW = 12
"""Of so many shingles in a row one is kept as a fingerprint: whoever repeats them all has it, too (winnowing)."""

GAP = 12
"""Words that may differ inside a passage: one misread word spoils five shingles."""

SHORTEST_PASSAGE = 8
"""Shingles, so twelve words: less is a turn of phrase."""

ENOUGH = 15.0
"""Shingles that two texts must share to be linked, where nobody else has them."""

MORE_FOR_EACH = 5.0
"""So many more for each further text that has the passage: what everybody writes is a form, unless it is long."""

SHORTEST_WORDS = 3.2
"""Mean length of a passage's words, in characters. Distribution lists ("D(S) P E C M") stay below, English above 4."""

NOTICE_WORDS, NOTICE_PART = 5, 0.1
"""A passage with so many of the words of legal notices is one, if they are so much of it."""

MOST_REPEATS = 8
"""Places of one shingle in one text that are tried."""

_SOURCE_LINE = re.compile(
    r"^[^\S\n]*SOURCES?[^\S\n]*:.{0,400}?(?=\n[^\S\n]*(?:\n|\d+[.)]\s)|\Z)", re.DOTALL | re.MULTILINE
)
"""Who a report's sources are. The same source is worded alike in report after report, and that repeats nothing."""

_WORD = re.compile(r"\w+")
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_NOTICE = frozenset(
    {
        "confidential",
        "privileged",
        "intended",
        "recipient",
        "recipients",
        "addressee",
        "addressees",
        "attachments",
        "disclosure",
        "dissemination",
        "distribution",
        "copying",
        "prohibited",
        "unauthorized",
        "unauthorised",
        "delete",
        "notify",
        "sender",
    }
)


@dataclass(frozen=True)
class Passage:
    """A stretch of each of two texts (code points) that share `shingles` five-word shingles, in the same order."""

    start: int
    end: int
    other_start: int
    other_end: int
    shingles: int

    def turned(self) -> Passage:
        """The same, seen from the other text."""
        return Passage(self.other_start, self.other_end, self.start, self.end, self.shingles)


@dataclass(frozen=True)
class Shared:
    """What two texts share. `of` and `of_other`: which part, 0 to 1, of the one and the other the passages are."""

    passages: tuple[Passage, ...]
    of: float
    of_other: float

    def turned(self) -> Shared:
        """The same, seen from the other text."""
        return Shared(tuple(passage.turned() for passage in self.passages), self.of_other, self.of)


class Shingled:
    """A text's words without its furniture, their places, and the shingles that begin at each."""

    def __init__(self, text: str, furniture: Iterable[Sequence[object]] = ()) -> None:
        words, places = [], []
        start = 0
        edges = [(int(str(piece[0])), int(str(piece[1]))) for piece in furniture]
        edges += [match.span() for match in _SOURCE_LINE.finditer(text)]
        edges.sort()
        for stop, after in [*edges, (len(text), len(text))]:
            for match in _WORD.finditer(text, start, max(start, stop)):
                words.append(match[0].casefold())
                places.append(match.span())
            start = max(start, after)
        self.words = words
        self.places = places

    @cached_property
    def hashes(self) -> NDArray[np.int64]:
        """One number for each shingle: the same words give the same number, in every process and version."""
        count = max(0, len(self.words) - SHINGLE + 1)
        codes = np.array([_code(word) for word in self.words], dtype=np.uint64)
        hashed = np.zeros(count, dtype=np.uint64)
        for place in range(SHINGLE):
            hashed = (hashed ^ codes[place : place + count]) * _FACTOR
            hashed ^= hashed >> np.uint64(31)
        return hashed.view(np.int64)

    @cached_property
    def fingerprints(self) -> dict[int, int]:
        """The shingles that stand for the text: number -> at which word. A text of few shingles keeps the least."""
        hashes = self.hashes
        if not len(hashes):
            return {}
        windows = np.lib.stride_tricks.sliding_window_view(hashes, min(WINDOW, len(hashes)))
        chosen = np.unique(np.arange(len(windows)) + windows.argmin(axis=1))
        return {int(hashes[place]): int(place) for place in chosen[::-1]}

    @cached_property
    def index(self) -> dict[int, list[int]]:
        """At which words each shingle begins."""
        index: dict[int, list[int]] = {}
        for place, number in enumerate(self.hashes.tolist()):
            index.setdefault(number, []).append(place)
        return index


def shared_passages(text: Shingled, other: Shingled, held_by: Mapping[int, int]) -> Shared:
    """The passages that make `other` a likely relative of `text`: none if they are forms that many use, or too short.

    held_by: fingerprint of either text -> how many further texts have it, the one or the other counted in,
    near-duplicates as one.
    """
    kept, worth, seen = [], 0.0, set[int]()
    for run in _runs(text, other):
        if run.shingles < SHORTEST_PASSAGE or _is_form(text.words[run.first : run.last + SHINGLE]):
            continue
        numbers = set(text.hashes[run.first : run.last + 1].tolist()) & other.index.keys()
        worth += len(numbers - seen) * _worth([held_by[number] for number in numbers if number in held_by])
        seen |= numbers
        kept.append(run.passage(text, other))
    if worth < ENOUGH:
        return Shared((), 0.0, 0.0)
    return Shared(tuple(kept), len(seen) / len(text.index), len(seen) / len(other.index))


def _worth(held_by: Sequence[int]) -> float:
    """Of each shingle of a passage, 0 to 1; 0 for one too short to say how many have it."""
    worths = [ENOUGH / (ENOUGH + MORE_FOR_EACH * (others - 1)) for others in held_by if others > 0]
    return fmean(worths) if worths else 0.0


@dataclass
class _Run:
    """Shared shingles in a row: the first and the last of them, by word number in either text, and how many."""

    first: int
    other_first: int
    last: int
    other_last: int
    shingles: int = 1

    def goes_on(self, place: int, other: int) -> bool:
        step = SHINGLE + GAP
        return 0 < place - self.last <= step and 0 < other - self.other_last <= step

    def passage(self, text: Shingled, other: Shingled) -> Passage:
        end, other_end = self.last + SHINGLE - 1, self.other_last + SHINGLE - 1
        return Passage(
            start=text.places[self.first][0],
            end=text.places[end][1],
            other_start=other.places[self.other_first][0],
            other_end=other.places[other_end][1],
            shingles=self.shingles,
        )


def _runs(text: Shingled, other: Shingled) -> list[_Run]:
    """Runs of shared shingles, from the beginning of `text`; each shingle goes to the run that it continues."""
    runs: list[_Run] = []
    run: _Run | None = None
    for place, number in enumerate(text.hashes.tolist()):
        places = other.index.get(number)
        if not places:
            continue
        following = [at for at in places[:MOST_REPEATS] if run is not None and run.goes_on(place, at)]
        if run is not None and following:
            expected = run.other_last + place - run.last
            run.last, run.other_last = place, min(following, key=lambda at: abs(at - expected))
            run.shingles += 1
        else:
            run = _Run(place, places[0], place, places[0])
            runs.append(run)
    return runs


def _is_form(words: Sequence[str]) -> bool:
    """A distribution list, or the notice that a mail is for its recipient only."""
    if sum(map(len, words)) < SHORTEST_WORDS * len(words):
        return True
    found = [word for word in words if word in _NOTICE]
    return len(set(found)) >= NOTICE_WORDS and len(found) >= NOTICE_PART * len(words)


@lru_cache(maxsize=100_000)
def _code(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
