"""What each step on a claim begins and ends with: the claim locked and fresh, then its new values and a Review row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from claims.errors import BadSpan, ClaimAlreadyDecided, ClaimChanged
from claims.models import Claim, ClaimState, Review
from claims.models.claim import ClaimQuerySet
from claims.services.store import role_fields
from claims.services.together import Id, IdOf, Together, ids_in_json, known_ids
from extraction.spans import Span

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
    "fingerprint",
    *(f"{role}_{part}" for role in ROLES for part in ("quote", "fragments")),
]
"""The fields a step may change, and an undo puts back."""

WITH_STEP = ("layer", "collection", "second_review")
"""What a step looks at besides the claim."""

Fragments = list[list[int]]


def open_for_step(
    claim: Claim,
    expected_version: int | None,
    *,
    by: User | None = None,
    among: ClaimQuerySet | None = None,
    with_text: bool = True,
) -> tuple[Claim, dict[str, Any]]:
    """The claim, locked and fresh, and its reviewable fields as they are.

    by: who takes the step, if it may go to a version beside the claim (see claims.services.beside). among: the claims
    of which it must be one. with_text: whether the step looks at the text of the document.
    Raises ClaimChanged (expected_version is not the claim's), ClaimAlreadyDecided; Claim.DoesNotExist.
    """
    rows = (Claim.objects.all() if among is None else among).select_related(*WITH_STEP).defer("search")
    if not with_text:
        rows = without_text(rows)
    claim = rows.select_for_update(of=("self",)).get(pk=claim.pk)
    check_open(claim, expected_version, by=by)
    return claim, snapshot(claim)


def without_text(claims: ClaimQuerySet) -> ClaimQuerySet:
    return claims.defer("search", "layer__text", "layer__furniture", "layer__segments", "layer__page_starts")


def check_open(claim: Claim, expected_version: int | None, *, by: User | None = None) -> None:
    """Raises ClaimChanged, ClaimAlreadyDecided; the former also where `by` has a version of their own beside it."""
    row = getattr(claim, "second_review", None) if by else None
    if by and row is not None and row.side_of(by):
        raise ClaimChanged(claim.pk, claim.version)
    if expected_version is not None and claim.version != expected_version:
        raise ClaimChanged(claim.pk, claim.version)
    if claim.state != ClaimState.CANDIDATE:
        raise ClaimAlreadyDecided(claim.pk, claim.get_state_display().lower())


def close_step(
    claim: Claim, before: dict[str, Any], made: Mapping[str, Id], *, beside: Together | None = None, **review: Any
) -> Review:
    """Write the claim's reviewable fields and the Review row, and what is noted down in `beside`, as one statement.

    made: the ids of the rows that the step made.
    """
    writes = beside or Together()
    claim.version += 1
    claim.start = claim.first_character
    writes.update(claim, **{field: getattr(claim, field) for field in [*REVIEWABLE, "start", "version"]})
    step = Review(
        claim=claim,
        analyst=review.pop("by"),
        version=claim.version,
        before=before,
        made=ids_in_json(dict(made)),
        **review,
    )
    writes.insert(step)
    writes.write()
    step.made = known_ids(dict(made))
    for field in ("source_id", "proposition_id"):
        value = getattr(claim, field)
        if isinstance(value, IdOf):
            setattr(claim, field, value.known)
    return step


def snapshot(claim: Claim) -> dict[str, Any]:
    values = {field: getattr(claim, field) for field in REVIEWABLE}
    values["information_date"] = claim.information_date.isoformat() if claim.information_date else None
    return values


def mark(claim: Claim, role: str, fragments: Fragments) -> None:
    """Set one role to the words under `fragments`. Raises BadSpan."""
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
    if claim.content_fragments:
        claim.start = claim.first_character
