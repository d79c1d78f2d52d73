"""What an attribution is worth, from what the models say of its window."""

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc

from extraction.learnt.assessment import CREDITS, EVIDENCE, evidence, expect, worth
from extraction.learnt.decoding import with_contents
from extraction.learnt.features import Windows
from extraction.learnt.tokens import Tokens

VOCAB = spacy.blank("en").vocab
NONE, SOURCE, CUE, CONTENT = np.eye(4, dtype=np.float32)


@pytest.fixture
def tokens() -> Tokens:
    doc = Doc(VOCAB, words=["He", "said", "so", "\n", "It", "seems", "late"])
    doc.tensor = np.zeros((len(doc), 4), dtype=np.float32)
    return Tokens.of(doc)


WINDOWS = Windows(np.array([1, 5]), np.array([0, 4]), np.array([4, 7]))


def likeliest(tokens: Tokens, chances: np.ndarray) -> np.ndarray:
    return with_contents(tokens, WINDOWS, chances.argmax(axis=1).astype(np.int8), chances)


def test_white_space_has_no_role(tokens):
    chances = np.stack([SOURCE, CUE, CONTENT, CONTENT, NONE, CUE, CONTENT])

    assert likeliest(tokens, chances).tolist() == [1, 2, 3, 0, 0, 2, 3]


def test_a_window_without_a_content_takes_what_comes_nearest(tokens):
    chances = np.stack([SOURCE, CUE, CONTENT, NONE, NONE, CUE, 0.7 * NONE + 0.3 * CONTENT])

    assert likeliest(tokens, chances).tolist() == [1, 2, 3, 0, 0, 2, 3]


def test_what_is_nowhere_near_a_content_is_none(tokens):
    chances = np.stack([SOURCE, CUE, CONTENT, NONE, NONE, CUE, 0.97 * NONE + 0.03 * CONTENT])

    assert likeliest(tokens, chances).tolist() == [1, 2, 3, 0, 0, 2, 0]


def test_evidence_is_told_apart_by_window_and_by_style(tokens):
    chances = np.stack([SOURCE, CUE, CONTENT, NONE, NONE, CUE, 0.4 * NONE + 0.6 * CONTENT])
    labels = likeliest(tokens, chances)
    certainty = np.full(len(tokens), 0.5, dtype=np.float32)

    news, documents = (evidence(tokens, WINDOWS, certainty, chances, labels, style) for style in (0, 2))

    assert news.shape == (2, EVIDENCE)
    assert news[:, 2] == pytest.approx([1, 0.6])
    assert news[:, 9].tolist() == [0, 1]
    assert (news != documents).sum() == 2


def test_evidence_of_a_window_does_not_depend_on_the_others(tokens):
    chances = np.random.default_rng(0).dirichlet(np.ones(4), 7).astype(np.float32)
    certainty = np.linspace(0.1, 0.9, 7, dtype=np.float32)
    labels = likeliest(tokens, chances)
    alone = Windows(WINDOWS.cue[1:], WINDOWS.start[1:], WINDOWS.end[1:])

    both = evidence(tokens, WINDOWS, certainty, chances, labels, 0)

    assert evidence(tokens, alone, certainty, chances[4:], labels[4:], 0)[0] == pytest.approx(both[1])


def test_no_source_named_earns_and_owes_nothing_for_it():
    expected = np.array([[0.6, 0.0, 0.9, 0.9]] * 2, dtype=np.float32)

    assert worth(expected, np.array([False, True])) == pytest.approx([0.6, 0.8])


def test_expectations_are_shares():
    parameters = {"weights": np.full((EVIDENCE, len(CREDITS)), 9, np.float32), "bias": np.zeros(4, np.float32)}

    found = expect(parameters, np.stack([np.full(EVIDENCE, -9), np.zeros(EVIDENCE), np.full(EVIDENCE, 9)]))

    assert found[:, 0] == pytest.approx([0, 0.5, 1])
