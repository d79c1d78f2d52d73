from itertools import pairwise, product

import numpy as np
import pytest
from scipy import sparse

from extraction.learnt.decoding import Found, nested, outermost, runs
from extraction.learnt.features import ROW_BITS, Features
from extraction.learnt.labelling import ACCEPTED, choose
from extraction.learnt.model import Model, ModelMissing
from extraction.learnt.network import best_labels, chances, neighbours, role_scores
from extraction.learnt.tokens import Tokens
from training.roles.learning import Batch, Settings, _thinned, fresh, learn, sequence_loss, step

SIZES = np.array([3, 1, 4])


def random_weights(seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {
        "transitions": rng.standard_normal((4, 4)).astype(np.float32),
        "begin": rng.standard_normal(4).astype(np.float32),
        "finish": rng.standard_normal(4).astype(np.float32),
    }


def score_of(weights, scores, labels) -> float:
    total = weights["begin"][labels[0]] + weights["finish"][labels[-1]]
    total += sum(scores[at, label] for at, label in enumerate(labels))
    return float(total + sum(weights["transitions"][a, b] for a, b in pairwise(labels)))


def windows_of(scores):
    starts = np.cumsum(SIZES) - SIZES
    return [scores[start : start + size] for start, size in zip(starts, SIZES, strict=True)]


def test_the_best_labels_are_those_of_trying_all():
    weights = random_weights()
    scores = np.random.default_rng(1).standard_normal((int(SIZES.sum()), 4)).astype(np.float32)

    found = best_labels(weights, scores, SIZES)

    expected = []
    for window in windows_of(scores):
        expected += max(product(range(4), repeat=len(window)), key=lambda labels: score_of(weights, window, labels))
    assert found.tolist() == expected


def test_the_chances_are_those_of_trying_all():
    weights = random_weights()
    scores = np.random.default_rng(1).standard_normal((int(SIZES.sum()), 4)).astype(np.float32)

    found = chances(weights, scores, SIZES)

    expected = []
    for window in windows_of(scores):
        sums = np.zeros((len(window), 4))
        for labels in product(range(4), repeat=len(window)):
            sums[range(len(window)), labels] += np.exp(score_of(weights, window, labels))
        expected.append(sums / sums.sum(axis=1, keepdims=True))
    assert found == pytest.approx(np.concatenate(expected), abs=1e-5)


def test_chances_stay_numbers_in_long_windows_where_scores_are_absurd():
    weights = {name: np.full_like(array, -1e9) for name, array in random_weights().items()}
    sizes = np.array([300, 5])
    scores = np.random.default_rng(0).permuted(np.array([[1e6, -1e6, 0, 0]] * 305, dtype=np.float32), axis=1)

    found = chances(weights, scores, sizes)

    assert found.sum(axis=1) == pytest.approx(1)


def test_the_loss_is_that_of_summing_over_all_labellings():
    weights = random_weights()
    scores = np.random.default_rng(2).standard_normal((int(SIZES.sum()), 4)).astype(np.float32)
    gold = np.array([0, 1, 3, 2, 3, 3, 0, 1])

    loss, _, _ = sequence_loss(weights, scores, SIZES, gold)

    expected = 0.0
    at = 0
    for window in windows_of(scores):
        ways = [score_of(weights, window, labels) for labels in product(range(4), repeat=len(window))]
        expected += np.log(np.sum(np.exp(ways))) - score_of(weights, window, gold[at : at + len(window)])
        at += len(window)
    assert loss == pytest.approx(expected / len(SIZES), rel=1e-5)


def small_batch() -> Batch:
    rng = np.random.default_rng(3)
    count = int(SIZES.sum())

    def rows(bits):
        matrix = sparse.csr_matrix(
            (np.ones(count * 2, dtype=np.float32), rng.integers(0, 2**bits, count * 2), np.arange(count + 1) * 2),
            shape=(count, 2**bits),
        )
        matrix.sum_duplicates()
        return matrix

    gathers = tuple(rng.integers(0, 5, count) for _ in range(2))
    tensor = rng.standard_normal((5, 6)).astype(np.float32)
    return Batch(Features(rows(4), rows(ROW_BITS), gathers), tensor, rng.integers(0, 4, count), SIZES)


SMALL = Settings(labels=4, gathers=2, hidden=8, deep_bits=4, convolve=True, dropout=0.0, epochs=150, batch=1)


@pytest.mark.parametrize(
    "name",
    ["gather0", "gather1", "bias1", "weight2", "bias2", "weight3", "bias3", "transitions", "begin", "finish", "deep"],
)
def test_gradients_are_the_slopes_of_the_loss(name):
    batch = small_batch()
    weights = fresh(SMALL, 6)
    rng = np.random.default_rng(0)
    _, gradients = step(SMALL, weights, batch, rng)
    place = np.unravel_index(np.abs(gradients[name]).argmax(), weights[name].shape)

    losses = []
    for shift in (0.001, -0.001):
        moved = {key: value.copy() for key, value in weights.items()}
        moved[name][place] += shift
        losses.append(step(SMALL, moved, batch, rng)[0])

    assert gradients[name][place] == pytest.approx((losses[0] - losses[1]) / 0.002, rel=0.03, abs=5e-3)


def test_learning_twice_gives_the_same_weights_and_fits_what_it_saw():
    batch = small_batch()
    losses: list[float] = []

    once = learn(SMALL, [batch], lambda epoch, loss, weights: losses.append(loss))
    twice = learn(SMALL, [batch], lambda epoch, loss, weights: None)

    assert all(np.array_equal(once[name], twice[name]) for name in once)
    assert losses[-1] < losses[0] / 3


def test_rows_of_another_window_are_no_neighbours():
    rows = np.arange(1, 5, dtype=np.float32)[:, None]

    assert neighbours(rows, np.array([0, 2])).tolist() == [[0, 1, 2], [1, 2, 0], [0, 3, 4], [3, 4, 0]]


def test_scores_come_out_alike_after_saving(tmp_path):
    batch = small_batch()
    weights = fresh(SMALL, 6)
    exceptions = np.arange(16) % 3 == 0
    cue = {"deep": np.random.default_rng(0).standard_normal((2000, 3)).astype(np.float32)}
    model = Model("roles-test", exceptions, cue, weights, {"bias": np.ones(4, dtype=np.float32)}, 6)

    model.save(tmp_path, {"corpora": ["none"]})
    again = Model.read(tmp_path)

    starts = np.cumsum(SIZES) - SIZES
    assert again.exceptions.tolist() == exceptions.tolist()
    assert again.credits["bias"].tolist() == [1, 1, 1, 1]
    assert again.cue["deep"] == pytest.approx(cue["deep"], abs=0.02)
    before = role_scores(model.role, batch.features, batch.tensor, starts)
    assert role_scores(again.role, batch.features, batch.tensor, starts) == pytest.approx(before, abs=0.01)


def test_a_missing_model_says_how_to_make_one(tmp_path):
    with pytest.raises(ModelMissing, match=r"python -m training\.roles build"):
        Model.read(tmp_path)


def found(head: int, worth: float, source: list[int], cue: list[int], content: list[int]) -> Found:
    return Found(head, 0.5, np.array(source, dtype=int), np.array(cue), np.array(content), worth, 0)


def test_the_better_attribution_takes_the_words_and_what_stands_inside_goes():
    tokens = Tokens(**{name: np.zeros(12) for name in Tokens.names()})
    sure = found(1, 0.9, [0], [1], [2, 3, 4, 5])
    inner = found(3, 0.8, [2], [3], [4, 5])
    beside = found(7, 0.5, [6], [7], [5, 8, 9])

    kept = outermost(tokens, [beside, inner, sure])

    assert [(one.head, one.content.tolist()) for one in kept] == [(1, [2, 3, 4, 5]), (7, [8, 9])]


def test_white_space_parts_no_stretch():
    space = np.array([False, False, True, False, False, False])

    assert runs(np.array([0, 1, 3, 5]), space) == ((0, 4), (5, 6))


def test_an_attribution_may_stand_inside_another_in_documents():
    tokens = Tokens(**{name: np.zeros(12) for name in Tokens.names()})
    outer = found(1, 0.7, [0], [1], [2, 3, 4, 5, 6])
    inner = found(3, 0.9, [2], [3], [4, 5, 6, 7])

    kept = nested(tokens, [inner, outer])

    assert [(one.head, one.content.tolist()) for one in kept] == [(1, [2, 3, 4, 5, 6]), (3, [4, 5, 6, 7])]


def test_what_is_worth_too_little_does_not_stand():
    tokens = Tokens(**{name: np.zeros(12) for name in Tokens.names()})
    doubtful, sure = found(1, ACCEPTED - 0.01, [0], [1], [2, 3]), found(5, ACCEPTED, [], [5], [6, 7])

    assert [one.head for one in choose(tokens, [doubtful, sure], "news")] == [5]


def test_dropped_features_are_made_up_for_by_the_others():
    ones = sparse.csr_matrix(np.ones((50, 50), dtype=np.float32))

    thinned = _thinned(ones, 0.25, np.random.default_rng(0))

    assert sorted(set(thinned.data.tolist())) == pytest.approx([0, 4 / 3])
    assert thinned.sum() == pytest.approx(2500, rel=0.05)
