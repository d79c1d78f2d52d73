"""Background work on accounts."""

from __future__ import annotations

import logging

from celery import shared_task
from django.db import OperationalError

from accounts.services import clear_outdated_answers

logger = logging.getLogger(__name__)


@shared_task(
    name="accounts.clear_answers", acks_late=True, autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5
)
def clear_answers() -> None:
    """Drop the answers to calls with an Idempotency-Key that are older than a day."""
    logger.info("cleared %s stored answers", clear_outdated_answers())
