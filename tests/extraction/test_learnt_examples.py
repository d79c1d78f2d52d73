"""What the models learn from: the head of a cue, and the roles in its window."""

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc

from extraction.learnt.candidates import BITS, exceptions
from extraction.learnt.network import LABELS
from extraction.learnt.tokens import Tokens
from training.roles.corpus import Passage
from training.roles.examples import cue_batch, cue_head, gold_heads, role_batch

VOCAB = spacy.blank("en").vocab
WORDS = ["Officials", "have", "not", "said", "that", "it", "failed", "."]


@pytest.fixture
def passage() -> Passage:
    doc = Doc(
        VOCAB,
        words=WORDS,
        heads=[3, 3, 3, 3, 6, 6, 3, 3],
        deps=["nsubj", "aux", "neg", "ROOT", "mark", "nsubj", "ccomp", "punct"],
        tags=["NNS", "VBP", "RB", "VBN", "IN", "PRP", "VBD", "."],
        pos=["NOUN", "AUX", "PART", "VERB", "SCONJ", "PRON", "VERB", "PUNCT"],
    )
    doc.tensor = np.zeros((len(doc), 4), dtype=np.float32)
    gold = {"source": np.array([0]), "cue": np.array([1, 2, 3]), "content": np.array([4, 5, 6])}
    places = np.arange(len(doc))
    return Passage("one", Tokens.of(doc), places, places + 1, [gold, dict(gold)], np.zeros(len(doc), dtype=bool))


def test_the_head_of_a_cue_is_what_its_other_words_hang_on(passage):
    assert cue_head(passage.tokens, np.array([1, 2, 3])) == 3


def test_of_two_attributions_with_one_head_the_first_counts(passage):
    assert list(gold_heads(passage)) == [3]


def test_every_candidate_is_shown_and_only_the_head_is_right(passage):
    batch, which = cue_batch(passage, exceptions([[(passage.tokens, np.ones(8, dtype=bool))]]), 0)

    assert which[batch.gold == 1].tolist() == [3]
    assert which.tolist() == [0, 1, 2, 3, 4, 6]


def test_what_is_no_article_text_is_not_shown(passage):
    passage.discarded[4:] = True

    assert cue_batch(passage, np.zeros(2**BITS, dtype=bool), 0)[1].tolist() == [3]


def test_the_window_of_a_cue_carries_its_roles(passage):
    batch = role_batch(passage, np.zeros(len(passage.tokens), dtype=np.float32), 0)

    assert batch is not None
    assert "".join(LABELS[label] for label in batch.gold) == "SVVVCCCO"


def test_a_passage_without_attributions_teaches_no_roles(passage):
    passage.attributions.clear()

    assert role_batch(passage, np.zeros(len(passage.tokens), dtype=np.float32), 0) is None
