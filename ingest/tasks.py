"""Background work. Every task may run twice; the dispatch row decides who does the work (ADR 0002)."""

from __future__ import annotations

import logging

from billiard.exceptions import SoftTimeLimitExceeded
from celery import shared_task
from celery.signals import worker_ready
from django.db import InterfaceError, OperationalError

from documents.errors import LeaseLost
from documents.leases import claim_due, give_back, kept_alive, take
from ingest.processing import fail, process

logger = logging.getLogger(__name__)

SWEEP_BATCH = 500


def ring(document_id: int) -> None:
    """Tell the workers there is a document. With the broker away the sweep does it later: the row is the queue."""
    try:
        process_document.delay(document_id)
    except Exception as error:  # noqa: BLE001 -- whatever keeps the bell from ringing, the sweep rings it later
        logger.warning("document %s waits for the sweep: no message sent (%s)", document_id, type(error).__name__)


@shared_task(name="ingest.process_document")
def process_document(document_id: int) -> None:
    """Read one document and extract its claims, unless that is done or somebody is at it."""
    holder = take(document_id)
    if holder is None:
        logger.info("document %s is done, or another worker has it", document_id)
        return
    try:
        with kept_alive(document_id, holder):
            process(document_id, holder)
    except LeaseLost:
        logger.warning("document %s: this run lost its lease and stored nothing", document_id)
    except (OperationalError, InterfaceError) as error:
        logger.exception("document %s: the database failed; the sweep will try again", document_id)
        give_back(document_id, holder, error=f"the database failed ({type(error).__name__}).")
    except SoftTimeLimitExceeded:
        fail(
            document_id,
            holder,
            code="too_slow",
            reason="Processing took longer than ten minutes. Split the document and send the parts.",
        )
    except Exception as error:
        logger.exception("document %s: processing failed", document_id)
        fail(
            document_id,
            holder,
            code="internal_error",
            reason=f"Hearsay could not process this document ({type(error).__name__}). Try again; if it fails once "
            f"more, tell your administrator the document's id, {document_id}.",
        )


@shared_task(name="ingest.sweep")
def sweep() -> int:
    """Ring again for documents whose message was lost or whose worker died. Returns how many."""
    due = claim_due(SWEEP_BATCH)
    for document_id in due:
        ring(document_id)
    if due:
        logger.info("the sweep rang again for %s documents", len(due))
    return len(due)


@worker_ready.connect
def sweep_at_start(**_signal: object) -> None:
    """A worker that starts looks at once for what a dead one left behind."""
    sweep.delay()
