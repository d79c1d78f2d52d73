"""From sources to one claim: how probable what it says is, all reports considered (sections 6, 7 and 9).

A question is what the claims compared have in common ("who commands the unit?"); each claim gives it a value.
For a plain proposition the values are its two stances, and there is one wrong alternative.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from grading.calibration import UNCALIBRATED, Scale
from grading.copying import COPYING_RATE
from grading.origins import origin_of_each
from grading.scales import likelihood_term

LOWEST, HIGHEST = 0.01, 0.99  # section 9: no sum of reports makes certainty


@dataclass(frozen=True, slots=True)
class Evidence:
    """One claim about the question.

    accuracy: the chance in (0, 1) that its source is right, the mean of the source's record.
    faithfulness: the chance in [0, 1] that the claim came to us unchanged: extraction confidence x faithful relaying.
    independent: an analyst confirmed that the claim's origin is independent of the others.
    """

    claim: int
    source: int
    value: str
    accuracy: float
    faithfulness: float = 1.0
    claimed_on: date | None = None
    independent: bool = False


@dataclass(frozen=True, slots=True)
class OriginGroup:
    """Claims of one origin that give one value: one report, which weighs as much as its weightiest claim (log-odds).

    counted: that claim; the others repeat it.
    """

    origin: int
    value: str
    weight: float
    claims: tuple[int, ...]
    independent: bool
    counted: int = 0


@dataclass(frozen=True, slots=True)
class Weighing:
    """How probable a value is after the groups for it and those for other values; from 0.01 to 0.99."""

    probability: float
    supporting: tuple[OriginGroup, ...]
    contradicting: tuple[OriginGroup, ...]

    @property
    def in_words(self) -> str:
        """The ICD 203 word."""
        return likelihood_term(round(100 * self.probability, 9))


@dataclass(frozen=True, slots=True)
class ClaimFusion:
    """combined: all groups. corroboration: only what others say, without the claim's own group and source."""

    combined: Weighing
    corroboration: Weighing


@dataclass(frozen=True, slots=True)
class ValueProbability:
    value: str
    probability: float
    groups: int


def effective_accuracy(accuracy: float, faithfulness: float) -> float:
    """Chance that what reached us is right; what was garbled on the way counts as a coin toss (section 6)."""
    if not (0 < accuracy < 1 and 0 <= faithfulness <= 1):
        raise ValueError(
            f"an accuracy lies between 0 and 1, both excluded, and a faithfulness from 0 to 1; "
            f"got {accuracy} and {faithfulness}"
        )
    return faithfulness * accuracy + (1 - faithfulness) / 2


def evidence_weight(accuracy: float, wrong_alternatives: int = 1) -> float:
    """Log-odds that a claim adds to its value; below 0 when its source is worse than chance (section 6).

    wrong_alternatives: wrong values the question has, >= 1; 1 is a yes/no proposition.
    """
    if wrong_alternatives < 1:
        raise ValueError(f"a question has at least one wrong alternative; got {wrong_alternatives}")
    return math.log(wrong_alternatives * accuracy / (1 - accuracy))


@dataclass(frozen=True)
class Question:
    """All that is known about one question.

    links: pairs of claims that share an origin (declared derivation, accepted text reuse).
    dependence: probability that one source of a pair copies the other (section 8); each pair once.
    wrong_alternatives: n >= 1 wrong values; 1 is a yes/no proposition.
    """

    evidence: Sequence[Evidence]
    links: Collection[tuple[int, int]] = ()
    dependence: Mapping[tuple[int, int], float] = field(default_factory=dict)
    wrong_alternatives: int = 1
    copying_rate: float = COPYING_RATE

    def groups(self) -> tuple[OriginGroup, ...]:
        """The independent reports, by origin and value. Of several claims of one source only the latest counts."""
        return self._groups

    @cached_property
    def _groups(self) -> tuple[OriginGroup, ...]:
        origins = self._origins
        latest = _latest_of_each_source(self.evidence)
        kept = self._kept_shares(latest, origins)
        members: dict[tuple[int, str], list[Evidence]] = {}
        for each in latest:
            members.setdefault((origins[each.claim], each.value), []).append(each)
        return tuple(self._group(origin, value, inside, kept) for (origin, value), inside in sorted(members.items()))

    def _group(self, origin: int, value: str, inside: Sequence[Evidence], kept: Mapping[int, float]) -> OriginGroup:
        weights = {each.claim: self.weight_of(each) * kept[each.source] for each in inside}
        counted = max(weights, key=lambda claim: (weights[claim], -claim))
        return OriginGroup(
            origin=origin,
            value=value,
            weight=weights[counted],
            claims=tuple(sorted(weights)),
            independent=any(each.independent for each in inside),
            counted=counted,
        )

    def fuse(self, claim: int, *, scale: Scale = UNCALIBRATED) -> ClaimFusion:
        """How probable what `claim` says is. Raises KeyError when the claim is not among the evidence."""
        own = next((each for each in self.evidence if each.claim == claim), None)
        if own is None:
            raise KeyError(f"claim {claim} is not among the evidence of its question; add it")
        origins, groups = self._origins, self._groups
        # A suspected copier of the claim itself keeps its discount here: a copy does not corroborate its original.
        own_origins = {origins[each.claim] for each in self.evidence if each.source == own.source}
        others = tuple(group for group in groups if group.origin not in own_origins)
        return ClaimFusion(self._weigh(groups, own.value, scale), self._weigh(others, own.value, scale))

    def value_probabilities(self, *, scale: Scale = UNCALIBRATED) -> list[ValueProbability]:
        """Each claimed value, most probable first; what they leave of 1 belongs to values nobody claimed.

        A value whose sources all said another one later is as probable as one that nobody claimed. Ties: more groups
        first, then by the value's text. Only the scale's slope is used.
        """
        groups = self.groups()
        scores = dict.fromkeys((each.value for each in self.evidence), 0.0) | _scores(groups)
        everything = _log_sum_of_exps(
            [scale.slope * score for score in scores.values()] + [0.0] * self._unclaimed(scores)
        )
        ranked = [
            ValueProbability(
                value=value,
                probability=math.exp(scale.slope * score - everything),
                groups=sum(group.value == value for group in groups),
            )
            for value, score in scores.items()
        ]
        return sorted(ranked, key=lambda each: (-each.probability, -each.groups, each.value))

    def _weigh(self, groups: tuple[OriginGroup, ...], value: str, scale: Scale) -> Weighing:
        scores = {value: 0.0} | _scores(groups)
        rest = [scale.slope * score for other, score in scores.items() if other != value]
        rest += [0.0] * self._unclaimed(scores)
        log_odds = scale.slope * scores[value] - (_log_sum_of_exps(rest) if rest else 0.0)
        probability = Scale(1.0, scale.intercept).probability(log_odds)
        return Weighing(
            probability=min(max(probability, LOWEST), HIGHEST),
            supporting=tuple(group for group in groups if group.value == value),
            contradicting=tuple(group for group in groups if group.value != value),
        )

    def _unclaimed(self, claimed: Collection[str]) -> int:
        return max(0, self.wrong_alternatives + 1 - len(claimed))

    @cached_property
    def _origins(self) -> dict[int, int]:
        return origin_of_each((each.claim for each in self.evidence), self.links)

    def weight_of(self, each: Evidence) -> float:
        """Log-odds that one claim would add by itself."""
        return evidence_weight(effective_accuracy(each.accuracy, each.faithfulness), self.wrong_alternatives)

    def _kept_shares(self, latest: Iterable[Evidence], origins: Mapping[int, int]) -> dict[int, float]:
        """By source, the share of its weight left after suspected copying from earlier sources (section 7).

        A pair with a declared common origin is left alone: its group already counts once.
        """
        by_source = {each.source: each for each in latest}
        kept = dict.fromkeys(by_source, 1.0)
        for pair, posterior in sorted(self.dependence.items()):
            if not all(source in by_source for source in pair):
                continue
            earlier, later = sorted((by_source[source] for source in pair), key=_date_then_source)
            if earlier.value == later.value and origins[earlier.claim] != origins[later.claim]:
                kept[later.source] *= 1 - self.copying_rate * posterior
        return kept


def _log_sum_of_exps(values: Sequence[float]) -> float:
    """Of a few numbers, many thousand times: quicker than one that takes arrays."""
    highest = max(values)
    return highest + math.log(math.fsum(math.exp(value - highest) for value in values))


def _latest_of_each_source(evidence: Iterable[Evidence]) -> list[Evidence]:
    latest: dict[int, Evidence] = {}
    for each in evidence:
        latest[each.source] = max(latest.get(each.source, each), each, key=lambda one: (_day(one), one.claim))
    return list(latest.values())


def _scores(groups: Iterable[OriginGroup]) -> dict[str, float]:
    weights: dict[str, list[float]] = {}
    for group in groups:
        weights.setdefault(group.value, []).append(group.weight)
    return {value: math.fsum(each) for value, each in weights.items()}


def _date_then_source(each: Evidence) -> tuple[date, int]:
    return _day(each), each.source


def _day(each: Evidence) -> date:
    """An unknown claim date has age 0 (section 11), so it comes after every known one."""
    return each.claimed_on or date.max
