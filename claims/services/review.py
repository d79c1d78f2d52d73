"""What analysts do to one claim at a time. Each step leaves a Review row that holds what it takes to undo it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from accounts.models import User
from claims.errors import BadSpan, ReasonMissing
from claims.models import Claim, ClaimState, Decision, DocumentSource, Review
from claims.models.claim import ClaimQuerySet
from claims.models.review import Picked
from claims.services.attributing import attribute, locked_source_of
from claims.services.commitment import read_again
from claims.services.steps import Fragments, close_step, mark, open_for_step
from claims.services.together import Id, Together
from sources.models import Source


@transaction.atomic
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
    claim, before = open_for_step(claim, expected_version, among=among, with_text=False)
    claim.state = ClaimState.REJECTED
    return close_step(
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


@transaction.atomic
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
    claim, before = open_for_step(claim, expected_version)
    made: dict[str, Id] = {}
    for role, fragments in (spans or {}).items():
        mark(claim, role, fragments)
    if "content" in (spans or {}):
        claim.commitment = read_again(claim)
    if document_source is not None:
        if document_source.run.layer_id != claim.layer_id:
            raise BadSpan("source", f"{document_source.label} belongs to another document.")
        known = document_source.source
        claim.document_source, claim.source = document_source, known.standing if known else None
    writes = Together()
    if source is not None or new_source:
        given = attribute(claim, locked_source_of(claim), source=source, new_source=new_source, by=by, writes=writes)
        claim.source_id, made = given.source_id, given.made
    for field, value in (
        ("type", type),
        ("hedge", hedge),
        ("modality", modality),
        ("information_date", information_date),
    ):
        if value is not None:
            setattr(claim, field, value)
    return close_step(claim, before, made, beside=writes, decision=Decision.EDIT, by=by, reason=reason)
