"""The wording to parse: as long as the text, letter by letter, but without capitals throughout and without misreadings.

A parser that has learnt from printed English reads "the minister said" better than "THE MINISTER SAID" or "the minister
satd". Only the parse sees this wording; whatever is quoted is quoted from the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from extraction import lexicon

WORDS = Path(__file__).with_name("words.txt")
"""Words as they stand inside sentences, the most frequent first (made by training/scripts/word_list.py)."""
SMALL = re.compile(r"[a-z]+")
CAPITAL_WORD = re.compile(r"[A-Z]+(?:['’][A-Z]+)?")
SENTENCE_START = re.compile(r"(?:^|[.!?:][\"'”’)]{0,2} )(?:\(?(?:\d{1,2}|[A-Z])[.)] )?[\"'“‘(]{0,2}([a-z])")
SHORT = 4
"""Letters. An unknown word that is no longer is an abbreviation and keeps its capitals; a longer one is a name."""
ENDING = re.compile(r"(?:ed|ing|ly|[st]ions?|ments?|ness|ity|able|ible|ous|ive|ances?|ences?|ized?)$")
SHORTEST_WITH_ENDING = 8
"""Letters from which on an unknown word with such an ending is a word (often with a slip of the pen) and no name."""
FEWEST_CAPITALS = 12
MOST_SMALL_SHARE = 0.1
"""Small letters by letters, at most, in a paragraph in capitals."""
SUSPECT = re.compile(r"(?<![\w.@/-])[A-Za-z]?[a-z0-9]{2,}(?![\w@/]|-[a-z])")
SHORTEST_MISREAD = 3
LONGEST_MISREAD = 20
CHANCE = 1
FEWEST_MISREAD = 0.006
"""A text is a scan when more than one word, and one more for each 1,000 / 6 words, is a letter away from a frequent
one. It counts once: a rare word comes again and again, a misreading hardly does.

45 of 48 scanned reports are, and memos with one letter in 200 misread; of 150 memos, 84 news texts, 50 printed volumes
and 181 mails only one is, and rightly."""
FREQUENT = 5_000
"""Only so many of the most frequent words are read into misread ones."""
FREQUENT_SHORT = {3: 60, 4: 1_200}
"""The same for short words, by their letters: they have many neighbours."""
ALIKE = ("aceo0", "iltfjr1", "hbk6", "nurmh", "sxz5a", "vyuwr", "gqy9", "dbcal")
"""Letters that a scan takes for one another."""
STEM_ENDINGS = ("s", "es", "ed", "ing", "ly", "er", "ers")
OPENERS = frozenset(("according", "source", "sources", "another"))
"""Words that may be misread with a capital, too. Other words with a capital are mostly names."""
LETTER_APOSTROPHE = "\u02bc"
COMMA_FOR_STOP = re.compile(r",(?= (?:He|She|They|It|His|Source|This|These) [a-z]+)")
INNER_MARK = re.compile(r"(?<=[a-z]{2})[‘“|{}~](?=[a-z]{2})|(?<=\b[Ii]n)[‘’“](?=a )")


def wording(text: str, paragraphs: Iterable[tuple[int, int]]) -> str:
    """The wording of `text`, whose paragraphs stand at these places. As long as it, so that every place is the same.

    Misreadings are taken back only where they are too many for chance: in print, an unknown word is a rare one.
    """
    pieces: list[str] = []
    ordinary: list[int] = []
    end = 0
    for start, stop in paragraphs:
        paragraph = text[start:stop]
        if _is_in_capitals(paragraph):
            paragraph = _small_letters(paragraph)
        else:
            ordinary.append(len(pieces) + 1)
        pieces += (text[end:start], paragraph)
        end = stop
    pieces.append(text[end:])
    misread = _misread_words([pieces[number] for number in ordinary])
    for number in ordinary:
        paragraph = pieces[number].replace(LETTER_APOSTROPHE, "’")
        pieces[number] = paragraph if misread is None else _read_aright(paragraph, misread)
    return "".join(pieces)


def is_listed(word: str) -> bool:
    """Is it one of the common English words, however it is written?"""
    return word.lower() in _words().ranks


def _is_in_capitals(paragraph: str) -> bool:
    if sum(map(len, SMALL.findall(paragraph, 0, 200))) > 100:
        return False
    small = sum(map(len, SMALL.findall(paragraph)))
    capitals = sum(map(len, CAPITAL_WORD.findall(paragraph)))
    return capitals >= FEWEST_CAPITALS and small < MOST_SMALL_SHARE * (small + capitals)


def _small_letters(paragraph: str) -> str:
    """Small letters but for names, abbreviations and the beginnings of sentences."""
    text = CAPITAL_WORD.sub(lambda match: _small_word(match.group()), paragraph)
    return SENTENCE_START.sub(lambda match: match.group()[:-1] + match.group()[-1].upper(), text)


@dataclass(frozen=True, slots=True)
class _Words:
    ranks: dict[str, int]
    """The place of each word in the list, the most frequent one first."""
    names: frozenset[str]
    """Those that are mostly written with a capital."""
    neighbours: dict[str, str]
    """For each frequent word with one letter left open ("s*id"), the most frequent word of that shape."""


@cache
def _words() -> _Words:
    listed = WORDS.read_text(encoding="utf-8").split()
    known = {word.lower() for word in listed}
    cue_forms = (*lexicon.verbs(), *lexicon.nouns(), *lexicon.adjectives())
    listed += [form for form in dict.fromkeys(cue_forms) if form not in known]
    neighbours: dict[str, str] = {}
    for rank, word in enumerate(listed[:FREQUENT]):
        if word.islower() and len(word) >= SHORTEST_MISREAD and rank < FREQUENT_SHORT.get(len(word), FREQUENT):
            for shape in _shapes(word):
                neighbours.setdefault(shape, word)
    ranks = {word.lower(): rank for rank, word in enumerate(listed)}
    return _Words(ranks, frozenset(word.lower() for word in listed if not word.islower()), neighbours)


def _shapes(word: str) -> Iterator[str]:
    return (f"{word[:at]}*{word[at + 1 :]}" for at in range(len(word)))


def _small_word(word: str) -> str:
    small = word.lower()
    stem, apostrophe, _ = small.replace("’", "'").partition("'")
    words = _words()
    if len(small) != len(word) or word == "I":
        return word
    if stem in words.names:
        return word[0] + small[1:]
    if small == "a" or stem in words.ranks or (len(stem) >= SHORTEST_WITH_ENDING and ENDING.search(stem)):
        return small
    return word[0] + small[1:] if len(stem) > SHORT or apostrophe else word


def _misread_words(paragraphs: list[str]) -> dict[str, str] | None:
    """What each misread word of a text was meant to be; None for a text that no scanner has misread."""
    counts: Counter[str] = Counter()
    marks = 0
    for paragraph in paragraphs:
        counts.update(SUSPECT.findall(paragraph))
        marks += len(INNER_MARK.findall(paragraph)) + len(COMMA_FOR_STOP.findall(paragraph))
    meant = {word: aright for word in counts.keys() - _words().ranks.keys() if (aright := _aright(word))}
    words = sum(count for word, count in counts.items() if len(word) >= SHORTEST_MISREAD)
    return meant if marks + len(meant) > CHANCE + FEWEST_MISREAD * words else None


def _read_aright(paragraph: str, misread: dict[str, str]) -> str:
    """Words that a scanner has misread in one letter ("satd", "reportcd"), marks it has put inside words, and commas
    that were full stops."""
    sound = INNER_MARK.sub(" ", COMMA_FOR_STOP.sub(".", paragraph))
    return SUSPECT.sub(lambda match: misread.get(match.group(), match.group()), sound)


def _aright(word: str) -> str:
    """What an unknown word was before it was misread; "" when it may stand as it is."""
    if word.isdigit() or not SHORTEST_MISREAD <= len(word) <= LONGEST_MISREAD:
        return ""
    if word.islower() or not word.isalpha():
        return _meant(word)
    meant = "" if word.lower() in _words().ranks else _meant(word.lower())
    return meant.capitalize() if meant in OPENERS else ""


def _meant(word: str) -> str:
    """The frequent word that this unknown one is a letter away from; "" if there is none, or if it is inflected."""
    words = _words()
    stems = [word.removesuffix(ending) for ending in STEM_ENDINGS if word.endswith(ending)]
    if any(stem in words.ranks for stem in [*stems, *(stem + "e" for stem in stems)]):
        return ""
    found = [(at, words.neighbours[shape]) for at, shape in enumerate(_shapes(word)) if shape in words.neighbours]
    best = min(found, key=lambda at_meant: _distance(word, *at_meant), default=(0, ""))
    return best[1]


def _distance(word: str, at: int, meant: str) -> tuple[bool, int]:
    """Letters that look alike come first, then frequent words."""
    alike = any(word[at] in letters and meant[at] in letters for letters in ALIKE)
    return not alike, _words().ranks[meant]
