"""What rests on a source, and what would change if it were not believed any more. Nothing here writes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from claims.models import ChainLink, Claim, ClaimLink, CredibilityAssessment, Proposition, Verdict
from claims.models.claim import ClaimQuerySet
from claims.weighing import Ground, Key, Report
from grading.credibility import CredibilitySuggestion
from grading.origins import origin_of_each
from grading.scales import likelihood_term
from sources.models import Source

UNKNOWN = 0.5
"""How probable a yes/no proposition is that nobody reports any more."""


@dataclass(frozen=True, slots=True)
class Impact:
    """What rests on a source, in the collections a user may see.

    claims: accepted ones it made itself. relayed: accepted ones of others that repeat it. passed_on: accepted ones of
    others that came to us through it. propositions: that its own or repeating claims stand on. settled: how many of
    these have a verdict. graded: how many of its own claims have a credibility grade.
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
    """A claim of another source whose credibility suggestion would change."""

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


def impact_of(source: Source, user: User) -> Impact:
    """What rests on a source and those merged into it. Ten queries, however much it is."""
    family = Source.objects.family_of(source)
    visible = Claim.objects.visible_to(user).accepted()
    own = visible.filter(source__in=family)
    repeats = ClaimLink.objects.confirmed().relays()
    relayed = visible.exclude(source__in=family).filter(
        pk__in=repeats.filter(origin_source__in=family)
        .values("claim")
        .union(repeats.filter(origin__source__in=family).values("claim"))
    )
    passed_on = visible.exclude(source__in=family).filter(
        pk__in=ChainLink.objects.filter(document_source__source__in=family).values("claim")
    )
    propositions = set(own.values_list("proposition_id", flat=True)) | set(
        relayed.values_list("proposition_id", flat=True)
    )
    return Impact(
        claims=own.count(),
        relayed=relayed.count(),
        passed_on=passed_on.count(),
        propositions=len(propositions),
        settled=Verdict.objects.in_force().filter(proposition__in=propositions).count(),
        graded=CredibilityAssessment.objects.filter(claim__in=own).values("claim").distinct().count(),
    )


def if_discredited(source: Source, user: User) -> list[Change]:
    """The propositions that would stand differently if nothing a source said counted, the most affected first.

    What repeats it falls with it. Settled propositions are left out: their truth is known. Sixteen queries at most.
    """
    family = set(Source.objects.family_of(source).values_list("pk", flat=True))
    standing = source.merged_into_id or source.pk
    visible = Claim.objects.visible_to(user).accepted().order_by()
    unsettled = Proposition.objects.unsettled()
    own = _propositions_of(visible.filter(source__in=family, proposition__in=unsettled))
    repeats = ClaimLink.objects.confirmed().relays()
    repeating = repeats.filter(origin_source__in=family).values("claim")
    own |= _propositions_of(visible.filter(pk__in=repeating, proposition__in=unsettled))
    ground = Ground.of(own, visible)
    falling = _falling(ground, standing)
    after = ground.without(lambda report: report.claim in falling)
    return _changes(own, ground, after, visible)


def _propositions_of(claims: QuerySet[Claim]) -> set[int]:
    return {pk for pk in claims.values_list("proposition_id", flat=True) if pk is not None}


def _falling(ground: Ground, source: int) -> set[int]:
    """Its own claims, and those in an origin group of which every thread leads to it."""
    own = {report.claim for report in ground.reports if report.source == source}
    had_from_it = {claim for claim, origin in ground.from_source.items() if origin == source}
    repeated = {claim for claim, _ in ground.links}
    origins = origin_of_each([report.claim for report in ground.reports], ground.links)
    roots_fall = {origins[claim] for claim in own if claim in origins and claim not in repeated}
    roots_stand = {
        origins[report.claim]
        for report in ground.reports
        if report.claim not in repeated and report.claim not in own and report.claim not in had_from_it
    }
    fallen_groups = roots_fall - roots_stand
    return own | had_from_it | {claim for claim, origin in origins.items() if origin in fallen_groups}


def _changes(propositions: set[int], before: Ground, after: Ground, visible: ClaimQuerySet) -> list[Change]:
    keys: set[Key] = {report.key for report in before.reports if report.proposition in propositions}
    chance_before, chance_after = before.probabilities(keys), after.probabilities(keys)
    digit_before, digit_after = before.suggestions(keys), after.suggestions(keys)
    moved = {claim for claim, digit in digit_after.items() if digit.grade != digit_before[claim].grade}
    claims = {claim.pk: claim for claim in visible.filter(pk__in=moved).select_related("source").defer("search")}
    rows = Proposition.objects.defer("search").in_bulk(list({report.proposition for report in before.reports}))
    reports, left = _count(before.reports), _count(after.reports)
    of_proposition: dict[int, list[SuggestionChange]] = {}
    for report in after.reports:
        if report.claim in claims:
            change = SuggestionChange(claims[report.claim], digit_before[report.claim], digit_after[report.claim])
            of_proposition.setdefault(report.proposition, []).append(change)
    changes = [
        Change(
            proposition=rows[pk],
            before=chance,
            after=chance_after.get(pk),
            reports=reports[pk],
            left=left[pk],
            suggestions=tuple(of_proposition.get(pk, [])),
        )
        for pk, chance in chance_before.items()
        if pk in propositions or chance_after.get(pk) != chance
    ]
    return sorted(changes, key=lambda change: (-change.size, change.proposition.pk))


def _count(reports: tuple[Report, ...]) -> Counter[int]:
    return Counter(report.proposition for report in reports)
