"""`manage.py recalibrate`: the engine's score fitted to what the analysts accepted and rejected."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from claims.models import ScoreCalibration
from claims.services.calibrate import Standing, decisions, fitted, recalibrate, standing
from extraction.pipeline import engine_version
from grading.calibration import TooFewDecisions
from grading.scores import CalibrationReport


class Command(BaseCommand):
    help = (
        "Fit the engine's score to the decisions of this installation's analysts, so that of the candidates with 0.9 "
        "nine in ten are accepted here, too. Takes 200 decisions on what the engine in use has found (Platt); from "
        "1,000 on steps, where they foretell held-out decisions better. New extractions use it; stored scores stay. "
        "The scheduler (celery beat) does the same every week."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Fit and show it, but keep nothing.")
        parser.add_argument(
            "--report", action="store_true", help="Only show how the score in use did on decisions made after its fit."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        engine, version = engine_version()
        if options["report"]:
            self._print_standing(standing(engine=engine, engine_version=version))
            return
        try:
            if options["dry_run"]:
                found = decisions(engine=engine, engine_version=version)
                calibration = fitted(found, engine=engine, engine_version=version)
            else:
                calibration = recalibrate(engine=engine, engine_version=version)
        except TooFewDecisions as error:
            raise CommandError(
                f"Nothing was changed: {error.decisions} decisions on claims that {engine} {version} found, and a "
                "calibration needs 200. Until then scores stay as the engine gives them."
            ) from error
        self._print_fit(calibration, kept=not options["dry_run"])

    def _print_fit(self, calibration: ScoreCalibration, *, kept: bool) -> None:
        self.stdout.write(f"{calibration.get_method_display()}, fitted to {calibration.decisions} decisions.")
        table = Table("Engine's score", "Here", box=None)
        for tenth in range(1, 10):
            table.add_row(f"{tenth / 10:.1f}", f"{calibration.probability(tenth / 10):.2f}")
        Console().print(table)
        self.stdout.write(
            "In use for what is extracted from now on; stored scores stay." if kept else "Dry run: nothing was kept."
        )

    def _print_standing(self, found: Standing) -> None:
        used = f"{found.calibration}" if found.calibration else "the engine's own"
        since = "decisions made after its fit" if found.calibration else "all decisions"
        self.stdout.write(f"Calibration in use: {used}. Measured on {since}.")
        self._print_report("Picked at random (unbiased)", found.at_random)
        self._print_report("All (most were picked because they were doubtful)", found.every)

    def _print_report(self, title: str, report: CalibrationReport | None) -> None:
        if report is None:
            self.stdout.write(f"{title}: no decision yet.")
            return
        table = Table("Score", "Decisions", "Mean score", "Accepted", box=None)
        for each in report.bins:
            row = f"{each.low:.1f}-{each.high:.1f}", str(each.count), f"{each.mean:.2f}", f"{each.rate:.0%}"
            table.add_row(*row)
        self.stdout.write(
            f"{title}: {report.count} decisions, ECE {report.calibration_error:.3f}, Brier {report.brier:.3f}, "
            f"log loss {report.log_loss:.3f}."
        )
        Console().print(table)
