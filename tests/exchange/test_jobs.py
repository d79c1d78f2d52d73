from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from claims.services import settle
from exchange.errors import JobEnded, JobLeaseLost, JobNotDone, NoResult, ResultGone, ResultOutOfSight, TooManyJobs
from exchange.jobs import PIECE_BYTES, Report
from exchange.models import Job, JobPiece, JobState
from exchange.services import running
from exchange.services.jobs import cancel, result_of, start
from exchange.tasks import run_job, sweep
from sources.models import TrackRecord
from tests.factories import ClaimFactory, CollectionFactory, UserFactory
from tests.workers import CeleryWorker

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(db: None) -> User:
    return UserFactory(username="ana")


def ran(by: User, **parameters: object) -> Job:
    """A rehearsal that was started and run to its end."""
    job = start("rehearsal", by=by, parameters=parameters)
    run_job(job.pk)
    job.refresh_from_db()
    return job


def abandoned(by: User, **fields: object) -> Job:
    """A job whose worker died."""
    gone = {"state": JobState.RUNNING, "holder": uuid4(), "lease_until": timezone.now() - timedelta(seconds=1)}
    return Job.objects.create(kind="rehearsal", by=by, **{**gone, "attempts": 1, **fields})


def test_a_job_runs_once_and_says_what_it_did(ana: User):
    job = ran(ana, steps=3)
    run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.words, job.attempts) == (JobState.DONE, 3, 3, "All steps", 1)
    assert job.finished_at >= job.started_at >= job.created_at


def test_a_result_longer_than_one_piece_comes_back_byte_for_byte(ana: User):
    text = Random(7).randbytes(PIECE_BYTES).hex()

    job = ran(ana, write=text, steps=2)

    assert b"".join(result_of(job, user=ana).result_pieces()) == text.encode() * 2
    assert (job.result_bytes, job.result_name, job.pieces.count()) == (4 * PIECE_BYTES, "rehearsal.txt", 4)


@pytest.mark.parametrize(
    ("trouble", "code", "words"),
    [
        ("understood", "bad_row", "Row 3 has no source. Give it one."),
        ("refused", "text_missing", "Word it: a proposition needs a text."),
        ("unforeseen", "internal_error", "Hearsay could not do this (ZeroDivisionError)."),
    ],
)
def test_a_job_that_fails_says_so_in_words(ana: User, trouble: str, code: str, words: str):
    job = ran(ana, write="half of it", **{"raise": trouble})
    sweep()

    assert (job.state, job.error_code) == (JobState.FAILED, code)
    assert job.error.startswith(words)
    assert not JobPiece.objects.exists()


def test_a_job_that_waits_is_cancelled_at_once_and_never_runs(ana: User):
    job = start("rehearsal", by=ana)

    cancel(job)
    run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.CANCELLED, 0)
    with pytest.raises(JobEnded):
        cancel(job)


def test_what_ended_in_any_way_has_no_result_before_it_is_done_and_after_it_expired(ana: User):
    with pytest.raises(JobNotDone):
        result_of(start("rehearsal", by=ana), user=ana)
    with pytest.raises(NoResult):
        result_of(ran(ana), user=ana)
    job = ran(ana, write="x")
    Job.objects.filter(pk=job.pk).update(result_until=timezone.now())

    sweep()

    job.refresh_from_db()
    assert (job.result_run, job.pieces.count()) == (None, 0)
    with pytest.raises(ResultGone):
        result_of(job, user=ana)


def test_a_result_is_out_of_sight_for_who_left_one_of_its_collections(ana: User):
    collection = CollectionFactory(members=[ana])
    job = ran(ana, write="x", collections=[collection.pk])
    assert result_of(job, user=ana) == job

    collection.members.clear()

    with pytest.raises(ResultOutOfSight):
        result_of(job, user=ana)


def test_nobody_has_more_than_so_many_jobs_waiting(ana: User, settings):
    settings.JOBS_PER_USER = 2
    start("rehearsal", by=ana)
    ran(ana)
    start("rehearsal", by=ana)

    with pytest.raises(TooManyJobs):
        start("rehearsal", by=ana)

    start("rehearsal", by=UserFactory())


def test_a_job_whose_worker_died_runs_again_and_the_first_run_can_add_nothing(ana: User):
    job = abandoned(ana)
    late = Report(job.pk, job.holder)
    late.write(b"of the first run")

    assert sweep() == 1
    run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.result_run) == (JobState.DONE, 2, None)
    with pytest.raises(JobLeaseLost):
        running.finish(late)
    sweep()
    assert not JobPiece.objects.exists()


def test_a_job_that_kills_its_workers_is_given_up(ana: User, settings):
    job = abandoned(ana, attempts=settings.JOB_MAX_ATTEMPTS)

    assert sweep() == 0

    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "killed_worker")


def test_a_job_cancelled_while_its_worker_lay_dead_does_not_run_again(ana: User):
    job = abandoned(ana, cancel_requested=True)

    assert sweep() == 0
    run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.CANCELLED, 1)


def test_a_run_that_loses_the_database_is_tried_again_and_given_up_in_the_end(ana: User, settings):
    settings.JOB_MAX_ATTEMPTS = 2
    job = start("rehearsal", by=ana)

    for _ in range(2):
        Job.objects.filter(pk=job.pk).update(next_attempt_at=timezone.now())
        running.give_back(job.pk, running.take(job.pk), error="the database failed.")

    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "gave_up")
    assert job.error == "It broke 2 times, the last time with: the database failed."


def test_jobs_belong_to_who_started_them(ana: User):
    own = start("rehearsal", by=ana)
    start("rehearsal", by=UserFactory())

    assert list(Job.objects.visible_to(ana)) == [own]


def test_the_database_refuses_a_failure_without_words(ana: User):
    with pytest.raises(IntegrityError, match="job_failed_has_error"), transaction.atomic():
        Job.objects.create(kind="rehearsal", by=ana, state=JobState.FAILED)


def test_the_records_are_recomputed_by_a_job(ana: User):
    claim = ClaimFactory(accepted=True)
    settle(claim.proposition, outcome="true", decided_on=timezone.localdate(), evidence="seen", by=ana)
    TrackRecord.objects.all().delete()

    job = start("recompute", by=ana)
    run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.words) == (JobState.DONE, "Records of 1 sources, 1 of them changed.")
    assert TrackRecord.objects.get().source == claim.source


@pytest.mark.slow
@pytest.mark.chaos
def test_a_real_worker_shows_progress_hears_a_cancel_and_takes_up_what_a_killed_one_left(
    start_celery_worker: Callable[..., CeleryWorker],
):
    ana = UserFactory(username="ana")
    quick = {"JOB_LEASE_SECONDS": "1", "JOB_SWEEP_SECONDS": "0.5"}
    first = start_celery_worker(**quick)
    orphan = start("rehearsal", by=ana, parameters={"steps": 8, "seconds": 0.25, "write": "x"})
    until(lambda: again(orphan).done > 0)
    first.kill()

    start_celery_worker(beat=True, **quick)

    until(lambda: again(orphan).state == JobState.DONE)
    assert again(orphan).attempts == 2
    assert b"".join(again(orphan).result_pieces()) == b"xxxxxxxx"
    endless = start("rehearsal", by=ana, parameters={"steps": 10_000, "seconds": 0.05})
    until(lambda: again(endless).done > 0)
    cancel(endless)
    until(lambda: again(endless).state == JobState.CANCELLED)


def again(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)
