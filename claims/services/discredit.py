"""That a source, a claim or a document is not to be believed: recorded, and taken back. No grade is changed."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from claims.errors import AlreadyDiscredited, AlreadyWithdrawn, ReasonMissing
from claims.impact import Subject, if_discredited_for, resting_on
from claims.models import Claim, Discrediting
from claims.services.flags import flag_grades
from sources.models import Source


@transaction.atomic
def discredit(subject: Subject, *, by: User, reason: str) -> Discrediting:
    """Have nothing that a source, a claim or a document says count any more, and what repeats it neither.

    The grades of these claims, and of all whose suggestion moves by it, are flagged for review; none is overwritten.
    Raises ReasonMissing, AlreadyDiscredited.
    """
    if not reason.strip():
        raise ReasonMissing("discrediting")
    if isinstance(subject, Source):
        subject = subject.standing
    kind = "source" if isinstance(subject, Source) else "claim" if isinstance(subject, Claim) else "document"
    affected = _affected(subject)
    try:
        with transaction.atomic():
            row = Discrediting.objects.create(**{kind: subject}, reason=reason.strip(), by=by)
    except IntegrityError as error:
        if "discrediting_once" in str(error):
            raise AlreadyDiscredited(f"{kind.capitalize()} {subject.pk}") from error
        raise
    flag_grades(affected, by=by, reason=f"{kind} {subject.pk}, on which it rests, was discredited")
    return row


@transaction.atomic
def withdraw_discrediting(row: Discrediting, *, by: User, reason: str) -> Discrediting:
    """Have it count again; the row stays, and the grades concerned are flagged once more.

    Raises ReasonMissing, AlreadyWithdrawn.
    """
    if not reason.strip():
        raise ReasonMissing("withdrawing a discrediting")
    won = (
        Discrediting.objects.in_force()
        .filter(pk=row.pk)
        .update(withdrawn_at=timezone.now(), withdrawn_by=by, withdrawal_reason=reason.strip())
    )
    if not won:
        raise AlreadyWithdrawn(f"Discrediting {row.pk}")
    row = Discrediting.objects.select_related("source", "claim", "document", "by", "withdrawn_by").get(pk=row.pk)
    subject = row.source or row.claim or row.document
    if subject is not None:
        flag_grades(_affected(subject), by=by, reason="what it rests on was discredited, and is believed again")
    return row


def _affected(subject: Subject) -> set[int]:
    """All claims that rest on it or whose suggestion would move, whoever may see them."""
    claims = Claim.objects.all()
    resting = resting_on(subject, claims)
    moved = {each.claim.pk for change in if_discredited_for(subject, claims) for each in change.suggestions}
    return moved | resting.own | resting.relayed
