"""Jobs: what takes longer than a request. The row is the queue, the message only the bell (ADR 0002)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Self
from zlib import decompress

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import ApiKey
from documents.models import Collection

if TYPE_CHECKING:
    from accounts.models import User


class JobState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


ENDED = [JobState.DONE, JobState.FAILED, JobState.CANCELLED]


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: User) -> Self:
        """A job belongs to who started it. A key that is limited to some collections sees its own jobs alone."""
        if not user.is_active:
            return self.none()
        own = self.filter(by=user)
        return own.filter(limited_by=user.limited_by) if user.limited_by else own

    def unfinished(self) -> Self:
        return self.exclude(state__in=ENDED)

    def due(self) -> Self:
        """Rows whose bell must be rung again: the message was lost, or the worker died with its lease."""
        now = timezone.now()
        return self.filter(
            Q(state=JobState.QUEUED, next_attempt_at__lte=now) | Q(state=JobState.RUNNING, lease_until__lte=now)
        )

    def with_expired_results(self) -> Self:
        return self.filter(result_until__lte=timezone.now())


class Job(models.Model):
    """An export, an import, a recompute: who wants it, how far it is, and what came of it.

    It runs with what its maker may see and do at the time it runs, not at the time it was asked for.
    """

    kind = models.CharField(max_length=40, help_text="Name in settings.JOB_KINDS.")
    parameters = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="jobs")
    limited_by = models.ForeignKey(
        ApiKey,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="jobs",
        help_text="The key that asked for it, where that is limited to some collections.",
    )
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    done = models.PositiveBigIntegerField(default=0, help_text="How many of `total` are through.")
    total = models.PositiveBigIntegerField(null=True, blank=True, help_text="Null while nobody knows.")
    words = models.CharField(max_length=200, blank=True, help_text="What it is doing, or what it did.")
    cancel_requested = models.BooleanField(default=False)
    error_code = models.CharField(max_length=50, blank=True)
    error = models.TextField(blank=True, help_text="What went wrong and what to do about it.")

    holder = models.UUIDField(null=True, blank=True, help_text="Which run holds the lease.")
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0, help_text="Runs begun, the present one counted in.")
    next_attempt_at = models.DateTimeField(default=timezone.now)

    result_run = models.UUIDField(null=True, blank=True, help_text="The run whose pieces are the result.")
    result_name = models.CharField(max_length=200, blank=True, help_text="Of the file a reader saves.")
    result_type = models.CharField(max_length=100, blank=True, help_text="Media type.")
    result_bytes = models.PositiveBigIntegerField(default=0)
    result_until = models.DateTimeField(null=True, blank=True, help_text="When the result is deleted.")
    result_collections = ArrayField(
        models.BigIntegerField(),
        default=list,
        blank=True,
        help_text="Ids of the collections whose content may be in the result.",
    )

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        permissions = [("recompute", "Can have all records computed anew")]
        constraints = [
            models.CheckConstraint(name="job_state_known", condition=Q(state__in=JobState.values)),
            models.CheckConstraint(
                name="job_running_has_lease",
                condition=Q(state=JobState.RUNNING, lease_until__isnull=False, holder__isnull=False)
                | ~Q(state=JobState.RUNNING),
            ),
            models.CheckConstraint(
                name="job_failed_has_error",
                condition=Q(state=JobState.FAILED, error__gt="") | (~Q(state=JobState.FAILED) & Q(error="")),
                violation_error_message="A failed job says what went wrong, any other nothing.",
            ),
            models.CheckConstraint(
                name="job_progress_within_total", condition=Q(total__isnull=True) | Q(done__lte=F("total"))
            ),
        ]
        indexes = [
            models.Index(name="job_of_user", fields=["by", "-id"]),
            models.Index(name="job_waiting", fields=["next_attempt_at"], condition=Q(state=JobState.QUEUED)),
            models.Index(name="job_leased", fields=["lease_until"], condition=Q(state=JobState.RUNNING)),
            models.Index(name="job_result_expiry", fields=["result_until"], condition=Q(result_until__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def maker(self) -> User:
        """Who started it, seeing what the key sees that it was started with: ask every `visible_to` with this."""
        self.by.limited_by = self.limited_by
        return self.by

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def percent(self) -> int | None:
        """0 to 100; None while nobody knows how much there is."""
        return 100 * self.done // self.total if self.total else None

    @property
    def has_result(self) -> bool:
        """Whether there is something to fetch, now."""
        return (
            self.state == JobState.DONE
            and self.result_run is not None
            and self.result_until is not None
            and self.result_until > timezone.now()
        )

    def result_is_for(self, user: User) -> bool:
        """Whether `user` may still see each collection whose content may be in the result."""
        return not set(self.result_collections) - set(Collection.objects.ids_visible_to(user))

    def result_pieces(self) -> Iterator[bytes]:
        """The result, a piece at a time: no transaction stays open while a slow reader takes them."""
        if self.result_run is None:
            return
        pieces = JobPiece.objects.filter(job=self, run=self.result_run)
        number = 0
        while (piece := pieces.filter(number=number).first()) is not None:
            yield decompress(piece.content)
            number += 1


class JobPiece(models.Model):
    """A part of what a run of a job wrote, compressed. Nothing is stored as a file: ADR 0003."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="pieces")
    run = models.UUIDField(help_text="Pieces of a run that lost its lease are never mixed with another's.")
    number = models.PositiveIntegerField(help_text="From 0.")
    content = models.BinaryField(help_text="By zlib, each piece for itself.")

    class Meta:
        constraints = [models.UniqueConstraint(name="job_piece_once", fields=["job", "run", "number"])]

    def __str__(self) -> str:
        return f"piece {self.number} of job {self.job_id}"
