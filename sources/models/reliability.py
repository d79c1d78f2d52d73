from __future__ import annotations

from typing import Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from grading.scales import Reliability


class ReliabilityAssessmentQuerySet(models.QuerySet["ReliabilityAssessment"]):
    def newest_first(self) -> Self:
        return self.order_by("-at", "-id")

    def grades(self) -> Self:
        """Those that count as the source's grade; the others are opinions beside it."""
        return self.filter(is_grade=True)


@pghistory.track()
class ReliabilityAssessment(models.Model):
    """How reliable somebody judged a source to be, when and why. Rows are added, never changed.

    The newest one by a reviewer is the source's grade. The machine's suggestion of that day is kept beside it, and
    whoever departs from it says why.
    """

    source = models.ForeignKey("sources.Source", on_delete=models.PROTECT, related_name="reliability_assessments")
    grade = models.CharField(
        max_length=1, choices=[(grade.value, f"{grade.value} {grade.label}") for grade in Reliability]
    )
    topic = models.CharField(max_length=100, blank=True, help_text="Empty: in general.")
    basis = models.TextField(help_text="Why: what the judgement rests on.")
    is_grade = models.BooleanField(
        help_text="By a reviewer: the newest of these is the grade. An analyst's is an opinion beside it."
    )
    suggestion = models.CharField(
        max_length=3, blank=True, help_text='What the verdicts suggested that day: "B", "B-C" or "F".'
    )
    departure = models.TextField(blank=True, help_text="Why the grade departs from the suggestion.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    review_by = models.DateField(null=True, blank=True, help_text="When it should be looked at again.")

    objects = ReliabilityAssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reliability_grade_known", condition=Q(grade__in=[grade.value for grade in Reliability])
            ),
            models.CheckConstraint(
                name="reliability_has_basis",
                condition=Q(basis__regex=r"\S"),
                violation_error_message="Say what the grade rests on.",
            ),
            models.CheckConstraint(
                name="reliability_departure_has_reason",
                condition=(
                    Q(suggestion="")
                    | Q(suggestion__contains="F")
                    | Q(suggestion__contains=F("grade"))
                    | Q(departure__regex=r"\S")
                ),
                violation_error_message="Say why the grade departs from what the verdicts suggest.",
            ),
        ]
        indexes = [models.Index(name="reliability_newest", fields=["source", "-at", "-id"])]
        triggers = [
            pgtrigger.Protect(name="reliability_only_added", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.grade} for source {self.source_id}"
