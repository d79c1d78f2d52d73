from __future__ import annotations

from celery import shared_task

from review.services.boosts import refresh_boosts


@shared_task(name="review.refresh_boosts", acks_late=True)
def refresh() -> None:
    """What comes first in the queue; may run twice, and then writes nothing the second time."""
    refresh_boosts()
