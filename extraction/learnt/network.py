"""The models' arithmetic: a wide linear part beside a small deep part, and the best sequence of roles."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from extraction.learnt.features import Features

Array = npt.NDArray[np.float32]
Parameters = Mapping[str, Array]

LABELS = ("O", "S", "V", "C")
"""Neither, source, cue, content."""
CHAIN = ("transitions", "begin", "finish")
FARTHEST, UNLIKELY = np.float32(-50), np.float32(-20)
"""Logarithms: less likely than this by itself, or after its neighbour, no label is taken to be."""
NORMED = 8
"""Steps between which the numbers of a window stay in reach: 8 x 70 below nought, as a logarithm, at the worst."""


def project(parameters: Parameters, tensor: Array, number: int, which: npt.NDArray[np.int64]) -> Array:
    """The vectors of the tokens `which` as the `number`-th part of the first layer sees them."""
    weights = parameters[f"gather{number}"]
    if len(which) < len(tensor):
        return np.asarray(tensor[which] @ weights, dtype=np.float32)
    return np.asarray((tensor @ weights)[which], dtype=np.float32)


def first_layer(parameters: Parameters, features: Features, tensor: Array) -> Array:
    """Sums before the first threshold, one row per instance."""
    hidden: Array = features.deep @ parameters["deep"] + parameters["bias1"]
    for number, which in enumerate(features.gathers):
        hidden += project(parameters, tensor, number, which)
    return hidden


def neighbours(hidden: Array, starts: npt.NDArray[np.int64]) -> Array:
    """Each row with the rows before and after it in its window beside it; zeros beyond a window's ends."""
    width = hidden.shape[1]
    wide = np.zeros((len(hidden), 3 * width), dtype=np.float32)
    wide[:, width : 2 * width] = hidden
    wide[1:, :width] = hidden[:-1]
    wide[:-1, 2 * width :] = hidden[1:]
    wide[starts, :width] = 0
    wide[starts[1:] - 1, 2 * width :] = 0
    return wide


def cue_scores(parameters: Parameters, features: Features, tensor: Array) -> Array:
    """How surely each candidate is the head of a cue, 0 to 1."""
    hidden = np.maximum(first_layer(parameters, features, tensor), 0)
    hidden = np.maximum(hidden @ parameters["weight2"] + parameters["bias2"], 0)
    odds = hidden @ parameters["weight3"] + features.wide @ parameters["wide"] + parameters["bias3"]
    return np.asarray(1 / (1 + np.exp(-np.clip(odds[:, 0], -30, 30))), dtype=np.float32)


def role_scores(parameters: Parameters, features: Features, tensor: Array, starts: npt.NDArray[np.int64]) -> Array:
    """Unnormalised scores of LABELS for each instance."""
    hidden = np.maximum(first_layer(parameters, features, tensor), 0)
    hidden = np.maximum(neighbours(hidden, starts) @ parameters["weight2"] + parameters["bias2"], 0)
    scores = hidden @ parameters["weight3"] + features.wide @ parameters["wide"] + parameters["bias3"]
    return np.asarray(scores, dtype=np.float32)


def padded(scores: Array, sizes: npt.NDArray[np.int64]) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Windows of differing size as one block (step, window, label), and where it is filled."""
    filled = np.arange(int(sizes.max()))[None, :] < sizes[:, None]
    block = np.zeros((*filled.shape, scores.shape[1]), dtype=np.float32)
    block[filled] = scores
    return np.ascontiguousarray(block.swapaxes(0, 1)), np.ascontiguousarray(filled.T)


def chances(parameters: Parameters, scores: Array, sizes: npt.NDArray[np.int64]) -> Array:
    """How likely each label is for each token, given its whole window (forward-backward), window after window."""
    count = len(scores)
    lift = np.exp(np.maximum(scores - scores.max(axis=1, keepdims=True), FARTHEST).astype(np.float64))
    step, begin, finish = (np.exp(np.maximum(parameters[name], UNLIKELY).astype(np.float64)) for name in CHAIN)
    order, running = _longest_first(sizes)
    first = (np.cumsum(sizes) - sizes)[order]
    # Both ways at once: rows from `count` on are the same tokens, read from the last to the first.
    lifts = np.concatenate((lift, lift))
    edges, onward = np.stack((first, first + sizes[order] - 1 + count)), np.array([[1], [-1]])
    steps = np.stack((step, step.T))
    met = np.empty_like(lifts)
    here = lifts[edges] * np.stack((begin, finish))[:, None, :]
    met[edges] = here
    for at in range(1, len(running)):
        rows = edges[:, : running[at]] + at * onward
        here = (here[:, : running[at]] @ steps) * lifts[rows]
        if at % NORMED == 0:
            here /= here.sum(axis=2, keepdims=True)
        met[rows] = here
    both = met[:count] * (met[count:] / lift)
    return np.asarray(both / both.sum(axis=1, keepdims=True), dtype=np.float32)


def best_labels(parameters: Parameters, scores: Array, sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.int8]:
    """The likeliest sequence of label numbers for each window (Viterbi), window after window."""
    order, running = _longest_first(sizes)
    first = (np.cumsum(sizes) - sizes)[order]
    onto = np.ascontiguousarray(parameters["transitions"].T)
    best = np.empty_like(scores)
    here = scores[first] + parameters["begin"]
    best[first] = here
    for at in range(1, len(running)):
        rows = first[: running[at]] + at
        here = (here[: running[at], None, :] + onto).max(axis=2) + scores[rows]
        best[rows] = here
    found = np.zeros(len(scores), dtype=np.int8)
    towards, done = np.empty((0, scores.shape[1]), dtype=np.float32), 0
    for at in range(len(running) - 1, -1, -1):
        rows = first[: running[at]] + at
        if done < running[at]:
            towards = np.concatenate((towards, np.tile(parameters["finish"], (running[at] - done, 1))))
            done = running[at]
        label = (best[rows] + towards).argmax(axis=1)
        found[rows] = label
        towards = onto[label]
    return found


def _longest_first(sizes: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], list[int]]:
    """The order of windows by size, and how many of them have an n-th token, for each n."""
    order = np.argsort(-sizes, kind="stable")
    return order, np.searchsorted(-sizes[order], -np.arange(int(sizes.max())), side="left").tolist()
