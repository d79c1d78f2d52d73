from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.tags import tag_of
from claims.models.link import LinkState
from sources.models import Source

if TYPE_CHECKING:
    from accounts.models import User


class IndependentOriginQuerySet(models.QuerySet["IndependentOrigin"]):
    def in_force(self) -> Self:
        """Not withdrawn, and the claim still stands on the proposition it was confirmed for."""
        return self.filter(withdrawn_at__isnull=True, claim__proposition=F("proposition"))


@pghistory.track()
class IndependentOrigin(models.Model):
    """An analyst's word that a claim has its origin apart from all others on the proposition. Grade 1 rests on it."""

    claim = models.ForeignKey("claims.Claim", on_delete=models.PROTECT, related_name="independence")
    proposition = models.ForeignKey("claims.Proposition", on_delete=models.PROTECT, related_name="independent_origins")
    basis = models.TextField(help_text="How the analyst knows.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    withdrawal_reason = models.TextField(blank=True)

    objects = IndependentOriginQuerySet.as_manager()

    class Meta:
        permissions = [("confirm_independence", "Can confirm that a claim's origin is independent")]
        constraints = [
            models.UniqueConstraint(
                name="independent_origin_once",
                fields=["claim", "proposition"],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="independent_origin_has_basis",
                condition=Q(basis__regex=r"\S"),
                violation_error_message="Say how you know that the origin is independent.",
            ),
            models.CheckConstraint(
                name="independent_origin_withdrawal_complete",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, withdrawal_reason__gt=""),
                violation_error_message="A withdrawal needs who, when and why.",
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.claim_id} on proposition {self.proposition_id}"


class OriginNoticeQuerySet(models.QuerySet["OriginNotice"]):
    def accepted(self) -> Self:
        return self.filter(state=LinkState.CONFIRMED)

    def proposed(self) -> Self:
        return self.filter(state=LinkState.PROPOSED)

    def visible_to(self, user: User) -> Self:
        """Those about two sources that the user may both see."""
        visible = Source.objects.visible_to(user)
        return self.filter(one__in=visible, other__in=visible)

    def for_list(self) -> Self:
        return self.select_related("one", "other", "by").defer("one__search", "other__search").order_by("-id")


@pghistory.track()
class OriginNotice(models.Model):
    """Two sources that share so many refuted answers that one may copy the other. Accepted: they are one origin."""

    one = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="origin_notices")
    other = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="origin_notices_as_other")
    posterior = models.FloatField(help_text="How probable it is that one copies the other (GRADING 8), 0 to 1.")
    shared_true = models.PositiveIntegerField(help_text="Settled questions both answered alike and rightly.")
    shared_refuted = models.PositiveIntegerField(help_text="Settled questions both answered alike and wrongly.")
    different = models.PositiveIntegerField(help_text="Settled questions they answered differently.")
    unsettled_same = models.PositiveIntegerField(default=0, help_text="Open questions both answered alike.")
    unsettled_different = models.PositiveIntegerField(default=0, help_text="Open questions they answered differently.")
    computed_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=LinkState, default=LinkState.PROPOSED)
    reason = models.TextField(blank=True, help_text="Why it was accepted or dismissed.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = OriginNoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="origin_notice_once", fields=["one", "other"]),
            models.CheckConstraint(name="origin_notice_in_order", condition=Q(one__lt=F("other"))),
            models.CheckConstraint(name="origin_notice_state_known", condition=Q(state__in=LinkState.values)),
            models.CheckConstraint(
                name="origin_notice_posterior_in_range", condition=Q(posterior__gte=0, posterior__lte=1)
            ),
            models.CheckConstraint(
                name="origin_notice_decided_by_somebody",
                condition=Q(state=LinkState.PROPOSED) | Q(by__isnull=False),
            ),
        ]
        indexes = [models.Index(name="origin_notice_newest", fields=["state", "-id"])]

    def __str__(self) -> str:
        return f"sources {self.one_id} and {self.other_id}"

    @property
    def edit_tag(self) -> str:
        return tag_of(self.state, self.reason)
