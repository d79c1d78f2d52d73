"""Gradings that documents print: gathered as proposals, and taken over or dismissed by an analyst."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, islice

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from claims.models import Claim, LinkState
from claims.services import assess_credibility, grade_source
from documents.models import Collection
from exchange.errors import AlreadyDecided, ReasonNeeded
from exchange.models import PrintedGrading
from grading.scales import Credibility, Reliability

BATCH = 1_000
Progress = Callable[[int, int], None]
"""Called with how many claims were looked at, and of how many; what it raises ends the run."""


def gather(collection: Collection, *, progress: Progress | None = None) -> tuple[int, int]:
    """Propose the gradings printed beside accepted claims of a collection.

    A source's grading is proposed once for each document and day. Those that were proposed before stay as they are.
    Returns how many claims were looked at, and how many gradings are new.
    """
    claims = Claim.objects.accepted().filter(collection=collection, source__isnull=False)
    claims = claims.select_related("document_source", "source", "layer__document").defer(
        "search", "source__search", "layer__text", "layer__furniture", "layer__segments"
    )
    own = PrintedGrading.objects.filter(document__collection=collection)
    before, looked_at, total = own.count(), 0, claims.count()
    rows = claims.order_by("pk").iterator(chunk_size=BATCH)
    while batch := list(islice(rows, BATCH)):
        if progress is not None:
            progress(looked_at, total)
        PrintedGrading.objects.bulk_create(chain.from_iterable(map(_of, batch)), ignore_conflicts=True)
        looked_at += len(batch)
    return looked_at, own.count() - before


def _of(claim: Claim) -> list[PrintedGrading]:
    """What is printed of the claim's content, and of its source."""
    document = claim.layer.document
    dated = {"claim": claim, "document": document, "said_on": claim.reported_date or document.document_date}
    found = []
    content = claim.commitment.get("printed_credibility") or {}
    if content.get("grade") in set(Credibility):
        found.append(PrintedGrading(grade=content["grade"], words=content.get("words", ""), **dated))
    teller = claim.document_source
    if teller is not None and claim.source is not None and teller.printed_reliability in set(Reliability):
        found.append(
            PrintedGrading(
                source_id=claim.source.standing_id,
                grade=teller.printed_reliability,
                words=teller.printed_reliability_words,
                **dated,
            )
        )
    return found


@transaction.atomic
def take_over(printed: PrintedGrading, *, by: User, note: str = "") -> PrintedGrading:
    """Give the printed grade as a judgement of `by`, whose basis says where it is printed and of which day it is.

    It counts as any other of theirs. note: what the analyst adds to the basis.
    Raises AlreadyDecided; and what giving a grade raises: a printed 1 has to be earned here as well.
    """
    row = _locked(printed)
    day = f", {row.said_on.isoformat()}" if row.said_on else ""
    basis = f"Printed in {row.document.label}{day}: “{row.words}”. {note}".strip()
    if row.source is None:
        assess_credibility(row.claim, grade=row.grade, basis=basis, by=by)
    else:
        grade_source(row.source, grade=row.grade, basis=basis, by=by, departure=f"As printed in {row.document.label}.")
    return _decide(row, LinkState.CONFIRMED, by=by)


@transaction.atomic
def dismiss(printed: PrintedGrading, *, by: User, reason: str) -> PrintedGrading:
    """Raises ReasonNeeded, AlreadyDecided."""
    if not reason.strip():
        raise ReasonNeeded
    row = _locked(printed)
    row.reason = reason.strip()
    return _decide(row, LinkState.DISMISSED, by=by)


def _locked(printed: PrintedGrading) -> PrintedGrading:
    row = (
        PrintedGrading.objects.select_for_update(of=("self",))
        .select_related("source", "document", "claim")
        .get(pk=printed.pk)
    )
    if row.state != LinkState.PROPOSED:
        raise AlreadyDecided(row.pk)
    return row


def _decide(row: PrintedGrading, state: LinkState, *, by: User) -> PrintedGrading:
    row.state, row.by, row.decided_at = state, by, timezone.now()
    row.save(update_fields=["state", "by", "decided_at", "reason"])
    return row
