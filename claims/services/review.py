"""What analysts do to one claim at a time. Each step leaves a Review row that holds what it takes to undo it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from claims.errors import BadSpan, NoSource, ReasonMissing
from claims.models import Claim, ClaimState, Decision, DocumentSource, Proposition, Review, Stance
from claims.models.review import Picked
from claims.services.awaited import await_comparison
from claims.services.commitment import read_again
from claims.services.flags import flag_confirmed
from claims.services.locks import lock_propositions
from claims.services.records import refresh
from claims.services.steps import Fragments, close_step, mark, open_for_step
from sources.models import Source
from sources.services import create_source, note_wording


@transaction.atomic
def accept(
    claim: Claim,
    *,
    by: User,
    source: Source | None = None,
    new_source: str = "",
    wording: str = "",
    proposition: Proposition | None = None,
    stance: str = Stance.ASSERTS,
    expected_version: int | None = None,
    seconds: float | None = None,
    picked: str = Picked.DIRECT,
) -> Review:
    """Accept a candidate: it gets a source and a proposition, graded F6 until somebody judges.

    source: a known source; else new_source, the descriptor of one to make; else the one the claim or its in-document
    source is tied to; else a new one made from the in-document source. proposition: a known one, of which the claim
    speaks; else it opens its own, worded `wording`, the content's words by default.
    Raises ClaimAlreadyDecided, ClaimChanged (expected_version is not the claim's), NoSource.
    """
    step = accept_unsettled(
        claim,
        by=by,
        source=source,
        new_source=new_source,
        wording=wording,
        proposition=proposition,
        stance=stance,
        expected_version=expected_version,
        seconds=seconds,
        picked=picked,
    )
    settle_accepted([step])
    return step


def accept_unsettled(
    claim: Claim,
    *,
    by: User,
    source: Source | None = None,
    new_source: str = "",
    wording: str = "",
    proposition: Proposition | None = None,
    stance: str = Stance.ASSERTS,
    expected_version: int | None = None,
    **review: Any,
) -> Review:
    """Accept a claim as `accept` does, but for what many accepted at once need once: `settle_accepted`."""
    claim, before = open_for_step(claim, expected_version)
    made: dict[str, int] = {}
    claim.source = _source_for(claim, source, new_source, by=by, made=made)
    if proposition is None:
        proposition = Proposition.objects.create(text=wording.strip() or claim.wording)
        made["proposition"] = proposition.pk
    else:
        lock_propositions([proposition.pk])
        flag_confirmed([proposition.pk], by=by, reason="another claim joined its proposition")
    claim.proposition = proposition
    claim.stance = stance
    claim.state = ClaimState.ACCEPTED
    return close_step(claim, before, made, decision=Decision.ACCEPT, by=by, **review)


def settle_accepted(steps: Sequence[Review]) -> None:
    """After accepting: the claims wait to be compared with what is known, and their sources' records are read anew."""
    if steps:
        await_comparison([step.claim_id for step in steps])
        refresh({source for step in steps if (source := step.claim.source_id)})


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
) -> Review:
    """Reject a candidate; it will not come back when the document is extracted again.

    Raises ReasonMissing, ClaimAlreadyDecided, ClaimChanged.
    """
    if not reason.strip():
        raise ReasonMissing("rejecting a claim")
    claim, before = open_for_step(claim, expected_version)
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
    made: dict[str, int] = {}
    for role, fragments in (spans or {}).items():
        mark(claim, role, fragments)
    if "content" in (spans or {}):
        claim.commitment = read_again(claim)
    if document_source is not None:
        if document_source.run.layer_id != claim.layer_id:
            raise BadSpan("source", f"{document_source.label} belongs to another document.")
        known = document_source.source
        claim.document_source, claim.source = document_source, known.standing if known else None
    if source is not None or new_source:
        claim.source = _source_for(claim, source, new_source, by=by, made=made)
    for field, value in (
        ("type", type),
        ("hedge", hedge),
        ("modality", modality),
        ("information_date", information_date),
    ):
        if value is not None:
            setattr(claim, field, value)
    return close_step(claim, before, made, decision=Decision.EDIT, by=by, reason=reason)


def _source_for(claim: Claim, source: Source | None, new_source: str, *, by: User, made: dict[str, int]) -> Source:
    """The source an accepted claim gets. What has to be made is noted in `made`."""
    in_document = _locked(claim.document_source_id)
    source = source or (None if new_source else claim.source or (in_document.source if in_document else None))
    if source is None:
        if new_source:
            source = create_source(new_source, by=by)
        elif in_document:
            source = create_source(
                in_document.canonical,
                kind=in_document.kind,
                anonymous=in_document.anonymous,
                access=in_document.knowledge_level,
                placement=in_document.access or in_document.knowledge or in_document.affiliation,
                expertise=in_document.expertise,
                by=by,
            )
        else:
            raise NoSource(claim.pk)
        made["source"] = source.pk
    source = source.standing
    if in_document and in_document.source_id is None:
        DocumentSource.objects.filter(pk=in_document.pk, source__isnull=True).update(source=source)
        made["resolved"] = in_document.pk
        alias, new = note_wording(source, in_document.canonical, document=in_document.run.layer.document)
        if new:
            made["alias"] = alias.pk
    return source


def _locked(document_source_id: int | None) -> DocumentSource | None:
    """The row, locked: two claims of it accepted at once must not make two sources."""
    if document_source_id is None:
        return None
    rows = DocumentSource.objects.select_for_update(of=("self",)).select_related("run__layer__document")
    return rows.defer("run__layer__text", "run__layer__furniture", "run__layer__segments").get(pk=document_source_id)
