"""What rests on a source, a claim or a document, and what would change if nobody believed it. Nothing here writes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from claims.models import ChainLink, Claim, Proposition, PropositionLink
from claims.models.claim import ClaimQuerySet
from claims.weighing import Ground, Key, Report
from documents.models import Document
from grading.credibility import CredibilitySuggestion
from grading.scales import likelihood_term
from sources.models import Source

Subject = Source | Claim | Document

UNKNOWN = 0.5
"""How probable a yes/no proposition is that nobody reports any more."""


@dataclass(frozen=True, slots=True)
class Impact:
    """What rests on a source, a claim or a document, in the collections a user may see.

    claims: accepted ones of its own. relayed: accepted ones of others that repeat it, over however many others.
    passed_on: accepted ones of others that came to us through it. propositions: that its own or repeating claims stand
    on. settled: how many of these have a verdict. graded: how many of its own claims have a credibility grade.
    """

    claims: int
    relayed: int
    passed_on: int
    propositions: int
    settled: int
    graded: int

    @property
    def nothing(self) -> bool:
        return not (self.claims or self.relayed or self.passed_on)


@dataclass(frozen=True, slots=True)
class SuggestionChange:
    """A claim that stays, whose credibility suggestion would change."""

    claim: Claim
    before: CredibilitySuggestion
    after: CredibilitySuggestion


@dataclass(frozen=True, slots=True)
class Change:
    """One proposition before and after. after is None where no report would be left.

    reports, left: accepted claims on the proposition, now and then.
    """

    proposition: Proposition
    before: float
    after: float | None
    reports: int
    left: int
    suggestions: tuple[SuggestionChange, ...]

    @property
    def words_before(self) -> str:
        return likelihood_term(round(100 * self.before, 9))

    @property
    def words_after(self) -> str:
        return likelihood_term(round(100 * self.after, 9)) if self.after is not None else ""

    @property
    def size(self) -> float:
        """How far the probability would move; a proposition left without a report moves to even."""
        return abs(self.before - (UNKNOWN if self.after is None else self.after))


@dataclass(frozen=True, slots=True)
class Resting:
    """What rests on a subject: ids of its own claims, of those that repeat them over however many others, and the
    standing sources all of whose claims are its own."""

    own: frozenset[int]
    relayed: frozenset[int]
    sources: frozenset[int] = frozenset()


def resting_on(subject: Subject, claims: ClaimQuerySet) -> Resting:
    """What rests on a source, a claim or a document among `claims`. Three queries."""
    accepted = claims.accepted().order_by()
    mine, family = _own(subject, accepted)
    own = frozenset(mine.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_REPEATING, {"claims": list(own), "sources": family})
        repeating = {claim for (claim,) in cursor.fetchall()} - own
    seen = accepted.filter(pk__in=repeating).values_list("pk", flat=True) if repeating else []
    return Resting(own, frozenset(seen), frozenset(family and [subject.standing_id]))  # type: ignore[union-attr]


def _own(subject: Subject, accepted: ClaimQuerySet) -> tuple[ClaimQuerySet, list[int]]:
    """The claims that are the subject's own; and for a source, it and all that are one with it."""
    if isinstance(subject, Source):
        family = Source.objects.family_ids(subject.pk)
        return accepted.filter(source__in=family), family
    if isinstance(subject, Claim):
        return accepted.filter(pk=subject.pk), []
    return accepted.of_document(subject), []


_REPEATING = """
WITH RECURSIVE repeating(claim) AS (
    SELECT claim_id FROM claims_claimlink WHERE kind = 'relays' AND state = 'confirmed' AND origin_id = ANY(%(claims)s)
    UNION
    SELECT claim_id FROM claims_claimlink
    WHERE kind = 'relays' AND state = 'confirmed' AND origin_source_id = ANY(%(sources)s)
    UNION
    SELECT link.claim_id FROM repeating JOIN claims_claimlink link ON link.origin_id = repeating.claim
    WHERE link.kind = 'relays' AND link.state = 'confirmed'
)
SELECT claim FROM repeating
"""


def impact_of(subject: Subject, user: User) -> Impact:
    """What rests on a source and those merged into it, on a claim, or on a document. Counted where it lies: as many
    queries for tens of thousands of claims as for one."""
    visible = Claim.objects.visible_to(user).accepted().order_by()
    mine, family = _own(subject, visible)
    try:
        own, own_parameters = mine.values("pk", "proposition_id").query.sql_with_params()
        seen, seen_parameters = visible.values("pk", "proposition_id").query.sql_with_params()
    except EmptyResultSet:  # somebody without a collection sees nothing
        return Impact(claims=0, relayed=0, passed_on=0, propositions=0, settled=0, graded=0)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(own=own, seen=seen), [*own_parameters, family, *seen_parameters])
        claims, relayed, propositions, settled, graded = cursor.fetchone()
    return Impact(
        claims=claims,
        relayed=relayed,
        passed_on=_passed_on(family, visible),
        propositions=propositions,
        settled=settled,
        graded=graded,
    )


_COUNTS = """
WITH RECURSIVE own(claim, proposition) AS MATERIALIZED ({own}), repeating(claim) AS (
    SELECT link.claim_id FROM own JOIN claims_claimlink link ON link.origin_id = own.claim
    WHERE link.kind = 'relays' AND link.state = 'confirmed'
    UNION
    SELECT claim_id FROM claims_claimlink
    WHERE kind = 'relays' AND state = 'confirmed' AND origin_source_id = ANY(%s)
    UNION
    SELECT link.claim_id FROM repeating JOIN claims_claimlink link ON link.origin_id = repeating.claim
    WHERE link.kind = 'relays' AND link.state = 'confirmed'
), relayed AS MATERIALIZED (
    SELECT one.* FROM repeating CROSS JOIN LATERAL (
        SELECT * FROM ({seen}) AS seen(claim, proposition) WHERE seen.claim = repeating.claim LIMIT 1
    ) AS one  -- each looked up: the planner expects far more repeats than there are, and would read every claim
    WHERE NOT EXISTS (SELECT FROM own WHERE own.claim = repeating.claim)
), about AS MATERIALIZED (
    SELECT proposition FROM own UNION SELECT proposition FROM relayed
)
SELECT (SELECT count(*) FROM own), (SELECT count(*) FROM relayed), (SELECT count(proposition) FROM about),
    (SELECT count(*) FROM about JOIN claims_verdict verdict ON verdict.proposition_id = about.proposition
        WHERE verdict.withdrawn_at IS NULL),
    (SELECT count(*) FROM own WHERE EXISTS (
        SELECT FROM claims_credibilityassessment grade WHERE grade.claim_id = own.claim))
"""


def _passed_on(family: list[int], visible: ClaimQuerySet) -> int:
    """How many claims of others came to us through these sources; a claim or a document passes nothing on."""
    told = ChainLink.objects.filter(document_source__source__in=family)
    return visible.exclude(source__in=family).filter(pk__in=told.values("claim")).count() if family else 0


def if_discredited(subject: Subject, user: User) -> list[Change]:
    """The propositions that would stand differently if nothing a source, claim or document said counted, the most
    affected first.

    What repeats it falls with it. Settled propositions are left out: their truth is known. Twenty-four queries at most.
    """
    return if_discredited_for(subject, Claim.objects.visible_to(user))


def if_discredited_for(subject: Subject, claims: ClaimQuerySet) -> list[Change]:
    """The same among `claims`, whoever may see them."""
    visible = claims.accepted().order_by()
    resting = resting_on(subject, visible)
    unsettled = Proposition.objects.unsettled()
    touched = visible.filter(pk__in=resting.own | resting.relayed, proposition__in=unsettled)
    propositions = _propositions_of(touched)
    ground = Ground.of(propositions | linked_to(propositions), visible)
    falling = ground.resting_on(resting.own, resting.sources)
    after = ground.without(lambda report: report.claim in falling)
    return _changes(propositions, ground, after, visible)


def linked_to(propositions: set[int]) -> set[int]:
    """The unsettled propositions that confirmed links tie to these: what is said here counts there, too."""
    links = PropositionLink.objects.confirmed().touching(propositions).values_list("proposition_id", "other_id")
    linked = {pk for pair in links for pk in pair} - propositions
    return set(Proposition.objects.unsettled().filter(pk__in=linked).values_list("pk", flat=True)) if linked else set()


def _propositions_of(claims: QuerySet[Claim]) -> set[int]:
    return {pk for pk in claims.values_list("proposition_id", flat=True) if pk is not None}


def _changes(propositions: set[int], before: Ground, after: Ground, visible: ClaimQuerySet) -> list[Change]:
    keys: set[Key] = set(before.by_key)
    chance_before, chance_after = before.probabilities(keys), after.probabilities(keys)
    digit_before, digit_after = before.suggestions(keys), after.suggestions(keys)
    moved = {claim for claim, digit in digit_after.items() if digit.grade != digit_before[claim].grade}
    claims = {claim.pk: claim for claim in visible.filter(pk__in=moved).select_related("source").defer("search")}
    rows = Proposition.objects.defer("search").in_bulk(list({report.proposition for report in before.reports}))
    reports, left = _count(before.reports), _count(after.reports)
    of_proposition: dict[int, list[SuggestionChange]] = {}
    for report in after.reports:
        if report.claim in claims and report.via is None:
            change = SuggestionChange(claims[report.claim], digit_before[report.claim], digit_after[report.claim])
            of_proposition.setdefault(report.proposition, []).append(change)
    changes = [
        Change(
            proposition=rows[pk],
            before=chance,
            after=chance_after.get(pk) if left[pk] else None,
            reports=reports[pk],
            left=left[pk],
            suggestions=tuple(of_proposition.get(pk, [])),
        )
        for pk, chance in chance_before.items()
        if pk in rows and (pk in propositions or chance_after.get(pk) != chance)
    ]
    return sorted(changes, key=lambda change: (-change.size, change.proposition.pk))


def _count(reports: tuple[Report, ...]) -> Counter[int]:
    return Counter(report.proposition for report in reports if report.via is None)
