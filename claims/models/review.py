from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from claims.models.second_review import SecondReview
from documents.models import Collection

if TYPE_CHECKING:
    from accounts.models import User


class Decision(models.TextChoices):
    ACCEPT = "accept", "Accepted"
    REJECT = "reject", "Rejected"
    EDIT = "edit", "Edited"
    SPLIT = "split", "Split"
    MERGE = "merge", "Merged"
    ADD = "add", "Added"
    UNDO = "undo", "Undid"


class Picked(models.TextChoices):
    """How the item came before the analyst: the random ones alone feed the unbiased calibration report."""

    PRIORITY = "priority", "By priority"
    RANDOM = "random", "At random"
    DIRECT = "direct", "Chosen by the analyst"


class Round(models.TextChoices):
    """Whose turn it was: only the first and the adjudication change the claim."""

    FIRST = "first", "First"
    SECOND = "second", "Second opinion"
    ADJUDICATION = "adjudication", "Adjudication"


class ReviewQuerySet(models.QuerySet["Review"]):
    def standing(self) -> Self:
        """Steps that count: neither undone nor an undo.

        By NOT EXISTS: of a join with what is missing PostgreSQL expects one row, and sorts the whole table for a page.
        """
        undone = Review.objects.filter(undoes=OuterRef("pk"))
        return self.filter(~Exists(undone)).exclude(decision=Decision.UNDO)

    def decisions(self) -> Self:
        """The accepts and rejects that stand, second opinions among them: what analysts did."""
        return self.standing().filter(decision__in=[Decision.ACCEPT, Decision.REJECT])

    def deciding(self) -> Self:
        """The accepts and rejects of claims that stand; that a claim was edited before does not matter.

        A second opinion decides nothing by itself.
        """
        return self.decisions().exclude(round=Round.SECOND)

    def of_the_same_thing(self, step: Review) -> Self:
        """Steps on what `step` changed: the claim, a second opinion, or a third version."""
        if step.round == Round.SECOND:
            return self.filter(round=Round.SECOND)
        return self.exclude(round=Round.SECOND)

    def visible_to(self, user: User) -> Self:
        """`known_to` the user, of claims in their collections."""
        return self.filter(claim__collection__in=Collection.objects.ids_visible_to(user)).known_to(user)

    def known_to(self, user: User) -> Self:
        """Of claims in the user's collections, the steps they may know of.

        Not those on a claim whose first decision is kept from them, nor a second opinion before both are compared and
        agree or somebody has adjudicated; their own always.
        """
        blind = SecondReview.objects.keeping_blind(user).values("claim")
        closed = SecondReview.objects.closed().values("claim")
        of_all = ~Q(claim__in=blind) & (~Q(round=Round.SECOND) | Q(claim__in=closed))
        return self.filter(Q(analyst=user, round=Round.SECOND) | of_all)

    def undoable_by(self, user: User) -> Self:
        """The user's own steps that stand, newest first."""
        return self.standing().filter(analyst=user).order_by("-id")


class Review(models.Model):
    """One step an analyst took on one claim. Rows are only ever added; an undo is a row of its own."""

    claim = models.ForeignKey("claims.Claim", on_delete=models.PROTECT, related_name="reviews")
    analyst = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews")
    decision = models.CharField(max_length=8, choices=Decision)
    reason = models.TextField(blank=True)
    seconds = models.FloatField(null=True, blank=True, help_text="From seeing the item to deciding.")
    picked = models.CharField(max_length=8, choices=Picked, default=Picked.DIRECT)
    round = models.CharField(max_length=12, choices=Round, default=Round.FIRST)
    version = models.PositiveIntegerField(help_text="The claim's version after this step.")
    before = models.JSONField(default=dict, help_text="The claim's reviewable fields before this step.")
    made = models.JSONField(default=dict, help_text="Ids of the rows this step made, which an undo takes away again.")
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, related_name="undone_by", null=True, blank=True)
    batch = models.UUIDField(
        null=True, blank=True, help_text="The same on all rows of one step on several claims; empty for a step on one."
    )
    at = models.DateTimeField(default=timezone.now)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        permissions = [("undo_others_review", "Can undo another analyst's decision")]
        constraints = [
            models.CheckConstraint(name="review_decision_known", condition=Q(decision__in=Decision.values)),
            models.CheckConstraint(name="review_picked_known", condition=Q(picked__in=Picked.values)),
            models.CheckConstraint(name="review_round_known", condition=Q(round__in=Round.values)),
            models.CheckConstraint(
                name="review_rejection_has_reason",
                condition=~Q(decision=Decision.REJECT) | ~Q(reason=""),
                violation_error_message="Say why the claim is rejected.",
            ),
            models.CheckConstraint(
                name="review_undo_names_step",
                condition=Q(decision=Decision.UNDO, undoes__isnull=False)
                | (~Q(decision=Decision.UNDO) & Q(undoes__isnull=True)),
            ),
            models.CheckConstraint(
                name="review_seconds_not_negative", condition=Q(seconds__isnull=True) | Q(seconds__gte=0)
            ),
        ]
        indexes = [
            models.Index(name="review_analyst_newest", fields=["analyst", "-id"]),
            models.Index(  # all that the pace of the last weeks asks of reviews
                name="review_by_time", fields=["at"], include=["id", "claim", "analyst", "decision", "round"]
            ),
            models.Index(name="review_batch", fields=["batch"], condition=Q(batch__isnull=False)),
        ]
        triggers = [
            pgtrigger.Protect(name="review_only_added", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.decision} of claim {self.claim_id}"

    @property
    def beside(self) -> bool:
        """Whether it changed not the claim but a version beside it: a second opinion, or a third version in work."""
        return self.round == Round.SECOND or (self.round == Round.ADJUDICATION and self.decision == Decision.EDIT)

    @property
    def undone_alone(self) -> bool:
        """Whether undoing this row leaves the others of its batch as they are."""
        return self.batch is None or self.decision in (Decision.ACCEPT, Decision.REJECT)
