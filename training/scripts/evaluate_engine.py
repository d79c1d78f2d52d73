"""Measures the engine on every annotated text at hand, and prints the figures beside those last committed.

    python -m training.scripts.evaluate_engine [--write] [--misses N]

The samples are in the repository. With HEARSAY_SHARED set, the annotated documents, PolNeAR and GUM are measured, too;
the telegrams among them are PDF and need pypdfium2. Nothing is written without --write.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from extraction import extract_many
from extraction.engine import BATCH
from extraction.output import as_record
from extraction.pipeline import engine_version, load
from extraction.reading import reading_view
from extraction.spans import Extraction
from grading.scores import brier_score, calibration_error, reliability_bins
from training.scripts import gold
from training.scripts.corpus_paths import CorporaMissing, shared_folder
from training.scripts.misses import Misses
from training.scripts.scoring import Record, Tallies, added, decided_on, kept, span_tallies, units_of
from training.scripts.source_scoring import source_tallies

METRICS = Path(__file__).parents[1] / "engine-metrics.json"
KINDS = ("memo", "report", "graded", "telegram", "frus")
CORPORA = {"PolNeAR dev": "polnear/dev.jsonl", "GUM open dev": "gum_attribution/open_dev.jsonl"}
"""News and web texts, of which only the outermost attributions are annotated, and no sources."""
SHARES = {"chains", "anaphora"}
COLUMNS = {
    "relation": "relation", "source": "source", "cue": "cue", "content": "content", "content exact": "content exact",
    "chains": "chain exact", "anaphora": "anaphora", "clusters": "sources B³",
    "one to one": "sources 1:1", "ece": "score ECE",
}  # fmt: skip
PORTION = 4
"""Texts that are parsed and extracted in turns, so that a busy machine slows down both alike."""
ROUNDS = 4
"""How often, for the times."""
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GoldSet:
    """Records that are measured together. `sums`: names of the sets it is the sum of, in place of records."""

    name: str
    records: tuple[Record, ...] = ()
    only_outermost: bool = False
    sums: tuple[str, ...] = ()
    family: str = "documents"
    """Sets whose misses are counted together; "" for those whose misses nobody is to look into."""


@dataclass(slots=True)
class Result:
    """What was measured on a set. Seconds are CPU time of this process."""

    documents: int = 0
    attributions: int = 0
    tallies: Tallies = field(default_factory=dict)
    engine_seconds: float = 0
    parse_seconds: float = 0
    scores: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    """Of each attribution found its score, and whether its relation is right."""

    def __add__(self, other: Result) -> Result:
        return Result(
            self.documents + other.documents,
            self.attributions + other.attributions,
            added([self.tallies, other.tallies]),
            self.engine_seconds + other.engine_seconds,
            self.parse_seconds + other.parse_seconds,
            self.scores + other.scores,
            self.right + other.right,
        )

    def figures(self) -> Figures:
        """In percent; "of" is what a share is a share of; "times parse" is the engine's time by the bare parse's."""
        figures: Figures = {"documents": self.documents, "attributions": self.attributions}
        for measure, tally in self.tallies.items():
            figures[measure] = round(100 * tally.f, 1) if tally.there else None
            if measure in SHARES:
                figures[f"{measure} of"] = tally.there
        figures |= calibration(self.scores, self.right)
        figures["times parse"] = round(self.engine_seconds / self.parse_seconds, 2)
        return figures


def calibration(scores: Sequence[float], right: Sequence[bool]) -> Figures:
    """Errors of the score, in percent, and its bins: [from, to, how many, mean score, percent right]."""
    if not scores:
        return {}
    return {
        "ece": round(100 * calibration_error(scores, right), 1),
        "brier": round(100 * brier_score(scores, right), 1),
        "bins": [
            [b.low, b.high, b.count, round(b.mean, 3), round(100 * b.rate, 1)] for b in reliability_bins(scores, right)
        ],
    }


def gold_sets() -> Iterator[GoldSet]:
    """Every set at hand, sums after their parts."""
    samples = tuple(gold.load_samples())
    yield GoldSet("samples", samples)
    try:
        shared = shared_folder()
    except CorporaMissing:
        return
    known = {record["id"] for record in samples}  # A telegram is both a sample and, as PDF, a test document.
    for split in ("train", "test"):
        records = [r for r in gold.load(shared / "documents", split=split) if r["id"] not in known]
        records.sort(key=lambda record: KINDS.index(record["kind"]))
        names = []
        for kind, group in groupby(records, key=lambda record: str(record["kind"])):
            names.append(f"{split} {kind}")
            yield GoldSet(names[-1], tuple(group), family="" if split == "test" else "documents")
        yield GoldSet(f"{split} all", sums=tuple(names))
    for name, path in CORPORA.items():
        lines = (shared / "corpora" / path).read_text(encoding="utf-8").split("\n")
        yield GoldSet(name, tuple(json.loads(line) for line in lines if line), only_outermost=True, family=name)


def measure(gold_set: GoldSet) -> tuple[Result, list[Record]]:
    """The figures of a set, and what the engine found in each of its records."""
    result, found = Result(), []
    for start in range(0, len(gold_set.records), PORTION):
        records = gold_set.records[start : start + PORTION]
        extractions, engine_seconds, parse_seconds = timed(records, outermost=gold_set.only_outermost)
        scores = [
            score(record, extraction, only_outermost=gold_set.only_outermost)
            for record, extraction in zip(records, extractions, strict=True)
        ]
        attributions = sum(len(record["attributions"]) for record in records)
        result += Result(len(records), attributions, added(scores), engine_seconds, parse_seconds)
        for record, extraction in zip(records, extractions, strict=True):
            measured = kept(record, extraction["attributions"], only_outermost=gold_set.only_outermost)
            result.scores += [attribution["score"] for attribution in measured]
            result.right += decided_on(record, measured)
        found += extractions
    return result, found


def score(record: Record, found: Record, *, only_outermost: bool) -> Tallies:
    """All measures that the record's annotation allows."""
    measured = kept(record, found["attributions"], only_outermost=only_outermost)
    tallies = span_tallies(units_of(record["text"], record["attributions"]), units_of(record["text"], measured))
    return tallies | source_tallies(record, found) if "sources" in record else tallies


def timed(records: Sequence[Record], *, outermost: bool = False) -> tuple[list[Record], float, float]:
    """What the engine finds, its CPU seconds, and those of the bare parse of the same reading views.

    Both run in turns, and the fastest run of each counts: other programs on the machine slow down CPU time, too.
    """
    views = [reading_view(record["text"]).text for record in records]
    parses, extractions = [], []
    found: tuple[Extraction, ...] = ()
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in load().pipe(views, batch_size=BATCH):
            pass
        parsed = time.process_time()
        found = tuple(extract_many((record["text"] for record in records), outermost=outermost))
        parses.append(parsed - started)
        extractions.append(time.process_time() - parsed)
    written = [as_record(r["id"], r["text"], e, outermost=outermost) for r, e in zip(records, found, strict=True)]
    return written, min(extractions), min(parses)


def table(results: dict[str, Figures], committed: dict[str, Figures]) -> Table:
    """One row a set; behind each figure, dimmed, the one last committed where it was another."""
    found = Table(title=f"{' '.join(engine_version())}: F in percent (last committed)", title_justify="left")
    found.add_column("set", no_wrap=True)
    for heading in ("docs", "attr.", *COLUMNS.values(), "x parse"):
        found.add_column(heading, justify="right")
    for name, figures in results.items():
        last = committed.get(name, {})
        cells = [_cell(figures, last, measure) for measure in COLUMNS]
        counts = [str(figures["documents"]), str(figures["attributions"])]
        found.add_row(name, *counts, *cells, _cell(figures, last, "times parse"), end_section=_ends_section(name))
    return found


def _ends_section(name: str) -> bool:
    return name == "samples" or name.endswith(" all")


def _cell(figures: Figures, last: Figures, measure: str) -> str:
    now, before = figures.get(measure), last.get(measure)
    if now is None:
        return "-"
    places = 2 if measure == "times parse" else 1
    words = f"{now:.{places}f}" + (f" of {figures[f'{measure} of']}" if measure in SHARES else "")
    return words if before is None else f"{words} [dim]({before:.{places}f})[/dim]"


def measured(misses: Misses | None) -> dict[str, Figures]:
    """Figures by set, in the order of the table. `misses` is told what went wrong, except in the test documents."""
    results: dict[str, Result] = {}
    timed(next(gold_sets()).records[:1])  # Loads the pipeline and the lexicon, which is nobody's running time.
    for gold_set in gold_sets():
        if gold_set.sums:
            results[gold_set.name] = sum((results[name] for name in gold_set.sums), Result())
            continue
        results[gold_set.name], found = measure(gold_set)
        for record, extraction in zip(gold_set.records, found, strict=True):
            if misses is not None and gold_set.family:
                attributions = kept(record, extraction["attributions"], only_outermost=gold_set.only_outermost)
                misses.note(record, attributions, family=gold_set.family, may_quote=gold_set.name == "samples")
    return {name: result.figures() for name, result in results.items()}


def remarks() -> Iterator[str]:
    """What could not be measured, and what it would take."""
    try:
        shared_folder()
    except CorporaMissing as missing:
        yield f"Only the samples were measured. {missing}"
        return
    if find_spec("pypdfium2") is None:
        yield "The telegrams were left out: reading them takes pypdfium2, which is not installed."


def write(results: dict[str, Figures], committed: dict[str, Figures]) -> None:
    """Keep the figures; sets that were not at hand keep their older ones, and the engine they were measured on."""
    engine = " ".join(engine_version())
    sets = committed | {name: {"engine": engine} | figures for name, figures in results.items()}
    METRICS.write_text(json.dumps(sets, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--write", action="store_true", help=f"keep the figures in training/{METRICS.name}")
    parser.add_argument(
        "--misses",
        type=int,
        default=0,
        metavar="N",
        help="also print the N largest classes of misses, without those in test documents",
    )
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)  # The loader's warning for each PDF is one remark here.
    console = Console(width=None if Console().is_terminal else 190)
    committed = json.loads(METRICS.read_text(encoding="utf-8")) if METRICS.exists() else {}
    misses = Misses() if arguments.misses else None
    results = measured(misses)
    console.print(table(results, committed))
    for remark in remarks():
        console.print(remark)
    if misses is not None:
        console.print(*misses.tables(arguments.misses), sep="\n")
    if arguments.write:
        write(results, committed)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
