"""The words of WordNet 3.0 as shipped in models/wordnet-3.0-extract: senses, what stands above them, opposites."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "models" / "wordnet-3.0-extract" / "words.tsv.gz"
POS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r", "name": "n"}
LEVELS = {"n": 1, "v": 1, "a": 0, "r": 0}
"""How far above a sense a more general one may stand that still counts as the same thing."""


class WordsMissing(RuntimeError):
    """The file of words is not there."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word in one part of speech."""

    frequency: int
    """Occurrences in the corpus WordNet was counted on; 0 for rare words."""
    senses: tuple[int, ...]
    """Numbers of synsets, the most frequent sense first."""
    derived: tuple[str, ...]
    """Written "release/v"."""
    opposites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Tables:
    words: dict[str, Word]
    above: dict[int, tuple[int, ...]]
    beside: dict[int, tuple[int, ...]]
    irregular: dict[str, str]


@cache
def _tables() -> _Tables:
    """Read once, on first use: about a tenth of a second and 15 MB."""
    if not FILE.is_file():
        raise WordsMissing(
            f"There is no {FILE}. It is part of the checkout; training/scripts/wordnet_extract.py makes it."
        )
    words: dict[str, Word] = {}
    above: dict[int, tuple[int, ...]] = {}
    beside: dict[int, tuple[int, ...]] = {}
    irregular: dict[str, str] = {}
    with gzip.open(FILE, "rt", encoding="ascii") as lines:
        for line in lines:
            kind, *fields = line.rstrip("\n").split("\t")
            if kind == "w":
                lemma, pos, frequency, senses, derived, opposites = fields
                words[f"{lemma}/{pos}"] = Word(int(frequency), _numbers(senses), _split(derived), _split(opposites))
            elif kind == "x":
                form, pos, lemma = fields
                irregular[f"{form}/{pos}"] = lemma
            else:
                number, higher, near = fields
                above[int(number)], beside[int(number)] = _numbers(higher), _numbers(near)
    return _Tables(words, above, beside, irregular)


def _split(written: str) -> tuple[str, ...]:
    return tuple(written.split(",")) if written else ()


def _numbers(written: str) -> tuple[int, ...]:
    return tuple(int(number) for number in _split(written))


def word(lemma: str, pos: str) -> Word | None:
    """pos: "n", "v", "a" or "r"."""
    return _tables().words.get(f"{lemma.replace(' ', '_')}/{pos}")


def known(lemma: str) -> Iterator[tuple[str, Word]]:
    """(part of speech, word) for each part of speech a word is known in."""
    for pos in "nvar":
        found = word(lemma, pos)
        if found is not None:
            yield pos, found


def above(sense: int, levels: int) -> set[int]:
    """The synsets up to some levels above one."""
    found: set[int] = set()
    layer = {sense}
    for _ in range(levels):
        layer = {higher for one in layer for higher in _tables().above.get(one, ())}
        found |= layer
    return found


def is_doing(noun: str) -> bool:
    """Does a noun name what somebody does: "attack", "withdrawal"?"""
    found = word(noun, "n")
    return found is not None and any(other.endswith("/v") for other in found.derived)


def beside(sense: int) -> tuple[int, ...]:
    """Synsets of nearly the same meaning: "open" -> "unfastened"."""
    return _tables().beside.get(sense, ())


ENDINGS = {
    "v": (
        ("ies", "y"), ("es", "e"), ("es", ""), ("s", ""), ("ied", "y"), ("ed", "e"), ("ed", ""), ("ing", "e"),
        ("ing", ""),
    ),
    "n": (("ies", "y"), ("ses", "s"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("men", "man"), ("s", "")),
    "a": (("er", ""), ("est", ""), ("er", "e"), ("est", "e"), ("ier", "y"), ("iest", "y")),
    "r": (),
}  # fmt: skip
"""Endings of forms and of their base, as English inflects."""


def base_form(form: str, pos: str) -> str:
    """The known word that a form in small letters belongs to; "" if there is none."""
    tables = _tables()
    irregular = tables.irregular.get(f"{form}/{pos}")
    if irregular:
        return irregular
    for ending, base in ENDINGS[pos]:
        if not form.endswith(ending):
            continue
        stem = form[: -len(ending)] + base
        doubled = len(stem) > 3 and stem[-1] == stem[-2] and ending in {"ed", "ing", "er", "est"}
        for candidate in (stem, stem[:-1]) if doubled else (stem,):
            if f"{candidate}/{pos}" in tables.words:
                return candidate
    return form if f"{form}/{pos}" in tables.words else ""
