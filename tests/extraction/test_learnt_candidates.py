"""Which tokens are looked at as heads of cues."""

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc

from extraction.learnt.candidates import BITS, candidates, exceptions
from extraction.learnt.tokens import Tokens

VOCAB = spacy.blank("en").vocab
POS = {"said": "VERB", "ran": "VERB", "analysis": "NOUN", "bridge": "NOUN", ".": "PUNCT", "hums": "VERB"}


def tokens_of(*words: str) -> Tokens:
    doc = Doc(VOCAB, words=list(words), pos=[POS[word] for word in words])
    doc.tensor = np.zeros((len(doc), 4), dtype=np.float32)
    return Tokens.of(doc)


@pytest.fixture
def learnt() -> np.ndarray:
    tokens = tokens_of("said", "ran", "analysis", "bridge", ".")
    return exceptions([[(tokens, np.array([True, False, True, False, True]))]])


def test_words_that_were_heads_are_looked_at_and_those_that_never_were_are_not(learnt):
    assert candidates(tokens_of("bridge", "said", "ran", "analysis", "."), learnt).tolist() == [1, 3]


def test_a_verb_nobody_has_seen_is_looked_at(learnt):
    assert candidates(tokens_of("bridge", "hums"), learnt).tolist() == [1]


def test_a_word_that_is_a_head_once_in_a_blue_moon_is_not_looked_at():
    rare = tokens_of(*["ran"] * 1000)
    is_head = np.zeros(1000, dtype=bool)
    is_head[7] = True

    assert candidates(rare, exceptions([[(rare, is_head)]])).tolist() == []


def test_one_corpus_that_takes_a_word_for_a_cue_is_enough():
    once, often = tokens_of("analysis"), tokens_of(*["analysis"] * 1000)
    flags = exceptions([[(often, np.zeros(1000, dtype=bool))], [(once, np.ones(1, dtype=bool))]])

    assert candidates(once, flags).tolist() == [0]


def test_nothing_learnt_leaves_the_verbs():
    assert candidates(tokens_of("said", "bridge"), np.zeros(2**BITS, dtype=bool)).tolist() == [0]
