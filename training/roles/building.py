"""From parsed corpora to a model: cue certainties by cross-validation, then roles as seen from each cue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extraction.learnt.decoding import Found
from extraction.learnt.features import ROW_BITS
from extraction.learnt.labelling import certainties, choose, read_cues
from extraction.learnt.model import Model
from extraction.learnt.network import cue_scores
from extraction.learnt.settings import DEEP_BITS, HIDDEN, STYLES
from training.roles.corpus import Passage, passages, records
from training.roles.examples import cue_batch, gold_heads, role_batch
from training.roles.learning import Batch, Settings, Weights, learn
from training.roles.measuring import Figures, measure

MODELS = Path(__file__).resolve().parents[2] / "models"
VERSION = "0.1.0"
FOLDS = 3
LEAST = 0.1
"""A token at least this certain is looked at as a cue in the search for a threshold."""
GOALS = ("source", "cue", "content", "relation_f")
"""The figures whose sum a threshold is to raise."""
UNKNOWN_STYLE = 0.3
"""Threshold of a style without training data."""
THRESHOLDS = tuple(round(0.1 + 0.025 * n, 3) for n in range(17))
CUES = Settings(labels=1, gathers=6, hidden=HIDDEN, deep_bits=DEEP_BITS, epochs=5, dropout=0.4, seed=1)
ROLES = Settings(
    labels=4,
    gathers=4,
    hidden=HIDDEN,
    deep_bits=DEEP_BITS,
    convolve=True,
    epochs=4,
    dropout=0.3,
    wide_dropout=0.3,
    seed=5,
)

Certainty = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Part:
    """A corpus of a build: whose style it is annotated in, and how often it counts."""

    corpus: str
    style: str
    copies: int = 1


@dataclass(frozen=True, slots=True)
class Build:
    """Which corpora a model may learn from, and where its thresholds are chosen: style to development corpus."""

    name: str
    parts: tuple[Part, ...]
    development: dict[str, str]
    cue_epochs: int = CUES.epochs
    role_epochs: int = ROLES.epochs


BUILDS = {
    "default": Build(
        "default",
        (Part("polnear_train", "news"), Part("gum_train", "units"), Part("annotations_train", "documents", copies=3)),
        {"news": "polnear_dev", "units": "gum_dev"},
    ),
    "open": Build(
        "open",
        (Part("gum_train", "units"), Part("annotations_train", "documents", copies=2)),
        {"units": "gum_dev"},
        cue_epochs=10,
        role_epochs=16,
    ),
}


@dataclass(slots=True)
class Example:
    """A passage to learn from, with the fold it belongs to and its cue certainties from the models of other folds."""

    passage: Passage
    style: int
    copies: int
    fold: int
    certainty: Certainty | None = None


def examples(build: Build) -> list[Example]:
    """The passages of a build; all passages of one record are in one fold."""
    found = []
    for part in build.parts:
        order = {record["id"]: number for number, record in enumerate(records(part.corpus))}
        found += [
            Example(passage, STYLES[part.style], part.copies, order[passage.record] % FOLDS)
            for passage in passages(part.corpus)
        ]
    return found


def train(build: Build) -> Model:
    """The build's model, with thresholds still to be chosen."""
    given = examples(build)
    print(f"{len(given)} passages, {sum(len(one.passage.attributions) for one in given)} attributions", flush=True)
    cue = _cue_models(build, given)
    batches = []
    for one in given:
        assert one.certainty is not None
        batch = role_batch(one.passage, one.certainty, one.style)
        batches += [batch] * one.copies if batch is not None else []
    settings = replace(ROLES, epochs=build.role_epochs)
    role = without_unseen(learn(settings, batches, _report("roles")), batches)
    width = given[0].passage.tokens.tensor.shape[1]
    thresholds = {
        style: best_threshold([one for one in given if one.style == number]) for style, number in STYLES.items()
    }
    return Model(f"roles-{build.name}-{VERSION}", cue, role, thresholds, width)


def best_threshold(given: list[Example]) -> float:
    """The certainty that tells cues best (F) in examples scored by models that have not seen them."""
    if not given:
        return UNKNOWN_STYLE
    certainty = np.concatenate([one.certainty for one in given if one.certainty is not None])
    gold = np.concatenate([_is_head(one.passage) for one in given])
    order = np.argsort(-certainty, kind="stable")
    right = np.cumsum(gold[order])
    f_score = 2 * right / (np.arange(1, len(gold) + 1) + gold.sum())
    return round(float(certainty[order][f_score.argmax()]), 3)


def _is_head(passage: Passage) -> npt.NDArray[np.bool_]:
    heads = np.zeros(len(passage.tokens), dtype=bool)
    heads[list(gold_heads(passage))] = True
    return heads


def _cue_models(build: Build, given: list[Example]) -> Weights:
    """The cue model on everything; sets each example's certainty by a model that has not seen its fold."""
    made = [cue_batch(one.passage, one.style) for one in given]
    settings = replace(CUES, epochs=build.cue_epochs)
    for fold in range(FOLDS):
        batches = [b for (b, _), one in zip(made, given, strict=True) if one.fold != fold for _ in range(one.copies)]
        weights = learn(settings, batches, _report(f"cues without fold {fold}"))
        for (batch, which), one in zip(made, given, strict=True):
            if one.fold == fold:
                one.certainty = np.zeros(len(one.passage.tokens), dtype=np.float32)
                one.certainty[which] = cue_scores(weights, batch.features, batch.tensor)
    batches = [b for (b, _), one in zip(made, given, strict=True) for _ in range(one.copies)]
    return without_unseen(learn(settings, batches, _report("cues")), batches)


def _report(what: str) -> Callable[[int, float, Weights], None]:
    def after_epoch(epoch: int, loss: float, _: Weights) -> None:
        print(f"{what}: epoch {epoch + 1}, loss {loss:.4f}", flush=True)

    return after_epoch


def without_unseen(weights: Weights, batches: list[Batch]) -> Weights:
    """Rows of the tables that no feature of the training data names say nothing: they become zero."""
    seen = np.zeros(2**DEEP_BITS, dtype=bool)
    for batch in batches:
        seen[batch.features.deep.indices] = True
    weights["deep"][~seen] = 0
    assert len(weights["wide"]) == 2**ROW_BITS
    return weights


def choose_thresholds(build: Build, model: Model) -> tuple[Model, dict[str, Figures]]:
    """The model with each style's best certainty on its development corpus, and the figures there."""
    chosen = dict(model.thresholds)
    found: dict[str, Figures] = {}
    for style, corpus in build.development.items():
        tried = dict(_try_thresholds(model, style, corpus))
        chosen[style] = max(tried, key=lambda threshold: sum(tried[threshold][name] for name in GOALS))
        found[corpus] = tried[chosen[style]] | {"threshold": chosen[style]}
    return replace(model, thresholds=chosen), found


def _try_thresholds(model: Model, style: str, corpus: str) -> Iterator[tuple[float, Figures]]:
    held_out = passages(corpus)
    number = STYLES[style]
    read: dict[int, list[Found]] = {}
    for passage in held_out:
        certainty = certainties(model.cue, passage.tokens, number)
        cues = np.flatnonzero(certainty >= LEAST)
        read[id(passage)] = read_cues(model.role, passage.tokens, certainty, cues, number)
    for threshold in THRESHOLDS:

        def find(passage: Passage, least: float = threshold) -> list[Found]:
            sure = [one for one in read[id(passage)] if one.certainty >= least]
            return choose(passage.tokens, sure, style)

        yield threshold, measure(corpus, held_out, find)
