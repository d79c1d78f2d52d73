"""Candidates made or remade by hand: one that the machine missed, one that is two, two that are one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from accounts.models import User
from claims.errors import BadSpan, CannotMergeClaims, CannotSplitClaim, ClaimAlreadyThere
from claims.models import (
    ChainLink,
    Claim,
    ClaimState,
    ClaimType,
    Decision,
    DocumentSource,
    Modality,
    Review,
    SecondReview,
)
from claims.models.review import Picked
from claims.services.commitment import read_again
from claims.services.steps import REVIEWABLE, Fragments, close_step, mark, open_for_step, snapshot
from claims.services.store import fingerprint_of_places, freed_fingerprint
from documents.models import TextLayer
from sources.models import Source
from sources.services import create_source

QUOTES = frozenset('"“”„«»')
MOST_PARTS = 10
ONLY_WORDS = "only words, source and kind can be corrected now."
REWORDED = [field for field in REVIEWABLE if field not in ("state", "proposition_id", "stance", "fingerprint")]
"""The reviewable fields of a candidate: what a part of a split claim takes over from it."""


@transaction.atomic
def add_claim(
    layer: TextLayer,
    *,
    by: User,
    spans: dict[str, Fragments],
    source: Source | None = None,
    document_source: DocumentSource | None = None,
    new_source: str = "",
    type: str | None = None,  # noqa: A002 -- the field's name
    hedge: str = "",
    modality: str = Modality.FACT,
    information_date: date | None = None,
    reason: str = "",
    seconds: float | None = None,
) -> Review:
    """Add a candidate that the machine missed; it waits for a decision like any other.

    spans: fragments `[[start, end], ...]` by role; "content" is needed. Who said it: `source` (known),
    `document_source` (of the same document) or `new_source` (a descriptor); else the in-document source whose mention
    the words of the role "source" are, if there is one. type: read off the quotation marks where it is not given.
    Raises BadSpan, ClaimAlreadyThere.
    """
    claim = Claim(layer=layer, collection=layer.document.collection, hedge=hedge, modality=modality)
    for role in sorted(spans, key=lambda role: role != "content"):
        mark(claim, role, spans[role])
    if not claim.content_fragments:
        raise BadSpan("content", "a claim needs a content.")
    if document_source is not None and document_source.run.layer_id != layer.pk:
        raise BadSpan("source", f"{document_source.label} belongs to another document.")
    made: dict[str, int] = {}
    if source is None and new_source:
        source = create_source(new_source, by=by)
        made["source"] = source.pk
    found = document_source or (None if source else mentioned(claim))
    claim.document_source = found
    claim.source = source.standing if source else found.source.standing if found and found.source else None
    claim.type = type or _kind_of(layer.text, claim.content_fragments)
    claim.information_date = information_date or layer.document.information_date
    claim.reported_date = layer.document.document_date
    claim.commitment = read_again(claim)
    tellers = [found.pk] if found else []
    return _born(claim, tellers, decision=Decision.ADD, by=by, made=made, reason=reason.strip(), seconds=seconds)


@transaction.atomic
def split_claim(
    claim: Claim,
    *,
    by: User,
    contents: Sequence[Fragments],
    expected_version: int | None = None,
    seconds: float | None = None,
    picked: str = Picked.DIRECT,
) -> Review:
    """Make two or more candidates of one: it keeps the first of `contents`, each other one becomes a claim of its own.

    All have the same source, cue and circumstance until somebody edits them. One step: undone on all of them.
    Returns the row on the claim itself; those on the new ones have the same batch.
    Raises CannotSplitClaim, BadSpan, ClaimAlreadyThere, ClaimAlreadyDecided, ClaimChanged.
    """
    if _kept_from(by, claim):
        raise CannotSplitClaim(claim.pk, ONLY_WORDS)
    claim, before = open_for_step(claim, expected_version, by=by)
    if not 2 <= len(contents) <= MOST_PARTS:
        raise CannotSplitClaim(claim.pk, f"give the contents of two claims, or of {MOST_PARTS} at most.")
    tellers = list(claim.chain.values_list("document_source_id", flat=True))
    batch = uuid4()
    parts = [_part(claim, content) for content in contents]
    if len({str(part.content_fragments) for part in parts}) < len(parts):
        raise CannotSplitClaim(claim.pk, "two of the contents are the same words.")
    claim.content_quote, claim.content_fragments = parts[0].content_quote, parts[0].content_fragments
    claim.commitment = read_again(claim)
    step = close_step(claim, before, {}, decision=Decision.SPLIT, by=by, batch=batch, seconds=seconds, picked=picked)
    for part in parts[1:]:
        _born(part, tellers, decision=Decision.SPLIT, by=by, batch=batch, picked=picked)
    return step


@transaction.atomic
def merge_claims(
    claim: Claim,
    other: Claim,
    *,
    by: User,
    expected_version: int | None = None,
    other_version: int | None = None,
    seconds: float | None = None,
    picked: str = Picked.DIRECT,
) -> Review:
    """Make one candidate of two of a document: `claim` gets the words of both, `other` is withdrawn.

    Source and cue stay as `claim` has them, and are the other's where it has none. One step: undone on both. Returns
    the row on `claim`; that on the other has the same batch.
    Raises CannotMergeClaims, ClaimAlreadyDecided, ClaimChanged.
    """
    if claim.pk == other.pk:
        raise CannotMergeClaims(claim.pk, other.pk, "that is the same claim. Choose another one.")
    if claim.layer_id != other.layer_id:
        raise CannotMergeClaims(claim.pk, other.pk, "they stand in different documents, or readings of one.")
    if _kept_from(by, claim, other):
        raise CannotMergeClaims(claim.pk, other.pk, ONLY_WORDS)
    list(Claim.objects.select_for_update().filter(pk__in=[claim.pk, other.pk]).order_by("pk").values_list("pk"))
    claim, before = open_for_step(claim, expected_version, by=by)
    other, other_before = open_for_step(other, other_version, by=by)
    for role in ("content", "circumstance"):
        pieces = [getattr(each, f"{role}_fragments") for each in (claim, other)]
        mark(claim, role, _united(claim.layer.text, *pieces))
    for role in ("source", "cue"):
        mark(claim, role, getattr(claim, f"{role}_fragments") or getattr(other, f"{role}_fragments"))
    if claim.document_source_id is None and claim.source_id is None:
        claim.document_source, claim.source = other.document_source, other.source
    hedges = [*claim.hedge.split("; "), *other.hedge.split("; ")]
    claim.hedge = "; ".join(dict.fromkeys(hedge for hedge in hedges if hedge))
    if claim.type != other.type:
        claim.type = ClaimType.MIXED
    claim.commitment = read_again(claim)
    batch = uuid4()
    step = close_step(claim, before, {}, decision=Decision.MERGE, by=by, batch=batch, seconds=seconds, picked=picked)
    other.state = ClaimState.WITHDRAWN
    close_step(other, other_before, {}, decision=Decision.MERGE, by=by, batch=batch, picked=picked)
    return step


def _kept_from(user: User, *claims: Claim) -> bool:
    """Whether the user is to judge one of them blind: that opinion stands beside the claim and changes no other."""
    return SecondReview.objects.keeping_blind(user).filter(claim__in=claims).exists()


def mentioned(claim: Claim) -> DocumentSource | None:
    """The source of the newest reading of the document one of whose mentions overlaps the claim's source words most."""
    if not claim.source_fragments:
        return None
    newest = claim.layer.runs.order_by("-pk").values("pk")[:1]
    found = DocumentSource.objects.filter(run__in=newest).select_related("source__merged_into", "run").order_by("pk")
    shared = {
        row: max((_overlap(claim.source_fragments, pieces) for pieces in row.mentions), default=0) for row in found
    }
    best = max(shared, key=lambda row: shared[row], default=None)
    return best if best is not None and shared[best] else None


def _born(
    claim: Claim,
    tellers: Sequence[int],
    *,
    decision: Decision,
    by: User,
    made: dict[str, int] | None = None,
    batch: UUID | None = None,
    **review: Any,
) -> Review:
    """Store a claim made by hand with the Review row of its making. An undo withdraws it, and frees its place."""
    claim.fingerprint = fingerprint_of_places(claim.source_fragments, claim.cue_fragments, claim.content_fragments)
    there = Claim.objects.select_for_update().filter(layer=claim.layer_id, fingerprint=claim.fingerprint).first()
    if there is not None and there.state == ClaimState.SUPERSEDED:
        claim, before = _revived(there, claim)
    else:
        before = _stored(claim, there)
    step = close_step(claim, before, made or {}, decision=decision, by=by, batch=batch, **review)
    ChainLink.objects.bulk_create(
        [
            ChainLink(claim=claim, position=position, document_source_id=teller)
            for position, teller in enumerate(tellers)
        ],
        ignore_conflicts=True,
    )
    return step


def _stored(claim: Claim, there: Claim | None) -> dict[str, Any]:
    """Store the claim; what an undo makes of it: withdrawn, its place free for another."""
    try:
        with transaction.atomic():
            if there is None:
                claim.save(force_insert=True)
    except IntegrityError as error:  # somebody else was faster by less than this transaction
        if "claim_once_per_place" not in str(error):
            raise
        there = Claim.objects.get(layer=claim.layer_id, fingerprint=claim.fingerprint)
    if there is not None:
        raise ClaimAlreadyThere(there.pk, there.get_state_display().lower())
    return snapshot(claim) | {"state": ClaimState.WITHDRAWN.value, "fingerprint": freed_fingerprint(claim.pk)}


def _revived(there: Claim, claim: Claim) -> tuple[Claim, dict[str, Any]]:
    """One that an engine found and a newer one dropped waits again, as it is worded now."""
    before = snapshot(there)
    for field in REWORDED:
        setattr(there, field, getattr(claim, field))
    there.state = ClaimState.CANDIDATE
    return there, before


def _part(claim: Claim, content: Fragments) -> Claim:
    """A claim like this one that says only `content`; not stored."""
    part = Claim(
        layer=claim.layer,
        collection_id=claim.collection_id,
        resolution_uncertain=claim.resolution_uncertain,
        reported_date=claim.reported_date,
        **{field: getattr(claim, field) for field in REWORDED},
    )
    mark(part, "content", content)
    part.commitment = read_again(part)
    return part


def _kind_of(text: str, content: Fragments) -> str:
    """Direct speech begins with a quotation mark, or right after one."""
    start = content[0][0]
    return ClaimType.DIRECT if set(text[max(start - 1, 0) : start + 1]) & QUOTES else ClaimType.INDIRECT


def _united(text: str, one: Fragments, other: Fragments) -> Fragments:
    """The pieces of both in text order; those that overlap, or have only white space between them, are one."""
    pieces: Fragments = []
    for start, end in sorted([*one, *other]):
        if pieces and (start <= pieces[-1][1] or not text[pieces[-1][1] : start].strip()):
            pieces[-1][1] = max(pieces[-1][1], end)
        else:
            pieces.append([start, end])
    return pieces


def _overlap(one: Fragments, other: Fragments) -> int:
    """How many characters two spans share."""
    return sum(max(0, min(end, last) - max(start, first)) for start, end in one for first, last in other)
