from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

COUNT = """
INSERT INTO accounts_callcount AS known (caller, opened_at, used) VALUES (%(caller)s, statement_timestamp(), 1)
ON CONFLICT (caller) DO UPDATE SET
    used = CASE WHEN known.opened_at > statement_timestamp() - %(window)s * interval '1 second'
        THEN known.used + 1 ELSE 1 END,
    opened_at = CASE WHEN known.opened_at > statement_timestamp() - %(window)s * interval '1 second'
        THEN known.opened_at ELSE statement_timestamp() END
RETURNING used, extract(epoch FROM opened_at - statement_timestamp()) + %(window)s
"""
"""One statement, so that it holds across processes and hosts: the row's lock makes them queue for a moment."""


@dataclass(frozen=True)
class Allowance:
    """How somebody stands with their calls."""

    limit: int
    window: int
    """Seconds."""
    used: int
    """Calls in the running window, this one and refused ones among them."""
    left_seconds: float
    """Until the next window."""

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def is_kept(self) -> bool:
        return self.used <= self.limit


def count_call(caller: str, *, limit: int, window: int) -> Allowance:
    """Count one call of `caller`, who may make `limit` in `window` seconds from the first one on.

    caller: at most 160 characters.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"caller": caller, "window": window})
        used, left = cursor.fetchone()
    return Allowance(limit, window, used, float(left))
