"""Score the relations on labelled pairs: `python -m tests.extraction.relations_scores FILE.jsonl [--misses]`."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

from extraction.relations import read_statement, relate

LABELS = ("corroborates", "contradicts", "neither")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    table: Counter[tuple[str, str]] = Counter()
    by_phenomenon: dict[str, list[bool]] = defaultdict(list)
    for line in options.file.read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        found = relate(read_statement(pair["a"]), read_statement(pair["b"]))
        guess = "corroborates" if found.relation == "refines" else found.relation
        table[pair["relation"], guess] += 1
        by_phenomenon[pair["phenomenon"]].append(guess == pair["relation"])
        if options.misses and guess != pair["relation"]:
            sys.stdout.write(
                f"{pair['id']} {pair['relation']} -> {guess} ({found.rule}, {found.similarity}): "
                f"{pair['a']} | {pair['b']}\n"
            )
    sys.stdout.write(report(table, by_phenomenon) + "\n")


def report(table: Counter[tuple[str, str]], by_phenomenon: dict[str, list[bool]]) -> str:
    lines = ["gold \\ found   " + "  ".join(f"{name:>12}" for name in LABELS)]
    lines.extend(f"{gold:>12}   " + "  ".join(f"{table[gold, name]:>12}" for name in LABELS) for gold in LABELS)
    scores = []
    for name in LABELS:
        right = table[name, name]
        found, gold = sum(table[one, name] for one in LABELS), sum(table[name, one] for one in LABELS)
        precision, recall = right / found if found else 0.0, right / gold if gold else 0.0
        scores.append(2 * precision * recall / (precision + recall) if right else 0.0)
        lines.append(f"{name:>12}   precision {precision:.3f}  recall {recall:.3f}  F {scores[-1]:.3f}")
    lines.append(f"macro-F1 {sum(scores) / len(scores):.3f}")
    lines.append(", ".join(f"{name} {sum(right)}/{len(right)}" for name, right in sorted(by_phenomenon.items())))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
