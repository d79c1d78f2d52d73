"""Which tokens are looked at as heads of cues at all: the few words that are one now and then, and any unknown verb."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from spacy.strings import get_string_id

from extraction.learnt.features import ROW_BITS, Rows, mixed
from extraction.learnt.tokens import Flags, Hashes, Numbers, Tokens

HEADS = ("ADJ", "ADP", "ADV", "AUX", "NOUN", "PART", "PROPN", "SCONJ", "VERB")
ABLE = np.array([get_string_id(name) for name in HEADS], dtype=np.uint64)
"""Parts of speech that may head a cue."""
VERB = np.uint64(get_string_id("VERB"))
BITS = 16
RAREST = 0.004
"""A word that heads a cue in a smaller share of its places is never looked at."""
TEMPLATE = 200


def candidates(tokens: Tokens, exceptions: Flags) -> Numbers:
    """The tokens that may head a cue. `exceptions` has a flag for each hash of a word and its part of speech:
    which verbs never do, and which other words do."""
    able = np.flatnonzero(np.isin(tokens.pos, ABLE) & ~tokens.space)
    is_exception = exceptions[_places(tokens.pos[able], tokens.lemma[able])]
    found: Numbers = able[is_exception != (tokens.pos[able] == VERB)]
    return found


def exceptions(corpora: Iterable[Iterable[tuple[Tokens, Flags]]]) -> Flags:
    """The flags that `candidates` asks for, from corpora of tokens with whether each is the head of a cue.

    A word counts as a head once it is one often enough in any of the corpora, which have ideas of their own.
    """
    often = np.zeros(2**BITS, dtype=bool)
    is_verb = np.zeros(2**BITS, dtype=bool)
    for corpus in corpora:
        count, heads = np.zeros(2**BITS), np.zeros(2**BITS)
        for tokens, is_head in corpus:
            able = np.flatnonzero(np.isin(tokens.pos, ABLE) & ~tokens.space)
            places = _places(tokens.pos[able], tokens.lemma[able])
            np.add.at(count, places, 1)
            np.add.at(heads, places, is_head[able])
            is_verb[places[tokens.pos[able] == VERB]] = True
        often |= heads > RAREST * count
    return np.where(is_verb, ~often, often)


def _places(pos: Hashes, lemma: Hashes) -> Rows:
    return mixed(TEMPLATE, pos, lemma) >> (ROW_BITS - BITS)
