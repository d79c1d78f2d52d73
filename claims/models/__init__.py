"""What is said: claims, the sources as each document speaks of them, propositions, grades, verdicts, reviews."""

from claims.models.calibration import CalibrationMethod, EngineScore, ScoreCalibration
from claims.models.claim import Claim, ClaimState, ClaimType, Modality, Stance
from claims.models.found import ChainLink, DocumentSource, ExtractionRun
from claims.models.impact import Discrediting, GradeFlag
from claims.models.judgement import AnalyticConfidence, CredibilityAssessment, Outcome, Verdict
from claims.models.link import AwaitedComparison, ClaimLink, LinkKind, LinkState, PropositionLink, RelationKind
from claims.models.move import MoveKind, PropositionMove
from claims.models.note import LONGEST_NOTE, Addressee, Note
from claims.models.origin import IndependentOrigin, OriginNotice
from claims.models.proposition import Proposition, Question
from claims.models.review import Decision, Review, Round
from claims.models.second_review import Difference, SecondReview, SecondReviewState
from claims.models.split import SourceSplit

__all__ = [
    "LONGEST_NOTE",
    "Addressee",
    "AnalyticConfidence",
    "AwaitedComparison",
    "CalibrationMethod",
    "ChainLink",
    "Claim",
    "ClaimLink",
    "ClaimState",
    "ClaimType",
    "CredibilityAssessment",
    "Decision",
    "Difference",
    "Discrediting",
    "DocumentSource",
    "EngineScore",
    "ExtractionRun",
    "GradeFlag",
    "IndependentOrigin",
    "LinkKind",
    "LinkState",
    "Modality",
    "MoveKind",
    "Note",
    "OriginNotice",
    "Outcome",
    "Proposition",
    "PropositionLink",
    "PropositionMove",
    "Question",
    "RelationKind",
    "Review",
    "Round",
    "ScoreCalibration",
    "SecondReview",
    "SecondReviewState",
    "SourceSplit",
    "Stance",
    "Verdict",
]
