"""The score of an attribution: the chance that source and content are right, from how they were found.

A logistic regression over a few facts. Its weights are data, in models/score-0.1.0.json, fitted on decided attributions
by `python -m training.scripts.calibrate_score`, which also says there how well the scores held on other documents.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from extraction import pipeline
from extraction.learnt.model import shipped
from extraction.linking import Draft

FITTED = Path(__file__).resolve().parent.parent / "models" / "score-0.1.0.json"
DOCUMENTS, OUTERMOST = "documents", "outermost"
"""The two ways to read a text, each with its own weights."""
SURE, SHORT, LONG = 0.98, 15, 700
"""Strengths are cut at SURE; a content below SHORT or above LONG characters is probably cut off or runs on."""
CAPITALS = 0.7
"""Share of capitals among the letters from which on a sentence is in capitals."""

Evidence = dict[str, float]
"""What the score is made of, by name; about 1 in size."""


def evidence(draft: Draft, text: str, *, pronoun: bool, uncertain: bool) -> Evidence:
    """The facts about one attribution of the view text.

    pronoun: nothing but a pronoun names the source. uncertain: the text leaves open who it is.
    """
    length = sum(end - start for start, end in draft.content)
    source = sum(end - start for start, end in draft.source)
    return {
        "strength": _log_odds(draft.strength),
        "quoted": float(draft.quoted),
        "pronoun": float(pronoun),
        "uncertain": float(uncertain),
        "no source": float(not draft.source),
        "source length": math.log1p(source) - math.log1p(SHORT) if source else 0.0,
        "content length": math.log1p(length) - math.log1p(100),
        "content short": float(length < SHORT),
        "content long": float(length > LONG),
        "content in pieces": float(len(draft.content) > 1),
        "nested": float(draft.outer is not None),
        "no speech": float(draft.kind not in {"speech", "denial"}),
        "told": float(draft.told),
        "capitals": float(_is_in_capitals(text[slice(*draft.sentence)])),
    }


def _log_odds(strength: float) -> float:
    cut = min(max(strength, 1 - SURE), SURE)
    return math.log(cut / (1 - cut))


def _is_in_capitals(words: str) -> bool:
    letters = sum(map(str.isalpha, words))
    return letters > 0 and sum(map(str.isupper, words)) >= CAPITALS * letters


class Scorer(Protocol):
    """What makes a score, 0 to 1, of evidence."""

    @property
    def calibrated(self) -> bool:
        """Whether the score reads as a probability."""

    def __call__(self, facts: Evidence) -> float: ...


@dataclass(frozen=True, slots=True)
class Regression:
    """score = logistic(intercept + sum of weight x evidence)."""

    intercept: float
    weights: Mapping[str, float]
    calibrated: bool

    def __call__(self, facts: Evidence) -> float:
        """0 to 1, higher for surer."""
        odds = self.intercept + math.fsum(self.weights.get(name, 0.0) * value for name, value in facts.items())
        return round(1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))), 3)


@cache
def scorer(style: str) -> Regression:
    """The shipped scorer of a style; calibrated only on the models it was fitted with."""
    fitted = _fitted()[style]
    return Regression(fitted["intercept"], fitted["weights"], calibrated=fitted["models"] == models_in_use(style))


def models_in_use(style: str) -> list[str]:
    """Names of the models that attributions of this style come from: another one gives other scores."""
    meta = pipeline.load().meta
    names = [f"{meta['lang']}_{meta['name']}-{meta['version']}"]
    return [*names, shipped().name] if style == OUTERMOST else names


@cache
def _fitted() -> dict[str, Any]:
    styles: dict[str, Any] = json.loads(FITTED.read_text(encoding="utf-8"))["styles"]
    return styles
