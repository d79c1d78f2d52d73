"""Accepted claims wait to be compared with what is known: the row is the queue, the message only rings."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial

from celery import current_app
from django.db import transaction

from claims.models import AwaitedComparison

logger = logging.getLogger(__name__)
TASK = "claims.compare"


def await_comparison(claims: Iterable[int]) -> None:
    """Have links proposed for these claims (ids), in the caller's transaction; a worker does it soon after."""
    rows = [AwaitedComparison(claim_id=claim) for claim in claims]
    AwaitedComparison.objects.bulk_create(rows, ignore_conflicts=True)
    transaction.on_commit(partial(ring, [row.claim_id for row in rows]))


def ring(claims: list[int]) -> None:
    """Tell the workers. With the broker away the sweep does it later: the row is the queue."""
    try:
        current_app.send_task(TASK, args=[claims])
    except Exception as error:  # noqa: BLE001 -- whatever keeps the bell from ringing, the sweep rings it later
        logger.warning("%s claims wait for the sweep: no message sent (%s)", len(claims), type(error).__name__)
