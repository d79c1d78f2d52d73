"""Starting and cancelling jobs, and fetching what came of them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from exchange.errors import JobEnded, JobNotDone, NoResult, ResultGone, ResultOutOfSight, TooManyJobs
from exchange.jobs import kind_of
from exchange.models import Job, JobState

logger = logging.getLogger(__name__)
TASK = "exchange.run_job"


@transaction.atomic
def start(kind: str, *, by: User, parameters: Mapping[str, Any] | None = None) -> Job:
    """Have a worker do this. The caller has checked the parameters, and that `by` may.

    kind: a name in settings.JOB_KINDS; KeyError for another. parameters: JSON values. The job sees what `by` may see
    when it runs, and only what `by.limited_by` may, if that is set. Raises TooManyJobs.
    """
    kind_of(kind)
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if Job.objects.filter(by=by).unfinished().count() >= settings.JOBS_PER_USER:
        raise TooManyJobs(settings.JOBS_PER_USER)
    job = Job.objects.create(
        kind=kind,
        parameters=dict(parameters or {}),
        by=by,
        limited_by=by.limited_by,
        next_attempt_at=timezone.now() + timedelta(seconds=settings.DISPATCH_SENT_SECONDS),
    )
    transaction.on_commit(partial(ring, job.pk))
    return job


def ring(job_id: int) -> None:
    """Tell the workers there is a job. With the broker away the sweep does it later: the row is the queue."""
    try:
        current_app.send_task(TASK, args=[job_id])
    except Exception as error:  # noqa: BLE001 -- whatever keeps the bell from ringing, the sweep rings it later
        logger.warning("job %s waits for the sweep: no message sent (%s)", job_id, type(error).__name__)


@transaction.atomic
def cancel(job: Job) -> Job:
    """One that waits is cancelled at once, one that runs as soon as it hears of it. Raises JobEnded."""
    row = Job.objects.select_for_update().get(pk=job.pk)
    if row.ended:
        raise JobEnded(row.pk, row.get_state_display().lower())
    if row.state == JobState.QUEUED:
        row.state, row.finished_at = JobState.CANCELLED, timezone.now()
    row.cancel_requested = True
    row.save(update_fields=["state", "finished_at", "cancel_requested"])
    return row


def result_of(job: Job, *, user: User) -> Job:
    """The job, if `user` may fetch its result now. Raises JobNotDone, NoResult, ResultGone or ResultOutOfSight."""
    if job.state != JobState.DONE:
        raise JobNotDone(job.pk, job.get_state_display().lower())
    if not job.result_name:
        raise NoResult(job.pk)
    if not job.has_result:
        raise ResultGone(job.pk)
    if not job.result_is_for(user):
        raise ResultOutOfSight(job.pk)
    return job
