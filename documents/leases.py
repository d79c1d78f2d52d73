"""Who works on a document right now: leases on dispatch rows. See ADR 0002."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from documents.errors import LeaseLost
from documents.models import Dispatch, DispatchState
from documents.services import mark_failed

logger = logging.getLogger(__name__)

RETRY_SECONDS = 15
"""First pause after a run that broke; doubled with every further one."""


def take(document_id: int) -> UUID | None:
    """Take the lease on a document's work; None when there is nothing to do or somebody else is at it."""
    holder = uuid4()
    now = timezone.now()
    free = Dispatch.objects.filter(document_id=document_id, state=DispatchState.QUEUED)
    abandoned = Dispatch.objects.filter(document_id=document_id, state=DispatchState.RUNNING, lease_until__lte=now)
    for rows in (free, abandoned):
        if rows.update(
            state=DispatchState.RUNNING, holder=holder, lease_until=_lease_end(), attempts=F("attempts") + 1
        ):
            return holder
    return None


@contextmanager
def kept_alive(document_id: int, holder: UUID) -> Iterator[None]:
    """Renew the lease from a thread until the block ends. A killed process renews no more: that is the point."""
    finished = threading.Event()
    thread = threading.Thread(target=_renew, args=(document_id, holder, finished), daemon=True)
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join()


def _renew(document_id: int, holder: UUID, finished: threading.Event) -> None:
    try:
        while not finished.wait(settings.DISPATCH_LEASE_SECONDS / 3):
            try:
                Dispatch.objects.filter(document_id=document_id, holder=holder).update(lease_until=_lease_end())
            except DatabaseError:
                logger.warning("the lease on document %s could not be renewed; trying again", document_id)
                connection.close()
    finally:
        connection.close()


def finish(document_id: int, holder: UUID) -> None:
    """End the work, inside the transaction that stores its result. Raises LeaseLost if another run has it now."""
    won = Dispatch.objects.filter(document_id=document_id, holder=holder, state=DispatchState.RUNNING).update(
        state=DispatchState.DONE, holder=None, lease_until=None, last_error=""
    )
    if not won:
        raise LeaseLost(document_id)


@transaction.atomic
def give_back(document_id: int, holder: UUID, *, error: str) -> datetime | None:
    """A run broke: queue the document again after a pause, or give it up after DISPATCH_MAX_ATTEMPTS runs.

    error: what happened, without document text. Returns when the next run is due; None when given up or lease lost.
    """
    row = Dispatch.objects.select_for_update().select_related("document").filter(document_id=document_id).first()
    if row is None or row.holder != holder:
        return None
    if row.attempts >= settings.DISPATCH_MAX_ATTEMPTS:
        mark_failed(
            row.document,
            code="gave_up",
            reason=f"Processing broke {row.attempts} times, the last time with: {error} "
            "Try again; if it breaks once more, send the document's id to your administrator.",
        )
        return None
    row.state, row.holder, row.lease_until, row.last_error = DispatchState.QUEUED, None, None, error[:500]
    row.next_attempt_at = timezone.now() + timedelta(seconds=RETRY_SECONDS * 2 ** (row.attempts - 1))
    row.save(update_fields=["state", "holder", "lease_until", "last_error", "next_attempt_at"])
    return row.next_attempt_at


@transaction.atomic
def claim_due(limit: int) -> list[int]:
    """Ids of up to `limit` documents whose bell must be rung again, each handed out once per DISPATCH_SENT_SECONDS.

    Rows whose workers died often enough are given up here, so that a document that kills workers comes to an end.
    """
    ring = []
    due = Dispatch.objects.due().select_for_update(skip_locked=True).select_related("document").order_by("id")[:limit]
    for row in due:
        if row.attempts >= settings.DISPATCH_MAX_ATTEMPTS and row.state == DispatchState.RUNNING:
            mark_failed(
                row.document,
                code="killed_worker",
                reason=f"Processing was cut off {row.attempts} times before it could finish: the document may be too "
                "large or damaged. Try again, or split it.",
            )
            continue
        ring.append(row.document_id)
    Dispatch.objects.filter(document_id__in=ring).update(
        state=DispatchState.QUEUED,
        holder=None,
        lease_until=None,
        next_attempt_at=timezone.now() + timedelta(seconds=settings.DISPATCH_SENT_SECONDS),
    )
    return ring


def _lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.DISPATCH_LEASE_SECONDS)
