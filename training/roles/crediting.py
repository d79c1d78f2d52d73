"""What is to be expected of an attribution, learnt from attributions of models that had not read the passage."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from extraction.learnt.assessment import CREDITS
from extraction.learnt.decoding import Found
from extraction.learnt.network import Array
from extraction.learnt.tokens import Numbers
from training.roles.corpus import ROLES, Passage
from training.roles.learning import Optimiser, Settings

HALF = 0.5
"""Token F of content, and of source, from which on the scorer takes a relation as right."""
PENALTY = 1e-3
STEPS = 40
"""Of Newton's method."""
HIDDEN, EPOCHS, BATCH, SEED = 32, 10, 64, 7
LEVEL = 1e-4
"""Evidence that varies less than this, in a build of one style, say, tells nothing."""


def earned(passage: Passage, found: Found) -> list[float]:
    """The share of CREDITS that an attribution earns in its passage; not a number for the role it does not name."""
    relation = any(
        _f_score(gold["content"], found.content) >= HALF and _f_score(gold["source"], found.source) >= HALF
        for gold in passage.attributions
    )
    return [float(relation), *(_share(passage, role, getattr(found, role)) for role in ROLES)]


def _share(passage: Passage, role: str, mine: Numbers) -> float:
    """The mean of how much of the span is right, and how much of an annotated one it covers."""
    if not len(mine):
        return float("nan")
    annotated = np.zeros(len(passage.tokens), dtype=bool)
    covered = 0.0
    for gold in passage.attributions:
        annotated[gold[role]] = True
        if len(gold[role]):
            covered = max(covered, len(np.intersect1d(gold[role], mine)) / len(gold[role]))
    return float((annotated[mine].mean() + covered) / 2)


def _f_score(one: Numbers, other: Numbers) -> float:
    if not len(one) and not len(other):
        return 1.0
    return 2 * len(np.intersect1d(one, other)) / (len(one) + len(other))


def learn_credits(evidence: Array, vectors: Array, shares: npt.NDArray[np.float64]) -> dict[str, Array]:
    """Weights of `assessment.expect` from shares from 0 to 1: one logistic regression for each of CREDITS on the
    evidence, and a hidden layer over all of it that corrects them."""
    columns = [_regression(evidence.astype(np.float64), shares[:, number]) for number in range(len(CREDITS))]
    weights, bias = (np.array(part, dtype=np.float32) for part in zip(*columns, strict=True))
    linear = {"weights": np.ascontiguousarray(weights.T), "bias": bias}
    return linear | _correction(linear, evidence, vectors, shares)


def _correction(
    linear: dict[str, Array], evidence: Array, vectors: Array, shares: npt.NDArray[np.float64]
) -> dict[str, Array]:
    rng = np.random.default_rng(SEED)
    mean, spread = evidence.mean(axis=0), evidence.std(axis=0)
    scale = np.where(spread > LEVEL, 1 / np.maximum(spread, LEVEL), 0).astype(np.float32)
    rows = np.hstack(((evidence - mean) * scale, vectors)).astype(np.float32)
    odds = evidence @ linear["weights"] + linear["bias"]
    known, gold = ~np.isnan(shares), np.nan_to_num(shares).astype(np.float32)
    weights = {
        "hidden": (rng.standard_normal((rows.shape[1], HIDDEN)) * 0.5 * rows.shape[1] ** -0.5).astype(np.float32),
        "hidden_bias": np.zeros(HIDDEN, dtype=np.float32),
        "hidden_weights": (rng.standard_normal((HIDDEN, len(CREDITS))) * 0.1).astype(np.float32),
        "bias": np.zeros(len(CREDITS), dtype=np.float32),
    }
    groups = -(-len(rows) // BATCH)
    optimiser = Optimiser(Settings(labels=len(CREDITS), gathers=0), weights, groups * EPOCHS)
    for _ in range(EPOCHS):
        for chosen in np.array_split(rng.permutation(len(rows)), groups):
            seen = rows[chosen] * _kept(rng, (len(chosen), rows.shape[1]), 0.1)
            kept = _kept(rng, (len(chosen), HIDDEN), 0.3)
            before = seen @ weights["hidden"] + weights["hidden_bias"]
            hidden = np.maximum(before, 0) * kept
            total = odds[chosen] + hidden @ weights["hidden_weights"] + weights["bias"]
            blame = (1 / (1 + np.exp(-np.clip(total, -30, 30))) - gold[chosen]) * known[chosen] / len(chosen)
            back = (blame @ weights["hidden_weights"].T) * kept * (before > 0)
            optimiser.update(
                {
                    "hidden": seen.T @ back,
                    "hidden_bias": back.sum(axis=0),
                    "hidden_weights": hidden.T @ blame,
                    "bias": blame.sum(axis=0),
                }
            )
    width = evidence.shape[1]
    from_evidence = weights["hidden"][:width] * scale[:, None]
    return {
        "hidden_evidence": from_evidence,
        "hidden_vectors": weights["hidden"][width:],
        "hidden_bias": weights["hidden_bias"] - mean @ from_evidence,
        "hidden_weights": weights["hidden_weights"],
        "bias": linear["bias"] + weights["bias"],
    }


def _kept(rng: np.random.Generator, shape: tuple[int, int], dropout: float) -> Array:
    return (rng.random(shape, dtype=np.float32) >= dropout) / np.float32(1 - dropout)


def _regression(
    evidence: npt.NDArray[np.float64], credit: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], float]:
    known = ~np.isnan(credit)
    mean, spread = evidence[known].mean(axis=0), evidence[known].std(axis=0) + 1e-6
    rows = np.column_stack(((evidence[known] - mean) / spread, np.ones(known.sum())))
    weights = np.zeros(rows.shape[1])
    penalty = PENALTY * len(rows)
    for _ in range(STEPS):
        expected = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (expected - credit[known]) + penalty * weights
        bend = (rows * (expected * (1 - expected))[:, None]).T @ rows + penalty * np.eye(len(weights))
        weights -= np.linalg.solve(bend, slope)
    scaled = weights[:-1] / spread
    return scaled, float(weights[-1] - scaled @ mean)
