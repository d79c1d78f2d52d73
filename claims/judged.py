"""Which claims of a source have been judged, and how: what a track record is computed from.

A claim is judged once it is accepted and its proposition has a verdict in force. It counts for its own source, the
innermost of its chain of tellers; whoever told it on gets nothing. A claim with a confirmed link that it repeats
another counts for nobody but its origin. Of the claims of one source that put the same proposition with the same
stance, or answer the same question within one origin group, only the earliest counts.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import connection
from django.db.models import Exists, FilteredRelation, OuterRef, Q
from django.db.models.functions import Coalesce

from claims.history import rows_at
from claims.models import Claim, ClaimLink, ClaimState, LinkKind, LinkState, Proposition, Stance, Verdict
from documents.models import Document, TextLayer
from grading.origins import origin_of_each
from grading.record import JudgedClaim, Outcome
from sources.models import Source

Links = Sequence[tuple[int, int]]
"""(claim, the claim it repeats)"""


@dataclass(frozen=True, slots=True)
class Judged:
    """One accepted claim of a source, with the verdict on its proposition.

    settled_as: the verdict; `outcome` is the same seen from the claim, which may deny the proposition.
    claimed_on: the day it was reported, else the date of its document; None is unknown.
    derived: it repeats another claim, and counts for its origin only.
    counts_once_as: of the source's claims with the same key one counts.
    """

    claim: int
    proposition: int
    question: int | None
    topic: str
    stance: str
    verdict: int
    settled_as: str
    decided_on: date
    claimed_on: date | None
    derived: bool = False
    counts_once_as: Hashable = None

    @property
    def outcome(self) -> Outcome:
        outcome = Outcome(self.settled_as)
        return outcome.for_a_denial if self.stance == Stance.DENIES else outcome

    @property
    def for_grading(self) -> JudgedClaim:
        return JudgedClaim(self.outcome, self.claimed_on, self.decided_on, self.derived, self.counts_once_as)


def judged_claims(source: int) -> list[Judged]:
    """All judged claims of a source (id) and of those found to be one with it, by claim id, as known now."""
    claims = (
        Claim.objects.accepted()
        .filter(source__in=Source.objects.family_ids(source))
        .annotate(
            verdict=FilteredRelation(
                "proposition__verdicts", condition=Q(proposition__verdicts__withdrawn_at__isnull=True)
            ),
            claimed_on=Coalesce("reported_date", "layer__document__document_date", "layer__document__information_date"),
            derived=Exists(ClaimLink.objects.confirmed().relays().filter(claim=OuterRef("pk"))),
        )
        .filter(verdict__isnull=False)
        .order_by("pk")
    )
    columns = (
        "pk",
        "proposition_id",
        "proposition__question_id",
        "proposition__topic",
        "stance",
        "verdict__id",
        "verdict__outcome",
        "verdict__decided_on",
        "claimed_on",
        "derived",
    )
    rows = [Judged(*row) for row in claims.values_list(*columns)]
    return each_counted_once(rows, links_around(_with_rivals(rows)))


def judged_claims_at(source: int, known: datetime) -> list[Judged]:
    """The same as Hearsay knew it at an earlier moment, whatever was decided, undone, merged or edited since.

    When a verdict was given and withdrawn its own row tells; all else is read from the history of the tables.
    """
    claims = rows_at(
        Claim,
        Q(source__in=family_at(source, known)[0], state=ClaimState.ACCEPTED),
        at=known,
        fields=("proposition_id", "stance", "reported_date", "layer_id"),
    )
    verdicts = {
        verdict.proposition_id: verdict
        for verdict in Verdict.objects.known_at(known).filter(
            proposition__in={row["proposition_id"] for row in claims.values()}
        )
    }
    propositions = rows_at(Proposition, Q(id__in=verdicts), at=known, fields=("question_id", "topic"))
    claims = {pk: row for pk, row in sorted(claims.items()) if row["proposition_id"] in propositions}
    dates = _document_dates_at({row["layer_id"] for row in claims.values()}, known)
    repeating = {link["claim_id"] for link in _links_at(Q(claim__in=claims), known, fields=("claim_id",))}
    rows = [
        Judged(
            claim=pk,
            proposition=row["proposition_id"],
            question=propositions[row["proposition_id"]]["question_id"],
            topic=propositions[row["proposition_id"]]["topic"],
            stance=row["stance"],
            verdict=verdicts[row["proposition_id"]].pk,
            settled_as=verdicts[row["proposition_id"]].outcome,
            decided_on=verdicts[row["proposition_id"]].decided_on,
            claimed_on=row["reported_date"] or dates[row["layer_id"]],
            derived=pk in repeating,
        )
        for pk, row in claims.items()
    ]
    return each_counted_once(rows, _links_around_at(_with_rivals(rows), known))


def family_at(source: int, known: datetime) -> tuple[list[int], str]:
    """The sources that were one with this one at that moment, the standing one first; and of what kind that was."""
    then = rows_at(Source, Q(id=source), at=known, fields=("merged_into_id",)).get(source)
    standing = (then and then["merged_into_id"]) or source
    kind = rows_at(Source, Q(id=standing), at=known, fields=("kind",)).get(standing, {}).get("kind", "")
    return [standing, *sorted(rows_at(Source, Q(merged_into=standing), at=known, fields=()))], kind


def each_counted_once(rows: Sequence[Judged], links: Links) -> list[Judged]:
    """The claims of one source, each with the key that it shares with those beside which it does not count again."""
    keys = keys_once([(row.claim, row.proposition, row.question, row.stance) for row in rows if not row.derived], links)
    return [row if row.derived else replace(row, counts_once_as=keys[row.claim]) for row in rows]


def keys_once(claims: Iterable[tuple[int, int, int | None, str]], links: Links) -> dict[int, int]:
    """For claims of one source, as (id, proposition, question, stance), the lowest id of those it counts once with."""
    claims = list(claims)
    origins = origin_of_each([claim for claim, *_ in claims], links)
    first: dict[tuple[object, ...], int] = {}
    same = []
    for claim, proposition, question, stance in claims:
        asked = ("question", question) if question else ("proposition", proposition)
        same.append((claim, first.setdefault(("said", proposition, stance), claim)))
        same.append((claim, first.setdefault(("of one origin", origins[claim], asked), claim)))
    return origin_of_each([claim for claim, *_ in claims], same)


def links_around(claims: Iterable[int]) -> Links:
    """The confirmed links that tie these claims (ids), over however many others, to claims of one origin."""
    with connection.cursor() as cursor:
        cursor.execute(_LINKS_AROUND, {"claims": list(claims), "kind": LinkKind.RELAYS, "state": LinkState.CONFIRMED})
        return list(cursor.fetchall())


_LINKS_AROUND = """
WITH RECURSIVE tied AS (
    SELECT unnest(%(claims)s::bigint[]) AS claim
    UNION
    SELECT neighbour.claim FROM tied CROSS JOIN LATERAL (
        SELECT origin_id AS claim FROM claims_claimlink
        WHERE claim_id = tied.claim AND origin_id IS NOT NULL AND kind = %(kind)s AND state = %(state)s
        UNION ALL
        SELECT claim_id FROM claims_claimlink WHERE origin_id = tied.claim AND kind = %(kind)s AND state = %(state)s
    ) neighbour
)
SELECT link.claim_id, link.origin_id FROM tied JOIN claims_claimlink link ON link.claim_id = tied.claim
WHERE link.origin_id IS NOT NULL AND link.kind = %(kind)s AND link.state = %(state)s
"""


def _with_rivals(rows: Iterable[Judged]) -> list[int]:
    """Claims whose source answered the same question otherwise as well: only these can share an origin group with
    a claim that they do not count once with anyway."""
    answers: dict[tuple[str, int], set[tuple[int, str]]] = {}
    asked = {}
    for row in rows:
        if not row.derived:
            asked[row.claim] = ("question", row.question) if row.question else ("proposition", row.proposition)
            answers.setdefault(asked[row.claim], set()).add((row.proposition, row.stance))
    return [claim for claim, question in asked.items() if len(answers[question]) > 1]


def _links_at(where: Q, known: datetime, *, fields: Sequence[str]) -> Collection[dict[str, int]]:
    confirmed = Q(kind=LinkKind.RELAYS, state=LinkState.CONFIRMED)
    return rows_at(ClaimLink, where & confirmed, at=known, fields=fields).values()


def _links_around_at(claims: Iterable[int], known: datetime) -> Links:
    found: set[tuple[int, int]] = set()
    seen: set[int] = set()
    frontier = set(claims)
    while frontier:
        seen |= frontier
        around = Q(claim__in=frontier, origin__isnull=False) | Q(origin__in=frontier)
        links = _links_at(around, known, fields=("claim_id", "origin_id"))
        found |= {(link["claim_id"], link["origin_id"]) for link in links}
        frontier = {claim for link in found for claim in link} - seen
    return sorted(found)


def _document_dates_at(layers: Iterable[int], known: datetime) -> dict[int, date | None]:
    """By text layer, the date of its document."""
    documents = dict(TextLayer.objects.filter(pk__in=layers).values_list("pk", "document_id"))
    rows = rows_at(Document, Q(id__in=set(documents.values())), at=known, fields=("document_date", "information_date"))
    return {
        layer: rows[document]["document_date"] or rows[document]["information_date"]
        for layer, document in documents.items()
    }
