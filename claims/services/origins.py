"""Who had it from whom, as analysts judge it: confirmed independence, and suspected common origins."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from claims.common_origins import Suspicion, suspicions
from claims.errors import (
    AlreadyConfirmed,
    AlreadyWithdrawn,
    CannotMoveClaim,
    LinkAlreadyDecided,
    NotIndependent,
    ReasonMissing,
)
from claims.models import Claim, ClaimLink, IndependentOrigin, LinkState, OriginNotice
from claims.services.flags import flag_confirmed
from claims.services.locks import lock_propositions

FIGURES = ("posterior", "shared_true", "shared_refuted", "different", "unsettled_same", "unsettled_different")


@dataclass(frozen=True, slots=True)
class Found:
    """What a search for common origins found. suspected: pairs by now. new, gone: notices since the last search."""

    suspected: int
    new: int
    gone: int


@transaction.atomic
def confirm_independence(claim: Claim, *, by: User, basis: str) -> IndependentOrigin:
    """Record that `by` knows a claim's origin to be apart from all others on its proposition; grade 1 rests on this.

    Raises ReasonMissing without a basis, CannotMoveClaim for a claim that is not accepted, NotIndependent for one that
    relays another, AlreadyConfirmed.
    """
    if not basis.strip():
        raise ReasonMissing("confirming an independent origin")
    claim = Claim.objects.defer("search").get(pk=claim.pk)
    if claim.proposition_id is None:
        raise CannotMoveClaim(claim.pk, "it is not accepted. Accept it first.")
    lock_propositions([claim.proposition_id])
    relayed = ClaimLink.objects.confirmed().relays().filter(claim=claim.pk).first()
    if relayed is not None:
        origin = f"claim {relayed.origin_id}" if relayed.origin_id else f"source {relayed.origin_source_id}"
        raise NotIndependent(claim.pk, f"it repeats {origin}. Confirm that one, or dismiss the link between them.")
    try:
        with transaction.atomic():
            return IndependentOrigin.objects.create(
                claim=claim, proposition_id=claim.proposition_id, basis=basis.strip(), by=by
            )
    except IntegrityError as error:
        if "independent_origin_once" in str(error):
            raise AlreadyConfirmed(claim.pk) from error
        raise


@transaction.atomic
def withdraw_independence(row: IndependentOrigin, *, by: User, reason: str) -> IndependentOrigin:
    """Take a confirmation back; the row stays, and grades 1 that rested on it are flagged for review.

    Raises ReasonMissing, AlreadyWithdrawn.
    """
    if not reason.strip():
        raise ReasonMissing("withdrawing a confirmation")
    lock_propositions([row.proposition_id])
    won = IndependentOrigin.objects.filter(pk=row.pk, withdrawn_at=None).update(
        withdrawn_at=timezone.now(), withdrawn_by=by, withdrawal_reason=reason.strip()
    )
    if not won:
        raise AlreadyWithdrawn(f"Confirmation {row.pk}")
    flag_confirmed([row.proposition_id], by=by, reason="the confirmation of an independent origin was withdrawn")
    return IndependentOrigin.objects.select_related("by", "withdrawn_by").get(pk=row.pk)


def accept_notice(notice: OriginNotice, *, by: User, reason: str = "") -> OriginNotice:
    """Have two sources count as one origin from now on. Raises LinkAlreadyDecided."""
    return _decide(notice, LinkState.CONFIRMED, by=by, reason=reason)


def dismiss_notice(notice: OriginNotice, *, by: User, reason: str = "") -> OriginNotice:
    """Have two sources count as two, and their notice not come again. Raises LinkAlreadyDecided."""
    return _decide(notice, LinkState.DISMISSED, by=by, reason=reason)


def reopen_notice(notice: OriginNotice, *, by: User, reason: str = "") -> OriginNotice:
    """Take the decision on a notice back. Raises LinkAlreadyDecided when there is none."""
    return _decide(notice, LinkState.PROPOSED, by=by, reason=reason)


@transaction.atomic
def _decide(notice: OriginNotice, state: LinkState, *, by: User, reason: str) -> OriginNotice:
    row = OriginNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if row.state == state:
        raise LinkAlreadyDecided(row.pk, row.get_state_display().lower())
    before, row.state, row.by, row.at, row.reason = row.state, state, by, timezone.now(), reason.strip()
    row.save(update_fields=["state", "by", "at", "reason"])
    if LinkState.CONFIRMED in (before, state):
        sources = [row.one_id, row.other_id]
        shared = Claim.objects.accepted().filter(source__in=sources, credibility_assessments__grade="1").order_by()
        flag_confirmed(
            [pk for pk in shared.values_list("proposition", flat=True).distinct() if pk],
            by=by,
            reason="two of its sources were judged anew for a common origin",
        )
    return row


@transaction.atomic
def find_common_origins() -> Found:
    """Bring the notices up to date with the verdicts. Twice in a row changes nothing the second time.

    A notice that somebody decided keeps its decision, with new figures; an undecided one that the verdicts no longer
    bear out goes (its history stays).
    """
    suspected = {(each.one, each.other): each for each in suspicions(Claim.objects.all())}
    known = {(row.one_id, row.other_id): row for row in OriginNotice.objects.select_for_update().order_by("pk")}
    made = [
        OriginNotice(one_id=one, other_id=other, **_figures(each))
        for (one, other), each in suspected.items()
        if (one, other) not in known
    ]
    OriginNotice.objects.bulk_create(made, batch_size=2_000)
    moved = []
    for pair, row in known.items():
        if pair in suspected and any(getattr(row, name) != value for name, value in _figures(suspected[pair]).items()):
            for name, value in _figures(suspected[pair]).items():
                setattr(row, name, value)
            row.computed_at = timezone.now()
            moved.append(row)
    OriginNotice.objects.bulk_update(moved, [*FIGURES, "computed_at"], batch_size=2_000)
    gone = [row.pk for pair, row in known.items() if pair not in suspected and row.state == LinkState.PROPOSED]
    OriginNotice.objects.filter(pk__in=gone).delete()
    return Found(suspected=len(suspected), new=len(made), gone=len(gone))


def _figures(each: Suspicion) -> dict[str, float]:
    settled, unsettled = each.shared, each.unsettled
    counts = settled.true, settled.refuted, settled.different, unsettled.same, unsettled.different
    return dict(zip(FIGURES, (each.posterior, *counts), strict=True))
