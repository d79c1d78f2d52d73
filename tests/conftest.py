"""What every test may ask for: a migrated PostgreSQL database, real Celery workers, a real browser."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

from config import chromium
from tests import databases
from tests.databases import TestDatabase
from tests.workers import CeleryWorker


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Side by side, slow tests go first: one that started last would leave the other processes idle."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def test_database(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[TestDatabase]:
    """This process's own database, a clone of the migrated template."""
    with databases.server_for_tests() as server_url, django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        database = TestDatabase(server_url, worker=os.environ.get("PYTEST_XDIST_WORKER", "main"))
        # Emptying the tables would take our data migrations with it, and is slower than a fresh clone.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: database.reset())
        try:
            database.create()
            yield database
        finally:
            database.drop()


@pytest.fixture(scope="session")
def django_db_setup(test_database: TestDatabase) -> None:
    """Replaces pytest-django's own way to make a database."""


@pytest.fixture
def start_celery_worker(
    test_database: TestDatabase, transactional_db: None, tmp_path: Path
) -> Iterator[Callable[..., CeleryWorker]]:
    """Starts Celery workers on this test's database; whatever still runs afterwards is killed.

    Keyword arguments go to CeleryWorker: concurrency, beat, and environment variables.
    """
    _forget_connections()  # those to the clone of an earlier test are dead by now
    test_database.empty_queues()
    workers: list[CeleryWorker] = []

    def start(*, wait: bool = True, **options: object) -> CeleryWorker:
        log = tmp_path / f"worker-{len(workers)}.log"
        worker = CeleryWorker(test_database.url, log, **options)  # type: ignore[arg-type]  # checked at run time
        workers.append(worker)
        return worker.wait_until_ready() if wait else worker

    yield start
    for worker in workers:
        worker.kill()
    _forget_connections()


def _forget_connections() -> None:
    for pool in (current_app.producer_pool, current_app.pool):
        pool.resize(pool.limit, force=True, reset=True)


@pytest.fixture
def celery_worker_process(start_celery_worker: Callable[..., CeleryWorker]) -> CeleryWorker:
    """One real Celery worker on this test's database and its queues, ready to take tasks."""
    return start_celery_worker()


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """One Chromium per test process. Without any, browser tests fail in CI and are skipped elsewhere."""
    if trouble := chromium.problem():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(trouble)
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright runs an event loop in this thread, which Django takes for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        running = playwright.chromium.launch(executable_path=chromium.find_chromium(), args=list(chromium.FLAGS))
        yield running
        running.close()
