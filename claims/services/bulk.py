"""One decision on many candidates: a single step, shown before by count and ids, and undone as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models.functions import Coalesce

from accounts.models import User
from claims.errors import ClaimError, NoSuchClaim, ReasonMissing, TooManyClaims
from claims.models import Claim, Decision, DocumentSource, Modality, Review, Stance
from claims.models.review import Picked
from claims.services.accepting import accept_unsettled, settle_accepted
from claims.services.review import reject
from sources.errors import SourceError
from sources.models import Source

MOST_AT_ONCE = 500
"""Claims of one step. At some ten milliseconds each a person waits a few seconds."""


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one claim: its Review row, or why nothing was written for it."""

    claim_id: int
    review: Review | None = None
    refusal: ClaimError | SourceError | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A step on many claims. batch: names it for an undo; None when every claim was refused."""

    batch: UUID | None
    items: list[Item]

    @property
    def done(self) -> list[Item]:
        return [item for item in self.items if item.review]

    @property
    def refused(self) -> list[Item]:
        return [item for item in self.items if item.refusal]


@transaction.atomic
def decide_many(
    claims: Mapping[int, int | None], *, decision: Decision, by: User, reason: str = "", picked: str = Picked.DIRECT
) -> Decided:
    """Accept or reject many candidates as one step. What somebody else decided or changed meanwhile is left alone.

    claims: by id the version that was seen; None takes it as it is. An accepted claim gets the source it is tied to and
    a proposition of its own words, and denies it where the engine read a denial. Every claim is decided or refused as
    a whole; the result says which.
    Raises ReasonMissing (of a rejection), TooManyClaims; then nothing was written.
    """
    if decision == Decision.REJECT and not reason.strip():
        raise ReasonMissing("rejecting claims")
    if len(claims) > MOST_AT_ONCE:
        raise TooManyClaims(len(claims), MOST_AT_ONCE)
    found = _locked(list(claims), by)
    batch = uuid4()
    items = [
        _decide(found.get(pk), pk, claims[pk], decision=decision, by=by, reason=reason, batch=batch, picked=picked)
        for pk in claims
    ]
    steps = [item.review for item in items if item.review]
    if decision == Decision.ACCEPT:
        settle_accepted(steps)
    return Decided(batch if steps else None, items)


def _locked(ids: list[int], by: User) -> dict[int, Claim]:
    """The claims, those of their sources that accepting locks, and these sources; each kind in the order of its ids.

    Taken before anything is written, so that of two people at once one waits and no circle of waiting can arise.
    """
    rows = Claim.objects.visible_to(by).filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk")
    found = {claim.pk: claim for claim in rows.defer("search")}
    wanted = {claim.document_source_id for claim in found.values() if claim.document_source_id}
    tied = DocumentSource.objects.filter(pk__in=wanted).select_for_update(of=("self",)).order_by("pk")
    known = {source for source in tied.values_list("source_id", flat=True) if source}
    known |= {claim.source_id for claim in found.values() if claim.source_id}
    standing = set(Source.objects.filter(pk__in=known).values_list(Coalesce("merged_into", "pk"), flat=True))
    list(Source.objects.families(standing).select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    return found


def _decide(
    claim: Claim | None,
    claim_id: int,
    version: int | None,
    *,
    decision: Decision,
    by: User,
    reason: str,
    batch: UUID,
    picked: str,
) -> Item:
    try:
        if claim is None:
            raise NoSuchClaim(claim_id)
        with transaction.atomic():
            if decision == Decision.ACCEPT:
                stance = Stance.DENIES if claim.modality == Modality.DENIAL else Stance.ASSERTS
                step = accept_unsettled(
                    claim, by=by, stance=stance, expected_version=version, batch=batch, picked=picked
                )
            else:
                step = reject(claim, by=by, reason=reason, expected_version=version, batch=batch, picked=picked)
    except (ClaimError, SourceError) as refusal:
        return Item(claim_id, refusal=refusal)
    return Item(claim_id, review=step)
