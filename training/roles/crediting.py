"""What is to be expected of an attribution, learnt from attributions of models that had not read the passage."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from extraction.learnt.assessment import CREDITS
from extraction.learnt.decoding import Found
from extraction.learnt.network import Array
from extraction.learnt.tokens import Numbers
from training.roles.corpus import ROLES, Passage

HALF = 0.5
"""Token F of content, and of source, from which on the scorer takes a relation as right."""
PENALTY = 1e-3
STEPS = 40


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


def learn_credits(evidence: Array, shares: npt.NDArray[np.float64]) -> dict[str, Array]:
    """Weights of `assessment.expect`: one logistic regression for each of CREDITS, on shares from 0 to 1."""
    columns = [_regression(evidence.astype(np.float64), shares[:, number]) for number in range(len(CREDITS))]
    weights, bias = (np.array(part, dtype=np.float32) for part in zip(*columns, strict=True))
    return {"weights": np.ascontiguousarray(weights.T), "bias": bias}


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
