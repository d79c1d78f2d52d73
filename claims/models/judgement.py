from __future__ import annotations

from datetime import datetime
from typing import Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models.grade_one import GRADE_ONE_IS_EARNED
from grading.scales import Credibility, likelihood_term


class AnalyticConfidence(models.TextChoices):
    LOW = "low", "Low"
    MODERATE = "moderate", "Moderate"
    HIGH = "high", "High"


class CredibilityAssessmentQuerySet(models.QuerySet["CredibilityAssessment"]):
    def newest_first(self) -> Self:
        return self.order_by("-at", "-id")


@pghistory.track()
class CredibilityAssessment(models.Model):
    """How credible an analyst judged one claim to be. Rows are added, never changed; the newest is the grade."""

    claim = models.ForeignKey("claims.Claim", on_delete=models.PROTECT, related_name="credibility_assessments")
    grade = models.CharField(
        max_length=1, choices=[(grade.value, f"{grade.value} {grade.label}") for grade in Credibility]
    )
    likelihood = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Percent, 1 to 99.")
    confidence = models.CharField(max_length=10, choices=AnalyticConfidence, blank=True)
    basis = models.TextField(help_text="Why: what the judgement rests on.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = CredibilityAssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="credibility_grade_known", condition=Q(grade__in=[grade.value for grade in Credibility])
            ),
            models.CheckConstraint(
                name="credibility_likelihood_in_range",
                condition=Q(likelihood__isnull=True) | Q(likelihood__range=(1, 99)),
                violation_error_message="A likelihood is a percentage from 1 to 99.",
            ),
            models.CheckConstraint(
                name="credibility_confidence_known", condition=Q(confidence__in=["", *AnalyticConfidence.values])
            ),
            models.CheckConstraint(
                name="credibility_has_basis",
                condition=Q(basis__regex=r"\S"),
                violation_error_message="Say what the grade rests on.",
            ),
        ]
        indexes = [models.Index(name="credibility_newest", fields=["claim", "-at", "-id"])]
        triggers = [
            pgtrigger.Protect(name="credibility_only_added", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="credibility_one_is_earned",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__grade="1"),
                declare=[("said", "claims_claim%ROWTYPE"), ("known", "text")],
                func=GRADE_ONE_IS_EARNED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grade} for claim {self.claim_id}"

    @property
    def likelihood_words(self) -> str:
        """The ICD 203 word for the likelihood; empty where none was given."""
        return likelihood_term(self.likelihood) if self.likelihood else ""


class Outcome(models.TextChoices):
    TRUE = "true", "True"
    PARTLY = "partly", "Partly true"
    FALSE = "false", "False"
    UNVERIFIABLE = "unverifiable", "Unverifiable"


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def in_force(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def known_at(self, moment: datetime) -> Self:
        """Those recorded by then and not yet withdrawn."""
        return self.filter(at__lte=moment).filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=moment))


@pghistory.track()
class Verdict(models.Model):
    """How a proposition turned out. At most one is in force; a withdrawn one stays, with who, when and why."""

    proposition = models.ForeignKey("claims.Proposition", on_delete=models.PROTECT, related_name="verdicts")
    outcome = models.CharField(max_length=12, choices=Outcome)
    decided_on = models.DateField(help_text="The day from which the truth is known.")
    evidence = models.TextField(help_text="What shows it: a document, an address, or words.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    withdrawal_reason = models.TextField(blank=True)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="verdict_outcome_known", condition=Q(outcome__in=Outcome.values)),
            models.CheckConstraint(
                name="verdict_has_evidence",
                condition=Q(evidence__regex=r"\S"),
                violation_error_message="Say what shows it.",
            ),
            models.UniqueConstraint(
                name="verdict_one_in_force", fields=["proposition"], condition=Q(withdrawn_at__isnull=True)
            ),
            models.CheckConstraint(
                name="verdict_withdrawal_complete",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, withdrawal_reason__gt=""),
                violation_error_message="A withdrawal needs who, when and why.",
            ),
        ]
        indexes = [models.Index(name="verdict_by_day", fields=["decided_on", "id"])]
        triggers = [
            pgtrigger.Trigger(
                name="verdict_one_true_answer",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("outcome", "withdrawn_at", "proposition_id"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Q(new__outcome="true", new__withdrawn_at__isnull=True),
                declare=[("asked", "bigint")],
                # The question is locked, so that of two answers settled at once the later sees the earlier.
                func=(
                    "SELECT question.id INTO asked FROM claims_question question JOIN claims_proposition answer "
                    "ON answer.question_id = question.id WHERE answer.id = NEW.proposition_id "
                    "FOR NO KEY UPDATE OF question; "
                    "IF asked IS NOT NULL AND EXISTS (SELECT FROM claims_verdict other JOIN claims_proposition answer "
                    "ON answer.id = other.proposition_id WHERE answer.question_id = asked AND other.outcome = 'true' "
                    "AND other.withdrawn_at IS NULL AND other.proposition_id <> NEW.proposition_id) THEN "
                    "RAISE EXCEPTION 'question % has a true answer already', asked "
                    "USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'verdict_one_true_answer'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} for proposition {self.proposition_id}"
