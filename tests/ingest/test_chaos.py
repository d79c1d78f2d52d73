"""Workers are killed while they work; every document is extracted, and no claim is stored twice."""

import time
from collections.abc import Callable
from typing import Any

import pytest

import extraction
from claims.models import Claim, ExtractionRun
from documents.models import Dispatch, DispatchState, Document, DocumentState, TextLayer
from ingest.intake import receive
from tests import nursery
from tests.databases import TestDatabase
from tests.factories import CollectionFactory
from tests.workers import CeleryWorker

DOCUMENTS = 60
KILLS = 6
PATIENCE = 180  # seconds for each step, on a busy machine
QUICK = {"DISPATCH_LEASE_SECONDS": "2", "DISPATCH_SENT_SECONDS": "4", "DISPATCH_SWEEP_SECONDS": "1"}


def memo(number: int) -> str:
    return (
        f"{number}. A source close to the cabinet stated that convoy {number} left the city on Monday. "
        f"Two officers said that as many as {number + 10} men were wounded. "
        f"The governor believes that the road is closed, and fears that convoy {number} is lost.\n\n"
    ) * 3


def extracted() -> int:
    return Document.objects.filter(state=DocumentState.EXTRACTED).count()


def wait_for(number: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while extracted() < number:
        assert time.monotonic() < deadline, f"{extracted()} of {number} documents after {PATIENCE} s"
        time.sleep(0.02)


@pytest.mark.chaos
@pytest.mark.no_cover
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_no_document_and_store_none_twice(
    start_celery_worker: Callable[..., CeleryWorker], test_database: TestDatabase, settings: Any
):
    settings.DISPATCH_SENT_SECONDS = 4
    collection = CollectionFactory()
    for number in range(DOCUMENTS):
        receive(memo(number).encode(), name=f"memo-{number}.txt", collection=collection)

    with nursery.opened(test_database.url, **QUICK) as forking:
        for kill in range(KILLS):
            worker = start_celery_worker(nursery=forking, wait=False, concurrency=2, beat=True)
            wait_for((kill + 1) * DOCUMENTS // (KILLS + 2))
            worker.kill()
            assert extracted() < DOCUMENTS, "the worker was through before it could be killed"
        last = start_celery_worker(nursery=forking, concurrency=2, beat=True)
        wait_for(DOCUMENTS)
        last.kill()

    assert set(Dispatch.objects.values_list("state", flat=True)) == {DispatchState.DONE}
    assert TextLayer.objects.count() == ExtractionRun.objects.count() == DOCUMENTS
    for layer in TextLayer.objects.all():
        found = extraction.extract(layer.text).attributions
        stored = Claim.objects.filter(layer=layer).values_list("start", "cue_quote", "content_quote")
        assert len(stored) == len(found) > 0
        assert len(set(stored)) == len(stored)
