from __future__ import annotations

import csv
import json
from datetime import timedelta
from pathlib import Path
from statistics import fmean
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from accounts.services import importer
from claims.errors import BadRegister
from claims.models import Claim
from claims.predictions import predictions
from claims.registers import read_register
from claims.services.records import recompute
from claims.services.registers import import_register
from claims.weighing import accuracies
from documents.services import open_collection


class Command(BaseCommand):
    help = (
        "How well sources are told apart on registers whose truth is known (truth.csv: question, true_value; "
        "sources_truth.csv: source, true_accuracy). Each is loaded, predicted and taken back: nothing is kept. Only "
        "questions without a verdict count."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
        parser.add_argument("--json", action="store_true", help="Print JSON instead of a table.")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            measured = {str(folder): measure(folder) for folder in options["folders"]}
        except BadRegister as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(measured, indent=1))
            return
        table = Table("Register", "Questions", "Accuracy", "Sources", "Mean error of reliability", box=None)
        for name, row in measured.items():
            table.add_row(
                name, str(row["questions"]), f"{row['accuracy']:.4f}", str(row["sources"]), f"{row['mean_error']:.4f}"
            )
        table.add_row("mean", "", f"{fmean(row['accuracy'] for row in measured.values()):.4f}", "", "")
        Console().print(table)


def measure(folder: Path) -> dict[str, float]:
    """Accuracy of the predicted answers, and mean absolute error of the sources' records. Leaves nothing behind."""
    truth = _column(folder / "truth.csv", "question", "true_value")
    true_accuracies = _column(folder / "sources_truth.csv", "source", "true_accuracy")
    register = read_register(folder)
    today = timezone.localdate()
    with transaction.atomic():
        collection, _ = open_collection(f"evaluation of {folder.resolve()}")
        import_register(
            register,
            collection=collection,
            by=importer(),
            day_zero=today - timedelta(register.last_day),
            decided_on=today,
        )
        recompute()  # a register is large enough to learn from what to expect of its sources
        claims = Claim.objects.filter(collection=collection)
        open_questions = [each for each in predictions(claims) if not each.settled and each.question in truth]
        names = dict(claims.order_by().values_list("source_id", "source__descriptor").distinct())
        means = accuracies(names)
        transaction.set_rollback(True)
    errors = [
        abs(mean - float(true_accuracies[names[pk]])) for pk, mean in means.items() if names[pk] in true_accuracies
    ]
    return {
        "questions": len(open_questions),
        "accuracy": fmean(each.value == truth[each.question] for each in open_questions),
        "sources": len(errors),
        "mean_error": fmean(errors),
    }


def _column(path: Path, key: str, value: str) -> dict[str, str]:
    if not path.is_file():
        raise CommandError(f"There is no {path.name} in {path.parent}; it needs the columns {key}, {value}.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row[key]: row[value] for row in csv.DictReader(file)}
