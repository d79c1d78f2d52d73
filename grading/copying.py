"""How probable it is that one of two sources copies the other, from answers whose truth is known (section 8).

Sharing what is true proves little; sharing what was refuted proves much.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from scipy.special import logsumexp

COPYING_RATE = 0.8  # c: share of a copier's answers that are copied
PRIOR_COPYING = 0.2  # alpha: before looking, one pair in five
WRONG_ALTERNATIVES = 5  # n: wrong answers a question has, unless known
FEWEST_SHARED_QUESTIONS = 3
MOST_SOURCES_PER_VALUE = 50
NOTICE_ABOVE = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source said to a question that is settled by now."""

    value: str
    true: bool


@dataclass(frozen=True, slots=True)
class SharedAnswers:
    """Settled questions both sources answered: the same and true, the same and refuted, or differently. Counts >= 0."""

    true: int = 0
    refuted: int = 0
    different: int = 0

    @property
    def total(self) -> int:
        return self.true + self.refuted + self.different


@dataclass(frozen=True, slots=True)
class Agreement:
    """Questions both answered whose truth is not known yet. Counts >= 0."""

    same: int = 0
    different: int = 0


@dataclass(frozen=True, slots=True)
class RefutedClaim:
    """A source held a value that was refuted."""

    question: int
    value: str
    source: int
    claimed_on: date | None = None


def shared_answers(one: Mapping[int, Answer], other: Mapping[int, Answer]) -> SharedAnswers:
    """Compare two sources' answers, each by question."""
    same = [
        one[question].true for question in one.keys() & other.keys() if one[question].value == other[question].value
    ]
    return SharedAnswers(
        true=same.count(True),
        refuted=same.count(False),
        different=len(one.keys() & other.keys()) - len(same),
    )


def agreement(one: Mapping[int, str], other: Mapping[int, str]) -> Agreement:
    """Compare two sources' unsettled answers, each by question."""
    both = one.keys() & other.keys()
    same = sum(one[question] == other[question] for question in both)
    return Agreement(same, len(both) - same)


def copy_posterior(
    shared: SharedAnswers,
    accuracy_i: float,
    accuracy_j: float,
    *,
    wrong_alternatives: int = WRONG_ALTERNATIVES,
    copying_rate: float = COPYING_RATE,
    prior: float = PRIOR_COPYING,
) -> float:
    """Probability in [0, 1] that i copies j or j copies i; 0 below 3 shared questions.

    accuracy: each source's chance of being right, in (0, 1), as copying_rate and prior. wrong_alternatives: n >= 1.
    """
    return copy_posterior_over(
        {wrong_alternatives: shared}, accuracy_i, accuracy_j, copying_rate=copying_rate, prior=prior
    )


def copy_posterior_over(
    shared: Mapping[int, SharedAnswers],
    accuracy_i: float,
    accuracy_j: float,
    *,
    unsettled: Mapping[int, Agreement] | None = None,
    copying_rate: float = COPYING_RATE,
    prior: float = PRIOR_COPYING,
) -> float:
    """The same over questions of several kinds. shared: by how many wrong alternatives the questions have.

    To agree on what is wrong proves the less, the fewer ways there are to be wrong. unsettled: likewise, of questions
    whose truth is not known: how often two sources of such accuracies agree by chance is known all the same.
    """
    if not (0 < accuracy_i < 1 and 0 < accuracy_j < 1):
        raise ValueError(f"an accuracy lies between 0 and 1, both excluded; got {accuracy_i} and {accuracy_j}")
    if sum(each.total for each in shared.values()) < FEWEST_SHARED_QUESTIONS:
        return 0.0
    independent, from_i, from_j = math.log(1 - prior), math.log(prior / 2), math.log(prior / 2)
    unsettled = unsettled or {}
    for wrong_alternatives in sorted({*shared, *unsettled}):
        both_right = accuracy_i * accuracy_j
        same_wrong = (1 - accuracy_i) * (1 - accuracy_j) / wrong_alternatives
        by_chance = both_right, same_wrong, 1 - both_right - same_wrong

        def seen(chances: tuple[float, float, float], wrong_alternatives: int = wrong_alternatives) -> float:
            return _log_likelihood(
                shared.get(wrong_alternatives, SharedAnswers()),
                unsettled.get(wrong_alternatives, Agreement()),
                *chances,
            )

        independent += seen(by_chance)
        from_i += seen(_copied(accuracy_i, *by_chance, copying_rate))
        from_j += seen(_copied(accuracy_j, *by_chance, copying_rate))
    copied = float(logsumexp([from_i, from_j]))
    return math.exp(copied - float(logsumexp([copied, independent])))


def _copied(
    accuracy: float, both_right: float, same_wrong: float, differ: float, copying_rate: float
) -> tuple[float, float, float]:
    """Chances that two answers are the same and right, the same and wrong, or different, where one copies at times
    from a source of that accuracy."""
    return (
        accuracy * copying_rate + both_right * (1 - copying_rate),
        (1 - accuracy) * copying_rate + same_wrong * (1 - copying_rate),
        differ * (1 - copying_rate),
    )


def is_noticeable(posterior: float) -> bool:
    """Whether "possible common origin" is put before an analyst, who accepts or dismisses it."""
    return posterior > NOTICE_ABOVE


def candidate_pairs(refuted: Iterable[RefutedClaim]) -> set[tuple[int, int]]:
    """Pairs of sources worth comparing: both held the same refuted value. Lower id first.

    Of a value that many held, the 50 earliest holders are paired (by claim date, then id; an unknown date comes last).
    """
    first_held: dict[tuple[int, str], dict[int, date]] = {}
    for claim in refuted:
        holders = first_held.setdefault((claim.question, claim.value), {})
        claimed_on = claim.claimed_on or date.max
        holders[claim.source] = min(holders.get(claim.source, claimed_on), claimed_on)
    pairs: set[tuple[int, int]] = set()
    for holders in first_held.values():
        earliest = sorted(holders, key=lambda source: (holders[source], source))[:MOST_SOURCES_PER_VALUE]
        pairs.update(combinations(sorted(earliest), 2))
    return pairs


def _log_likelihood(
    shared: SharedAnswers, unsettled: Agreement, true: float, refuted: float, different: float
) -> float:
    return (
        shared.true * math.log(true)
        + shared.refuted * math.log(refuted)
        + shared.different * math.log(different)
        + unsettled.same * math.log(true + refuted)
        + unsettled.different * math.log(different)
    )
