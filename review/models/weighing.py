from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from documents.models import Collection

if TYPE_CHECKING:
    from accounts.models import User

USUAL = 1.0
MOST = 16.0
"""Enough to bring a claim of score 0.95 before every other that has no more than eight accepted links."""
LONGEST_REASON = 500
"""Characters."""


class WeighingQuerySet(models.QuerySet["Weighing"]):
    def visible_to(self, user: User) -> Self:
        """Also of claims that are judged blind: how soon something is decided tells nothing of how it was."""
        return self.filter(claim__collection__in=Collection.objects.ids_visible_to(user))

    def standing(self) -> Self:
        """The newest of each claim."""
        later = Weighing.objects.filter(claim=OuterRef("claim"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later))


class Weighing(models.Model):
    """How much an analyst wants a claim decided sooner, or later: the analyst weight of GRADING.md, review order.

    The newest of a claim counts; none is overwritten.
    """

    claim = models.ForeignKey("claims.Claim", on_delete=models.PROTECT, related_name="weighings", db_index=False)
    weight = models.FloatField(help_text="Times its usefulness: 1 as usual, 0 never by its usefulness.")
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="weighings")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WeighingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="weighing_within_reason",
                condition=Q(weight__gte=0, weight__lte=MOST),
                violation_error_message="A weight lies from 0 to 16.",
            )
        ]
        indexes = [models.Index(name="weighing_of_claim", fields=["claim", "-id"])]

    def __str__(self) -> str:
        return f"claim {self.claim_id}: {self.weight:g}"
