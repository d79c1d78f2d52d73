from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.tags import tag_of
from claims.models import Claim, LinkState
from documents.models import Collection, Document
from grading.scales import Credibility, Reliability
from sources.models import Source

if TYPE_CHECKING:
    from accounts.models import User


class PrintedGradingQuerySet(models.QuerySet["PrintedGrading"]):
    def visible_to(self, user: User) -> Self:
        """Those printed in a document of the user's collections, on claims that are not kept from them."""
        own = self.filter(document__collection__in=Collection.objects.ids_visible_to(user))
        return own.filter(claim__in=Claim.objects.visible_to(user))

    def proposed(self) -> Self:
        return self.filter(state=LinkState.PROPOSED)

    def for_list(self) -> Self:
        """With what a row shows, the oldest gradings first."""
        return (
            self.select_related("claim", "source", "document", "by")
            .defer("claim__search", "source__search")
            .order_by(F("said_on").asc(nulls_last=True), "id")
        )


class PrintedGrading(models.Model):
    """A grade that a document prints, of a source or of a claim, with its day: proposed to analysts, never a grade."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="printed_gradings")
    source = models.ForeignKey(
        Source,
        on_delete=models.CASCADE,
        related_name="printed_gradings",
        null=True,
        blank=True,
        help_text="Whose reliability it is; empty: the credibility of the claim.",
    )
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+", help_text="That prints it.")
    grade = models.CharField(max_length=1, help_text="A-F of a source, 1-6 of a claim.")
    words = models.TextField(help_text="How it is printed, verbatim.")
    said_on = models.DateField(null=True, blank=True, help_text="Day of the report that the grading belongs to.")
    state = models.CharField(max_length=10, choices=LinkState, default=LinkState.PROPOSED)
    reason = models.TextField(blank=True, help_text="Why it was dismissed.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PrintedGradingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="printed_grading_on_its_scale",
                condition=Q(source__isnull=False, grade__in=[str(grade) for grade in Reliability])
                | Q(source__isnull=True, grade__in=[str(grade) for grade in Credibility]),
            ),
            models.CheckConstraint(name="printed_grading_state_known", condition=Q(state__in=LinkState.values)),
            models.CheckConstraint(
                name="printed_grading_decided_by_somebody",
                condition=Q(state=LinkState.PROPOSED) | Q(by__isnull=False, decided_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="printed_grading_once",
                fields=["claim", "source"],
                condition=Q(source__isnull=True),
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                name="printed_grading_of_source_once",
                fields=["source", "document", "grade", "said_on"],
                condition=Q(source__isnull=False),
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(name="printed_grading_waiting", fields=["said_on"], condition=Q(state="proposed"))]

    def __str__(self) -> str:
        return f"{self.grade} printed in document {self.document_id}"

    @property
    def edit_tag(self) -> str:
        return tag_of(self.state, self.by_id, self.reason)
