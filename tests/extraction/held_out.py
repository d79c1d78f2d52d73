"""Sentences written by reading, before the code was; `python -m tests.extraction.held_out` counts."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from extraction.commitment import polarity, quantities, times

FILE = Path(__file__).resolve().parents[1] / "data" / "commitment" / "held_out.jsonl"


def cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def reading(case: dict[str, Any]) -> dict[str, Any]:
    """What the engine reads, in the shape of the expected values."""
    on = date.fromisoformat(case["on"])
    return {
        "quantities": [[one.low, one.high, one.unit, one.comparator] for one in quantities(case["text"])],
        "times": [
            [day.isoformat() if day else None for day in (one.earliest, one.latest)] for one in times(case["text"], on)
        ],
        "negative": polarity(case["text"]).negative,
    }


def main() -> None:
    right = dict.fromkeys(("quantities", "times", "negative"), 0)
    found = cases()
    for case in found:
        for key, value in reading(case).items():
            right[key] += value == case[key]
    sys.stdout.write(json.dumps({key: f"{count}/{len(found)}" for key, count in right.items()}) + "\n")


if __name__ == "__main__":
    main()
