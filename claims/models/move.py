from __future__ import annotations

from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class MoveKind(models.TextChoices):
    JOIN = "join", "Joined"
    SPLIT = "split", "Split off"
    MERGE = "merge", "Merged"


class PropositionMoveQuerySet(models.QuerySet["PropositionMove"]):
    def in_force(self) -> Self:
        return self.filter(undone_at__isnull=True)

    def touching(self, proposition_id: int) -> Self:
        return self.filter(Q(proposition=proposition_id) | Q(into=proposition_id)).order_by("-id")


@pghistory.track()
class PropositionMove(models.Model):
    """Claims that went from one proposition to another. Holds what it takes to put them back."""

    kind = models.CharField(max_length=5, choices=MoveKind)
    proposition = models.ForeignKey("claims.Proposition", on_delete=models.PROTECT, related_name="moves")
    into = models.ForeignKey("claims.Proposition", on_delete=models.PROTECT, related_name="moves_received")
    claims = models.JSONField(help_text="{claim id: [stance it had, stance it got]}")
    links = models.JSONField(
        default=dict, help_text="{link id: its two propositions before} of those that came along; of a merge only."
    )
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    undone_reason = models.TextField(blank=True)

    objects = PropositionMoveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="proposition_move_kind_known", condition=Q(kind__in=MoveKind.values)),
            models.CheckConstraint(name="proposition_move_of_two", condition=~Q(proposition=F("into"))),
            models.CheckConstraint(name="proposition_move_moves_claims", condition=~Q(claims={})),
            models.CheckConstraint(
                name="proposition_move_has_reason",
                condition=Q(kind="join") | Q(reason__regex=r"\S"),
                violation_error_message="Say why.",
            ),
            models.CheckConstraint(
                name="proposition_move_undoing_complete",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {len(self.claims)} claims of {self.proposition_id} to {self.into_id}"
