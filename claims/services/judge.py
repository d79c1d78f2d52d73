"""Grades and verdicts: rows with author, date and reason, added and never overwritten."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from claims.errors import (
    ClaimContradicted,
    IndependentOriginMissing,
    PropositionAlreadySettled,
    QuestionAlreadyAnswered,
    ReasonMissing,
    VerdictAlreadyWithdrawn,
    VerdictOfTheFuture,
)
from claims.models import Claim, CredibilityAssessment, Proposition, Verdict
from claims.services.flags import flag_at_odds
from claims.services.locks import lock_propositions
from claims.services.records import refresh


def assess_credibility(
    claim: Claim, *, grade: str, basis: str, by: User, likelihood: int | None = None, confidence: str = ""
) -> CredibilityAssessment:
    """Record how credible `by` judges a claim: grade 1-6, likelihood in percent (1-99), analytic confidence.

    Raises ReasonMissing without a basis; IndependentOriginMissing and ClaimContradicted for a grade 1 that nothing
    confirmed as independent supports, or that something contradicts. The database decides that.
    """
    if not basis.strip():
        raise ReasonMissing("a credibility grade")
    try:
        with transaction.atomic():
            return CredibilityAssessment.objects.create(
                claim=claim, grade=grade, basis=basis.strip(), by=by, likelihood=likelihood, confidence=confidence
            )
    except IntegrityError as error:
        if "credibility_one_needs_independent_origin" in str(error):
            raise IndependentOriginMissing(claim.pk) from error
        if "credibility_one_not_contradicted" in str(error):
            raise ClaimContradicted(claim.pk) from error
        raise


@transaction.atomic
def settle(proposition: Proposition, *, outcome: str, decided_on: date, evidence: str, by: User) -> Verdict:
    """Record how a proposition turned out. The records of all who claimed or denied it are computed anew,
    and grades that it is at odds with are flagged for review.

    Raises ReasonMissing without evidence, VerdictOfTheFuture for a day to come, PropositionAlreadySettled when a
    verdict is in force, QuestionAlreadyAnswered when another answer to the same question is true.
    """
    if not evidence.strip():
        raise ReasonMissing("a verdict")
    if decided_on > timezone.localdate():
        raise VerdictOfTheFuture(decided_on)
    lock_propositions([proposition.pk])
    try:
        with transaction.atomic():
            verdict = Verdict.objects.create(
                proposition=proposition, outcome=outcome, decided_on=decided_on, evidence=evidence.strip(), by=by
            )
    except IntegrityError as error:
        if "verdict_one_in_force" in str(error):
            raise PropositionAlreadySettled(proposition.pk) from error
        if "has a true answer already" in str(error):
            raise QuestionAlreadyAnswered(proposition.pk) from error
        raise
    flag_at_odds(proposition.pk, outcome=outcome, by=by)
    refresh(_speakers(proposition.pk))
    return verdict


@transaction.atomic
def withdraw_verdict(verdict: Verdict, *, by: User, reason: str) -> Verdict:
    """Take a verdict out of force; the row stays, and the records are what they were without it.

    Raises ReasonMissing, VerdictAlreadyWithdrawn.
    """
    if not reason.strip():
        raise ReasonMissing("withdrawing a verdict")
    lock_propositions([verdict.proposition_id])
    won = (
        Verdict.objects.in_force()
        .filter(pk=verdict.pk)
        .update(withdrawn_at=timezone.now(), withdrawn_by=by, withdrawal_reason=reason.strip())
    )
    verdict.refresh_from_db()
    if not won:
        raise VerdictAlreadyWithdrawn(verdict.pk)
    refresh(_speakers(verdict.proposition_id))
    return verdict


def _speakers(proposition: int) -> list[int]:
    """The sources of all accepted claims on the proposition."""
    claims = Claim.objects.accepted().filter(proposition=proposition, source__isnull=False)
    return [source for source in claims.order_by().values_list("source_id", flat=True).distinct() if source]
