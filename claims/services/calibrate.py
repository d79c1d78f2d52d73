"""The engine's score against what analysts decided: fitted anew, put to use, and reported on."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from claims.models import CalibrationMethod, Decision, Review, ScoreCalibration
from claims.models.review import Picked
from grading.calibration import Scale, fit_calibration, log_odds
from grading.scores import CalibrationReport, calibration_report


@dataclass(frozen=True, slots=True)
class Decided:
    """An accepted or rejected claim, edited or not, with the engine's own score."""

    review: int
    score: float
    shown: float
    """The score as the analyst saw it."""
    accepted: bool
    at_random: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How the score did. None where there is no decision of that sort."""

    calibration: ScoreCalibration | None
    """The one in use; None: that of the engine."""
    every: CalibrationReport | None
    at_random: CalibrationReport | None
    """Of items picked at random, the only unbiased one: the others were picked because they were doubtful."""


def decisions(*, engine: str, engine_version: str, after: int = 0) -> list[Decided]:
    """The decisions that stand on claims this engine version found, oldest first; of two on one claim the newer.

    after: only those whose review has a higher id. What was decided in bulk, most often by the score itself, is left
    out: the score would prove itself.
    """
    rows = (
        Review.objects.deciding()
        .filter(pk__gt=after, batch=None, claim__run__engine=engine, claim__run__engine_version=engine_version)
        .exclude(claim__score=None)
        .order_by("pk")
        .values_list(
            "claim_id",
            "pk",
            Coalesce(F("claim__engine_score__score"), F("claim__score")),
            "claim__score",
            "decision",
            "picked",
        )
    )
    newest = {
        claim: Decided(pk, score, shown, decision == Decision.ACCEPT, picked == Picked.RANDOM)
        for claim, pk, score, shown, decision, picked in rows
    }
    return sorted(newest.values(), key=lambda one: one.review)


def fitted(found: list[Decided], *, engine: str, engine_version: str) -> ScoreCalibration:
    """A calibration of these decisions, not stored yet. Raises grading.calibration.TooFewDecisions below 200."""
    curve = fit_calibration([log_odds(one.score) for one in found], [one.accepted for one in found])
    parameters: dict[str, object]
    if isinstance(curve, Scale):
        method, parameters = CalibrationMethod.PLATT, {"slope": curve.slope, "intercept": curve.intercept}
    else:
        method = CalibrationMethod.ISOTONIC
        parameters = {"scores": list(curve.scores), "probabilities": list(curve.probabilities)}
    return ScoreCalibration(
        engine=engine,
        engine_version=engine_version,
        method=method,
        parameters=parameters,
        decisions=len(found),
        newest_review=found[-1].review,
    )


@transaction.atomic
def recalibrate(*, engine: str, engine_version: str) -> ScoreCalibration:
    """Fit the score to all decisions, and use it for what this engine version finds from now on.

    Claims already stored keep their score: it is what their analysts saw. Without a decision since the last time the
    calibration in use comes back, so that doing it twice stores one. Raises TooFewDecisions, and nothing is written.
    """
    found = decisions(engine=engine, engine_version=engine_version)
    calibration = fitted(found, engine=engine, engine_version=engine_version)
    used = ScoreCalibration.objects.in_use(engine=engine, engine_version=engine_version)
    if used is not None and used.newest_review == calibration.newest_review and used.decisions == len(found):
        return used
    calibration.save()
    return calibration


def standing(*, engine: str, engine_version: str) -> Standing:
    """How the calibration in use did on the decisions made after its fit; the engine's own score on all decisions."""
    used = ScoreCalibration.objects.in_use(engine=engine, engine_version=engine_version)
    found = decisions(engine=engine, engine_version=engine_version, after=used.newest_review if used else 0)
    return Standing(used, _report(found, used), _report([one for one in found if one.at_random], used))


def _report(found: list[Decided], used: ScoreCalibration | None) -> CalibrationReport | None:
    if not found:
        return None
    scores = [used.probability(one.score) if used else one.shown for one in found]
    return calibration_report(scores, [one.accepted for one in found])
