"""A parsed text as arrays, one entry per token: what the learnt labeller computes its features from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from spacy.strings import get_string_id

from extraction.pipeline import lemmatizer

if TYPE_CHECKING:
    from spacy.pipeline import Lemmatizer
    from spacy.tokens import Doc

Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

ATTRIBUTES = ("LOWER", "LEMMA", "TAG", "DEP", "POS", "ENT_TYPE", "HEAD", "IS_SPACE", "SENT_START", "IS_PUNCT")
OUTSIDE = np.uint64(0x1234567)
"""Stands for the token before the first and after the last of a text."""
GAP = 12
"""Tokens of nothing between texts that are joined: more than any feature looks beyond its own sentences."""
DEEPEST = 60
"""Levels of the tree looked at; what hangs deeper is treated as hanging there."""
OPENING = ("“", "„", "``")
CLOSING = ("”",)
STRAIGHT = ('"', "''")
MOST_KNOWN = 100_000
"""Words whose lemmas are kept. A novel has 10,000."""
_known_lemmas: dict[tuple[int, ...], int] = {}


@dataclass(slots=True)
class Tokens:
    """Strings stand as spaCy's 64-bit hashes, which are the same in every process and every vocabulary."""

    low: Hashes
    lemma: Hashes
    tag: Hashes
    dep: Hashes
    pos: Hashes
    entity: Hashes
    head: Numbers
    """Number of the head token; a root is its own head."""
    space: Flags
    punct: Flags
    sentence: Numbers
    """Number of the sentence the token stands in."""
    paragraph: Numbers
    quoted: Flags
    """True between quotation marks, the marks included."""
    tensor: npt.NDArray[np.float32]
    """The pipeline's own vector for each token in its context."""

    def __len__(self) -> int:
        return len(self.low)

    @classmethod
    def of(cls, doc: Doc) -> Tokens:
        """The arrays of a tagged and parsed text of at least one token."""
        table = np.asarray(doc.to_array(list(ATTRIBUTES)), dtype=np.uint64)
        column = {name: np.ascontiguousarray(table[:, number]) for number, name in enumerate(ATTRIBUTES)}
        space = column["IS_SPACE"].astype(bool)
        starts = column["SENT_START"].astype(np.int64) == 1
        starts[0] = True
        breaks = np.zeros(len(doc), dtype=np.int64)
        for number in np.flatnonzero(space).tolist():
            breaks[number] = "\n" in doc[number].text
        paragraph = np.cumsum(breaks)
        return cls(
            low=column["LOWER"],
            lemma=_lower_lemmas(doc, column["LEMMA"], column["LOWER"]),
            tag=column["TAG"],
            dep=column["DEP"],
            pos=column["POS"],
            entity=column["ENT_TYPE"],
            head=np.arange(len(doc)) + column["HEAD"].astype(np.int64),
            space=space,
            punct=column["IS_PUNCT"].astype(bool),
            sentence=np.cumsum(starts) - 1,
            paragraph=paragraph,
            quoted=quoted(column["LOWER"], paragraph),
            tensor=np.asarray(doc.tensor, dtype=np.float32),
        )

    @classmethod
    def joined(cls, texts: Sequence[Tokens]) -> tuple[Tokens, list[int]]:
        """Texts as one, parted so that none sees another, and where each of them begins."""
        if len(texts) == 1:
            return texts[0], [0]
        gap = cls._nothing(texts[0].tensor.shape[1])
        parts = [part for text in texts for part in (text, gap)]
        sizes = np.array([len(part) for part in parts])
        begins = np.cumsum(sizes) - sizes

        def after_each_other(name: str, space: int) -> Numbers:
            """Numbers that count on from text to text; a `space` of 1 leaves none out."""
            used = np.array([int(getattr(part, name)[-1]) + space for part in parts])
            numbers: Numbers = columns[name] + np.repeat(np.cumsum(used) - used, sizes)
            return numbers

        columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in cls.names()}
        columns["head"] = columns["head"] + np.repeat(begins, sizes)
        columns["sentence"] = after_each_other("sentence", 1)
        columns["paragraph"] = after_each_other("paragraph", 2)
        return cls(**columns), begins[::2].tolist()

    @classmethod
    def _nothing(cls, width: int) -> Tokens:
        """GAP tokens that are no words."""
        hashes, none = np.full(GAP, OUTSIDE, dtype=np.uint64), np.zeros(GAP, dtype=np.uint64)
        numbers, no = np.zeros(GAP, dtype=np.int64), np.zeros(GAP, dtype=bool)
        return cls(
            low=hashes, lemma=hashes, tag=hashes, dep=none, pos=none, entity=none, head=np.arange(GAP), space=~no,
            punct=no, sentence=numbers, paragraph=numbers, quoted=no, tensor=np.zeros((GAP, width), dtype=np.float32),
        )  # fmt: skip

    @classmethod
    def names(cls) -> tuple[str, ...]:
        return tuple(field.name for field in fields(cls))


@lru_cache(MOST_KNOWN)
def _lower_hash(text: str) -> int:
    return int(get_string_id(text.lower()))


def _lower_lemmas(doc: Doc, lemma: Hashes, low: Hashes) -> Hashes:
    """Lemmas in small letters, so that a telegram in capitals meets the words of a news text.

    A text whose lemmatizer was left out in its parse is lemmatized here; without any, a word is its own lemma.
    """
    if not lemma.any() and doc.has_annotation("POS") and (asked := lemmatizer()):
        lowered = _asked_lemmas(doc, asked)
    else:
        lowered = lemma.copy()
        for number in np.flatnonzero(lemma != low).tolist():
            lowered[number] = _lower_hash(doc[number].lemma_)
    return np.where(lowered == 0, low, lowered)


def _asked_lemmas(doc: Doc, asked: Lemmatizer) -> Hashes:
    """Lemmas in small letters. The lemmatizer is asked once for each word it has not seen lately."""
    if len(_known_lemmas) > MOST_KNOWN:
        _known_lemmas.clear()
    words = [tuple(word) for word in doc.to_array(["ORTH", "POS", "MORPH"]).tolist()]
    for number, word in enumerate(words):
        if word not in _known_lemmas:
            _known_lemmas[word] = _lower_hash(asked.lemmatize(doc[number])[0])
    return np.array([_known_lemmas[word] for word in words], dtype=np.uint64)


@cache
def _marks() -> tuple[Hashes, Hashes, Hashes]:
    def hashes(words: tuple[str, ...]) -> Hashes:
        return np.array([get_string_id(word) for word in words], dtype=np.uint64)

    return hashes(OPENING), hashes(CLOSING), hashes(STRAIGHT)


def quoted(low: Hashes, paragraph: Numbers) -> Flags:
    """Which tokens stand in quotation marks. A quotation still open at a paragraph's end ends there."""
    opening, closing, straight = _marks()
    opens, closes, either = (np.isin(low, marks) for marks in (opening, closing, straight))
    inside = np.zeros(len(low), dtype=bool)
    opened: int | None = None
    for at in np.flatnonzero(opens | closes | either).tolist():
        if opened is not None and paragraph[at] != paragraph[opened]:
            inside[opened : int(np.searchsorted(paragraph, paragraph[opened], side="right"))] = True
            opened = None
        if opened is None:
            opened = at if opens[at] or either[at] else None
        elif closes[at] or either[at]:
            inside[opened : at + 1] = True
            opened = None
    if opened is not None:
        inside[opened : int(np.searchsorted(paragraph, paragraph[opened], side="right"))] = True
    return inside


def depths(head: Numbers) -> Numbers:
    """Steps from each token to the root of its tree, at most DEEPEST."""
    depth = np.zeros(len(head), dtype=np.int64)
    at = head
    moving = at != np.arange(len(head))
    for _ in range(DEEPEST):
        if not moving.any():
            break
        depth += moving
        above = head[at]
        moving &= above != at
        at = above
    return depth
