"""Where the words of a statement negate."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from extraction import lexicon

NO_NEGATION = frozenset(("denied", "denies", "deny"))
"""These negate only with a clause below them, which is read as whose denial it is."""


class Negation(NamedTuple):
    """Tokens `position` to `last`, both included."""

    position: int
    last: int


@cache
def _phrases() -> dict[str, list[tuple[tuple[str, ...], bool]]]:
    found: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
    for row in lexicon.rows("negations"):
        words = tuple(row["words"].split())
        found.setdefault(words[0], []).append((words, row["negates"]))
    return {first: sorted(entries, key=lambda entry: -len(entry[0])) for first, entries in found.items()}


def negations(low: Sequence[str]) -> list[Negation]:
    """The negations among words in small letters, those that only look like it ("not only") left out."""
    found = []
    at = 0
    while at < len(low):
        word = low[at].replace("’", "'")
        for phrase, negates in _phrases().get(word, ()):
            if tuple(low[at : at + len(phrase)]) == phrase or (len(phrase) == 1 and word == phrase[0]):
                if negates and word not in NO_NEGATION:
                    found.append(Negation(at, at + len(phrase) - 1))
                at += len(phrase) - 1
                break
        at += 1
    return found
