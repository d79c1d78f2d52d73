"""What attributions earn in a passage, and how what they will earn is learnt."""

import numpy as np
import pytest

from extraction.learnt.assessment import expect
from extraction.learnt.decoding import Found
from extraction.learnt.tokens import Tokens
from training.roles.corpus import Passage
from training.roles.crediting import earned, learn_credits

GOLD = {"source": np.array([0, 1]), "cue": np.array([2]), "content": np.array([3, 4, 5, 6])}
NAMELESS = {"source": np.array([], dtype=int), "cue": np.array([8]), "content": np.array([9])}


def passage() -> Passage:
    tokens = Tokens(**{name: np.zeros(12) for name in Tokens.names()})
    places = np.arange(12)
    return Passage("one", tokens, places, places + 1, [GOLD, NAMELESS], np.zeros(12, dtype=bool))


def found(source: list[int], cue: list[int], content: list[int]) -> Found:
    return Found(cue[0], 0.5, np.array(source, dtype=int), np.array(cue), np.array(content), 0.5, 0)


def test_a_right_attribution_earns_everything():
    assert earned(passage(), found([0, 1], [2], [3, 4, 5, 6])) == [1, 1, 1, 1]


def test_half_a_source_and_too_long_a_content_earn_their_shares():
    relation, source, cue, content = earned(passage(), found([1], [2], [3, 4, 5, 6, 7, 11]))

    assert (relation, cue) == (1, 1)
    assert source == pytest.approx((1 + 0.5) / 2)
    assert content == pytest.approx((4 / 6 + 1) / 2)


def test_naming_no_source_is_right_where_the_annotators_name_none_either():
    relation, source, *_ = earned(passage(), found([], [8], [9]))

    assert relation == 1
    assert np.isnan(source)
    assert earned(passage(), found([], [2], [3, 4, 5, 6]))[0] == 0


def test_expectations_are_learnt_where_the_credit_is_known():
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((4000, 2)).astype(np.float32)
    vectors = np.zeros((4000, 3), dtype=np.float32)
    chance = 1 / (1 + np.exp(-(1.5 * rows[:, 0] - 0.5)))
    shares = np.tile((rng.random(4000) < chance)[:, None].astype(float), (1, 4))
    shares[:1000, 1] = np.nan

    found = expect(learn_credits(rows, vectors, shares), rows, vectors)

    assert np.abs(found[:, 0] - chance).mean() < 0.04
    assert np.abs(found[:, 1] - chance).mean() < 0.04


def test_the_hidden_layer_learns_what_no_straight_line_tells():
    rng = np.random.default_rng(0)
    rows = np.column_stack((rng.standard_normal(3000), np.ones(3000))).astype(np.float32)
    vectors = rng.choice([-1, 1], (3000, 2)).astype(np.float32)
    alike = (vectors[:, 0] == vectors[:, 1]).astype(float)

    found = expect(learn_credits(rows, vectors, np.tile(alike[:, None], (1, 4))), rows, vectors)

    assert ((found[:, 0] > 0.5) == (alike == 1)).mean() > 0.99
