"""Measures the engine on the annotated training memos and reports as they stand, in capitals, and with misread letters.

    HEARSAY_SHARED=folder python -m training.scripts.degraded

A development figure only: what a scan does to a text is more than a wrong letter here and there.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable

from extraction import extract_many
from extraction.output import as_record
from extraction.reading import reading_view
from training.scripts import gold
from training.scripts.corpus_paths import CorporaMissing, shared_folder
from training.scripts.scoring import Record, added, span_tallies, units_of

KINDS = ("memo", "report")
RATES = (0.01, 0.02, 0.03)
MEASURES = ("relation", "source", "cue", "content", "content exact")
LOOKS_LIKE = {
    "a": "su", "b": "h", "c": "eo", "d": "a", "e": "co", "f": "t", "g": "q", "h": "b", "i": "1lt", "l": "1Ii", "m": "n",
    "n": "ur", "o": "0c", "r": "t", "s": "a5", "t": "f1", "u": "n", "v": "y", "y": "v",
    "B": "8", "E": "F", "O": "0", "S": "5", "T": "I",
}  # fmt: skip


def in_capitals(record: Record) -> Record:
    """The record with capitals in all that is text; banners and headers stay. Every character keeps its place."""
    return _changed(record, lambda character: character.upper())


def misread(record: Record, rate: float) -> Record:
    """The record with that share of its letters taken for others, the same ones each time. Places stay as they are."""
    chance = random.Random(f"{record['id']} {rate}")
    return _changed(
        record,
        lambda character: (
            chance.choice(LOOKS_LIKE[character]) if character in LOOKS_LIKE and chance.random() < rate else character
        ),
    )


def _changed(record: Record, change: Callable[[str], str]) -> Record:
    text = list(record["text"])
    for run in reading_view(record["text"]).runs:
        for place in range(run.start, run.start + run.length):
            new = change(text[place])
            text[place] = new if len(new) == 1 else text[place]
    return record | {"text": "".join(text)}


def figures(records: Iterable[Record]) -> dict[str, float]:
    """F of each measure in percent."""
    records = list(records)
    tallies = []
    for record, extraction in zip(records, extract_many(record["text"] for record in records), strict=True):
        text = record["text"]
        found = as_record(record["id"], text, extraction)["attributions"]
        tallies.append(span_tallies(units_of(text, record["attributions"]), units_of(text, found)))
    total = added(tallies)
    return {measure: round(100 * total[measure].f, 1) for measure in MEASURES}


def main() -> int:
    try:
        documents = shared_folder() / "documents"
    except CorporaMissing as missing:
        print(missing, file=sys.stderr)
        return 1
    records = [record for record in gold.load(documents, split="train") if record["kind"] in KINDS]
    print(f"{len(records)} documents".ljust(18), *MEASURES, sep="  ")
    sets = {"as they stand": records, "in capitals": [in_capitals(record) for record in records]}
    sets |= {f"{rate:.0%} misread": [misread(record, rate) for record in records] for rate in RATES}
    for name, changed in sets.items():
        print(name.ljust(18), *(f"{value:.1f}".rjust(len(m)) for m, value in figures(changed).items()), sep="  ")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
