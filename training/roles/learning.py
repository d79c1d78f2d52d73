"""Gradient descent for the two models: numpy and scipy only, fixed seeds, one thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from extraction.learnt.features import ROW_BITS, Features
from extraction.learnt.network import Array, neighbours, padded

Weights = dict[str, Array]
Gradients = dict[str, Array]
ADAGRAD = frozenset(("wide",))


@dataclass(slots=True)
class Batch:
    """Instances of some passages. `sizes`: instances per window (role model only). `gold`: a label number each."""

    features: Features
    tensor: Array
    gold: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a model is shaped and learnt."""

    labels: int
    gathers: int
    hidden: int = 64
    deep_bits: int = 14
    convolve: bool = False
    epochs: int = 8
    batch: int = 4
    rate: float = 0.002
    wide_rate: float = 0.05
    decay: float = 1e-4
    dropout: float = 0.25
    wide_dropout: float = 0.0
    seed: int = 1


def fresh(settings: Settings, vector_width: int) -> Weights:
    """Random weights from the seed."""
    rng = np.random.default_rng(settings.seed)
    hidden, labels = settings.hidden, settings.labels

    def normal(*shape: int, scale: float) -> Array:
        return (rng.standard_normal(shape) * scale).astype(np.float32)

    fan = hidden * (3 if settings.convolve else 1)
    weights = {
        "deep": normal(2**settings.deep_bits, hidden, scale=0.1),
        "bias1": np.zeros(hidden, dtype=np.float32),
        "weight2": normal(fan, hidden, scale=(2 / fan) ** 0.5),
        "bias2": np.zeros(hidden, dtype=np.float32),
        "weight3": normal(hidden, labels, scale=(1 / hidden) ** 0.5),
        "bias3": np.zeros(labels, dtype=np.float32),
        "wide": np.zeros((2**ROW_BITS, labels), dtype=np.float32),
    }
    for number in range(settings.gathers):
        weights[f"gather{number}"] = normal(vector_width, hidden, scale=0.3 * vector_width**-0.5)
    if settings.convolve:
        weights |= {
            "transitions": np.zeros((labels, labels), dtype=np.float32),
            "begin": np.zeros(labels, dtype=np.float32),
            "finish": np.zeros(labels, dtype=np.float32),
        }
    return weights


class Optimiser:
    """Adam for the deep part, Adagrad for the wide one; the rate falls linearly to nought."""

    def __init__(self, settings: Settings, weights: Weights, steps: int) -> None:
        self.settings = settings
        self.weights = weights
        self.steps = steps
        self.step = 0
        self.first = {name: np.zeros_like(w) for name, w in weights.items() if name not in ADAGRAD}
        self.second = {name: np.zeros_like(w) for name, w in weights.items()}

    def update(self, gradients: Gradients) -> None:
        self.step += 1
        left = 1 - (self.step - 1) / self.steps
        warm = min(1.0, self.step / 100)
        for name, gradient in gradients.items():
            weight, second = self.weights[name], self.second[name]
            if name in ADAGRAD:
                second += gradient * gradient
                weight -= self.settings.wide_rate * left * gradient / (np.sqrt(second) + 1e-6)
                continue
            first = self.first[name]
            first += 0.1 * (gradient - first)
            second += 0.001 * (gradient * gradient - second)
            size = self.settings.rate * left * warm * (1 - 0.999**self.step) ** 0.5 / (1 - 0.9**self.step)
            weight -= size * first / (np.sqrt(second) + 1e-8)
            if weight.ndim > 1:
                weight *= 1 - self.settings.rate * left * self.settings.decay


def learn(settings: Settings, batches: list[Batch], after_epoch: Callable[[int, float, Weights], None]) -> Weights:
    """Weights learnt over `batches`, each one taken once per epoch, in random order."""
    weights = fresh(settings, batches[0].tensor.shape[1])
    rng = np.random.default_rng(settings.seed + 1)
    groups = -(-len(batches) // settings.batch)
    optimiser = Optimiser(settings, weights, groups * settings.epochs)
    for epoch in range(settings.epochs):
        order = rng.permutation(len(batches))
        total = 0.0
        for number in range(groups):
            chosen = order[number * settings.batch : (number + 1) * settings.batch]
            batch = joined([batches[at] for at in chosen])
            loss, gradients = step(settings, weights, batch, rng)
            optimiser.update(gradients)
            total += loss
        after_epoch(epoch, total / groups, weights)
    return weights


def joined(batches: list[Batch]) -> Batch:
    """Several batches as one."""
    offsets = np.cumsum([0] + [len(batch.tensor) for batch in batches])
    gathers = tuple(
        np.concatenate(
            [batch.features.gathers[number] + offset for batch, offset in zip(batches, offsets, strict=False)]
        )
        for number in range(len(batches[0].features.gathers))
    )
    deep = sparse.vstack([batch.features.deep for batch in batches], format="csr")
    wide = sparse.vstack([batch.features.wide for batch in batches], format="csr")
    return Batch(
        Features(deep, wide, gathers),
        np.concatenate([batch.tensor for batch in batches]),
        np.concatenate([batch.gold for batch in batches]),
        np.concatenate([batch.sizes for batch in batches]),
    )


def step(settings: Settings, weights: Weights, batch: Batch, rng: np.random.Generator) -> tuple[float, Gradients]:
    """Mean loss of a batch, and its gradients."""
    features, keep = batch.features, 1 - settings.dropout
    vectors_kept = (rng.random(batch.tensor.shape, dtype=np.float32) < keep) / np.float32(keep)
    tensor = batch.tensor * vectors_kept
    before1 = features.deep @ weights["deep"] + weights["bias1"]
    for number, which in enumerate(features.gathers):
        before1 += (tensor @ weights[f"gather{number}"])[which]
    kept1 = (rng.random(before1.shape, dtype=np.float32) < keep) / np.float32(keep)
    hidden1 = np.maximum(before1, 0) * kept1
    wide = _thinned(features.wide, settings.wide_dropout, rng)
    starts = np.cumsum(batch.sizes) - batch.sizes
    seen = neighbours(hidden1, starts) if settings.convolve else hidden1
    before2 = seen @ weights["weight2"] + weights["bias2"]
    kept2 = (rng.random(before2.shape, dtype=np.float32) < keep) / np.float32(keep)
    hidden2 = np.maximum(before2, 0) * kept2
    scores = hidden2 @ weights["weight3"] + wide @ weights["wide"] + weights["bias3"]

    gradients: Gradients = {}
    if settings.convolve:
        loss, blame, gradients = sequence_loss(weights, scores, batch.sizes, batch.gold)
    else:
        loss, blame = binary_loss(scores, batch.gold)

    gradients["bias3"] = blame.sum(axis=0)
    gradients["weight3"] = hidden2.T @ blame
    gradients["wide"] = wide.T @ blame
    back2 = (blame @ weights["weight3"].T) * kept2 * (before2 > 0)
    gradients["weight2"] = seen.T @ back2
    gradients["bias2"] = back2.sum(axis=0)
    back_seen = back2 @ weights["weight2"].T
    back1 = _from_neighbours(back_seen, starts) if settings.convolve else back_seen
    back1 = back1 * kept1 * (before1 > 0)
    gradients["bias1"] = back1.sum(axis=0)
    gradients["deep"] = features.deep.T @ back1
    for number, which in enumerate(features.gathers):
        ones = np.ones(len(which), dtype=np.float32)
        spread = sparse.csr_matrix((ones, which, np.arange(len(which) + 1)), shape=(len(which), len(tensor)))
        gradients[f"gather{number}"] = tensor.T @ (spread.T @ back1)
    return loss, gradients


def _thinned(matrix: sparse.csr_matrix, share: float, rng: np.random.Generator) -> sparse.csr_matrix:
    """The features without a random share of them, the others made up for it."""
    if not share:
        return matrix
    kept = (rng.random(matrix.nnz, dtype=np.float32) >= share) / np.float32(1 - share)
    return sparse.csr_matrix((matrix.data * kept, matrix.indices, matrix.indptr), shape=matrix.shape)


def _from_neighbours(blame: Array, starts: npt.NDArray[np.int64]) -> Array:
    width = blame.shape[1] // 3
    left, right = blame[:, :width].copy(), blame[:, 2 * width :].copy()
    left[starts] = 0
    right[starts[1:] - 1] = 0
    result = blame[:, width : 2 * width].copy()
    result[:-1] += left[1:]
    result[1:] += right[:-1]
    return result


def binary_loss(scores: Array, gold: npt.NDArray[np.int64]) -> tuple[float, Array]:
    """Logistic loss per instance, and its derivative by the scores."""
    odds = np.clip(scores[:, 0], -30, 30)
    chance = 1 / (1 + np.exp(-odds))
    loss = -np.mean(np.where(gold == 1, np.log(chance + 1e-12), np.log(1 - chance + 1e-12)))
    # The sum over instances is scaled as if a batch held 100 cues, whatever its size.
    return float(loss), ((chance - gold) / 100)[:, None].astype(np.float32)


def sequence_loss(
    weights: Weights, scores: Array, sizes: npt.NDArray[np.int64], gold: npt.NDArray[np.int64]
) -> tuple[float, Array, Gradients]:
    """Mean negative log-likelihood of the windows' labels under a linear-chain CRF, and its derivatives."""
    block, filled = padded(scores, sizes)
    steps, count, _ = block.shape
    transitions = weights["transitions"]
    forward = np.zeros_like(block)
    backward = np.zeros_like(block)
    forward[0] = block[0] + weights["begin"]
    for at in range(1, steps):
        arriving = _log_sum(forward[at - 1][:, :, None] + transitions, 1) + block[at]
        forward[at] = np.where(filled[at][:, None], arriving, forward[at - 1])
    total = _log_sum(forward[-1] + weights["finish"], 1)
    backward[-1] = weights["finish"]
    for at in range(steps - 2, -1, -1):
        leaving = _log_sum(transitions + (block[at + 1] + backward[at + 1])[:, None, :], 2)
        backward[at] = np.where(filled[at + 1][:, None], leaving, weights["finish"])
    chance = np.exp(forward + backward - total[None, :, None]) * filled[:, :, None]
    labels = np.zeros(filled.T.shape, dtype=np.int64)
    labels[filled.T] = gold
    labels = labels.T
    truth = np.eye(block.shape[2], dtype=np.float32)[labels] * filled[:, :, None]
    pair = (
        forward[:-1][:, :, :, None]
        + transitions
        + (block[1:] + backward[1:])[:, :, None, :]
        - total[None, :, None, None]
    )
    pair_chance = np.exp(np.minimum(pair, 0)) * filled[1:][:, :, None, None]
    pair_truth = truth[:-1][:, :, :, None] * truth[1:][:, :, None, :]
    last = np.eye(block.shape[2], dtype=np.float32)[labels[sizes - 1, np.arange(count)]]
    last_chance = chance[sizes - 1, np.arange(count)]
    gold_score = (truth * block).sum() + (pair_truth.sum(axis=(0, 1)) * transitions).sum()
    gold_score += (truth[0] @ weights["begin"]).sum() + (last @ weights["finish"]).sum()
    loss = float(total.sum() - gold_score) / count
    gradients = {
        "transitions": (pair_chance - pair_truth).sum(axis=(0, 1)) / count,
        "begin": (chance[0] - truth[0]).sum(axis=0) / count,
        "finish": (last_chance - last).sum(axis=0) / count,
    }
    blame = ((chance - truth) / count).swapaxes(0, 1)[filled.T]
    return loss, np.ascontiguousarray(blame, dtype=np.float32), {k: v.astype(np.float32) for k, v in gradients.items()}


def _log_sum(values: Array, axis: int) -> Array:
    top = values.max(axis=axis, keepdims=True)
    return np.asarray(np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis), dtype=np.float32)
