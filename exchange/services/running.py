"""Who runs a job right now, and how its runs end. The row is the queue: ADR 0002."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from exchange.errors import JobLeaseLost
from exchange.jobs import Report
from exchange.models import Job, JobPiece, JobState

logger = logging.getLogger(__name__)

RENEW_SECONDS = 1.0
"""So often a run stores its progress and hears whether somebody cancelled."""
RETRY_SECONDS = 15
"""First pause after a run that broke; doubled with every further one."""


def take(job_id: int) -> UUID | None:
    """Take the lease on a job; None when there is nothing to do or somebody else is at it."""
    holder = uuid4()
    now = timezone.now()
    mine = Job.objects.filter(pk=job_id, cancel_requested=False)
    for rows in (mine.filter(state=JobState.QUEUED), mine.filter(state=JobState.RUNNING, lease_until__lte=now)):
        if rows.update(
            state=JobState.RUNNING,
            holder=holder,
            lease_until=now + timedelta(seconds=settings.JOB_LEASE_SECONDS),
            attempts=F("attempts") + 1,
            started_at=Coalesce("started_at", now),
            done=0,
            total=None,
            words="",
        ):
            return holder
    return None


@contextmanager
def kept_alive(report: Report) -> Iterator[None]:
    """Renew the lease from a thread until the block ends. A killed process renews no more: that is the point.

    Inside somebody's transaction there is no thread: the row is to be seen from here alone.
    """
    if connection.in_atomic_block:
        yield
        return
    finished = threading.Event()
    thread = threading.Thread(target=_renew, args=(report, finished), daemon=True)
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join()


def _renew(report: Report, finished: threading.Event) -> None:
    try:
        while not finished.wait(min(RENEW_SECONDS, settings.JOB_LEASE_SECONDS / 3)):
            try:
                report.renew()
            except DatabaseError:
                logger.warning("the lease on job %s could not be renewed; trying again", report.job_id)
                connection.close()
    finally:
        connection.close()


def finish(report: Report) -> None:
    """The run is through: store its last words and what it made. Raises JobLeaseLost if another run has the job."""
    report.close()
    now = timezone.now()
    made: dict[str, Any] = dict(report.last_progress)
    if report.name:
        made |= {
            "result_run": report.holder,
            "result_name": report.name,
            "result_type": report.media_type,
            "result_bytes": report.bytes,
            "result_collections": report.collections,
            "result_until": now + timedelta(days=settings.JOB_RESULT_DAYS),
        }
    _end(report.job_id, report.holder, JobState.DONE, **made)


def fail(job_id: int, holder: UUID, *, code: str, error: str) -> None:
    """The run found that it cannot be done. error: what happened and what to do next."""
    _end(job_id, holder, JobState.FAILED, error_code=code, error=error)


def end_cancelled(job_id: int, holder: UUID) -> None:
    """The run heard that somebody cancelled it."""
    _end(job_id, holder, JobState.CANCELLED)


def _end(job_id: int, holder: UUID, state: JobState, **fields: Any) -> None:
    mine = Job.objects.filter(pk=job_id, holder=holder, state=JobState.RUNNING)
    if not mine.update(state=state, holder=None, lease_until=None, finished_at=timezone.now(), **fields):
        raise JobLeaseLost(job_id)


def give_back(job_id: int, holder: UUID, *, error: str) -> None:
    """A run broke for a reason that may pass: queue the job again after a pause, or give it up.

    error: what happened, without document text.
    """
    attempts = Job.objects.filter(pk=job_id, holder=holder).values_list("attempts", flat=True).first()
    if attempts is None:
        return
    if attempts >= settings.JOB_MAX_ATTEMPTS:
        fail(job_id, holder, code="gave_up", error=f"It broke {attempts} times, the last time with: {error}")
        return
    Job.objects.filter(pk=job_id, holder=holder).update(
        state=JobState.QUEUED,
        holder=None,
        lease_until=None,
        next_attempt_at=timezone.now() + timedelta(seconds=RETRY_SECONDS * 2 ** (attempts - 1)),
    )


@transaction.atomic
def claim_due(limit: int) -> list[int]:
    """Ids of up to `limit` jobs whose bell must be rung again, each handed out once per DISPATCH_SENT_SECONDS.

    Jobs that were cancelled while their worker died are ended here, and those whose workers died often enough.
    """
    ring = []
    for row in Job.objects.due().select_for_update(skip_locked=True).order_by("id")[:limit]:
        if row.cancel_requested:
            _end_row(row, JobState.CANCELLED)
        elif row.state == JobState.RUNNING and row.attempts >= settings.JOB_MAX_ATTEMPTS:
            row.error_code, row.error = "killed_worker", _killed(row.attempts)
            _end_row(row, JobState.FAILED)
        else:
            ring.append(row.pk)
    Job.objects.filter(pk__in=ring).update(
        state=JobState.QUEUED,
        holder=None,
        lease_until=None,
        next_attempt_at=timezone.now() + timedelta(seconds=settings.DISPATCH_SENT_SECONDS),
    )
    return ring


def _end_row(row: Job, state: JobState) -> None:
    row.state, row.holder, row.lease_until, row.finished_at = state, None, None, timezone.now()
    row.save(update_fields=["state", "holder", "lease_until", "finished_at", "error_code", "error"])


def _killed(attempts: int) -> str:
    return (
        f"It was cut off {attempts} times before it could finish: it may be too large. Start it again with less, or "
        "tell your administrator the job's number."
    )


def drop_expired() -> int:
    """Delete results whose time is over, and pieces of runs that came to nothing. Returns how many jobs lost theirs."""
    expired = list(Job.objects.with_expired_results().values_list("pk", flat=True)[:100])
    dropped = Job.objects.filter(pk__in=expired).update(result_run=None, result_until=None)
    ended = JobPiece.objects.exclude(job__state=JobState.RUNNING)
    ended.filter(~Q(run=F("job__result_run")) | Q(job__result_run=None)).delete()
    return dropped
