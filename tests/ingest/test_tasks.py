from datetime import timedelta
from uuid import uuid4

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from django.utils import timezone

from documents.errors import LeaseLost
from documents.models import DispatchState, Document, DocumentState
from ingest import tasks
from ingest.intake import receive, retry
from tests.factories import CollectionFactory, DispatchFactory, DocumentFactory, TextLayerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(monkeypatch) -> list[int]:
    """Ids of the documents whose message was sent."""
    sent: list[int] = []
    monkeypatch.setattr(tasks.process_document, "delay", sent.append)
    return sent


def broken_by(monkeypatch, error: BaseException) -> None:
    def process(document_id, holder):
        raise error

    monkeypatch.setattr(tasks, "process", process)


def test_a_new_document_rings_the_bell_once_its_transaction_is_done(rung, django_capture_on_commit_callbacks):
    collection = CollectionFactory()

    with django_capture_on_commit_callbacks(execute=True):
        document, created = receive(b"a memo", name="memo.txt", collection=collection)
        assert rung == []
    with django_capture_on_commit_callbacks(execute=True):
        receive(b"a memo", name="memo.txt", collection=collection)

    assert created
    assert rung == [document.pk]


def test_a_retried_document_rings_the_bell(rung, django_capture_on_commit_callbacks):
    document = DocumentFactory(state=DocumentState.FAILED, failure_reason="no pipeline")

    with django_capture_on_commit_callbacks(execute=True):
        retry(document)

    assert rung == [document.pk]


def test_a_document_is_kept_when_no_message_can_be_sent(monkeypatch, django_capture_on_commit_callbacks):
    def unreachable(document_id):
        raise ConnectionRefusedError

    monkeypatch.setattr(tasks.process_document, "delay", unreachable)

    with django_capture_on_commit_callbacks(execute=True):
        document, _ = receive(b"a memo", name="memo.txt", collection=CollectionFactory())

    assert document.dispatch.state == DispatchState.QUEUED


def test_the_sweep_rings_for_what_was_left_behind(rung):
    lost = DispatchFactory(next_attempt_at=timezone.now() - timedelta(seconds=1))

    assert tasks.sweep() == 1
    assert tasks.sweep() == 0

    assert rung == [lost.document_id]


def test_work_that_somebody_holds_is_left_alone(monkeypatch):
    row = DispatchFactory(
        state=DispatchState.RUNNING, holder=uuid4(), lease_until=timezone.now() + timedelta(minutes=1)
    )
    broken_by(monkeypatch, AssertionError("must not run"))

    tasks.process_document(row.document_id)

    row.refresh_from_db()
    assert (row.state, row.attempts) == (DispatchState.RUNNING, 0)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_queues_the_document_again(monkeypatch):
    row = DispatchFactory()
    broken_by(monkeypatch, OperationalError("server closed the connection"))

    tasks.process_document(row.document_id)

    row.refresh_from_db()
    assert (row.state, row.attempts) == (DispatchState.QUEUED, 1)
    assert "OperationalError" in row.last_error
    assert row.next_attempt_at > timezone.now()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (SoftTimeLimitExceeded(), "too_slow", "Split the document"),
        (ZeroDivisionError("secret words of the document"), "internal_error", "ZeroDivisionError"),
    ],
)
def test_a_run_that_breaks_leaves_a_reason_without_document_text(monkeypatch, error, code, words):
    row = DispatchFactory()
    broken_by(monkeypatch, error)

    tasks.process_document(row.document_id)

    document = Document.objects.get()
    assert (document.state, document.failure_code) == (DocumentState.FAILED, code)
    assert words in document.failure_reason
    assert "secret" not in document.failure_reason
    row.refresh_from_db()
    assert row.state == DispatchState.DEAD


@pytest.mark.django_db(transaction=True)
def test_a_run_that_lost_its_lease_changes_nothing(monkeypatch):
    row = DispatchFactory()
    broken_by(monkeypatch, LeaseLost(row.document_id))

    tasks.process_document(row.document_id)

    document = Document.objects.get()
    assert (document.state, document.failure_reason) == (DocumentState.RECEIVED, "")


def test_a_layer_read_before_is_not_read_again_when_the_document_is_retried():
    layer = TextLayerFactory(document__state=DocumentState.FAILED, document__failure_reason="no pipeline")

    retry(layer.document)

    assert layer.document.layers.count() == 1
