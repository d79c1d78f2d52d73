from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import User

LASTS = timedelta(minutes=10)
"""After the last sign of life of whoever holds it; what "released after ten minutes" means in issue 6."""


class LeaseQuerySet(models.QuerySet["Lease"]):
    def in_force(self) -> Self:
        return self.filter(until__gt=timezone.now())

    def of_others(self, user: User) -> Self:
        """Those in force that somebody else holds."""
        return self.in_force().exclude(analyst=user)

    def before_them(self) -> Self:
        """Without those of claims that come next."""
        return self.filter(ahead=False)

    def with_name(self) -> Self:
        """Adds `name`, what the analyst is called on the screen."""
        called = Trim(Concat("analyst__first_name", Value(" "), "analyst__last_name"))
        return self.annotate(name=Coalesce(NullIf(called, Value("")), "analyst__username"))


class Lease(models.Model):
    """Somebody has a claim before them, or has it next. While it is in force the queue hands the claim to nobody else.

    What somebody only has next is anybody's who opens it: then it is before them. The row is written by
    review.services.leases alone; one that ran out may stand until somebody takes the claim.
    """

    claim = models.ForeignKey("claims.Claim", on_delete=models.CASCADE, related_name="leases", db_index=False)
    analyst = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="leases")
    since = models.DateTimeField(help_text="When the claim came before the analyst.")
    ahead = models.BooleanField(default=False, help_text="It comes next; the analyst has another claim before them.")
    until = models.DateTimeField(help_text="Ten minutes after the last sign of life.")

    objects = LeaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="lease_one_per_claim", fields=["claim"], violation_error_message="Somebody has this claim already."
            ),
            models.CheckConstraint(name="lease_ends_after_it_began", condition=Q(until__gt=F("since"))),
        ]

    def __str__(self) -> str:
        return f"claim {self.claim_id} with user {self.analyst_id}"
