"""What all accepted claims on a proposition or question amount to, by the records of their sources.

Loaded in a fixed number of queries for any number of propositions; the arithmetic is `grading.fusion`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models.functions import Coalesce
from django.utils import timezone

from claims.models import ChainLink, Outcome, Proposition, PropositionLink, RelationKind, Stance, Verdict
from claims.models.claim import ClaimQuerySet
from claims.one_of import OneOf
from claims.ties import DISCREDITED, Pair, Ties
from grading.copying import WRONG_ALTERNATIVES
from grading.credibility import CredibilitySuggestion, suggest_credibility
from grading.fusion import ClaimFusion, Evidence, Question, ValueProbability
from grading.origins import origin_of_each
from sources.models import PopulationPrior, Source, TrackRecord

RELAY_FAITHFULNESS = 0.9
"""Chance that a teller passes on unchanged what it was told, for each teller between the source and the document:
the value of GRADING's worked example 5, until relays are measured."""
FOR_IT, AGAINST_IT = "for", "against"

Key = tuple[str, int]
"""("question", id) or, for a proposition that excludes no other, ("proposition", id)."""


def accuracies(sources: Collection[int]) -> dict[int, float]:
    """For each standing source the chance that it is right, by its record or, without one, by the prior. 3 queries."""
    found = dict(TrackRecord.objects.overall().filter(OneOf("source", sources)).values_list("source_id", "mean"))
    priors = PopulationPrior.objects.as_priors(on=timezone.localdate())
    unrecorded = Source.objects.filter(OneOf("pk", set(sources) - found.keys())).values_list("pk", "kind")
    return found | {pk: priors.of(kind).mean for pk, kind in unrecorded}


@dataclass(frozen=True, slots=True)
class Report:
    """One accepted claim as evidence. source: the standing one. proposition: the one the claim stands on.

    via: the confirmed link by which it speaks of another proposition than its own; None on its own.
    """

    claim: int
    source: int
    proposition: int
    key: Key
    value: str
    evidence: Evidence
    via: int | None = None


@dataclass(frozen=True)
class Ground:
    """The accepted claims on some propositions, on all other answers to their questions, and on what is linked to them.

    aside: claims that do not count, with the reason.
    """

    reports: tuple[Report, ...]
    ties: Ties
    aside: tuple[tuple[Report, str], ...] = ()

    @classmethod
    def of(cls, propositions: Iterable[int], claims: ClaimQuerySet) -> Ground:
        """claims: those that may be looked at, `Claim.objects.visible_to(user)` for instance. Fifteen queries at most,
        seventeen where propositions are linked or documents discredited."""
        wanted = set(propositions)
        neighbours = _neighbours(wanted)
        questions = Proposition.objects.filter(OneOf("pk", wanted), question__isnull=False).values("question")
        siblings = Proposition.objects.filter(question__in=questions).values_list("pk", flat=True)
        # As a list: a planner that had to join them to a million claims would read all of these.
        about = wanted | neighbours.keys() | set(siblings)
        rows = list(
            claims.accepted()
            .filter(OneOf("proposition", about))
            .annotate(standing=Coalesce("source__merged_into_id", "source_id"))
            .order_by("id")
            .values("id", "standing", "proposition_id", "proposition__question_id", "stance", "reported_date")
        )
        sources = {row["id"]: row["standing"] for row in rows}
        means, tellers, ties = accuracies(set(sources.values())), _tellers_between(list(sources)), Ties.of(sources)
        places = _Places.of(wanted, neighbours, rows)
        reports = [report for row in rows for report in _reports(row, places, means, tellers, ties)]
        reports.sort(key=lambda report: report.via is not None)  # own claims first, each by id
        discredited = {claim for claim, why in ties.aside.items() if why == DISCREDITED}
        falling = cls(tuple(reports), ties).resting_on(discredited, ties.discredited)
        reasons = dict.fromkeys(falling, DISCREDITED) | dict(ties.aside)
        return cls(
            reports=tuple(report for report in reports if report.claim not in reasons),
            ties=ties,
            aside=tuple((report, reasons[report.claim]) for report in reports if report.claim in reasons),
        )

    def without(self, falls: Callable[[Report], bool]) -> Ground:
        """The same ground without some reports; links over them stay, since what they joined has one origin still."""
        return replace(self, reports=tuple(report for report in self.reports if not falls(report)))

    def resting_on(self, claims: Set[int], sources: Set[int]) -> set[int]:
        """The claims that fall with some claims and all that some (standing) sources say.

        Besides these themselves: those in an origin group of which every thread leads to them.
        """
        own = {report.claim for report in self.reports if report.claim in claims or report.source in sources}
        had_from_it = {claim for claim, origin in self.ties.from_source.items() if origin in sources}
        repeating = {report.claim for report in self.reports if report.claim in self.ties.repeating}
        origin = self.ties.origin
        roots_fall = {origin[claim] for claim in own if claim not in repeating}
        roots_stand = {
            origin[report.claim]
            for report in self.reports
            if report.claim not in repeating and report.claim not in own and report.claim not in had_from_it
        }
        fallen_groups = roots_fall - roots_stand
        return own | had_from_it | {claim for claim, root in origin.items() if root in fallen_groups}

    @cached_property
    def by_key(self) -> dict[Key, list[Report]]:
        grouped: dict[Key, list[Report]] = defaultdict(list)
        for report in self.reports:
            grouped[report.key].append(report)
        return dict(grouped)

    def key_of(self, proposition: int) -> Key:
        """What a proposition is weighed as."""
        return self._keys.get(proposition, ("proposition", proposition))

    @cached_property
    def _keys(self) -> dict[int, Key]:
        return {report.proposition: report.key for report in reversed(self.reports) if report.via is None}

    def origins(self, key: Key) -> dict[int, int]:
        """For each claim on one question or proposition the lowest id among those of its origin."""
        reports = self.by_key.get(key, [])
        return origin_of_each([report.claim for report in reports], self._links(reports))

    def _links(self, reports: list[Report]) -> list[Pair]:
        """Pairs of one origin among these: tied by links, or had from or told by one source (or some held for one)."""
        return [
            *((report.claim, self.ties.origin[report.claim]) for report in reports),
            *self._had_from_one_source(reports),
            *self._told_by_one_origin(reports),
        ]

    def _had_from_one_source(self, reports: list[Report]) -> Iterator[Pair]:
        """The source's own claim on the question, or else the first of those that repeat it, stands for it."""
        first = {report.source: report.claim for report in reversed(reports)}
        for report in reports:
            if origin := self.ties.from_source.get(report.claim):
                yield report.claim, first.setdefault(origin, report.claim)

    def _told_by_one_origin(self, reports: list[Report]) -> Iterator[Pair]:
        """Whoever repeats what a source said once repeats what it says again: all its claims are of one origin."""
        first: dict[int, int] = {}
        for report in reports:
            origin = self._origin_of_source.get(report.source, report.source)
            yield report.claim, first.setdefault(origin, report.claim)

    @cached_property
    def _origin_of_source(self) -> dict[int, int]:
        pairs = self.ties.one_origin
        return origin_of_each({source for pair in pairs for source in pair}, pairs)

    def question(self, key: Key) -> Question:
        """What is known about one question or proposition, ready for fusion."""
        if key not in self._questions:
            self._questions[key] = self._question(key)
        return self._questions[key]

    @cached_property
    def _questions(self) -> dict[Key, Question]:
        return {}

    def _question(self, key: Key) -> Question:
        reports = self.by_key.get(key, [])
        speaking = {report.source for report in reports}
        suspected = self.ties.suspected
        return Question(
            evidence=[report.evidence for report in reports],
            links=self._links(reports),
            dependence={pair: chance for pair, chance in suspected.items() if speaking.issuperset(pair)},
            wrong_alternatives=WRONG_ALTERNATIVES if key[0] == "question" else 1,
        )

    def answers(self, key: Key) -> list[ValueProbability]:
        """The values claimed, most probable first: propositions' ids, or "for" and "against"."""
        return self.question(key).value_probabilities() if self.by_key.get(key) else []

    def fusions(self, key: Key) -> dict[int, ClaimFusion]:
        """For each claim on its own proposition under this key: combined, and without its own origin."""
        question = self.question(key)
        return {report.claim: question.fuse(report.claim) for report in self.by_key.get(key, []) if report.via is None}

    def suggestions(self, keys: Collection[Key]) -> dict[int, CredibilitySuggestion]:
        """For each claim on these the credibility digit that others' reports suggest."""
        return {
            claim: suggest_credibility(fusion.corroboration)
            for key in keys
            for claim, fusion in self.fusions(key).items()
        }

    def probabilities(self, keys: Collection[Key]) -> dict[int, float]:
        """For each proposition under these with a claim on it, how probable it is, all reports considered."""
        found: dict[int, float] = {}
        for key in keys:
            chances = {each.value: each.probability for each in self.answers(key)}
            for report in self.by_key.get(key, []):
                if key[0] == "question":
                    found[int(report.value)] = chances[report.value]
                else:
                    found[key[1]] = chances.get(FOR_IT, 1 - chances.get(AGAINST_IT, 0.0))
        return found


Neighbours = Mapping[int, list[tuple[int, int, str, bool]]]
"""By proposition: (one of those asked for, link, kind, whether the neighbour refines it)."""


def _neighbours(wanted: Set[int]) -> Neighbours:
    """What confirmed links tie to these propositions. A contradicting one that was refuted says nothing any more."""
    found: dict[int, list[tuple[int, int, str, bool]]] = defaultdict(list)
    links = PropositionLink.objects.confirmed().touching(wanted).order_by("pk")
    for pk, kind, first, second in links.values_list("pk", "kind", "proposition_id", "other_id"):
        if first in wanted:
            found[second].append((first, pk, kind, False))
        if second in wanted:
            found[first].append((second, pk, kind, True))
    if found:
        refuted = Verdict.objects.in_force().filter(proposition__in=found, outcome=Outcome.FALSE)
        for pk in refuted.values_list("proposition_id", flat=True):
            found[pk] = [each for each in found[pk] if each[2] != RelationKind.CONTRADICTS]
    return found


@dataclass(frozen=True)
class _Places:
    """Where a claim counts: on its own proposition or question, and on those that confirmed links tie to it."""

    keys: Mapping[int, Key]
    neighbours: Neighbours

    @classmethod
    def of(cls, wanted: Set[int], neighbours: Neighbours, rows: Iterable[Mapping[str, Any]]) -> _Places:
        asked = {
            row["proposition__question_id"]
            for row in rows
            if row["proposition_id"] in wanted and row["proposition__question_id"]
        }
        keys: dict[int, Key] = {pk: ("proposition", pk) for pk in wanted}
        for row in rows:
            if row["proposition__question_id"] in asked:
                keys[row["proposition_id"]] = ("question", row["proposition__question_id"])
        return cls(keys, neighbours)

    def of_claim(self, proposition: int, *, asserts: bool) -> Iterator[tuple[Key, int, bool, int | None]]:
        """As (what it counts on, which proposition there, whether for it, by which link)."""
        if proposition in self.keys:
            yield self.keys[proposition], proposition, asserts, None
        for end, link, kind, refines in self.neighbours.get(proposition, ()):
            speaks_for = _through(kind, asserts=asserts, refines=refines)
            if speaks_for is not None:
                yield self.keys[end], end, speaks_for, link


def _reports(
    row: Mapping[str, Any], places: _Places, means: Mapping[int, float], tellers: Mapping[int, int], ties: Ties
) -> Iterator[Report]:
    claim, proposition, source = row["id"], row["proposition_id"], row["standing"]
    for key, about, speaks_for, via in places.of_claim(proposition, asserts=row["stance"] == Stance.ASSERTS):
        if key[0] == "question" and not speaks_for:
            continue  # that one answer among several is wrong says nothing about which of the others is right
        evidence = Evidence(
            claim=claim,
            source=source,
            value=str(about) if key[0] == "question" else FOR_IT if speaks_for else AGAINST_IT,
            accuracy=means[source],
            faithfulness=RELAY_FAITHFULNESS ** tellers.get(claim, 0),
            claimed_on=row["reported_date"],
            independent=via is None and claim in ties.independent,
        )
        yield Report(claim, source, proposition, key, evidence.value, evidence, via)


def _through(kind: str, *, asserts: bool, refines: bool) -> bool | None:
    """What a claim says of the proposition at the other end of a link: for it, against it, or nothing (None).

    refines: the claim's own proposition says more, so it implies the other.
    """
    if kind == RelationKind.CORROBORATES:
        return asserts
    if kind == RelationKind.CONTRADICTS:
        return False if asserts else None
    if refines:
        return True if asserts else None
    return None if asserts else False


def _tellers_between(claims: list[int]) -> dict[int, int]:
    """How many tellers stand between a claim's source and its document, where there are any."""
    rows = ChainLink.objects.filter(OneOf("claim", claims), position__gt=0).values_list("claim_id", "position")
    between: dict[int, int] = defaultdict(int)
    for claim, position in rows:
        between[claim] = max(between[claim], position)
    return between
