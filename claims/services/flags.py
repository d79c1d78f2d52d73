"""Grades that somebody should look at again. A flag changes no grade; a newer grade answers it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from claims.errors import FlagAlreadyCleared
from claims.models import Claim, CredibilityAssessment, GradeFlag, Outcome, Stance
from grading.scales import Credibility

BELIEVED = (Credibility.CONFIRMED, Credibility.PROBABLY_TRUE, Credibility.POSSIBLY_TRUE)
DOUBTED = (Credibility.DOUBTFUL, Credibility.IMPROBABLE)


@transaction.atomic
def flag_grades(claims: Iterable[int], *, by: User, reason: str, only: str = "") -> int:
    """Flag the newest grade of each of these claims (ids), or only those that read `only`. Returns how many are new."""
    newest = (
        CredibilityAssessment.objects.filter(claim__in=list(claims))
        .order_by("claim", "-at", "-id")
        .distinct("claim")
        .values_list("pk", "grade")
    )
    standing = [pk for pk, grade in newest if grade == only or not only]
    flagged = set(
        GradeFlag.objects.filter(assessment__in=standing, cleared_at=None).values_list("assessment", flat=True)
    )
    made = GradeFlag.objects.bulk_create(
        [GradeFlag(assessment_id=pk, reason=reason, by=by) for pk in standing if pk not in flagged],
        ignore_conflicts=True,
    )
    return len(made)


def flag_confirmed(propositions: Iterable[int], *, by: User, reason: str) -> int:
    """Flag every grade 1 on these propositions: what it rested on has moved. Returns how many are new."""
    graded = Exists(CredibilityAssessment.objects.filter(claim=OuterRef("pk"), grade=Credibility.CONFIRMED))
    claims = Claim.objects.accepted().filter(graded, proposition__in=list(propositions)).order_by()
    return flag_grades(claims.values_list("pk", flat=True), by=by, reason=reason, only=Credibility.CONFIRMED)


def flag_at_odds(proposition: int, *, outcome: str, by: User) -> int:
    """Flag the grades that a new verdict is at odds with: 1 to 3 of what it refutes, 4 and 5 of what it confirms.

    Returns how many are new.
    """
    if outcome not in (Outcome.TRUE, Outcome.FALSE):
        return 0
    graded = Exists(CredibilityAssessment.objects.filter(claim=OuterRef("pk")))
    claims = Claim.objects.accepted().filter(graded, proposition=proposition).order_by().values_list("pk", "stance")
    stances = dict(claims)
    newest = CredibilityAssessment.objects.filter(claim__in=stances).order_by("claim", "-at", "-id").distinct("claim")
    odd = [
        claim
        for claim, grade in newest.values_list("claim", "grade")
        if grade in (BELIEVED if (stances[claim] == Stance.ASSERTS) != (outcome == Outcome.TRUE) else DOUBTED)
    ]
    return flag_grades(odd, by=by, reason="the verdict on its proposition says otherwise") if odd else 0


@transaction.atomic
def clear_flag(flag: GradeFlag, *, by: User, reason: str = "") -> GradeFlag:
    """Record that the flagged grade was looked at and stands. Raises FlagAlreadyCleared."""
    won = GradeFlag.objects.filter(pk=flag.pk, cleared_at=None).update(
        cleared_at=timezone.now(), cleared_by=by, cleared_reason=reason.strip()
    )
    if not won:
        raise FlagAlreadyCleared(flag.pk)
    return GradeFlag.objects.select_related("assessment", "cleared_by").get(pk=flag.pk)
