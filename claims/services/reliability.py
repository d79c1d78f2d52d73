"""How reliable people judge a source to be, beside what its verdicts suggest."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from claims.records import record_of
from claims.services.records import refresh
from sources.models import ReliabilityAssessment, Source
from sources.services import assess_reliability


@transaction.atomic
def grade_source(
    source: Source,
    *,
    grade: str,
    basis: str,
    by: User,
    topic: str = "",
    review_by: date | None = None,
    departure: str = "",
) -> ReliabilityAssessment:
    """Add a judgement A-F, in general or on one topic, and keep beside it what the verdicts suggested that day.

    By a reviewer it is the grade from now on, by others an opinion beside it. One merged into another: that one is
    judged. departure: why the grade lies outside the suggestion; not needed for a suggestion of F, which is none.
    Raises sources' BasisMissing and DepartureUnexplained.
    """
    standing = source.standing
    made = assess_reliability(
        standing,
        grade=grade,
        basis=basis,
        by=by,
        topic=topic,
        review_by=review_by,
        suggestion=str(record_of(standing, topic=topic).suggestion),
        departure=departure,
    )
    refresh([standing.pk])
    return made
