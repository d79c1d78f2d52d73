import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from documents.errors import LeaseLost
from documents.leases import claim_due, finish, give_back, kept_alive, take
from documents.models import Dispatch, DispatchState, DocumentState
from tests.factories import DispatchFactory

pytestmark = pytest.mark.django_db


def running(**fields) -> Dispatch:
    return DispatchFactory(
        **{
            "state": DispatchState.RUNNING,
            "holder": uuid4(),
            "lease_until": timezone.now() + timedelta(minutes=1),
            **fields,
        }
    )


def ago(**time) -> object:
    return timezone.now() - timedelta(**time)


def test_only_one_of_two_workers_gets_the_lease():
    row = DispatchFactory()

    first, second = take(row.document_id), take(row.document_id)

    assert first is not None
    assert second is None
    row.refresh_from_db()
    assert (row.state, row.holder, row.attempts) == (DispatchState.RUNNING, first, 1)


def test_an_abandoned_lease_can_be_taken_over_and_the_old_holder_stores_nothing():
    row = running(lease_until=ago(seconds=1))
    old = row.holder

    new = take(row.document_id)

    assert new is not None
    with pytest.raises(LeaseLost):
        finish(row.document_id, old)
    finish(row.document_id, new)
    row.refresh_from_db()
    assert (row.state, row.holder) == (DispatchState.DONE, None)


@pytest.mark.parametrize("state", [DispatchState.DONE, DispatchState.DEAD])
def test_ended_work_is_not_taken_again(state):
    assert take(DispatchFactory(state=state).document_id) is None


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_the_work_goes_on(settings):
    settings.DISPATCH_LEASE_SECONDS = 0.3
    row = DispatchFactory()
    holder = take(row.document_id)
    row.refresh_from_db()
    first_end = row.lease_until

    with kept_alive(row.document_id, holder):
        time.sleep(0.35)

    row.refresh_from_db()
    assert row.lease_until > first_end


def test_broken_work_is_queued_again_after_a_growing_pause(settings):
    row = running(attempts=3)

    due = give_back(row.document_id, row.holder, error="the database failed.")

    row.refresh_from_db()
    assert (row.state, row.holder, row.last_error) == (DispatchState.QUEUED, None, "the database failed.")
    assert timedelta(seconds=55) < due - timezone.now() <= timedelta(seconds=60)


def test_work_that_broke_too_often_is_given_up_with_a_reason(settings):
    row = running(attempts=settings.DISPATCH_MAX_ATTEMPTS)

    assert give_back(row.document_id, row.holder, error="the database failed.") is None

    row.document.refresh_from_db()
    assert row.document.state == DocumentState.FAILED
    assert "the database failed." in row.document.failure_reason


def test_a_run_without_the_lease_gives_nothing_back():
    row = running()

    assert give_back(row.document_id, uuid4(), error="late") is None

    row.refresh_from_db()
    assert row.state == DispatchState.RUNNING


def test_the_sweep_finds_lost_messages_and_dead_workers_once():
    lost = DispatchFactory(next_attempt_at=ago(seconds=1))
    dead = running(lease_until=ago(seconds=1))
    DispatchFactory(next_attempt_at=timezone.now() + timedelta(minutes=1))
    running()
    DispatchFactory(state=DispatchState.DONE, next_attempt_at=ago(days=1))

    assert claim_due(10) == [lost.document_id, dead.document_id]
    assert claim_due(10) == []


def test_a_document_that_keeps_killing_workers_is_given_up(settings):
    row = running(lease_until=ago(seconds=1), attempts=settings.DISPATCH_MAX_ATTEMPTS)

    assert claim_due(10) == []

    row.document.refresh_from_db()
    assert (row.document.state, row.document.failure_code) == (DocumentState.FAILED, "killed_worker")


def test_the_database_refuses_running_work_without_a_lease():
    with pytest.raises(IntegrityError, match="dispatch_running_has_lease"), transaction.atomic():
        running(holder=None)
