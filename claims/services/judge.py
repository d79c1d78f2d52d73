"""Grades and verdicts: rows with author, date and reason, added and never overwritten."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from claims.errors import IndependentOriginMissing, PropositionAlreadySettled, ReasonMissing, VerdictAlreadyWithdrawn
from claims.models import Claim, CredibilityAssessment, Proposition, Verdict
from grading.scales import Credibility


def assess_credibility(
    claim: Claim, *, grade: str, basis: str, by: User, likelihood: int | None = None, confidence: str = ""
) -> CredibilityAssessment:
    """Record how credible `by` judges a claim: grade 1-6, likelihood in percent (1-99), analytic confidence.

    Raises ReasonMissing without a basis, IndependentOriginMissing for grade 1.
    """
    if not basis.strip():
        raise ReasonMissing("a credibility grade")
    if grade == Credibility.CONFIRMED:
        raise IndependentOriginMissing(claim.pk)
    return CredibilityAssessment.objects.create(
        claim=claim, grade=grade, basis=basis.strip(), by=by, likelihood=likelihood, confidence=confidence
    )


def settle(proposition: Proposition, *, outcome: str, decided_on: date, evidence: str, by: User) -> Verdict:
    """Record how a proposition turned out.

    Raises ReasonMissing without evidence, PropositionAlreadySettled when a verdict is in force.
    """
    if not evidence.strip():
        raise ReasonMissing("a verdict")
    try:
        with transaction.atomic():
            return Verdict.objects.create(
                proposition=proposition, outcome=outcome, decided_on=decided_on, evidence=evidence.strip(), by=by
            )
    except IntegrityError as error:
        if "verdict_one_in_force" in str(error):
            raise PropositionAlreadySettled(proposition.pk) from error
        raise


@transaction.atomic
def withdraw_verdict(verdict: Verdict, *, by: User, reason: str) -> Verdict:
    """Take a verdict out of force; the row stays. Raises ReasonMissing, VerdictAlreadyWithdrawn."""
    if not reason.strip():
        raise ReasonMissing("withdrawing a verdict")
    won = (
        Verdict.objects.in_force()
        .filter(pk=verdict.pk)
        .update(withdrawn_at=timezone.now(), withdrawn_by=by, withdrawal_reason=reason.strip())
    )
    verdict.refresh_from_db()
    if not won:
        raise VerdictAlreadyWithdrawn(verdict.pk)
    return verdict
