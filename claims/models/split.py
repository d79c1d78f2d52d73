from __future__ import annotations

from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class SourceSplitQuerySet(models.QuerySet["SourceSplit"]):
    def in_force(self) -> Self:
        return self.filter(undone_at__isnull=True)


@pghistory.track()
class SourceSplit(models.Model):
    """That some claims given to a source are another's. Holds what it takes to give them back."""

    source = models.ForeignKey("sources.Source", on_delete=models.PROTECT, related_name="splits")
    into = models.ForeignKey(
        "sources.Source",
        on_delete=models.SET_NULL,
        related_name="splits_received",
        null=True,
        help_text="Empty once the split is undone, if it had made this source.",
    )
    made_into = models.BooleanField(help_text="Whether the split made the source the claims went to.")
    claims = models.JSONField(help_text="{claim id: the source it had}")
    document_sources = models.JSONField(default=dict, help_text="{id: the source it had} of those that went along.")
    aliases = models.JSONField(default=dict, help_text="made: ids; taken: the rows that went from the source.")
    reason = models.TextField(help_text="Why they are two.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    undone_reason = models.TextField(blank=True)

    objects = SourceSplitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="split_of_two", condition=Q(into__isnull=True) | ~Q(source=F("into"))),
            models.CheckConstraint(
                name="split_has_reason",
                condition=Q(reason__regex=r"\S"),
                violation_error_message="Say why they are two sources.",
            ),
            models.CheckConstraint(name="split_moves_claims", condition=~Q(claims={})),
            models.CheckConstraint(
                name="split_undoing_complete",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{len(self.claims)} claims of source {self.source_id} to {self.into_id}"
