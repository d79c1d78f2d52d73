"""The foot of a report form, which a scan turns into noise in the middle of a sentence that goes on overleaf."""

from __future__ import annotations

import re
from itertools import pairwise

from extraction.reading.lines import Line
from extraction.reading.wording import is_listed

CLASSIFICATION = re.compile(r"\b(?:SECRET|CONFIDENTIAL)\b|\bFOR[A-Z]{2,6} DIS+[A-Z]+")
DISSEMINATION = re.compile(r"\bFOR[A-Z]{2,6} DIS+[A-Z]+")
""" "NO FOREIGN DISSEM", as misread as it comes: the mark of the forms in question."""
LONGEST_CLASSIFICATION = 60
MOST_LINES = 60
ADJACENT = 2
"""Lines between the two halves of one classification, at most."""
MOST_WORDS = 80
MOST_LISTED = 0.4
"""Share of English words. Noise has less, a text with many names more (.45 to .9 in 48 reports)."""
LONGEST_CHANCE = 3
WORD = re.compile(r"[A-Za-z]{2,}")


def mark_forms(lines: list[Line]) -> None:
    """Mark as noise what stands between two classifications, one of them "no foreign dissem", and is hardly English."""
    bounds = [
        number
        for number, line in enumerate(lines)
        if line.edge <= LONGEST_CLASSIFICATION and CLASSIFICATION.search(line.words)
    ]
    for above, below in pairwise(bounds):
        if below - above > MOST_LINES or not any(DISSEMINATION.search(lines[n].words) for n in (above, below)):
            continue
        words = [word for line in lines[above + 1 : below] if line.is_text for word in WORD.findall(line.words)]
        adjacent = not words and below - above <= ADJACENT
        if adjacent or (0 < len(words) <= MOST_WORDS and sum(map(_is_english, words)) < MOST_LISTED * len(words)):
            for line in lines[above : below + 1]:
                if line.is_text:
                    line.become("noise")


def _is_english(word: str) -> bool:
    """A listed word; one of three letters or fewer may be an office or an army in capitals, or chance."""
    return is_listed(word) and (len(word) > LONGEST_CHANCE or word.islower())
