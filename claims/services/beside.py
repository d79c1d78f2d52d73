"""Steps on a version beside a claim: those of a blind second analyst, and of an adjudicator wording a third version.

They take the same arguments, raise the same errors and leave the same kind of Review row as steps on the claim itself,
so that neither the analyst nor a client can tell one from the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, cast

from django.db import transaction

from accounts.models import User
from claims.errors import ClaimAlreadyDecided, ClaimChanged, NoSource, ReasonMissing
from claims.models import Claim, ClaimState, Decision, Proposition, Review, SecondReview, Stance
from claims.models.claim import ClaimQuerySet
from claims.models.second_review import Side
from claims.models.seen import show_version
from claims.services.adjudicate import settle_third
from claims.services.correcting import correct
from claims.services.second import DECIDING, ROUND_OF, note_beside
from claims.services.steps import check_open
from documents.models import Collection
from sources.models import Source
from sources.services import create_source

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Version:
    """A version beside a claim, opened for one step. claim: in memory, with the version's values."""

    row: SecondReview
    side: Side
    claim: Claim
    before: dict[str, Any]
    """The version as it was kept."""
    by: User

    def close(
        self, decision: Decision, made: dict[str, int], *, said: dict[str, Any] | None = None, **review: Any
    ) -> Review:
        reason = review.get("reason", "")
        made |= note_beside(self.row, self.side, self.claim, by=self.by, decision=decision, reason=reason, said=said)
        if self.side == Side.THIRD and decision in DECIDING:
            return settle_third(self.row, by=self.by, **review)
        return Review.objects.create(
            claim=self.claim,
            analyst=self.by,
            decision=decision,
            round=ROUND_OF[self.side],
            version=self.row.version_on(self.side)["version"],
            before=self.before,
            made=made,
            **review,
        )


def or_beside(beside: Callable[..., Review]) -> Callable[[Callable[P, Review]], Callable[P, Review]]:
    """A step that goes to the version beside a claim when the claim is not open to who takes it, but that version is.

    Asked only then: a step on an ordinary candidate costs nothing more.
    """

    def decorate(step: Callable[P, Review]) -> Callable[P, Review]:
        @wraps(step)
        def either(*args: P.args, **given: P.kwargs) -> Review:
            try:
                return step(*args, **given)
            except (ClaimChanged, ClaimAlreadyDecided, Claim.DoesNotExist):
                claim, by = cast(Claim, args[0]), cast(User, given["by"])
                others = {name: value for name, value in given.items() if name != "among"}
                if not _works_beside(claim, by, cast(ClaimQuerySet | None, given.get("among"))):
                    raise
                return beside(claim, **others)

        return either

    return decorate


def _works_beside(claim: Claim, by: User, among: ClaimQuerySet | None) -> bool:
    """Whether a step of `by` on the claim, one of those `among` which it must be, goes to a version beside it."""
    if among is not None and not among.filter(pk=claim.pk).exists():
        return False
    seen = Collection.objects.ids_visible_to(by)
    return bool(SecondReview.objects.worked_on_by(by).filter(claim=claim.pk, claim__collection__in=seen).exists())


def accept_beside(
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
    version = _open(claim, by, expected_version)
    made = _choose_source(version, source, new_source)
    if version.claim.source_id is None and version.claim.document_source_id is None:
        raise NoSource(claim.pk)
    version.claim.state, version.claim.stance = ClaimState.ACCEPTED, stance
    said = {"wording": wording.strip(), "proposition": proposition.pk if proposition else None}
    return version.close(Decision.ACCEPT, made, said=said, **review)


def reject_beside(claim: Claim, *, by: User, reason: str, expected_version: int | None = None, **review: Any) -> Review:
    if not reason.strip():
        raise ReasonMissing("rejecting a claim")
    version = _open(claim, by, expected_version)
    version.claim.state = ClaimState.REJECTED
    return version.close(Decision.REJECT, {}, reason=reason.strip(), **review)


def edit_beside(
    claim: Claim,
    *,
    by: User,
    source: Source | None = None,
    new_source: str = "",
    reason: str = "",
    expected_version: int | None = None,
    **changes: Any,
) -> Review:
    version = _open(claim, by, expected_version)
    correct(version.claim, **changes)
    made = _choose_source(version, source, new_source)
    return version.close(Decision.EDIT, made, reason=reason)


def _open(claim: Claim, by: User, expected_version: int | None) -> Version:
    """The version that `by` works on, fresh. The lock on the claim is that on all versions beside it.

    Raises ClaimChanged, ClaimAlreadyDecided.
    """
    assert transaction.get_connection().in_atomic_block  # noqa: S101 -- the lock lasts until the caller's end
    fresh = Claim.objects.select_for_update(of=("self",)).select_related("layer").defer("search").get(pk=claim.pk)
    row = SecondReview.objects.filter(claim=claim.pk).first()
    side = row.side_of(by) if row else None
    if row is None or side is None:
        raise ClaimChanged(claim.pk, fresh.version)  # somebody else took it meanwhile
    kept = row.version_on(side)
    show_version(fresh, kept)
    check_open(fresh, expected_version)
    return Version(row, side, fresh, kept, by)


def _choose_source(version: Version, source: Source | None, new_source: str) -> dict[str, int]:
    """Ascribe the version to a source; the ids of what had to be made for it."""
    if source is None and not new_source:
        return {}
    chosen = source or create_source(new_source, by=version.by)
    version.claim.source = chosen.standing
    return {} if source else {"source": chosen.pk}
