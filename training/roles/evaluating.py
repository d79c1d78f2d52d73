"""Rules, learnt labeller and both together, through the whole engine: quality, and CPU time beside the bare parse."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from spacy.tokens import Doc

from extraction import engine, pipeline
from extraction.engine import extract_many
from extraction.learnt.attributions import find
from extraction.learnt.combination import POLICIES, combine
from extraction.learnt.model import Model
from extraction.roles import label_roles
from extraction.roles.raw import RawAttribution
from extraction.roles.sentences import Sentences
from training.roles.corpus import ROLES, Record, records
from training.roles.measuring import Figures, figures

Labeller = Callable[[Doc, Sentences], list[RawAttribution]]
TESTS = {
    "polnear_dev": ("news", True),
    "gum_dev": ("units", False),
    "seed": ("documents", False),
    "annotations_test": ("documents", False),
}
"""Each development corpus with the style asked for, and whether only outermost attributions are measured."""


def labellers(model: Model, style: str) -> dict[str, Labeller]:
    def learnt(doc: Doc, s: Sentences) -> list[RawAttribution]:
        return find(doc, s, style=style, model=model)

    def combined(doc: Doc, s: Sentences) -> list[RawAttribution]:
        return combine(learnt(doc, s), label_roles(doc, s), POLICIES[style])

    def rules_first(doc: Doc, s: Sentences) -> list[RawAttribution]:
        return combine(learnt(doc, s), label_roles(doc, s), POLICIES["rules first"])

    found: dict[str, Labeller] = {"rules": label_roles, "learnt": learnt, "combined": combined}
    return found if style == "documents" else found | {"rules first": rules_first}


@contextmanager
def heart(labeller: Labeller) -> Iterator[None]:
    """The engine with another labeller for as long as the block runs, and with all that the pipeline finds for it."""
    before, left_out = label_roles, pipeline.not_for_rules
    engine.label_roles = labeller  # type: ignore[assignment]
    # The learnt labeller reads lemmas and parts of speech, too.
    pipeline.not_for_rules = list  # type: ignore[assignment]
    try:
        yield
    finally:
        engine.label_roles = before  # type: ignore[attr-defined]
        pipeline.not_for_rules = left_out


def evaluate(model: Model, styles: set[str]) -> dict[str, dict[str, Figures]]:
    """Soft F of every labeller on every development corpus, with engine CPU time as a multiple of the bare parse.

    styles: those the model has learnt; where a corpus asks for another one, it is read as discourse units.
    """
    result: dict[str, dict[str, Figures]] = {}
    for corpus, (style, only_outermost) in TESTS.items():
        gold = records(corpus)
        parse = _parse_seconds(gold)
        result[corpus] = {}
        for name, labeller in labellers(model, style if style in styles else "units").items():
            started = time.process_time()
            predicted = run(gold, labeller)
            seconds = time.process_time() - started
            measured = figures(gold, predicted, only_outermost=only_outermost)
            result[corpus][name] = measured | {"times_parse": round(seconds / parse, 3)}
            print(corpus, name, result[corpus][name], flush=True)
    return result


def run(gold: list[Record], labeller: Labeller) -> dict[str, list[dict[str, Any]]]:
    """The engine's attributions by record id, as character spans."""
    predicted = {}
    with heart(labeller):
        for record, found in zip(gold, extract_many(record["text"] for record in gold), strict=True):
            predicted[record["id"]] = [
                {role: span.offsets if (span := getattr(one, role)) is not None else [] for role in ROLES}
                for one in found.attributions
            ]
    return predicted


def _parse_seconds(gold: list[Record]) -> float:
    """CPU time of the pipeline alone on the plain texts, cut at blank lines as spaCy likes them: the bare parse."""
    nlp = pipeline.load()
    texts = [record["text"] for record in gold]
    started = time.process_time()
    for _ in nlp.pipe(texts, batch_size=16):
        pass
    return max(time.process_time() - started, 1e-6)
