"""What is said: claims, the sources as each document speaks of them, propositions, grades, verdicts, reviews."""

from claims.models.calibration import CalibrationMethod, EngineScore, ScoreCalibration
from claims.models.claim import (
    ChainLink,
    Claim,
    ClaimState,
    ClaimType,
    DocumentSource,
    ExtractionRun,
    Modality,
    Stance,
)
from claims.models.judgement import AnalyticConfidence, CredibilityAssessment, Outcome, Verdict
from claims.models.link import ClaimLink, LinkKind, LinkState
from claims.models.proposition import Proposition, Question
from claims.models.review import Decision, Review
from claims.models.split import SourceSplit

__all__ = [
    "AnalyticConfidence",
    "CalibrationMethod",
    "ChainLink",
    "Claim",
    "ClaimLink",
    "ClaimState",
    "ClaimType",
    "CredibilityAssessment",
    "Decision",
    "DocumentSource",
    "EngineScore",
    "ExtractionRun",
    "LinkKind",
    "LinkState",
    "Modality",
    "Outcome",
    "Proposition",
    "Question",
    "Review",
    "ScoreCalibration",
    "SourceSplit",
    "Stance",
    "Verdict",
]
