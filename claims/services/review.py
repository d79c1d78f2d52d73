"""What analysts do to one claim at a time. Each step leaves a Review row that holds what it takes to undo it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from accounts.models import User
from claims.errors import ReasonMissing
from claims.models import Claim, ClaimState, Decision, DocumentSource, Review
from claims.models.claim import ClaimQuerySet
from claims.models.review import Picked
from claims.services.attributing import attribute, locked_source_of, note_first_record
from claims.services.beside import edit_beside, or_beside, reject_beside
from claims.services.correcting import correct
from claims.services.second import gets_second, note_first
from claims.services.steps import Fragments, close_step, open_for_step
from claims.services.together import Id, Together
from sources.models import Source


@transaction.atomic
@or_beside(reject_beside)
def reject(
    claim: Claim,
    *,
    by: User,
    reason: str,
    expected_version: int | None = None,
    seconds: float | None = None,
    picked: str = Picked.DIRECT,
    batch: UUID | None = None,
    among: ClaimQuerySet | None = None,
) -> Review:
    """Reject a candidate; it will not come back when the document is extracted again.

    Raises ReasonMissing, ClaimAlreadyDecided, ClaimChanged; Claim.DoesNotExist when it is not `among` these claims.
    """
    if not reason.strip():
        raise ReasonMissing("rejecting a claim")
    claim, before = open_for_step(claim, expected_version, by=by, among=among, with_text=False)
    claim.state = ClaimState.REJECTED
    step = close_step(
        claim,
        before,
        {},
        decision=Decision.REJECT,
        by=by,
        reason=reason.strip(),
        seconds=seconds,
        picked=picked,
        batch=batch,
    )
    if gets_second(claim):
        note_first(claim, step)
    return step


@transaction.atomic
@or_beside(edit_beside)
def edit(
    claim: Claim,
    *,
    by: User,
    spans: dict[str, Fragments] | None = None,
    source: Source | None = None,
    document_source: DocumentSource | None = None,
    new_source: str = "",
    type: str | None = None,  # noqa: A002 -- the field's name
    hedge: str | None = None,
    modality: str | None = None,
    information_date: date | None = None,
    reason: str = "",
    expected_version: int | None = None,
) -> Review:
    """Correct a candidate before it is decided; what is not given stays.

    spans: new fragments `[[start, end], ...]` by role (source, cue, content, circumstance); an empty list takes the
    role away. Who said it: `source` (known), `document_source` (of the same document) or `new_source` (a descriptor).
    Raises BadSpan, ClaimAlreadyDecided, ClaimChanged.
    """
    claim, before = open_for_step(claim, expected_version, by=by)
    correct(
        claim,
        spans=spans,
        document_source=document_source,
        type=type,
        hedge=hedge,
        modality=modality,
        information_date=information_date,
    )
    made: dict[str, Id] = {}
    writes = Together()
    if source is not None or new_source:
        given = attribute(
            claim,
            locked_source_of(claim),
            source=source,
            new_source=new_source,
            by=by,
            writes=writes,
            tied=not gets_second(claim),
        )
        claim.source_id, made = given.source_id, given.made
        note_first_record(given, writes, claims=0)
    return close_step(claim, before, made, beside=writes, decision=Decision.EDIT, by=by, reason=reason)
