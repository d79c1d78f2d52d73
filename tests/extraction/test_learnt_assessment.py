"""What an attribution is worth, from what the models say of its window."""

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc

from extraction.learnt.assessment import CREDITS, EVIDENCE, WEIGHTS, evidence, expect, meant, worth
from extraction.learnt.decoding import completed
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
    return completed(tokens, WINDOWS, chances.argmax(axis=1).astype(np.int8), chances)


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


def test_a_source_that_is_likely_enough_is_named_where_the_best_sequence_has_none(tokens):
    likely, unlikely = (
        np.stack([(1 - p) * NONE + p * SOURCE, CUE, CONTENT, NONE, NONE, CUE, CONTENT]) for p in (0.4, 0.2)
    )

    assert likeliest(tokens, likely).tolist() == [1, 2, 3, 0, 0, 2, 3]
    assert likeliest(tokens, unlikely).tolist() == [0, 2, 3, 0, 0, 2, 3]


def test_what_is_meant_is_the_cue_and_the_means_of_content_and_source(tokens):
    tokens.tensor = np.eye(len(tokens), dtype=np.float32)
    labels = np.array([1, 2, 3, 3, 0, 2, 3], dtype=np.int8)

    cue, content, source = np.split(meant(tokens, WINDOWS, labels), 3, axis=1)

    assert cue.argmax(axis=1).tolist() == [1, 5]
    assert content.tolist() == [[0, 0, 0.5, 0.5, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1]]
    assert source.tolist() == [[1, 0, 0, 0, 0, 0, 0], [0] * 7]


def test_no_source_named_earns_and_owes_nothing_for_it():
    expected = np.array([[0.6, 0.0, 0.9, 0.9]] * 2, dtype=np.float32)
    relation, source, cue, content = WEIGHTS

    found = worth(expected, np.array([False, True]))

    earned = 0.6 * relation + 0.9 * (cue + content)
    assert found == pytest.approx([earned / (relation + source + cue + content), earned / (relation + cue + content)])


def test_expectations_are_shares_of_evidence_and_hidden_layer_together():
    parameters = {
        "weights": np.full((1, len(CREDITS)), 9, np.float32),
        "bias": np.zeros(4, np.float32),
        "hidden_evidence": np.zeros((1, 2), np.float32),
        "hidden_vectors": np.array([[1, -1]], np.float32),
        "hidden_bias": np.zeros(2, np.float32),
        "hidden_weights": np.array([[20] * 4, [0] * 4], np.float32),
    }
    evidence = np.array([[-2], [0], [2], [-1]], np.float32)
    vectors = np.array([[0], [0], [0], [2]], np.float32)

    assert expect(parameters, evidence, vectors)[:, 0] == pytest.approx([0, 0.5, 1, 1], abs=1e-6)
