"""Track records of many sources at once: the figures of `grading.record` and `grading.suggestion`, to the last bit.

A claim is a place in a few columns instead of an object. What rounds is computed alike: each weight by the same power
of two, each sum by `math.fsum`, each quantile by the same function of scipy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, betaincinv

from grading.record import Outcome, weight_at
from grading.scales import Reliability
from grading.suggestion import BANDS, FEWEST_VERDICTS, TOO_FEW, suggest_from

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

OUTCOMES = sorted(Outcome)  # in the order in which the earliest of claims made on one day is chosen
UNDATED = date.max.toordinal()
_UNVERIFIABLE = OUTCOMES.index(Outcome.UNVERIFIABLE)
_TAIL = (1 - 0.80) / 2


@dataclass(frozen=True, slots=True)
class Claims:
    """Judged claims that are nobody's repetition, a column each.

    owner: whose record. outcome: place in OUTCOMES. claimed, decided: days as `date.toordinal()`, UNDATED where the
    claim has no date. once: claims of an owner that share it count once.
    """

    owner: Integers
    outcome: Integers
    claimed: Integers
    decided: Integers
    once: Integers

    def where(self, chosen: npt.NDArray[np.bool_]) -> Claims:
        return Claims(
            self.owner[chosen], self.outcome[chosen], self.claimed[chosen], self.decided[chosen], self.once[chosen]
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """What each owner's verdicts add up to, owners ascending; an owner without a verdict is not among them."""

    owner: Integers
    confirmed: Floats
    refuted: Floats
    true: Integers
    partly: Integers
    false: Integers
    unverifiable: Integers
    undated: Integers

    @classmethod
    def of_nobody(cls) -> Sums:
        """No verdicts."""
        counts, weights = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float64)
        return cls(counts, weights, weights, counts, counts, counts, counts, counts)

    def only(self, owners: Integers) -> Sums:
        """Those of these owners, each named once."""
        chosen = np.isin(self.owner, owners, assume_unique=True)
        return Sums(*(getattr(self, column.name)[chosen] for column in fields(Sums)))

    def beside(self, other: Sums) -> Sums:
        """Those of both, which have no owner in common."""
        order = np.argsort(np.concatenate([self.owner, other.owner]), kind="stable")
        both = (np.concatenate([getattr(self, column.name), getattr(other, column.name)]) for column in fields(Sums))
        return Sums(*(column[order] for column in both))


@dataclass(frozen=True, slots=True)
class Posteriors:
    """Sections 3 and 4 for many records. suggestion: as text."""

    mean: Floats
    low: Floats
    high: Floats
    suggestion: list[str]


def sums_of(claims: Claims, *, as_of: date, half_life_days: float) -> Sums:
    """The aged sums of each owner on that day (section 1)."""
    claims = claims.where(claims.decided <= as_of.toordinal())
    owners = np.unique(claims.owner)
    weightless = claims.outcome == _UNVERIFIABLE
    unverifiable = _first_of_each(claims.where(weightless))
    counted = _first_of_each(claims.where(~weightless))
    starts = np.append(np.searchsorted(counted.owner, owners), len(counted.owner)).tolist()
    weights = _weights(counted.claimed, as_of.toordinal(), half_life_days)
    shares = np.array([outcome.share_confirmed or 0.0 for outcome in OUTCOMES])[counted.outcome]

    def number_of(rows: npt.NDArray[np.bool_]) -> Integers:
        return np.bincount(np.searchsorted(owners, counted.owner[rows]), minlength=len(owners))

    return Sums(
        owner=owners,
        confirmed=_sums(weights * shares, starts),
        refuted=_sums(weights * (1 - shares), starts),
        true=number_of(counted.outcome == OUTCOMES.index(Outcome.TRUE)),
        partly=number_of(counted.outcome == OUTCOMES.index(Outcome.PARTLY)),
        false=number_of(counted.outcome == OUTCOMES.index(Outcome.FALSE)),
        unverifiable=np.bincount(np.searchsorted(owners, unverifiable.owner), minlength=len(owners)),
        undated=number_of(counted.claimed == UNDATED),
    )


def posteriors_of(confirmed: Floats, refuted: Floats, prior_confirmed: Floats, prior_refuted: Floats) -> Posteriors:
    """Mean, 80 % interval and suggested letters of records with these sums and priors."""
    a, b = prior_confirmed + confirmed, prior_refuted + refuted
    n_effective = confirmed + refuted
    return Posteriors(
        mean=a / (a + b),
        low=betaincinv(a, b, _TAIL),
        high=betaincinv(a, b, 1 - _TAIL),
        suggestion=_suggestions(a, b, n_effective),
    )


def _suggestions(a: Floats, b: Floats, n_effective: Floats) -> list[str]:
    letters = [str(TOO_FEW)] * len(n_effective)
    enough = np.flatnonzero(n_effective >= FEWEST_VERDICTS)
    below = [betainc(a[enough], b[enough], bound) for bound in [BANDS[0].low, *(band.high for band in BANDS)]]
    masses = np.maximum(0.0, np.diff(below, axis=0)).T.tolist()
    names: list[Reliability] = [band.letter for band in BANDS]
    for place, row, n in zip(enough.tolist(), masses, n_effective[enough].tolist(), strict=True):
        letters[place] = str(suggest_from(dict(zip(names, row, strict=True)), n))
    return letters


def _first_of_each(claims: Claims) -> Claims:
    """Of claims that count once the earliest (of one day: the first in OUTCOMES), ordered by owner."""
    order = np.lexsort((claims.outcome, claims.claimed, claims.once, claims.owner))
    owner, once = claims.owner[order], claims.once[order]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (owner[1:] != owner[:-1]) | (once[1:] != once[:-1])
    chosen = order[first]
    return Claims(owner[first], claims.outcome[chosen], claims.claimed[chosen], claims.decided[chosen], once[first])


def _weights(claimed: Integers, as_of: int, half_life_days: float) -> Floats:
    """Numpy's powers may differ from Python's in the last bit: each age is looked up instead."""
    ages = np.where(claimed == UNDATED, 0, np.maximum(0, as_of - claimed))
    known, places = np.unique(ages, return_inverse=True)
    return np.array([weight_at(age, half_life_days) for age in known.tolist()], dtype=np.float64)[places]


def _sums(values: Floats, starts: Sequence[int]) -> Floats:
    listed = values.tolist()
    return np.array([math.fsum(listed[start:stop]) for start, stop in pairwise(starts)], dtype=np.float64)
