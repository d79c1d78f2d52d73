"""What analysts do to one claim at a time. Each step leaves a Review row that holds what it takes to undo it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from claims.errors import (
    BadSpan,
    CannotUndo,
    ClaimAlreadyDecided,
    ClaimChanged,
    NoSource,
    NothingToUndo,
    ReasonMissing,
)
from claims.models import Claim, ClaimState, Decision, DocumentSource, Proposition, Review, SourceSplit, Stance
from claims.models.review import Picked
from claims.services.awaited import await_comparison
from claims.services.commitment import read_again
from claims.services.flags import flag_confirmed
from claims.services.identity import drop_if_unused
from claims.services.locks import lock_propositions
from claims.services.records import refresh
from claims.services.store import role_fields
from extraction.spans import Span
from sources.models import Source, SourceAlias
from sources.services import create_source, note_wording

ROLES = ("source", "cue", "content", "circumstance")
REVIEWABLE = [
    "state",
    "source_id",
    "document_source_id",
    "proposition_id",
    "stance",
    "type",
    "hedge",
    "modality",
    "commitment",
    "information_date",
    *(f"{role}_{part}" for role in ROLES for part in ("quote", "fragments")),
]
"""The fields a step may change, and an undo puts back."""

Fragments = list[list[int]]


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
    claim, before = _open(claim, expected_version)
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
    step = _close(claim, before, made, decision=Decision.ACCEPT, by=by, seconds=seconds, picked=picked)
    await_comparison([claim.pk])
    refresh([claim.source.pk])
    return step


@transaction.atomic
def reject(
    claim: Claim,
    *,
    by: User,
    reason: str,
    expected_version: int | None = None,
    seconds: float | None = None,
    picked: str = Picked.DIRECT,
) -> Review:
    """Reject a candidate; it will not come back when the document is extracted again.

    Raises ReasonMissing, ClaimAlreadyDecided, ClaimChanged.
    """
    if not reason.strip():
        raise ReasonMissing("rejecting a claim")
    claim, before = _open(claim, expected_version)
    claim.state = ClaimState.REJECTED
    return _close(
        claim, before, {}, decision=Decision.REJECT, by=by, reason=reason.strip(), seconds=seconds, picked=picked
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
    claim, before = _open(claim, expected_version)
    made: dict[str, int] = {}
    for role, fragments in (spans or {}).items():
        _mark(claim, role, fragments)
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
    return _close(claim, before, made, decision=Decision.EDIT, by=by, reason=reason)


@transaction.atomic
def undo(review: Review, *, by: User) -> Review:
    """Put a claim back to what it was before one step, and take away what that step made if nothing else uses it.

    Raises CannotUndo when the step is another analyst's (and `by` may not undo those), was undone already, or is not
    the claim's latest.
    """
    review = Review.objects.select_related("claim").get(pk=review.pk)
    claim = Claim.objects.select_for_update().get(pk=review.claim_id)
    if review.analyst_id != by.pk and not by.has_perm("claims.undo_others_review"):
        raise CannotUndo(review.pk, "it is another analyst's; ask them or a reviewer.")
    if review.decision == Decision.UNDO or Review.objects.filter(undoes=review).exists():
        raise CannotUndo(review.pk, "it was undone already.")
    if Review.objects.standing().filter(claim=claim, pk__gt=review.pk).exists():
        raise CannotUndo(review.pk, "the claim was changed since. Undo the later steps first.")
    before = _snapshot(claim)
    for field, value in review.before.items():
        setattr(claim, field, value)
    step = _close(claim, before, {}, decision=Decision.UNDO, by=by, undoes=review)
    _unmake(review.made)
    if review.decision == Decision.ACCEPT:
        refresh([before["source_id"]])
    return step


def undo_last(*, by: User) -> Review:
    """Undo the analyst's own latest step that stands. Raises NothingToUndo, CannotUndo."""
    review = Review.objects.undoable_by(by).first()
    if review is None:
        raise NothingToUndo
    return undo(review, by=by)


def _open(claim: Claim, expected_version: int | None) -> tuple[Claim, dict[str, Any]]:
    """The claim, locked and fresh, and its reviewable fields as they are."""
    claim = Claim.objects.select_for_update(of=("self",)).select_related("layer").get(pk=claim.pk)
    if expected_version is not None and claim.version != expected_version:
        raise ClaimChanged(claim.pk, claim.version)
    if claim.state != ClaimState.CANDIDATE:
        raise ClaimAlreadyDecided(claim.pk, claim.get_state_display().lower())
    return claim, _snapshot(claim)


def _close(claim: Claim, before: dict[str, Any], made: dict[str, int], **review: Any) -> Review:
    """Write the claim's reviewable fields and the Review row."""
    claim.version += 1
    claim.save(update_fields=[*(field.removesuffix("_id") for field in REVIEWABLE), "start", "version"])
    analyst = review.pop("by")
    return Review.objects.create(
        claim=claim, analyst=analyst, version=claim.version, before=before, made=made, **review
    )


def _snapshot(claim: Claim) -> dict[str, Any]:
    values = {field: getattr(claim, field) for field in REVIEWABLE}
    values["information_date"] = claim.information_date.isoformat() if claim.information_date else None
    return values


def _mark(claim: Claim, role: str, fragments: Fragments) -> None:
    """Set one role to the words under `fragments`."""
    if role not in ROLES:
        raise BadSpan(role, f"a claim has the roles {', '.join(ROLES)}.")
    text = claim.layer.text
    if not fragments and role == "content":
        raise BadSpan(role, "a claim needs a content.")
    if any(not 0 <= start < end <= len(text) for start, end in fragments):
        raise BadSpan(role, f"give [start, end] with 0 <= start < end <= {len(text)}, the length of the text.")
    if any(later[0] < earlier[1] for earlier, later in zip(sorted(fragments), sorted(fragments)[1:], strict=False)):
        raise BadSpan(role, "its pieces overlap.")
    try:
        span = Span.cut(text, [(start, end) for start, end in fragments]) if fragments else None
    except ValueError as error:
        raise BadSpan(role, "it holds nothing but white space.") from error
    for field, value in role_fields(role, span).items():
        setattr(claim, field, value)
    starts = [
        pieces[0][0] for pieces in (claim.source_fragments, claim.cue_fragments, claim.content_fragments) if pieces
    ]
    claim.start = min(starts)


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


def _unmake(made: dict[str, int]) -> None:
    """Take away the rows a step made, but for those that something else uses by now."""
    Proposition.objects.unused().filter(pk=made.get("proposition", 0)).delete()
    unused = DocumentSource.objects.filter(pk=made.get("resolved", 0)).exclude(claims__state=ClaimState.ACCEPTED)
    if unused.update(source=None):
        SourceAlias.objects.filter(pk=made.get("alias", 0)).delete()
    if "source" in made and not SourceSplit.objects.in_force().filter(into=made["source"]).exists():
        drop_if_unused(made["source"])
