"""Fits the score, so that of the attributions with 0.9 nine in ten are right, and says how well that holds elsewhere.

    python -m training.scripts.calibrate_score [--write]

An attribution the engine finds is right when its relation is (`training.scripts.scoring`). Documents are fitted on the
annotated training documents, `--outermost` on PolNeAR's development part, from which the labeller did not learn.
How well it holds is told by documents that a fit has not seen: each fifth of the training documents by the rest, and
of both sets each half by the other. --write keeps weights and figures in models/score-0.1.0.json, and the diagram of
docs/engine.md. The same texts and models give the same file. Takes the folder in HEARSAY_SHARED, and about 2 minutes.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table
from scipy.optimize import minimize
from scipy.special import expit

from extraction import extract_many
from extraction.output import as_record
from extraction.pipeline import engine_version
from extraction.scoring import DOCUMENTS, FITTED, OUTERMOST, Evidence, Regression, models_in_use
from grading.scores import CalibrationReport, calibration_report
from training.scripts import gold
from training.scripts.corpus_paths import shared_folder
from training.scripts.reliability_diagram import diagram
from training.scripts.scoring import Record, decided_on, kept

DIAGRAM = Path(__file__).parents[2] / "docs" / "images" / "reliability.svg"
PENALTY = {DOCUMENTS: 10.0, OUTERMOST: 1.0}
"""Of a weight's square beside the log loss summed over the decisions: keeps what is rare from weighing much. Chosen
by the log loss of the folds: with a few hundred decisions ten is better than one, with two thousand it is not."""
FOLDS = {DOCUMENTS: 5, OUTERMOST: 2}
TITLES = {DOCUMENTS: "Documents", OUTERMOST: "--outermost (news)"}
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Decision:
    """One attribution found, in which document, from what evidence, and whether it is right."""

    document: str
    evidence: Evidence
    right: bool


class Recorder:
    """Stands in the scorer's place and keeps what it is asked: each "score" is the number of its evidence."""

    calibrated = False

    def __init__(self) -> None:
        self.seen: list[Evidence] = []

    def __call__(self, facts: Evidence) -> float:
        self.seen.append(facts)
        return float(len(self.seen) - 1)


def decisions(records: Sequence[Record], *, outermost: bool) -> list[Decision]:
    """Every attribution that the engine finds in the records and that their annotators would have marked, decided."""
    recorder = Recorder()
    texts = (record["text"] for record in records)
    decided = []
    for record, found in zip(records, extract_many(texts, outermost=outermost, score=recorder), strict=True):
        text = record["text"]
        attributions = as_record(record["id"], text, found, outermost=outermost)["attributions"]
        measured = kept(record, attributions, only_outermost=outermost)
        decided += [
            Decision(str(record["id"]), recorder.seen[int(attribution["score"])], right)
            for attribution, right in zip(measured, decided_on(record, measured), strict=True)
        ]
    return decided


def fit(decided: Sequence[Decision], penalty: float) -> Regression:
    """The weights under which the decisions are likeliest, weights kept small; what never varies weighs nothing."""
    names = list(decided[0].evidence)
    x = np.array([[1.0, *(one.evidence[name] for name in names)] for one in decided])
    y = np.array([one.right for one in decided], dtype=np.float64)
    penalties = np.array([0.0] + [penalty] * len(names))

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        z = x @ weights
        value = np.sum(np.logaddexp(0, z) - y * z) + np.sum(penalties * weights**2) / 2
        return float(value), x.T @ (expit(z) - y) + penalties * weights

    found = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    weights = {name: round(float(weight), 4) for name, weight in zip(names, found[1:], strict=True)}
    return Regression(round(float(found[0]), 4), weights, calibrated=True)


def folds(decided: Sequence[Decision], number: int) -> Iterator[tuple[list[Decision], list[Decision]]]:
    """(to fit on, to test on), `number` times; whole documents are dealt out in turn, by the order of their names."""
    documents = sorted({one.document for one in decided})
    for fold in range(number):
        held_out = set(documents[fold::number])
        yield (
            [one for one in decided if one.document not in held_out],
            [one for one in decided if one.document in held_out],
        )


def report(scorer: Regression, decided: Sequence[Decision]) -> CalibrationReport:
    return calibration_report([scorer(one.evidence) for one in decided], [one.right for one in decided])


def held_out_report(decided: Sequence[Decision], number: int, penalty: float) -> CalibrationReport:
    """All folds as one: each decision with the score of a fit that has not seen its document."""
    pairs = [(fit(seen, penalty)(one.evidence), one.right) for seen, unseen in folds(decided, number) for one in unseen]
    return calibration_report([score for score, _ in pairs], [right for _, right in pairs])


def figures(found: CalibrationReport) -> dict[str, Any]:
    """Errors as shares of 1; bins as [from, to, how many, mean score, share right]."""
    return {
        "decisions": found.count,
        "ece": round(found.calibration_error, 4),
        "brier": round(found.brier, 4),
        "log loss": round(found.log_loss, 4),
        "bins": [[b.low, b.high, b.count, round(b.mean, 3), round(b.rate, 3)] for b in found.bins],
    }


def records_of(style: str) -> list[Record]:
    """What the style is fitted on."""
    if style == DOCUMENTS:
        return list(gold.load(shared_folder() / "documents", split="train"))
    lines = (shared_folder() / "corpora" / "polnear" / "dev.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def calibrated(style: str) -> dict[str, Any]:
    """What models/score-0.1.0.json says of one style."""
    outermost = style == OUTERMOST
    decided = decisions(records_of(style), outermost=outermost)
    scorer = fit(decided, PENALTY[style])
    facts = {
        "models": models_in_use(style),
        "engine": " ".join(engine_version()),
        "fitted on": "PolNeAR, development part" if outermost else "our annotated training documents",
        "documents": len({one.document for one in decided}),
        "intercept": scorer.intercept,
        "weights": dict(scorer.weights),
        "held out": figures(held_out_report(decided, FOLDS[style], PENALTY[style])),
    }
    facts["one half by the other"] = [
        figures(report(fit(seen, PENALTY[style]), unseen)) for seen, unseen in folds(decided, 2)
    ]
    if outermost:
        return facts
    unseen = decisions(list(gold.load(shared_folder() / "documents", split="test")), outermost=False)
    return facts | {"test documents": figures(report(scorer, unseen))}


def table(styles: dict[str, Any]) -> Table:
    found = Table("style", "measured on", "decisions", "ECE", "Brier", "log loss", title="Calibration of the score")
    for style, facts in styles.items():
        sets = {f"{FOLDS[style]} folds": facts["held out"]}
        sets |= {f"half {n}": half for n, half in enumerate(facts.get("one half by the other", ()), start=1)}
        sets |= {name: facts[name] for name in ("test documents",) if name in facts}
        for name, f in sets.items():
            found.add_row(
                style, name, str(f["decisions"]), f"{f['ece']:.3f}", f"{f['brier']:.3f}", f"{f['log loss']:.3f}"
            )
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--write", action="store_true", help="keep the weights and the diagram")
    write = parser.parse_args().write
    logging.disable(logging.WARNING)  # The loader's warning for each PDF that cannot be read.
    styles = {style: calibrated(style) for style in (DOCUMENTS, OUTERMOST)}
    console = Console(width=None if Console().is_terminal else 120)
    console.print(table(styles))
    if write:
        made = {"name": FITTED.stem, "made by": "python -m training.scripts.calibrate_score --write"}
        FITTED.write_text(json.dumps(made | {"styles": styles}, indent=1) + "\n", encoding="utf-8")
        panels = [(TITLES[style], facts["held out"]) for style, facts in styles.items()]
        DIAGRAM.write_text(diagram(panels), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
