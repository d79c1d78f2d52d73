"""What stands beside a chunk of claims: each kind of row in one query, and each row once, however many claims share it.

A hundred thousand claims have ten times as many rows around them, most of them over and over again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from accounts.models import User
from claims.models import (
    ChainLink,
    Claim,
    ClaimLink,
    CredibilityAssessment,
    DocumentSource,
    ExtractionRun,
    Proposition,
    Review,
    Verdict,
)
from claims.one_of import OneOf
from claims.origins import Standing, standings
from documents.models import TextLayer
from sources.models import Source

ROLES = ("source", "cue", "content", "circumstance")
Words = dict[tuple[int, str], tuple[str, str]]
"""What stands before and after a claim's role: `{(claim id, role): (before, after)}`."""


@dataclass(slots=True)
class Around:
    """By id of the claim, or of the row itself. sources: those that stand, named for the reader."""

    layers: dict[int, TextLayer]
    runs: dict[int, ExtractionRun]
    chains: dict[int, list[int]]
    tellers: dict[int, DocumentSource]
    sources: dict[int, Source]
    propositions: dict[int, Proposition]
    verdicts: dict[int, list[Verdict]]
    standings: dict[int, Standing]
    credibility: dict[int, CredibilityAssessment]
    decisions: dict[int, Review]
    links: dict[int, list[ClaimLink]]
    people: dict[int, str]
    words: Words = field(default_factory=dict)


def around(claims: list[Claim], user: User, *, origins: bool, context: int) -> Around:
    """origins: also how the propositions stand, in at most sixteen queries more."""
    ids = [claim.pk for claim in claims]
    said = {claim.proposition_id for claim in claims if claim.proposition_id}
    layers = TextLayer.objects.filter(OneOf("pk", [claim.layer_id for claim in claims]))
    runs = ExtractionRun.objects.filter(OneOf("pk", [claim.run_id for claim in claims]))
    chains = _chains(ids)
    tellers = {teller for chain in chains.values() for teller in chain}
    tellers |= {claim.document_source_id for claim in claims if claim.document_source_id}
    judged = CredibilityAssessment.objects.filter(OneOf("claim", ids)).distinct("claim_id")
    decided = Review.objects.deciding().filter(OneOf("claim", ids)).distinct("claim_id")
    beside = Around(
        layers=_by_id(layers.select_related("document__collection").defer("text", "furniture", "segments")),
        runs=_by_id(runs),
        chains=chains,
        tellers=_by_id(
            DocumentSource.objects.filter(OneOf("pk", tellers))
            .select_related("source")
            .defer("mentions", "source__search")
        ),
        sources={},
        propositions=_by_id(Proposition.objects.filter(OneOf("pk", said)).select_related("question").defer("search")),
        verdicts=_verdicts(said),
        standings=standings(sorted(said), Claim.objects.visible_to(user)) if origins else {},
        credibility={row.claim_id: row for row in judged.order_by("claim_id", "-at", "-id")},
        decisions={row.claim_id: row for row in decided.order_by("claim_id", "-id").defer("before", "made")},
        links=_links(ids, user),
        people={},
        words=_words(ids, context) if context else {},
    )
    beside.sources = _sources(claims, user)
    beside.people = _people(beside)
    return beside


def _by_id(rows: Any) -> dict[int, Any]:
    return {row.pk: row for row in rows}


def _chains(claims: list[int]) -> dict[int, list[int]]:
    """From the outermost teller to the claim's own source."""
    chains: dict[int, list[int]] = {}
    links = ChainLink.objects.filter(OneOf("claim", claims)).order_by("claim_id", "position")
    for claim, teller in links.values_list("claim_id", "document_source_id"):
        chains.setdefault(claim, []).append(teller)
    return chains


def _sources(claims: list[Claim], user: User) -> dict[int, Source]:
    """By the id that a claim has: the source that stands, with its grade and what the user may call it. Two queries."""
    given = {claim.source_id for claim in claims}
    into = dict(Source.objects.filter(OneOf("pk", given)).values_list("pk", "merged_into"))
    standing = {pk: merged or pk for pk, merged in into.items()}
    rows = Source.objects.filter(OneOf("pk", standing.values())).named_for(user).with_grade().defer("search")
    found = _by_id(rows)
    return {pk: found[stands] for pk, stands in standing.items()}


def _links(claims: list[int], user: User) -> dict[int, list[ClaimLink]]:
    """The confirmed links of each, as far as the user may see the claim at the other end."""
    found: dict[int, list[ClaimLink]] = {}
    rows = ClaimLink.objects.visible_to(user).confirmed().filter(OneOf("claim", claims)).select_related("origin_source")
    for link in rows.defer("origin_source__search").order_by("id"):
        found.setdefault(link.claim_id, []).append(link)
    return found


def _verdicts(propositions: set[int]) -> dict[int, list[Verdict]]:
    """The withdrawn ones, too, the oldest first."""
    found: dict[int, list[Verdict]] = {}
    for verdict in Verdict.objects.filter(OneOf("proposition", propositions)).order_by("id"):
        found.setdefault(verdict.proposition_id, []).append(verdict)
    return found


def _people(beside: Around) -> dict[int, str]:
    ids = {verdict.by_id for verdicts in beside.verdicts.values() for verdict in verdicts}
    ids |= {judged.by_id for judged in beside.credibility.values()}
    ids |= {decided.analyst_id for decided in beside.decisions.values()}
    return {user.pk: user.display_name for user in User.objects.filter(pk__in=ids)}


_BEFORE = (
    "substr(layer.text, greatest(claim.{role}_fragments[1][1] - %(n)s, 0) + 1, "
    "least(claim.{role}_fragments[1][1], %(n)s))"
)
_AFTER = "substr(layer.text, claim.{role}_fragments[array_length(claim.{role}_fragments, 1)][2] + 1, %(n)s)"
_WORDS = f"""
SELECT claim.id, {", ".join(part.format(role=role) for role in ROLES for part in (_BEFORE, _AFTER))}
FROM claims_claim claim JOIN documents_textlayer layer ON layer.id = claim.layer_id WHERE claim.id = ANY(%(claims)s)
"""  # noqa: S608 -- made of the names above


def _words(claims: list[int], characters: int) -> Words:
    """Up to so many characters before and after each role, cut out by the database: no text comes here whole."""
    found: Words = {}
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, {"claims": claims, "n": characters})
        for pk, *said in cursor.fetchall():
            for number, role in enumerate(ROLES):
                found[pk, role] = said[2 * number] or "", said[2 * number + 1] or ""
    return found
