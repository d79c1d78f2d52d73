"""What an attribution read from a window is worth: how much of it is right, judged by all that the models say of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy import sparse

from extraction.learnt.features import Windows
from extraction.learnt.network import LABELS, Array
from extraction.learnt.tokens import Tokens

CREDITS = ("relation", "source", "cue", "content")
"""What is foretold of an attribution: is it right as a whole (as the scorer counts), and the right share
of each role."""
WEIGHTS = np.array([4, 1, 1, 1], dtype=np.float32)
"""How much each of CREDITS counts towards what an attribution is worth; cross-validated on PolNeAR train."""
SOURCE, CUE, CONTENT = (LABELS.index(label) for label in "SVC")
EVIDENCE = 30
LEAST = np.float32(1e-3)


def evidence(
    tokens: Tokens,
    windows: Windows,
    certainty: npt.NDArray[np.float32],
    chances: Array,
    labels: npt.NDArray[np.int8],
    style: int,
) -> Array:
    """One row of EVIDENCE numbers for each window. chances: of each label for each token, labels: the ones taken."""
    sizes = windows.sizes
    begins = np.cumsum(sizes) - sizes
    cue, token = windows.pairs()
    is_content, is_source, is_cue = labels == CONTENT, labels == SOURCE, labels == CUE

    def total(values: npt.NDArray[np.generic]) -> Array:
        return np.asarray(np.add.reduceat(values.astype(np.float32), begins), dtype=np.float32)

    def most(values: Array) -> Array:
        return np.asarray(np.maximum.reduceat(values, begins), dtype=np.float32)

    def mean(values: Array, of: npt.NDArray[np.bool_], count: Array) -> Array:
        return np.asarray(total(values * of) / np.maximum(count, 1), dtype=np.float32)

    def least(values: Array, of: npt.NDArray[np.bool_]) -> Array:
        return np.asarray(np.where(most(of.astype(np.float32)) > 0, 1 - most((1 - values) * of), 0), dtype=np.float32)

    contents, sources, cues = total(is_content), total(is_source), total(is_cue)
    content_chance, source_chance, cue_chance = (chances[:, label] for label in (CONTENT, SOURCE, CUE))
    sure = np.clip(certainty[windows.cue], 1e-4, 1 - 1e-4)
    odds = np.log(sure / (1 - sure))
    other = np.where(token == cue, 0, certainty[token]).astype(np.float32)
    inner = most(other * is_content)
    quoted = mean(tokens.quoted[token].astype(np.float32), is_content, contents)
    begins_piece = is_content.copy()
    begins_piece[1:] &= ~is_content[:-1] | (cue[1:] != cue[:-1])
    middle = mean((token - cue).astype(np.float32), is_content, contents)
    content_mean, source_mean = mean(content_chance, is_content, contents), mean(source_chance, is_source, sources)
    nameless = (sources == 0).astype(np.float32)
    columns = [
        odds, odds * odds, content_mean, least(content_chance, is_content), source_mean,
        mean((content_chance < 0.5).astype(np.float32), is_content, contents),
        least(source_chance, is_source), mean(cue_chance, is_cue, cues),
        cue_chance[begins + windows.cue - windows.start],
        nameless, most(source_chance), most(content_chance), np.log(np.maximum(contents, 1)), np.log1p(sources),
        quoted, quoted > 0.9, (quoted > 0) & (quoted < 0.9), total(begins_piece), most(other), inner, inner > sure,
        nameless * odds, content_mean * odds, source_mean * odds, np.log1p(np.abs(middle)),
        total(np.log(np.maximum(content_chance, LEAST)) * is_content) / 10,
        total(np.log(np.maximum(source_chance, LEAST)) * is_source), cues == 0,
        np.full(len(odds), style == 1), np.full(len(odds), style == 2),
    ]  # fmt: skip
    return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)


def meant(tokens: Tokens, windows: Windows, labels: npt.NDArray[np.int8]) -> Array:
    """The pipeline's vectors of each window's cue, and the mean ones of its content and of its source, side by side."""
    begins = np.cumsum(windows.sizes) - windows.sizes
    token = windows.pairs()[1]

    def mean(label: int) -> Array:
        taken = labels == label
        counts = np.add.reduceat(taken.astype(np.int64), begins)
        shares = np.repeat(1 / np.maximum(counts, 1), counts).astype(np.float32)
        rows = np.concatenate(([0], np.cumsum(counts)))
        pooling = sparse.csr_matrix((shares, token[taken], rows), shape=(len(counts), len(tokens)))
        return np.asarray(pooling @ tokens.tensor, dtype=np.float32)

    return np.hstack((tokens.tensor[windows.cue], mean(CONTENT), mean(SOURCE)))


def expect(parameters: Mapping[str, Array], evidence: Array, vectors: Array) -> Array:
    """The share, 0 to 1, of each of CREDITS that is to be expected for each row of evidence, and of `meant`."""
    hidden = evidence @ parameters["hidden_evidence"] + vectors @ parameters["hidden_vectors"]
    hidden = np.maximum(hidden + parameters["hidden_bias"], 0)
    odds = evidence @ parameters["weights"] + hidden @ parameters["hidden_weights"] + parameters["bias"]
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))), dtype=np.float32)


def worth(expected: Array, nameless: npt.NDArray[np.bool_]) -> Array:
    """The mean of the expected credits by WEIGHTS; where no source is named there is none to earn for it."""
    counted = np.tile(WEIGHTS, (len(expected), 1))
    counted[nameless, CREDITS.index("source")] = 0
    return np.asarray((expected * counted).sum(axis=1) / counted.sum(axis=1), dtype=np.float32)
