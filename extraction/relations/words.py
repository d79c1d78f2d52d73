"""How near two words are in meaning, and whether they are opposites: our own clusters first, then WordNet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from math import log
from typing import Literal

from extraction import lexicon
from extraction.relations import wordnet

Kind = Literal["same", "synonym", "derived", "narrower", "wider", "related", "opposite", "none"]
STRENGTHS: dict[Kind, float] = {
    "same": 1.0, "synonym": 0.9, "derived": 0.9, "opposite": 0.9,
    "narrower": 0.7, "wider": 0.7, "related": 0.5, "none": 0.0,
}  # fmt: skip
RARE = 60
"""A word that WordNet's corpus has less often than this can make two statements comparable."""
PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non", "non-", "mis")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is known of a word, as sets that can be intersected."""

    family: frozenset[str]
    """The word and what is derived from it: release, releaser."""
    senses: frozenset[int]
    near: frozenset[int]
    above: frozenset[int]
    opposites: frozenset[str]
    clusters: frozenset[int]
    against: frozenset[int]
    """Clusters whose words mean the opposite."""
    frequency: int


@dataclass(frozen=True, slots=True)
class _Clusters:
    of_word: dict[str, frozenset[int]]
    against: dict[int, frozenset[int]]


@cache
def _clusters() -> _Clusters:
    """synonyms.jsonl and both sides of antonyms.jsonl, numbered."""
    words: dict[str, set[int]] = {}
    against: dict[int, set[int]] = {}
    number = 0
    for row in lexicon.rows("synonyms"):
        number += 1
        for one in _with_bases(row["words"]):
            words.setdefault(one, set()).add(number)
    for row in lexicon.rows("antonyms"):
        number += 2
        for side, other, name in ((number, number + 1, "one"), (number + 1, number, "other")):
            against.setdefault(side, set()).add(other)
            for one in _with_bases(row[name]):
                words.setdefault(one, set()).add(side)
    return _Clusters(
        {one: frozenset(numbers) for one, numbers in words.items()},
        {side: frozenset(numbers) for side, numbers in against.items()},
    )


@cache
def closed_class(name: str) -> frozenset[str]:
    """A class of words from statement_words.jsonl. Raises KeyError for one that is not there."""
    return {row["set"]: frozenset(row["words"]) for row in lexicon.rows("statement_words")}[name]


def _with_bases(words: list[str]) -> set[str]:
    """The words, and the verbs of participles among them: "contaminated" may be read as a form of "contaminate"."""
    verbs = {wordnet.base_form(word, "v") for word in words if word.endswith("ed") and " " not in word}
    return {*words, *verbs} - {""}


@cache
def _converses() -> dict[str, frozenset[tuple[int, bool]]]:
    """(number of the pair, which side) by word."""
    found: dict[str, set[tuple[int, bool]]] = {}
    for number, row in enumerate(lexicon.rows("converses")):
        for side in ("one", "other"):
            for one in row[side]:
                found.setdefault(one, set()).add((number, side == "one"))
    return {one: frozenset(places) for one, places in found.items()}


def are_converse(one: str, other: str) -> bool:
    """Do two words tell the same from either side: sell and buy?"""
    return any((number, not side) in _converses().get(other, ()) for number, side in _converses().get(one, ()))


@dataclass(frozen=True, slots=True)
class Function:
    """Something with one filler at a time: a faction has one leader. `filler`: agent, place or name."""

    filler: str
    is_permanent: bool
    """Who wrote a letter does not change, who leads a party does."""


@cache
def _functions() -> dict[str, tuple[Function, ...]]:
    found: dict[str, list[Function]] = {}
    for row in lexicon.rows("functional_roles"):
        for one in row["words"]:
            found.setdefault(one, []).append(Function(row["filler"], row["permanent"]))
    return {one: tuple(several) for one, several in found.items()}


def functions(lemma: str) -> tuple[Function, ...]:
    return _functions().get(lemma, ())


@cache
def phrases() -> dict[str, tuple[tuple[str, ...], ...]]:
    """The fixed phrases of our clusters by first word, longest first."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for one in (*_clusters().of_word, *_converses(), *_functions()):
        words = tuple(one.split())
        if len(words) > 1:
            found.setdefault(words[0], set()).add(words)
    return {first: tuple(sorted(several, key=len, reverse=True)) for first, several in found.items()}


@lru_cache(maxsize=50_000)
def meaning(lemma: str, pos: str) -> Meaning:
    family, opposites = {lemma}, set[str]()
    senses, near, higher = set[int](), set[int](), set[int]()
    frequency = 0
    ours = wordnet.POS[pos]
    found = [(kind, one) for kind, one in wordnet.known(lemma) if pos != "name"]
    for kind, one in found:
        frequency += one.frequency
        if kind != ours and wordnet.word(lemma, ours) is not None:
            continue
        senses.update(one.senses)
        opposites.update(other.partition("/")[0] for other in one.opposites)
        for sense in one.senses:
            near.update(wordnet.beside(sense))
            higher |= wordnet.above(sense, wordnet.LEVELS[kind])
        for other in one.derived:
            family.add(other.partition("/")[0])
    numbers = _clusters().of_word.get(lemma, frozenset())
    against = frozenset(side for number in numbers for side in _clusters().against.get(number, ()))
    return Meaning(
        family=frozenset(family),
        senses=frozenset(senses),
        near=frozenset(near),
        above=frozenset(higher),
        opposites=frozenset(opposites),
        clusters=numbers,
        against=against,
        frequency=frequency,
    )


@lru_cache(maxsize=200_000)
def kinship(lemma: str, pos: str, other: str, other_pos: str) -> Kind:
    """What the second word is to the first."""
    if lemma == other:
        return "same"
    a, b = meaning(lemma, pos), meaning(other, other_pos)
    if a.clusters & b.clusters:
        return "synonym"
    if a.against & b.clusters:
        return "opposite"
    if other in a.opposites or lemma in b.opposites or _is_affixed(lemma, other) or _is_affixed(other, lemma):
        return "opposite"
    if other in a.family or lemma in b.family:
        return "derived"
    if a.senses & b.senses or a.senses & b.near or b.senses & a.near:
        return "synonym"
    if b.senses & a.above:
        return "wider"
    if a.senses & b.above:
        return "narrower"
    if len(a.family & b.family) > 0:
        return "related"
    return "none"


def _is_affixed(word: str, plain: str) -> bool:
    """ "ineffective" of "effective": a negating prefix on an adjective-like word of some length."""
    return len(plain) > 4 and any(word == prefix + plain for prefix in PREFIXES)


@lru_cache(maxsize=50_000)
def weight(lemma: str, pos: str) -> float:
    """How much a word tells, about 0.2 to 1.5: names most, frequent words little."""
    if pos == "name":
        return 1.5
    base = 0.3 if lemma in closed_class("light_weight") else {"noun": 1.0, "verb": 0.9, "adj": 0.7, "adv": 0.4}[pos]
    return base / (1 + 0.12 * log(1 + meaning(lemma, pos).frequency))


def is_rare(lemma: str, pos: str) -> bool:
    return pos == "name" or meaning(lemma, pos).frequency < RARE
