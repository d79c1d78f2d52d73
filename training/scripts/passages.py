"""Running text with its words marked: what the augmentation works on.

Augmentation makes the training text look like what arrives: hard-wrapped and indented memos, all-capital telegrams,
curly and straight quotes. Each function takes a passage and returns a new one with the same number of words.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

QUOTE_PAIRS = [('"', '"'), ("“", "”"), ("``", "''"), ('"', '"')]
LINE_WIDTHS = (56, 60, 66, 70, 72, 76, 80, 90, 100, 112)
MARGINS = ("", "", "", " " * 2, " " * 4, " " * 7, " " * 10, " " * 12)
INDENTS = ("", "", " " * 3, " " * 5, " " * 7, "\t")
PARAGRAPH_BREAKS = ("\n\n", "\n\n", "\n\n", "\n\n\n", "\n")


@dataclass(frozen=True)
class Passage:
    """Words and the white space after each; `lead` is the white space before the first."""

    words: tuple[str, ...]
    gaps: tuple[str, ...]
    lead: str = ""

    @property
    def text(self) -> str:
        return self.lead + "".join(word + gap for word, gap in zip(self.words, self.gaps, strict=True))


def curl_or_straighten_quotes(passage: Passage, tags: list[str], rng: random.Random) -> Passage:
    """One style of double quotation marks for the whole passage; `tags` tell opening (``) from closing marks."""
    opening, closing = rng.choice(QUOTE_PAIRS)
    marks = {"``": opening, "''": closing}
    words = [
        marks.get(tag, word) if word in {'"', "“", "”", "``", "''"} else word
        for word, tag in zip(passage.words, tags, strict=True)
    ]
    return replace(passage, words=tuple(words))


def swap_apostrophes(passage: Passage, rng: random.Random) -> Passage:
    old, new = rng.choice([("'", "’"), ("’", "'")])
    return replace(passage, words=tuple(w if w == "''" else w.replace(old, new) for w in passage.words))


def change_case(passage: Passage, change: Callable[[str], str]) -> Passage:
    """All words through `change`, except where that would alter a word's length ("ß")."""
    return replace(passage, words=tuple(new if len(new := change(w)) == len(w) else w for w in passage.words))


def hard_wrap(passage: Passage, rng: random.Random) -> Passage:
    """Breaks lines at a fixed width, with a left margin and indented paragraphs, as printed memos have them."""
    width = rng.choice(LINE_WIDTHS)
    margin = rng.choice(MARGINS)
    indent = rng.choice(INDENTS)
    line_break = ("\n\n" if rng.random() < 0.04 else "\n") + margin
    column = rng.randrange(0, 40)
    gaps = list(passage.gaps)
    for i, word in enumerate(passage.words):
        column += len(word) + len(gaps[i])
        if "\n" in gaps[i]:
            gaps[i] = rng.choice(PARAGRAPH_BREAKS) + margin + indent
            column = len(indent)
        elif gaps[i] == " " and i + 1 < len(passage.words) and column + len(passage.words[i + 1]) > width:
            gaps[i] = line_break
            column = 0
    lead = margin + indent if rng.random() < 0.5 else ""
    return replace(passage, gaps=tuple(gaps), lead=lead)


def squeeze_paragraph_breaks(passage: Passage, rng: random.Random, share: float) -> Passage:
    """Some paragraph breaks become a space, some something odd, so that sentences must be found without them."""

    def squeezed(gap: str) -> str:
        if "\n" not in gap or rng.random() < share:
            return gap
        return " " if rng.random() < 0.7 else rng.choice(["\n", "\n      ", "\n\n\n", "\n\n       "])

    return replace(passage, gaps=tuple(squeezed(gap) for gap in passage.gaps))


@dataclass(frozen=True)
class Augmentation:
    """How often each change is made, as shares of the passages (of the paragraph breaks for `keep_breaks`)."""

    keep_breaks: float = 1.0
    quotes: float = 0.0
    apostrophes: float = 0.0
    lower: float = 0.0
    upper: float = 0.0
    wrap: float = 0.0

    def __call__(self, passage: Passage, tags: list[str], rng: random.Random) -> Passage:
        passage = squeeze_paragraph_breaks(passage, rng, self.keep_breaks)
        if rng.random() < self.quotes:
            passage = curl_or_straighten_quotes(passage, tags, rng)
        if rng.random() < self.apostrophes:
            passage = swap_apostrophes(passage, rng)
        case = rng.random()
        if case < self.upper:
            passage = change_case(passage, str.upper)
        elif case < self.upper + self.lower:
            passage = change_case(passage, str.lower)
        if rng.random() < self.wrap:
            passage = hard_wrap(passage, rng)
        return passage
