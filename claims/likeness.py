"""How alike two wordings are: BM25 over stemmed words, and n-grams of characters for what stemming does not see.

Knows no database: `claims.search` brings the words, how rare they are, and the texts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SATURATION = 1.2
"""BM25's k1: how soon a word said again in one text stops to count."""

LENGTH_WEIGHT = 0.6
"""BM25's b, 0 to 1: how much a long text must hold more of the words than a short one."""

GRAM_WEIGHT = 1.2
"""Of the n-grams beside the words. Chosen on the training part of CheckThat! 2020; flat between 1.0 and 1.5."""

GRAMS = (3, 4, 5)
COMPARED = 400
"""How many texts are compared by their n-grams, too: those most alike by their words. On the development part of
CheckThat! 2020 the right one is among them for 98 of 100."""

READ_CHARACTERS = 1_500
"""Of each text, for its n-grams: enough for any sentence, and a bound on time."""

_BUCKETS = 18  # bits: n-grams are told apart by so much of a hash
_FACTOR = np.uint64(0x9E3779B97F4A7C15)

_ADDRESS = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S+", re.IGNORECASE)
_GLUED_ADDRESS = re.compile(r"(?<=\S)(?=https?://|pic\.twitter\.com/)", re.IGNORECASE)
_TAG = re.compile(r"[#@](\w+)")
_INSIDE_TAG = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=[A-Z])(?=[A-Z][a-z])|_")
_NEITHER_WORD_NOR_MARK = re.compile(r"[^\w\s.,;:'’\"“”?!%$€£/()–—-]")
_WORD = re.compile(r"\w+")


def plain(text: str) -> str:
    """The words of a message without its addresses and pictographs, and with `#TwoWords` and `@TwoWords` apart."""
    text = _ADDRESS.sub(" ", _GLUED_ADDRESS.sub(" ", text))
    text = _TAG.sub(lambda tag: f" {_INSIDE_TAG.sub(' ', tag[1])} ", text)
    return " ".join(_NEITHER_WORD_NOR_MARK.sub(" ", text).split())


@dataclass(frozen=True)
class Wording:
    """A text, and how often each word (a lexeme of PostgreSQL's) stands in it."""

    text: str
    words: Mapping[str, int]

    @property
    def length(self) -> int:
        return sum(self.words.values())


def rarity(holding: float, of: float) -> float:
    """BM25's inverse document frequency of a word that `holding` of all texts have; above 0."""
    return math.log(1 + (max(of, holding) - holding + 0.5) / (holding + 0.5))


def likeness(query: Wording, texts: Sequence[Wording], rarities: Mapping[str, float]) -> list[float]:
    """How alike each text is to the query: 1 for the same words, 0 for none in common.

    rarities: of those of the query's words that any text has; the others count for nothing.
    """
    if not texts or not rarities:
        return [0.0] * len(texts)
    everything = [*texts, query]  # the last line is how alike the query is to itself
    alike = _bm25(everything, rarities)
    closest = np.append(np.argsort(-alike[:-1], kind="stable")[:COMPARED], len(texts))
    alike[closest] += GRAM_WEIGHT * _gram_cosines(query.text, [everything[place].text for place in closest])
    return [float(value) for value in np.minimum(1.0, alike[:-1] / alike[-1])]


def _bm25(texts: Sequence[Wording], rarities: Mapping[str, float]) -> NDArray[np.float64]:
    """As a part of what a text of average length reaches that has every word of the query once."""
    average = max(1.0, sum(each.length for each in texts[:-1]) / max(1, len(texts) - 1))
    sums = [
        sum(
            rare * times * (SATURATION + 1) / (times + SATURATION * _damping(each.length / average))
            for word, rare in rarities.items()
            if (times := each.words.get(word, 0))
        )
        for each in texts
    ]
    return np.array(sums) / sum(rarities.values())


def _damping(relative_length: float) -> float:
    return 1 - LENGTH_WEIGHT + LENGTH_WEIGHT * relative_length


def _gram_cosines(query: str, texts: Sequence[str]) -> NDArray[np.float64]:
    """Cosine of tf-idf vectors of n-grams. How rare an n-gram is, the texts at hand say: they are the rivals."""
    owner, bucket, times = _grams_of(texts)
    held_by = np.bincount(bucket, minlength=1 << _BUCKETS)
    rare = np.log((1 + len(texts)) / (1 + held_by)) + 1
    weights = (1 + np.log(times)) * rare[bucket]
    norms = np.sqrt(np.bincount(owner, weights**2, minlength=len(texts)))
    _, asked, asked_times = _grams_of([query])
    wanted = np.zeros(1 << _BUCKETS)
    wanted[asked] = (1 + np.log(asked_times)) * rare[asked]
    products = np.bincount(owner, weights * wanted[bucket], minlength=len(texts))
    return np.asarray(products / np.maximum(norms * np.linalg.norm(wanted), 1e-9))


def _grams_of(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Of each n-gram of each text: the text's number, the n-gram's bucket, and how often it stands there."""
    spelt = [f" {' '.join(_WORD.findall(text[:READ_CHARACTERS].lower()))} " for text in texts]
    codes = np.frombuffer("".join(spelt).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    owners = np.repeat(np.arange(len(spelt)), [len(each) for each in spelt])
    keys = []
    for size in GRAMS:
        count = len(codes) - size + 1
        if count < 1:
            continue
        inside = owners[:count] == owners[size - 1 :]
        hashed = np.full(count, size, dtype=np.uint64)
        for place in range(size):
            hashed = (hashed ^ codes[place : place + count]) * _FACTOR
            hashed ^= hashed >> np.uint64(29)
        bucket = (hashed >> np.uint64(64 - _BUCKETS)).astype(np.int64)
        keys.append(((owners[:count] << _BUCKETS) | bucket)[inside])
    if not keys:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, nothing
    unique, times = np.unique(np.concatenate(keys), return_counts=True)
    return unique >> _BUCKETS, unique & ((1 << _BUCKETS) - 1), times
