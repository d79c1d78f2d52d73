from __future__ import annotations

from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class LinkKind(models.TextChoices):
    RELAYS = "relays", "Relays"
    RETRACTS = "retracts", "Retracts"


class LinkState(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    CONFIRMED = "confirmed", "Confirmed"
    DISMISSED = "dismissed", "Dismissed"


class ClaimLinkQuerySet(models.QuerySet["ClaimLink"]):
    def confirmed(self) -> Self:
        return self.filter(state=LinkState.CONFIRMED)

    def relays(self) -> Self:
        """Those by which a claim repeats what another said, and is no report of its own."""
        return self.filter(kind=LinkKind.RELAYS)


@pghistory.track()
class ClaimLink(models.Model):
    """Where a claim was had from: another claim, or a source whose own claim nobody has seen. Counts once confirmed."""

    claim = models.ForeignKey("claims.Claim", on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=10, choices=LinkKind)
    origin = models.ForeignKey(
        "claims.Claim", on_delete=models.CASCADE, related_name="repeated_by", null=True, blank=True
    )
    origin_source = models.ForeignKey(
        "sources.Source", on_delete=models.PROTECT, related_name="relayed_by", null=True, blank=True
    )
    state = models.CharField(max_length=10, choices=LinkState, default=LinkState.PROPOSED)
    rule = models.CharField(max_length=50, help_text="What proposed it: 'declared', 'text reuse', 'analyst' ...")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = ClaimLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="claim_link_kind_known", condition=Q(kind__in=LinkKind.values)),
            models.CheckConstraint(name="claim_link_state_known", condition=Q(state__in=LinkState.values)),
            models.CheckConstraint(
                name="claim_link_one_origin",
                condition=Q(origin__isnull=False, origin_source__isnull=True)
                | Q(origin__isnull=True, origin_source__isnull=False),
                violation_error_message="Name the claim it was had from, or else the source.",
            ),
            models.CheckConstraint(
                name="claim_link_not_to_itself", condition=Q(origin__isnull=True) | ~Q(origin=F("claim"))
            ),
            models.CheckConstraint(
                name="claim_link_decided_by_somebody", condition=Q(state=LinkState.PROPOSED) | Q(by__isnull=False)
            ),
            models.UniqueConstraint(
                name="claim_link_once",
                fields=["claim", "kind", "origin", "origin_source"],
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.claim_id} {self.kind} {self.origin_id or self.origin_source_id}"
