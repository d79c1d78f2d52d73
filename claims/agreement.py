"""How the people who grade do it, in figures. Nothing here writes."""

from __future__ import annotations

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from claims.models import Claim, CredibilityAssessment
from grading.agreement import DiagonalShare
from grading.agreement import diagonal_share as share_of
from sources.models import ReliabilityAssessment


def diagonal_share(analyst: User | None, *, visible_to: User) -> DiagonalShare:
    """How often an analyst's credibility number repeated the letter of the source; of everybody's when None.

    Each number is paired with the source's general grade at the moment it was given. Of several by one analyst on one
    claim the last counts; only claims that `visible_to` may see do. Two queries.
    """
    later = CredibilityAssessment.objects.filter(claim=OuterRef("claim"), by=OuterRef("by")).newest_first()
    graded_then = ReliabilityAssessment.objects.grades().filter(
        source=Coalesce(OuterRef("claim__source__merged_into"), OuterRef("claim__source")),
        topic="",
        at__lte=OuterRef("at"),
    )
    given = CredibilityAssessment.objects.filter(
        pk=Subquery(later.values("pk")[:1]), claim__in=Claim.objects.visible_to(visible_to).accepted()
    )
    if analyst is not None:
        given = given.filter(by=analyst)
    rows = (
        given.order_by()
        .annotate(letter=Subquery(graded_then.newest_first().values("grade")[:1]), number=F("grade"))
        .filter(letter__isnull=False)
        .values_list("letter", "number")
        .annotate(times=Count("pk"))
    )
    return share_of({(letter, number): times for letter, number, times in rows})
