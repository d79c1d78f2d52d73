from __future__ import annotations

import csv
import json
from dataclasses import asdict
from pathlib import Path
from statistics import fmean
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from accounts.services import importer
from claims.errors import BadRegister
from claims.register_quality import Hits, Quality, measure
from claims.registers import read_register


class Command(BaseCommand):
    help = (
        "How well sources are told apart on registers whose truth is known (truth.csv: question, true_value; "
        "sources_truth.csv: source, true_accuracy). Each is loaded, predicted and taken back: nothing is kept. Only "
        "questions without a verdict count."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
        parser.add_argument("--json", action="store_true", help="Print JSON instead of a table.")
        parser.add_argument(
            "--without-provenance",
            action="store_true",
            help="Do not load the repeats that provenance.csv declares; look for common origins by the verdicts alone, "
            "and measure them against those declared.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        with_provenance = not options["without_provenance"]
        try:
            measured = {str(folder): _measure(folder, with_provenance) for folder in options["folders"]}
        except BadRegister as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps({name: _as_json(row) for name, row in measured.items()}, indent=1))
            return
        table = Table("Register", "Questions", "Accuracy", "Sources", "Mean error of reliability", box=None)
        for name, row in measured.items():
            table.add_row(name, str(row.questions), f"{row.accuracy:.4f}", str(row.sources), f"{row.mean_error:.4f}")
        table.add_row("mean", "", f"{fmean(row.accuracy for row in measured.values()):.4f}", "", "")
        Console(file=self.stdout).print(table)  # type: ignore[arg-type]  # it has all that rich needs
        if not with_provenance:
            Console(file=self.stdout).print(_table_of_origins(measured))  # type: ignore[arg-type]  # as above


def _table_of_origins(measured: dict[str, Quality]) -> Table:
    table = Table("Common origins", "counted by", "Right", "Wrong", "Missed", "Precision", "Recall", box=None)
    for name, row in measured.items():
        for reading, hits in _readings(row).items():
            figures = (str(hits.right), str(hits.wrong), str(hits.missed))
            table.add_row(name, reading, *figures, f"{hits.precision:.4f}", f"{hits.recall:.4f}")
    return table


def _readings(row: Quality) -> dict[str, Hits]:
    found = row.common_origins
    return {"pairs": found.pairs, "direct pairs": found.direct, "sources": found.sources} if found else {}


def _as_json(row: Quality) -> dict[str, Any]:
    figures = asdict(row)
    figures.pop("common_origins")
    if row.common_origins:
        figures["common_origins"] = {
            reading: {**asdict(hits), "precision": hits.precision, "recall": hits.recall}
            for reading, hits in _readings(row).items()
        }
    return figures


def _measure(folder: Path, with_provenance: bool) -> Quality:
    return measure(
        read_register(folder),
        truth=_column(folder / "truth.csv", "question", "true_value"),
        true_accuracies=_column(folder / "sources_truth.csv", "source", "true_accuracy"),
        by=importer(),
        with_provenance=with_provenance,
    )


def _column(path: Path, key: str, value: str) -> dict[str, str]:
    if not path.is_file():
        raise CommandError(f"There is no {path.name} in {path.parent}; it needs the columns {key}, {value}.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row[key]: row[value] for row in csv.DictReader(file)}
