from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Boost(models.Model):
    """What makes a candidate more, or less, useful to decide than its own doubt does: GRADING.md, review order.

    Only candidates with accepted links or a weight other than 1 have a row; for all others an index on the claims
    themselves gives the order. Computed by review.services.boosts every few minutes.
    """

    claim = models.OneToOneField("claims.Claim", on_delete=models.CASCADE, related_name="boost", primary_key=True)
    collection = models.ForeignKey("documents.Collection", on_delete=models.CASCADE, related_name="+", db_index=False)
    links = models.PositiveIntegerField(default=0, help_text="Accepted links that the claims of its source stand in.")
    weight = models.FloatField(default=1.0, help_text="What analysts make of it: 1 as usual, 0 never.")
    priority = models.FloatField(help_text="p(1 - p) x (1 + log2(1 + links)) x weight.")

    class Meta:
        constraints = [
            models.CheckConstraint(name="boost_not_negative", condition=Q(weight__gte=0, priority__gte=0)),
        ]
        indexes = [models.Index(F("collection"), F("priority").desc(), F("claim"), name="boost_first")]

    def __str__(self) -> str:
        return f"claim {self.claim_id}: {self.priority:.3f}"
