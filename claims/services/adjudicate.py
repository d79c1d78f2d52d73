"""Deciding between two opinions on a claim: the first, the second, or a third version that the adjudicator words."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import User
from claims.errors import CannotAdjudicate, ReasonMissing
from claims.models import (
    Claim,
    ClaimState,
    Decision,
    Proposition,
    Review,
    Round,
    SecondReview,
    SecondReviewState,
)
from claims.models.seen import show_version
from claims.services.attributing import attribute, locked_source_of
from claims.services.awaited import await_comparison
from claims.services.flags import flag_confirmed
from claims.services.locks import lock_propositions
from claims.services.records import refresh
from claims.services.steps import close_step, snapshot
from claims.services.together import Id, Together

CHOICES = ("first", "second")


@transaction.atomic
def adjudicate(
    claim: Claim, *, choose: str, by: User, reason: str, seconds: float | None = None, picked: str = "direct"
) -> Review:
    """Decide that the claim is as the first or as the second analyst has it.

    choose: "first" or "second". The claim is that from now on, everywhere; an undo brings back how it stood before.
    Raises ReasonMissing, CannotAdjudicate.
    """
    row = _opened(claim, by, reason)
    if choose not in CHOICES:
        raise ValueError(f"choose one of {', '.join(CHOICES)}, not {choose}")
    return _settle(row, getattr(row, choose), by=by, reason=reason.strip(), seconds=seconds, picked=picked)


@transaction.atomic
def word_third(claim: Claim, *, by: User, reason: str, start: str = "second") -> SecondReview:
    """Begin a third version, worded like the first or the second: it is corrected and decided like a candidate.

    Nobody but `by` sees it before they have accepted or rejected it. Raises ReasonMissing, CannotAdjudicate.
    """
    row = _opened(claim, by, reason)
    version = dict(getattr(row, start if start in CHOICES else "second"))
    for said in ("wording", "proposition", "reason"):
        version.pop(said, None)
    row.third = version | {"state": ClaimState.CANDIDATE.value, "stance": "", "why": reason.strip()}
    row.adjudicator = by
    row.save()
    return row


@transaction.atomic
def drop_third(claim: Claim, *, by: User) -> SecondReview:
    """Give up one's third version: the two opinions wait for adjudication as before. Raises CannotAdjudicate."""
    Claim.objects.select_for_update(of=("self",)).only("pk").get(pk=claim.pk)
    row = SecondReview.objects.filter(claim=claim.pk, adjudicator=by, third__isnull=False).to_adjudicate().first()
    if row is None:
        raise CannotAdjudicate(claim.pk, "you are not wording a version of it.")
    row.third = row.adjudicator = None
    row.save()
    return row


def settle_third(row: SecondReview, *, by: User, **review: Any) -> Review:
    """Make the decided third version the claim's."""
    assert row.third is not None  # noqa: S101 -- just decided
    review["reason"] = review.get("reason") or row.third["why"]
    return _settle(row, row.third, by=by, **review)


def reopen(row: SecondReview) -> None:
    """After an adjudication was undone: the two opinions wait for one again."""
    row.state, row.third, row.adjudicator = SecondReviewState.DIFFERS, None, None
    row.save()


def _opened(claim: Claim, by: User, reason: str) -> SecondReview:
    """The two opinions, under the claim's lock. Raises ReasonMissing, CannotAdjudicate."""
    if not reason.strip():
        raise ReasonMissing("adjudicating")
    Claim.objects.select_for_update(of=("self",)).only("pk").get(pk=claim.pk)
    row = SecondReview.objects.select_related("claim__collection").filter(claim=claim.pk).first()
    if row is None or row.state != SecondReviewState.DIFFERS:
        raise CannotAdjudicate(claim.pk, "no two opinions on it wait for that. Reload the list.")
    if by.pk in (row.first_analyst_id, row.analyst_id) and not row.claim.collection.parties_adjudicate:
        raise CannotAdjudicate(claim.pk, "one of the two opinions is yours. Leave it to another reviewer.")
    if row.third is not None and row.adjudicator_id != by.pk:
        raise CannotAdjudicate(claim.pk, "another reviewer is wording a version of it.")
    return row


def _settle(row: SecondReview, version: dict[str, Any], *, by: User, reason: str, **review: Any) -> Review:
    """Make a version the claim's, and close the second review."""
    claim = Claim.objects.select_for_update(of=("self",)).select_related("layer", "source").get(pk=row.claim_id)
    before, number, proposition = snapshot(claim), claim.version, claim.proposition
    source = claim.source
    if version is not row.first:
        pass_candidate(claim)
        show_version(claim, version)
        claim.version, claim.proposition = number, None
        same = version is row.second and "source" not in row.differs
        source = source if same else None  # else the one that the version names
    made: dict[str, Id] = {}
    writes = Together()
    if claim.state == ClaimState.ACCEPTED:
        given = attribute(claim, locked_source_of(claim), source=source, new_source="", by=by, writes=writes)
        claim.source_id, made = given.source_id, dict(given.made)
        claim.proposition = proposition or _proposition(claim, version, by=by, made=made)
    else:
        claim.stance = ""
    decision = Decision.ACCEPT if claim.state == ClaimState.ACCEPTED else Decision.REJECT
    step = close_step(
        claim, before, made, beside=writes, decision=decision, by=by, reason=reason, round=Round.ADJUDICATION, **review
    )
    row.state, row.adjudicator = SecondReviewState.ADJUDICATED, by
    row.save()
    if decision == Decision.ACCEPT:
        await_comparison([claim.pk])
    refresh({source for source in (before["source_id"], claim.source_id) if source})
    return step


def pass_candidate(claim: Claim) -> None:
    """Let a decided claim be a candidate for a moment: from one decision to another there is no other way."""
    if claim.state in (ClaimState.ACCEPTED, ClaimState.REJECTED):
        Claim.objects.filter(pk=claim.pk).update(state=ClaimState.CANDIDATE, proposition=None, stance="")


def _proposition(claim: Claim, version: dict[str, Any], *, by: User, made: dict[str, Id]) -> Proposition:
    """The one that was chosen with the version, if it is still there; else one of its own."""
    known = Proposition.objects.filter(pk=version.get("proposition") or 0).first()
    if known is not None:
        lock_propositions([known.pk])
        flag_confirmed([known.pk], by=by, reason="another claim joined its proposition")
        return known
    proposition = Proposition.objects.create(text=version.get("wording") or claim.wording)
    made["proposition"] = proposition.pk
    return proposition
