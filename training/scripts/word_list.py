"""Makes extraction/reading/words.txt: English words, the most frequent first, as they stand inside sentences.

    HEARSAY_SHARED=folder python -m training.scripts.word_list [OUT.txt]

A word is in the list when it stands in the releases with a small first letter often enough to be no reading error: 20
times, or 5 times when the treebanks know it, too. It is written with a capital when it mostly has one ("State"). At
the end come rarer words of the treebanks that are a letter away from a frequent one, so that nobody reads that one
into them.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from extraction.reading.wording import FREQUENT, SHORTEST_MISREAD
from training.scripts.raw_text import corpus_paragraphs, release_paragraphs

WORDS = Path(__file__).parents[2] / "extraction" / "reading" / "words.txt"
INSIDE_SENTENCE = re.compile(r"(?<=[a-z,] )[A-Za-z][a-z]+\b")
OFTEN = 20
OFTEN_IF_KNOWN = 5
MISREAD = 300
"""How many times rarer than another word a letter away a word outside the treebanks must be to be its misreading."""


def counts(paragraphs: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """How often each word stands inside a sentence with a small first letter, and how often with a capital."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for paragraph in paragraphs:
        for word in INSIDE_SENTENCE.findall(paragraph):
            (small if word[0].islower() else capital)[word.lower()] += 1
    return small, capital


def chosen(releases: Iterable[str], corpora: Iterable[str]) -> list[str]:
    """The list, the most frequent word first."""
    small, capital = counts(releases)
    known, _ = counts(corpora)
    kept = {w: n for w, n in small.items() if n >= OFTEN or (n >= OFTEN_IF_KNOWN and w in known)}
    most: dict[str, int] = {}
    for word, count in kept.items():
        for shape in shapes(word):
            most[shape] = max(most.get(shape, 0), count)
    sound = [w for w, n in kept.items() if w in known or max(most[shape] for shape in shapes(w)) < MISREAD * n]
    sound.sort(key=lambda word: (-small[word], word))
    frequent = {shape for word in sound[:FREQUENT] for shape in shapes(word)}
    rare = sorted(w for w in known.keys() - set(sound) if len(w) >= SHORTEST_MISREAD and frequent & set(shapes(w)))
    return [word.capitalize() if capital[word] > small[word] else word for word in sound] + rare


def shapes(word: str) -> Iterable[str]:
    """The word with one letter left open, for each of its letters."""
    return (f"{word[:at]}*{word[at + 1 :]}" for at in range(len(word)))


def main(out: Path) -> None:
    words = chosen(release_paragraphs(), corpus_paragraphs())
    out.write_text("\n".join(words) + "\n", encoding="utf-8")
    print(f"{len(words)} words in {out}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else WORDS)
