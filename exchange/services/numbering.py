"""Giving events their place: one after the other, in an order that nobody who reads on can miss one of."""

from __future__ import annotations

from django.db import connection, transaction

from exchange.models import Event

BATCH = 10_000
"""Events that get their place in one transaction."""
_ONE_AT_A_TIME = 0x6576656E7473  # key of the advisory lock
_NUMBER = """
WITH waiting AS MATERIALIZED (
    SELECT id, row_number() OVER (ORDER BY id) AS place FROM exchange_event WHERE position IS NULL ORDER BY id LIMIT %s
), last AS MATERIALIZED (
    SELECT coalesce(max(position), 0) AS position FROM exchange_event
)
UPDATE exchange_event event SET position = last.position + waiting.place FROM waiting, last WHERE event.id = waiting.id
"""


def number_events(*, wait: bool = False) -> int:
    """Give the next places to events whose transactions have ended; returns to how many.

    Only what has been committed is seen here, and only one transaction numbers at a time: whatever commits later gets a
    later place, whatever its id. Of two events about one row the earlier writer ended before the later could write, so
    that they keep their order.

    wait: for somebody else who is numbering right now; otherwise that one does it, and this returns 0.
    """
    if not Event.objects.unnumbered().exists():
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_{'' if wait else 'try_'}advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        if not wait and cursor.fetchone() == (False,):
            return 0
        # A statement of its own, so that it sees what the one before it has committed.
        cursor.execute(_NUMBER, [BATCH])
        return int(cursor.rowcount)
