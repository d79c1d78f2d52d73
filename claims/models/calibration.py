from __future__ import annotations

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models.claim import Claim
from grading.calibration import FEWEST_DECISIONS, Calibration, Scale, Steps, log_odds


class CalibrationMethod(models.TextChoices):
    PLATT = "platt", "Platt (slope and intercept)"
    ISOTONIC = "isotonic", "Isotonic (rising steps)"


class ScoreCalibrationQuerySet(models.QuerySet["ScoreCalibration"]):
    def in_use(self, *, engine: str, engine_version: str) -> ScoreCalibration | None:
        """The newest for this version of the engine; another version's scores mean something else."""
        return self.of_engine(engine, engine_version).order_by("-fitted_at", "-id").first()

    def of_engine(self, engine: str, engine_version: str) -> Self:
        return self.filter(engine=engine, engine_version=engine_version)


class ScoreCalibration(models.Model):
    """What the engine's scores are worth in this installation, fitted to what its analysts accepted and rejected.

    Rows are only added; the newest one of an engine version is in use.
    """

    engine = models.CharField(max_length=50)
    engine_version = models.CharField(max_length=100)
    method = models.CharField(max_length=8, choices=CalibrationMethod)
    parameters = models.JSONField(
        help_text="Over the log-odds of the engine's score: slope and intercept, or scores and their probabilities."
    )
    decisions = models.PositiveIntegerField(help_text="How many it was fitted to.")
    newest_review = models.PositiveBigIntegerField(help_text="Id of the newest review it was fitted to.")
    fitted_at = models.DateTimeField(default=timezone.now)

    objects = ScoreCalibrationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="score_calibration_method_known", condition=Q(method__in=CalibrationMethod.values)
            ),
            models.CheckConstraint(
                name="score_calibration_enough_decisions",
                condition=Q(decisions__gte=FEWEST_DECISIONS),
                violation_error_message=f"A calibration needs {FEWEST_DECISIONS} decisions.",
            ),
        ]
        indexes = [models.Index(name="score_calibration_newest", fields=["engine", "engine_version", "-fitted_at"])]
        triggers = [
            pgtrigger.Protect(name="score_calibration_only_added", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} of {self.decisions} decisions, {self.fitted_at:%Y-%m-%d}"

    @property
    def curve(self) -> Calibration:
        if self.method == CalibrationMethod.PLATT:
            return Scale(self.parameters["slope"], self.parameters["intercept"], fitted=True)
        return Steps(tuple(self.parameters["scores"]), tuple(self.parameters["probabilities"]))

    def probability(self, score: float) -> float:
        """The chance that an attribution with this score of the engine (0 to 1) is accepted here."""
        return round(self.curve.probability(log_odds(score)), 3)


class EngineScore(models.Model):
    """What the engine itself said of a claim whose `score` was recalibrated; the next fit starts from it."""

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, primary_key=True, related_name="engine_score")
    score = models.FloatField(help_text="0 to 1.")
    calibration = models.ForeignKey(ScoreCalibration, on_delete=models.PROTECT, related_name="applied_to")

    class Meta:
        constraints = [
            models.CheckConstraint(name="engine_score_between_0_and_1", condition=Q(score__gte=0, score__lte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.score:.3f} of claim {self.claim_id}"
