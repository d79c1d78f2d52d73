"""Links proposed for accepted claims: between propositions by the relation rules, between claims by who had it from
whom. Proposed twice is proposed once; what somebody dismissed stays dismissed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from claims.models import (
    AwaitedComparison,
    Claim,
    ClaimLink,
    Decision,
    LinkKind,
    PropositionLink,
    PropositionMove,
    Review,
)
from claims.models.claim import ClaimQuerySet
from claims.proposals import Compared, compare
from claims.reuse import claims_in_shared_passages
from extraction.relaying import names_alike, relayings

CHAIN, WORDING, TEXT_REUSE, RETRACTION = "chain", "wording", "text reuse", "retraction"
LinkT = TypeVar("LinkT", PropositionLink, ClaimLink)
MOST_BESIDE = 50
"""Claims on one proposition that a new one is compared with for who had it from whom, the newest first."""

_RETRACTING = re.compile(
    r"\b(?:retract(?:s|ed|ing)?|recant(?:s|ed|ing)?|withd(?:raws?|rew|rawn|rawing)|t(?:akes?|ook|aken) back|"
    r"correct(?:s|ed|ing) (?:his|her|its|their|an?) (?:earlier|previous)|"
    r"no longer (?:maintains?|claims?|believes?|stands?)|disavow(?:s|ed|ing)?|revok(?:es?|ed|ing))\b",
    re.IGNORECASE,
)


def propose_links(claim: Claim) -> int:
    """Propose what links an accepted claim's proposition to others, and the claim to others. Returns how many are new.

    Searches what the analyst who accepted or moved it may see; a claim that nobody decided on by hand, such as a row of
    a register, is left alone. The engine reads outside the transaction that writes.
    """
    by = _searcher(claim)
    proposition = claim.proposition
    if by is None or proposition is None:
        AwaitedComparison.objects.filter(claim=claim.pk).delete()
        return 0
    day = claim.reported_date or claim.information_date
    compared = compare(proposition.text, user=by, on=day, apart_from=[proposition.pk])
    rows = [_between(claim, proposition.pk, each) for each in compared if each.relation.relation != "neither"]
    same = {each.proposition.pk for each in compared if each.relation.relation == "corroborates"}
    relays = list(_relays(claim, same | {proposition.pk}, by))
    taken_back = list(_retractions(claim, {each.proposition.pk for each in compared} | {proposition.pk}))
    with transaction.atomic():
        new = _add(rows, to=PropositionLink.objects.touching([proposition.pk]))
        new += _add([*relays, *taken_back], to=ClaimLink.objects.touching([claim.pk]))
        AwaitedComparison.objects.filter(claim=claim.pk).delete()
    return new


def awaited(most: int = 500) -> list[int]:
    """Claims that still wait to be compared, the longest waiting first."""
    return list(AwaitedComparison.objects.order_by("since", "pk").values_list("claim_id", flat=True)[:most])


def _add(rows: list[LinkT], *, to: QuerySet[LinkT]) -> int:
    """Store those that are not there yet. to: the links among which all of them will be, few enough to count."""
    if not rows:
        return 0
    before = to.count()
    to.model._default_manager.bulk_create(rows, ignore_conflicts=True)
    return to.count() - before


def _searcher(claim: Claim) -> User | None:
    """Who brought the claim where it stands: the last to move it, else who accepted it."""
    moves = PropositionMove.objects.filter(into=claim.proposition_id, claims__has_key=str(claim.pk))
    move = moves.select_related("by").order_by("-id").first()
    if move is not None:
        return move.by
    step = Review.objects.standing().filter(claim=claim.pk, decision=Decision.ACCEPT).select_related("analyst").last()
    return step.analyst if step else None


def _between(claim: Claim, proposition: int, each: Compared) -> PropositionLink:
    relation = each.relation
    link = PropositionLink(
        proposition_id=proposition,
        other=each.proposition,
        kind=relation.relation,
        rule=relation.rule,
        claim=claim,
        said=each.said,
        spans=[list(stretch) for stretch in relation.spans_a],
        other_said=each.proposition.text,
        other_spans=[list(stretch) for stretch in relation.spans_b],
    )
    if relation.relation == "refines" and relation.narrower == "b":
        link.turn()
    link.put_in_order()
    return link


def _relays(claim: Claim, propositions: set[int], by: User) -> Iterable[ClaimLink]:
    """Who of those that say the same had it from whom, by chains, by explicit wording and by shared passages."""
    visible = Claim.objects.visible_to(by)
    others = list(
        visible.accepted()
        .filter(proposition__in=propositions)
        .exclude(pk=claim.pk)
        .select_related("source", "document_source", "layer")
        .prefetch_related("chain__document_source__source")
        .order_by("-id")[:MOST_BESIDE]
    )
    for other in others:
        yield from _had_from(_Told.of(claim), _Told.of(other))
        yield from _had_from(_Told.of(other), _Told.of(claim))
    yield from _reused(claim, visible)


@dataclass(frozen=True)
class _Told:
    """A claim as told. tellers: (standing) sources between its own and the document. sentence: where it stands."""

    claim: Claim
    source: int
    tellers: frozenset[int]
    names: tuple[str, ...]
    sentence: str

    @classmethod
    def of(cls, claim: Claim) -> _Told:
        chain = list(claim.chain.all())
        tellers = {link.document_source.source.standing_id for link in chain[:-1] if link.document_source.source}
        named = [claim.source_quote, claim.source.descriptor if claim.source else ""]
        named.append(claim.document_source.canonical if claim.document_source else "")
        pieces = [
            *claim.source_fragments,
            *claim.cue_fragments,
            *claim.content_fragments,
            *claim.circumstance_fragments,
        ]
        start, end = min(piece[0] for piece in pieces), max(piece[1] for piece in pieces)
        return cls(
            claim=claim,
            source=claim.source.standing_id if claim.source else 0,
            tellers=frozenset(tellers),
            names=tuple(dict.fromkeys(" ".join(name.split()) for name in named if name.strip())),
            sentence=claim.layer.text[start:end],
        )

    def is_called(self, name: str) -> bool:
        return any(names_alike(own, name) for own in self.names)


def _had_from(repeater: _Told, origin: _Told) -> Iterable[ClaimLink]:
    """A link where something says that `repeater` had it from `origin`; at most one."""
    if repeater.source == origin.source:
        return  # one source is one origin without any link
    if repeater.source in origin.tellers:
        teller = repeater.names[0]
        yield _relay(repeater, origin, CHAIN, f"{origin.names[0]} told {teller}, by the other document")
        return
    for said in relayings(repeater.sentence):
        if said.kind == "heard from" and origin.is_called(said.whom):
            yield _relay(repeater, origin, WORDING, f"{said.words} {said.whom}")
            return
    for said in relayings(origin.sentence):
        if said.kind == "told" and repeater.is_called(said.whom):
            yield _relay(repeater, origin, WORDING, f"{said.words} {said.whom}")
            return


def _relay(repeater: _Told, origin: _Told, rule: str, why: str) -> ClaimLink:
    return ClaimLink(claim=repeater.claim, origin=origin.claim, kind=LinkKind.RELAYS, rule=rule, why=why)


def _reused(claim: Claim, visible: ClaimQuerySet) -> Iterable[ClaimLink]:
    """Claims in words that two documents share: the later report repeats the earlier."""
    pairs = [pair for pair in claims_in_shared_passages(claim.layer.document) if pair.claim.pk == claim.pk]
    seen = visible.accepted().in_bulk([pair.other.pk for pair in pairs])
    for pair in pairs:
        if pair.other.pk in seen:
            repeater, origin = _in_order(claim, pair.other)
            why = f"{pair.passage.shingles} five-word sequences in common"
            yield ClaimLink(claim=repeater, origin=origin, kind=LinkKind.RELAYS, rule=TEXT_REUSE, why=why)


def _in_order(one: Claim, other: Claim) -> tuple[Claim, Claim]:
    """The later report and the earlier; where the days do not tell, the one stored later is the later."""
    days = one.reported_date, other.reported_date
    if days[0] and days[1] and days[0] != days[1]:
        return (one, other) if days[0] > days[1] else (other, one)
    return (one, other) if one.pk > other.pk else (other, one)


def _retractions(claim: Claim, propositions: set[int]) -> Iterable[ClaimLink]:
    """What the claim's source said before and, by the words around the claim, takes back."""
    told = _Told.of(claim)
    match = _RETRACTING.search(told.sentence)
    if match is None or claim.source is None:
        return
    earlier = Claim.objects.accepted().by_source(claim.source.standing_id).filter(proposition__in=propositions)
    for other in earlier.exclude(pk=claim.pk).filter(pk__lt=claim.pk).order_by("-id")[:MOST_BESIDE]:
        yield ClaimLink(claim=claim, origin=other, kind=LinkKind.RETRACTS, rule=RETRACTION, why=match[0])
