from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from claims.models.judgement import CredibilityAssessment
from documents.models import Collection
from sources.models import Source

if TYPE_CHECKING:
    from accounts.models import User


class DiscreditingQuerySet(models.QuerySet["Discrediting"]):
    def visible_to(self, user: User) -> Self:
        """Those of a source, claim or document that the user may see."""
        visible = Collection.objects.ids_visible_to(user)
        return self.filter(
            Q(claim__collection__in=visible)
            | Q(document__collection__in=visible)
            | Q(source__in=Source.objects.visible_to(user))
        )

    def in_force(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


@pghistory.track()
class Discrediting(models.Model):
    """That nothing a source, a claim or a document says counts any more. While in force, what rests on it is weighed
    without it; no grade and no verdict is changed by it."""

    source = models.ForeignKey(
        "sources.Source", on_delete=models.PROTECT, related_name="discreditings", null=True, blank=True
    )
    claim = models.ForeignKey(
        "claims.Claim", on_delete=models.PROTECT, related_name="discreditings", null=True, blank=True
    )
    document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, related_name="discreditings", null=True, blank=True
    )
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    withdrawal_reason = models.TextField(blank=True)

    objects = DiscreditingQuerySet.as_manager()

    class Meta:
        permissions = [("discredit", "Can discredit a source, a claim or a document")]
        constraints = [
            models.CheckConstraint(
                name="discrediting_of_one",
                condition=Q(source__isnull=False, claim__isnull=True, document__isnull=True)
                | Q(source__isnull=True, claim__isnull=False, document__isnull=True)
                | Q(source__isnull=True, claim__isnull=True, document__isnull=False),
                violation_error_message="Name one source, claim or document.",
            ),
            models.UniqueConstraint(
                name="discrediting_once",
                fields=["source", "claim", "document"],
                condition=Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="discrediting_has_reason",
                condition=Q(reason__regex=r"\S"),
                violation_error_message="Say why it is not to be believed.",
            ),
            models.CheckConstraint(
                name="discrediting_withdrawal_complete",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, withdrawal_reason__gt=""),
                violation_error_message="A withdrawal needs who, when and why.",
            ),
        ]

    def __str__(self) -> str:
        return f"source {self.source_id}, claim {self.claim_id}, document {self.document_id}"


class GradeFlagQuerySet(models.QuerySet["GradeFlag"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(assessment__claim__collection__in=Collection.objects.ids_visible_to(user))

    def open(self) -> Self:
        """Those that nobody has cleared, on a grade that is still the newest of its claim."""
        newer = CredibilityAssessment.objects.filter(claim=OuterRef("assessment__claim")).filter(
            Q(at__gt=OuterRef("assessment__at")) | Q(at=OuterRef("assessment__at"), pk__gt=OuterRef("assessment"))
        )
        return self.filter(cleared_at__isnull=True).exclude(Exists(newer))


@pghistory.track()
class GradeFlag(models.Model):
    """A credibility grade that somebody should look at again, since what it rested on has moved."""

    assessment = models.ForeignKey(CredibilityAssessment, on_delete=models.PROTECT, related_name="flags")
    reason = models.TextField(help_text="What has moved.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Whose act moved it."
    )
    at = models.DateTimeField(default=timezone.now)
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    cleared_reason = models.TextField(blank=True)

    objects = GradeFlagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="grade_flag_once", fields=["assessment"], condition=Q(cleared_at__isnull=True)
            ),
            models.CheckConstraint(name="grade_flag_has_reason", condition=Q(reason__regex=r"\S")),
            models.CheckConstraint(
                name="grade_flag_clearing_complete",
                condition=Q(cleared_at__isnull=True, cleared_by__isnull=True)
                | Q(cleared_at__isnull=False, cleared_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"grade {self.assessment_id}: {self.reason[:60]}"
