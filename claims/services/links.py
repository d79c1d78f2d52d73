"""Links between propositions and between claims: proposed by rules, decided by analysts, each step on record."""

from __future__ import annotations

from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from claims.errors import BadLink, IndependenceInTheWay, LinkAlreadyDecided
from claims.judged import links_around
from claims.models import (
    Claim,
    ClaimLink,
    ClaimState,
    IndependentOrigin,
    LinkKind,
    LinkState,
    Proposition,
    PropositionLink,
    RelationKind,
)
from claims.services.flags import flag_confirmed
from claims.services.locks import lock_propositions
from claims.services.records import refresh
from sources.models import Source

BY_ANALYST = "analyst"
"""The rule of a link that an analyst made."""

LinkT = TypeVar("LinkT", PropositionLink, ClaimLink)


@transaction.atomic
def accept_link(link: LinkT, *, by: User) -> LinkT:
    """Have a link count. Raises LinkAlreadyDecided; IndependenceInTheWay where a relayed claim was confirmed as
    independent."""
    link = locked_link(link)
    if link.state == LinkState.CONFIRMED:
        raise LinkAlreadyDecided(link.pk, link.get_state_display().lower())
    return _decide(link, LinkState.CONFIRMED, by=by)


@transaction.atomic
def dismiss_link(link: LinkT, *, by: User) -> LinkT:
    """Have a link not count, and not be proposed again. Raises LinkAlreadyDecided."""
    link = locked_link(link)
    if link.state == LinkState.DISMISSED:
        raise LinkAlreadyDecided(link.pk, link.get_state_display().lower())
    return _decide(link, LinkState.DISMISSED, by=by)


@transaction.atomic
def reopen_link(link: LinkT, *, by: User) -> LinkT:
    """Take a decision back: the link is proposed again. Raises LinkAlreadyDecided when it is not decided."""
    link = locked_link(link)
    if link.state == LinkState.PROPOSED:
        raise LinkAlreadyDecided(link.pk, link.get_state_display().lower())
    return _decide(link, LinkState.PROPOSED, by=by)


@transaction.atomic
def correct_link(link: PropositionLink, *, kind: str, by: User, turned: bool = False) -> PropositionLink:
    """Have a link count as another relation than the rule proposed.

    turned: of "refines", that the second proposition refines the first.
    """
    row = locked_link(link)
    row.kind = RelationKind(kind)
    if turned and row.kind == RelationKind.REFINES:
        row.turn()
    row.put_in_order()
    return _decide(row, LinkState.CONFIRMED, by=by)


@transaction.atomic
def link_propositions(
    proposition: Proposition, other: Proposition, *, kind: str, by: User, why: str = ""
) -> PropositionLink:
    """Record how an analyst sees two propositions: `proposition` contradicts, corroborates or refines `other`.

    A link that is there already is corrected. Raises BadLink for one and the same.
    """
    if proposition.pk == other.pk:
        raise BadLink("that is one proposition. Choose another one.")
    made = PropositionLink(proposition=proposition, other=other, kind=kind, rule=BY_ANALYST)
    made.put_in_order()
    lock_propositions([proposition.pk, other.pk])
    PropositionLink.objects.bulk_create([made], ignore_conflicts=True)  # somebody else may make it at this moment
    row = PropositionLink.objects.between(proposition.pk, other.pk).select_for_update(of=("self",)).get()
    if why.strip():
        row.why = why.strip()
        row.save(update_fields=["why"])
    return correct_link(row, kind=kind, by=by, turned=row.proposition_id != proposition.pk)


@transaction.atomic
def link_claims(
    claim: Claim,
    *,
    by: User,
    kind: str = LinkKind.RELAYS,
    origin: Claim | None = None,
    origin_source: Source | None = None,
    why: str = "",
) -> ClaimLink:
    """Record that a claim was had from another one, or from a source; or that it takes another one back.

    A link that is there already is accepted. Raises BadLink for a claim that is not accepted, for itself, without
    either and for a retraction by another source; IndependenceInTheWay.
    """
    if (origin is None) == (origin_source is None):
        raise BadLink("name the claim it was had from, or else the source.")
    if any(each.state != ClaimState.ACCEPTED for each in (claim, origin) if each):
        raise BadLink("a claim of the two is not accepted. Accept it first.")
    if origin is not None and origin.pk == claim.pk:
        raise BadLink("that is one claim. Choose another one.")
    if kind == LinkKind.RETRACTS:
        _check_retraction(claim, origin)
    row, created = ClaimLink.objects.get_or_create(
        claim=claim, kind=kind, origin=origin, origin_source=origin_source, defaults={"rule": BY_ANALYST, "why": why}
    )
    if not created and row.state == LinkState.CONFIRMED:
        return row
    return _decide(locked_link(row), LinkState.CONFIRMED, by=by)


def _check_retraction(claim: Claim, origin: Claim | None) -> None:
    if origin is None:
        raise BadLink("a retraction takes back a claim. Choose it.")
    sources = {each.source.standing_id for each in (claim, origin) if each.source}
    if len(sources) > 1:
        raise BadLink("only the source itself takes back what it said. What another one says contradicts it.")


def locked_link(link: LinkT) -> LinkT:
    """The row, locked and fresh, after the propositions it speaks of: nobody grades 1, settles or merges them.

    Call inside a transaction.
    """
    if isinstance(link, PropositionLink):
        lock_propositions([link.proposition_id, link.other_id])
    else:
        claims = Claim.objects.filter(pk__in=[link.claim_id, link.origin_id])
        lock_propositions(claims.filter(proposition__isnull=False).values_list("proposition_id", flat=True))
    return type(link)._default_manager.select_for_update(of=("self",)).get(pk=link.pk)


def _decide(link: LinkT, state: LinkState, *, by: User) -> LinkT:
    before = link.state
    link.state, link.by, link.at = state, by, timezone.now()
    if isinstance(link, ClaimLink) and state == LinkState.CONFIRMED and link.kind == LinkKind.RELAYS:
        _check_not_independent(link)
    link.save()
    if LinkState.CONFIRMED not in (before, state):
        return link
    if isinstance(link, PropositionLink):
        flag_confirmed([link.proposition_id, link.other_id], by=by, reason="a link of its proposition was decided")
    else:
        _after_origin_changed([link.claim_id, *([link.origin_id] if link.origin_id else [])], by=by)
    return link


def _check_not_independent(link: ClaimLink) -> None:
    if IndependentOrigin.objects.in_force().filter(claim=link.claim_id).exists():
        raise IndependenceInTheWay(link.claim_id)


def _after_origin_changed(claims: list[int], *, by: User) -> None:
    """The records of all whose claims are of one origin with these, and grades that rest on independence."""
    tied = {claim for pair in links_around(claims) for claim in pair} | set(claims)
    rows = Claim.objects.filter(pk__in=tied).order_by().values_list("proposition_id", "source_id")
    flag_confirmed(
        {proposition for proposition, _ in rows if proposition}, by=by, reason="claims turned out of one origin"
    )
    refresh({source for _, source in rows if source})
