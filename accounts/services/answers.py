"""Calls that may be sent twice: the first one's answer is kept beside what it did (StoredAnswer)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.utils import OperationalError

from accounts.errors import CallUnderway, NameUsedOtherwise
from accounts.models import ApiKey, StoredAnswer, User
from accounts.models.answer import KEPT

LONGEST_WAIT = timedelta(seconds=5)
"""How long a call waits for the same one that came before it; then it is told to come again."""
CLAIM = """
INSERT INTO accounts_storedanswer AS known (user_id, api_key_id, name, fingerprint, status, headers, body, at)
VALUES (%(user)s, %(key)s, %(name)s, %(fingerprint)s, 0, '{}', '', statement_timestamp())
ON CONFLICT (user_id, api_key_id, name) DO UPDATE
SET fingerprint = excluded.fingerprint, status = 0, headers = '{}', body = '', at = excluded.at
WHERE known.at <= excluded.at - %(kept)s * interval '1 second'
RETURNING id
"""
"""Waits while another transaction holds the same name: that one's end decides whether it is free."""
LOCK_NOT_AVAILABLE = "55P03"


def claim_name(name: str, fingerprint: str, *, user: User, api_key: ApiKey | None) -> tuple[StoredAnswer, bool]:
    """The answer kept under a caller's Idempotency-Key, and whether it is still to be given: then by this transaction.

    fingerprint: of the call's address and content. Call inside a transaction, which `keep_answer` completes.
    Raises NameUsedOtherwise for another call under the same name; CallUnderway when the same call is being answered.
    """
    given = {"user": user.pk, "key": api_key.pk if api_key else None, "name": name, "fingerprint": fingerprint}
    try:
        # A block of its own: without it a lock that is not had would spoil the transaction.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {int(LONGEST_WAIT.total_seconds() * 1000)}")
            cursor.execute(CLAIM, {**given, "kept": KEPT.total_seconds()})
            claimed = cursor.fetchone()
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) == LOCK_NOT_AVAILABLE:
            raise CallUnderway from error
        raise
    if claimed:
        return StoredAnswer(pk=claimed[0], **_columns(given)), True
    answer = StoredAnswer.objects.get(user=user, api_key=api_key, name=name)
    if answer.fingerprint != fingerprint:
        raise NameUsedOtherwise(name)
    return answer, False


def keep_answer(answer: StoredAnswer, *, status: int, headers: dict[str, str], body: bytes) -> None:
    """Complete what `claim_name` began."""
    StoredAnswer.objects.filter(pk=answer.pk).update(status=status, headers=headers, body=body)


def clear_outdated_answers() -> int:
    """Drop the answers that were kept long enough. Returns how many."""
    deleted, _ = StoredAnswer.objects.outdated().delete()
    return deleted


def _columns(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "user_id": given["user"],
        "api_key_id": given["key"],
        "name": given["name"],
        "fingerprint": given["fingerprint"],
    }
