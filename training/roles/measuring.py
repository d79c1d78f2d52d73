"""Figures: what a labeller finds in a parsed corpus, by the shared scorer."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterable
from functools import cache
from types import ModuleType
from typing import Any

from extraction.learnt.decoding import Found, runs
from extraction.learnt.tokens import Numbers
from training.roles.corpus import Passage, records
from training.scripts.corpus_paths import shared_folder

Figures = dict[str, float]


@cache
def scorer() -> ModuleType:
    """tools/score_attributions.py of the shared folder."""
    path = shared_folder() / "tools" / "score_attributions.py"
    spec = importlib.util.spec_from_file_location("score_attributions", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def characters(passage: Passage, numbers: Numbers) -> list[list[int]]:
    pieces = runs(numbers, passage.tokens.space)
    return [[int(passage.first[start]), int(passage.last[end - 1])] for start, end in pieces]


def measure(
    name: str, passages: Iterable[Passage], find: Callable[[Passage], list[Found]], *, only_outermost: bool = True
) -> Figures:
    """Soft F of source, cue, content and relation on the corpus `name`, with the relation's precision and recall."""
    predicted: dict[str, list[dict[str, Any]]] = {}
    for passage in passages:
        attributions = predicted.setdefault(passage.record, [])
        for one in find(passage):
            roles = {"source": one.source, "cue": one.cue, "content": one.content}
            attributions.append({role: characters(passage, numbers) for role, numbers in roles.items()})
    return figures(records(name), predicted, only_outermost=only_outermost)


def figures(
    gold: list[dict[str, Any]], predicted: dict[str, list[dict[str, Any]]], *, only_outermost: bool = True
) -> Figures:
    """Soft F by the shared scorer, times 100, of predictions by record id."""
    tool = scorer()
    counts = [tool.score_document(g, predicted.get(g["id"], []), only_outermost=only_outermost) for g in gold]
    result = tool.summarise(tool.sum_counters(counts))
    summary = {role: result[role]["soft"]["f"] for role in ("source", "cue", "content")}
    summary |= {f"relation_{key}": result["relation"]["soft"][key] for key in "fpr"}
    summary["relation_exact"] = result["relation"]["exact"]["f"]
    summary["content_exact"] = result["content"]["exact"]["f"]
    summary |= {kind: result[f"relation:{kind}"]["soft"]["f"] for kind in ("direct", "mixed", "indirect")}
    return {key: round(100 * value, 2) for key, value in summary.items()}
