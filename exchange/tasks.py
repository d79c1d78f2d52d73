"""Background work of the exchange with others. Every task may run twice; rows decide who does the work (ADR 0002)."""

from __future__ import annotations

import logging

from billiard.exceptions import SoftTimeLimitExceeded
from celery import shared_task
from celery.signals import worker_ready
from django.db import InterfaceError, OperationalError

from accounts.errors import AccountError
from claims.errors import ClaimError
from documents.errors import DocumentError
from exchange.errors import ExchangeError, JobCancelled, JobLeaseLost
from exchange.jobs import Report, kind_of
from exchange.models import Job
from exchange.services import deliveries, running
from exchange.services.jobs import TASK as RUN_JOB
from exchange.services.jobs import ring
from exchange.services.numbering import number_events
from sources.errors import SourceError

logger = logging.getLogger(__name__)

SWEEP_BATCH = 500
LONGEST_RUN = 60 * 60
"""Seconds until a job is ended for taking too long."""


@shared_task(name=RUN_JOB, soft_time_limit=LONGEST_RUN, time_limit=LONGEST_RUN + 60)
def run_job(job_id: int) -> None:
    """Run one job, unless it ended or somebody is at it."""
    holder = running.take(job_id)
    if holder is None:
        logger.info("job %s has ended, or another worker has it", job_id)
        return
    job = Job.objects.select_related("by", "limited_by").get(pk=job_id)
    report = Report(job_id, holder)
    try:
        _run(job, report)
    except JobLeaseLost:
        logger.warning("job %s: this run lost its lease", job_id)


def _run(job: Job, report: Report) -> None:
    """Raises JobLeaseLost; every other trouble ends in the job's row."""
    try:
        with running.kept_alive(report):
            kind_of(job.kind).run(job, report)
            running.finish(report)
    except JobLeaseLost:
        raise
    except JobCancelled:
        running.end_cancelled(job.pk, report.holder)
    except (ExchangeError, ClaimError, SourceError, DocumentError, AccountError) as error:
        running.fail(job.pk, report.holder, code=error.code, error=str(error))
    except (OperationalError, InterfaceError) as error:
        logger.exception("job %s: the database failed; the sweep will try again", job.pk)
        running.give_back(job.pk, report.holder, error=f"the database failed ({type(error).__name__}).")
    except SoftTimeLimitExceeded:
        running.fail(job.pk, report.holder, code="too_slow", error="It took longer than an hour. Ask for less at once.")
    except Exception as error:
        logger.exception("job %s failed", job.pk)
        running.fail(
            job.pk,
            report.holder,
            code="internal_error",
            error=f"Hearsay could not do this ({type(error).__name__}). Start it again; if it fails once more, tell "
            f"your administrator the job's number, {job.pk}.",
        )


@shared_task(name="exchange.sweep")
def sweep() -> int:
    """Ring again for jobs whose message was lost or whose worker died; delete expired results.

    Returns how many jobs it rang for.
    """
    due = running.claim_due(SWEEP_BATCH)
    for job_id in due:
        ring(job_id)
    if due:
        logger.info("the sweep rang again for %s jobs", len(due))
    dropped = running.drop_expired()
    if dropped:
        logger.info("the results of %s jobs have expired", dropped)
    return len(due)


@shared_task(name="exchange.pass_on")
def pass_on() -> int:
    """Give new events their places, see which webhooks want them, and have those called. Returns how many are called.

    Nothing is sent when an event is written: triggers ring no bell. This is done every EVENT_SECONDS instead.
    """
    number_events()
    for webhook_id in deliveries.unlooked_at():
        deliveries.fan_out(webhook_id)
    ready = deliveries.with_work()
    for webhook_id in ready:
        deliver_to.delay(webhook_id)
    return len(ready)


@shared_task(name="exchange.deliver_to")
def deliver_to(webhook_id: int) -> int:
    """Call one receiver with what is due for it, unless another run is at it. Returns how many deliveries it took."""
    return deliveries.deliver(webhook_id)


@shared_task(name="exchange.prune_events")
def prune_events() -> int:
    """Delete events and deliveries that have been kept long enough. Returns how many rows went."""
    gone = total = deliveries.prune()
    while gone:
        gone = deliveries.prune()
        total += gone
    return total


@worker_ready.connect
def sweep_at_start(**_signal: object) -> None:
    """A worker that starts looks at once for what a dead one left behind."""
    sweep.delay()
