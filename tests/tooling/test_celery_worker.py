"""The hand-over of work: a message sent here is done by another process, over queues in the test's database."""

import time
from collections.abc import Callable

import pytest
from celery import current_app
from django.db import connection

from tests.workers import CeleryWorker

pytestmark = pytest.mark.slow


def messages_waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pgmq.q_hearsay")
        return int(cursor.fetchone()[0])


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> float:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "waited in vain"
        time.sleep(0.02)
    return time.monotonic() - began


def test_a_worker_process_takes_a_message_from_the_tests_own_database(celery_worker_process: CeleryWorker):
    result = current_app.send_task("ingest.sweep")

    wait_for(lambda: result.id in celery_worker_process.log.read_text())
    wait_for(lambda: messages_waiting() == 0)


def test_a_message_waits_until_there_is_a_worker(start_celery_worker: Callable[..., CeleryWorker]):
    result = current_app.send_task("ingest.sweep")
    assert messages_waiting() == 1

    worker = start_celery_worker()

    wait_for(lambda: result.id in worker.log.read_text())
    wait_for(lambda: messages_waiting() == 0)


def test_a_killed_worker_leaves_no_process_behind(start_celery_worker: Callable[..., CeleryWorker]):
    worker = start_celery_worker(concurrency=2)

    worker.kill()

    assert not worker.running
    wait_for(lambda: worker.survivors() == [])
