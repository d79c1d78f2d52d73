from __future__ import annotations

from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class SourceMergeQuerySet(models.QuerySet["SourceMerge"]):
    def in_force(self) -> Self:
        return self.filter(undone_at__isnull=True)


@pghistory.track()
class SourceMerge(models.Model):
    """That two sources were found to be one. Undoing it restores both to the byte: nothing of theirs was changed."""

    absorbed = models.ForeignKey("sources.Source", on_delete=models.PROTECT, related_name="merges")
    into = models.ForeignKey("sources.Source", on_delete=models.PROTECT, related_name="merges_received")
    followers = ArrayField(
        models.BigIntegerField(),
        default=list,
        help_text="Sources merged into the absorbed one before, which came along.",
    )
    reason = models.TextField(help_text="Why they are one.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    undone_reason = models.TextField(blank=True)

    objects = SourceMergeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="merge_of_two", condition=~Q(absorbed=F("into"))),
            models.CheckConstraint(
                name="merge_has_reason",
                condition=Q(reason__regex=r"\S"),
                violation_error_message="Say why the two are one source.",
            ),
            models.UniqueConstraint(
                name="merge_one_in_force", fields=["absorbed"], condition=Q(undone_at__isnull=True)
            ),
            models.CheckConstraint(
                name="merge_undoing_complete",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"source {self.absorbed_id} into {self.into_id}"
