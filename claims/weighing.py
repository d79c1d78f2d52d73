"""What all accepted claims on a proposition or question amount to, by the records of their sources.

Loaded in a fixed number of queries for any number of propositions; the arithmetic is `grading.fusion`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from claims.models import ChainLink, ClaimLink, Proposition, Stance
from claims.models.claim import ClaimQuerySet
from grading.copying import WRONG_ALTERNATIVES
from grading.credibility import CredibilitySuggestion, suggest_credibility
from grading.fusion import Evidence, Question, ValueProbability
from sources.models import PopulationPrior, Source, TrackRecord

RELAY_FAITHFULNESS = 0.9
"""Chance that a teller passes on unchanged what it was told, for each teller between the source and the document:
the value of GRADING's worked example 5, until relays are measured."""
FOR_IT, AGAINST_IT = "for", "against"

Key = tuple[str, int]
"""("question", id) or, for a proposition that excludes no other, ("proposition", id)."""


def accuracies(sources: Collection[int]) -> dict[int, float]:
    """For each standing source the chance that it is right, by its record or, without one, by the prior. 3 queries."""
    found = dict(TrackRecord.objects.overall().filter(source__in=sources).values_list("source_id", "mean"))
    priors = PopulationPrior.objects.as_priors(on=timezone.localdate())
    unrecorded = Source.objects.filter(pk__in=set(sources) - found.keys()).values_list("pk", "kind")
    return found | {pk: priors.of(kind).mean for pk, kind in unrecorded}


@dataclass(frozen=True, slots=True)
class Report:
    """One accepted claim as evidence. source: the standing one."""

    claim: int
    source: int
    proposition: int
    key: Key
    value: str
    evidence: Evidence


@dataclass(frozen=True)
class Ground:
    """The accepted claims on some propositions, and on all other answers to their questions."""

    reports: tuple[Report, ...]
    links: tuple[tuple[int, int], ...]
    """Pairs of claims of one origin."""
    from_source: dict[int, int] = field(default_factory=dict)
    """Repeating claim to the (standing) source it was had from, where that one's own claim is not known."""

    @classmethod
    def of(cls, propositions: Iterable[int], claims: ClaimQuerySet) -> Ground:
        """claims: those that may be looked at, `Claim.objects.visible_to(user)` for instance. Seven queries."""
        wanted = list(propositions)
        questions = Proposition.objects.filter(pk__in=wanted, question__isnull=False).values("question")
        rows = list(
            claims.accepted()
            .filter(Q(proposition__in=wanted) | Q(proposition__question__in=questions))
            .annotate(standing=Coalesce("source__merged_into_id", "source_id"))
            .order_by("id")
            .values("id", "standing", "proposition_id", "proposition__question_id", "stance", "reported_date")
        )
        ids = [row["id"] for row in rows]
        means = accuracies({row["standing"] for row in rows})
        tellers = _tellers_between(ids)
        links = ClaimLink.objects.confirmed().relays().filter(claim__in=ids)
        pairs, from_source = [], {}
        for claim, origin, source, standing in links.values_list(
            "claim_id", "origin_id", "origin_source_id", "origin_source__merged_into_id"
        ):
            if origin:
                pairs.append((claim, origin))
            else:
                from_source[claim] = standing or source
        return cls(
            reports=tuple(report for row in rows if (report := _report(row, means, tellers))),
            links=tuple(pairs),
            from_source=from_source,
        )

    def without(self, falls: Callable[[Report], bool]) -> Ground:
        """The same ground without some reports; links over them stay, since what they joined has one origin still."""
        return Ground(tuple(report for report in self.reports if not falls(report)), self.links, self.from_source)

    @cached_property
    def by_key(self) -> dict[Key, list[Report]]:
        grouped: dict[Key, list[Report]] = defaultdict(list)
        for report in self.reports:
            grouped[report.key].append(report)
        return dict(grouped)

    @cached_property
    def _links_of(self) -> dict[int, list[tuple[int, int]]]:
        of_claim: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for pair in self._all_links():
            of_claim[pair[0]].append(pair)
        return of_claim

    def _all_links(self) -> Iterable[tuple[int, int]]:
        """Repeaters of one source that is not heard itself share their origin: the first of them stands for it."""
        yield from self.links
        first: dict[tuple[Key, int], int] = {}
        for report in self.reports:
            if origin := self.from_source.get(report.claim):
                yield report.claim, first.setdefault((report.key, origin), report.claim)

    def question(self, key: Key) -> Question:
        """What is known about one question or proposition, ready for fusion."""
        reports = self.by_key.get(key, [])
        return Question(
            evidence=[report.evidence for report in reports],
            links=[pair for report in reports for pair in self._links_of.get(report.claim, [])],
            wrong_alternatives=WRONG_ALTERNATIVES if key[0] == "question" else 1,
        )

    def answers(self, key: Key) -> list[ValueProbability]:
        """The values claimed, most probable first: propositions' ids, or "for" and "against"."""
        return self.question(key).value_probabilities() if self.by_key.get(key) else []

    def suggestions(self, keys: Collection[Key]) -> dict[int, CredibilitySuggestion]:
        """For each claim on these the credibility digit that others' reports suggest."""
        found = {}
        for key in keys:
            question = self.question(key)
            for report in self.by_key.get(key, []):
                found[report.claim] = suggest_credibility(question.fuse(report.claim).corroboration)
        return found

    def probabilities(self, keys: Collection[Key]) -> dict[int, float]:
        """For each proposition under these with a claim on it, how probable it is, all reports considered."""
        found: dict[int, float] = {}
        for key in keys:
            chances = {each.value: each.probability for each in self.answers(key)}
            for report in self.by_key.get(key, []):
                if key[0] == "question":
                    found[report.proposition] = chances[report.value]
                else:
                    found[report.proposition] = chances.get(FOR_IT, 1 - chances.get(AGAINST_IT, 0.0))
        return found


def _report(row: Mapping[str, Any], means: dict[int, float], tellers: dict[int, int]) -> Report | None:
    """None for the denial of one answer among several, which says nothing about which of the others is true."""
    question, proposition = row["proposition__question_id"], row["proposition_id"]
    asserts = row["stance"] == Stance.ASSERTS
    if question and not asserts:
        return None
    key = ("question", question) if question else ("proposition", proposition)
    value = str(proposition) if question else FOR_IT if asserts else AGAINST_IT
    evidence = Evidence(
        claim=row["id"],
        source=row["standing"],
        value=value,
        accuracy=means[row["standing"]],
        faithfulness=RELAY_FAITHFULNESS ** tellers.get(row["id"], 0),
        claimed_on=row["reported_date"],
    )
    return Report(row["id"], row["standing"], proposition, key, value, evidence)


def _tellers_between(claims: list[int]) -> dict[int, int]:
    """How many tellers stand between a claim's source and its document, where there are any."""
    rows = ChainLink.objects.filter(claim__in=claims, position__gt=0).values_list("claim_id", "position")
    between: dict[int, int] = defaultdict(int)
    for claim, position in rows:
        between[claim] = max(between[claim], position)
    return between
