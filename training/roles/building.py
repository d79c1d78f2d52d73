"""From parsed corpora to a model: cue certainties by cross-validation, then roles as seen from each cue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extraction.learnt.assessment import CREDITS
from extraction.learnt.candidates import exceptions
from extraction.learnt.features import ROW_BITS
from extraction.learnt.labelling import LOOKED_AT, label, read_cues
from extraction.learnt.model import Model
from extraction.learnt.network import cue_scores
from extraction.learnt.settings import DEEP_BITS, HIDDEN, STYLES
from extraction.learnt.tokens import Flags
from training.roles.corpus import Passage, passages, records
from training.roles.crediting import earned, learn_credits
from training.roles.examples import cue_batch, is_head, role_batch
from training.roles.learning import Batch, Settings, Weights, learn
from training.roles.measuring import Figures, measure

MODELS = Path(__file__).resolve().parents[2] / "models"
VERSION = "0.1.0"
FOLDS = 3
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
    """Which corpora a model may learn from, and on which ones it is measured, with their style."""

    name: str
    parts: tuple[Part, ...]
    development: dict[str, str]
    style: str
    """In which it labels news: PolNeAR's own, or the next best."""
    rules_first: bool
    cue_epochs: int = CUES.epochs
    role_epochs: int = ROLES.epochs


BUILDS = {
    "default": Build(
        "default",
        (Part("polnear_train", "news"), Part("gum_train", "units"), Part("annotations_train", "documents", copies=3)),
        {"news": "polnear_dev", "units": "gum_dev"},
        style="news",
        rules_first=False,
    ),
    "open": Build(
        "open",
        (Part("gum_train", "units"), Part("annotations_train", "documents", copies=2)),
        {"units": "gum_dev"},
        style="units",
        rules_first=True,
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
    """The build's model."""
    given = examples(build)
    print(f"{len(given)} passages, {sum(len(one.passage.attributions) for one in given)} attributions", flush=True)
    listed = exceptions(
        [(one.passage.tokens, is_head(one.passage)) for one in given if one.style == style] for style in STYLES.values()
    )
    cue = _cue_models(build, given, listed)
    batches = [role_batch(one.passage, _sure(one), one.style) for one in given]
    settings = replace(ROLES, epochs=build.role_epochs)
    worths = _credits(settings, given, batches)
    role = _roles(settings, "roles", list(zip(given, batches, strict=True)))
    width = given[0].passage.tokens.tensor.shape[1]
    return Model(f"roles-{build.name}-{VERSION}", listed, cue, role, worths, width, build.style, build.rules_first)


def _sure(one: Example) -> Certainty:
    assert one.certainty is not None
    return one.certainty


def _roles(settings: Settings, what: str, given: list[tuple[Example, Batch | None]]) -> Weights:
    batches = [batch for one, batch in given if batch is not None for _ in range(one.copies)]
    return without_unseen(learn(settings, batches, _report(what)), batches)


def _credits(settings: Settings, given: list[Example], batches: list[Batch | None]) -> Weights:
    """What is to be expected of attributions, from those that models find in passages they have not seen."""
    evidence, vectors, shares = [], [], []
    for fold in range(FOLDS):
        others = [(one, batch) for one, batch in zip(given, batches, strict=True) if one.fold != fold]
        weights = _roles(settings, f"roles without fold {fold}", others)
        for one in given:
            cues = np.flatnonzero((_sure(one) >= LOOKED_AT) & ~one.passage.discarded)
            if one.fold != fold or not len(cues):
                continue
            reading = read_cues(weights, one.passage.tokens, _sure(one), cues, one.style)
            for found in reading.found(np.zeros((len(cues), len(CREDITS)), dtype=np.float32)):
                evidence.append(reading.evidence[found.window])
                vectors.append(reading.vectors[found.window])
                shares.append(earned(one.passage, found))
    return learn_credits(np.array(evidence), np.array(vectors), np.array(shares))


def _cue_models(build: Build, given: list[Example], listed: Flags) -> Weights:
    """The cue model on everything; sets each example's certainty by a model that has not seen its fold."""
    made = [cue_batch(one.passage, listed, one.style) for one in given]
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


def development(build: Build, model: Model) -> dict[str, Figures]:
    """The figures of a model on the build's development corpora."""

    def figures(style: str, corpus: str) -> Figures:
        return measure(corpus, passages(corpus), lambda passage: label(model, passage.tokens, style=style))

    return {corpus: figures(style, corpus) for style, corpus in build.development.items()}
