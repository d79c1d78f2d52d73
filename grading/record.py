"""A source's track record: its verdicts, aged and counted, and what they say about its next claim.

Section numbers in this package are those of the grading model. A record is always computed from all its verdicts: no
running totals, so their order does not matter and a withdrawn verdict leaves no trace.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from grading.beta import Beta

HALF_LIFE_DAYS = 730.0  # section 1
DEFAULT_PRIOR = Beta(1, 1)  # section 2: nothing is known, every chance is equally likely


class Outcome(StrEnum):
    """How what a claim says turned out, seen from the claim: a denial of something false has the outcome true."""

    TRUE = "true"
    PARTLY = "partly"
    FALSE = "false"
    UNVERIFIABLE = "unverifiable"

    @property
    def share_confirmed(self) -> float | None:
        """1 confirmed, 0.5 partly, 0 refuted (section 1); None carries no weight."""
        return _SHARE_CONFIRMED[self]

    @property
    def for_a_denial(self) -> Outcome:
        """The same verdict, seen from a claim that denies the proposition."""
        return _FOR_A_DENIAL.get(self, self)


_SHARE_CONFIRMED = {Outcome.TRUE: 1.0, Outcome.PARTLY: 0.5, Outcome.FALSE: 0.0, Outcome.UNVERIFIABLE: None}
_FOR_A_DENIAL = {Outcome.TRUE: Outcome.FALSE, Outcome.FALSE: Outcome.TRUE}


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """One claim of a source whose verdict is in force; a withdrawn verdict is simply not handed in.

    claimed_on: the day the claim was made. Unknown counts as made today, and is flagged in the record.
    decided_on: the day of the verdict; a verdict later than the as-of date is not yet known. Unknown is always known.
    derived: a declared or accepted copy; the origin gets the credit and the blame, the repeater neither.
    counts_once_as: claims of the source that share this key (one derivation family, one question) count once, as the
        earliest of them. None stands alone.
    """

    outcome: Outcome
    claimed_on: date | None = None
    decided_on: date | None = None
    derived: bool = False
    counts_once_as: Hashable = None

    def age_days(self, as_of: date) -> int:
        """Days from the claim to `as_of`; 0 for a claim of the future or of an unknown day."""
        return max(0, (as_of - self.claimed_on).days) if self.claimed_on else 0

    def counts_on(self, as_of: date) -> bool:
        known = self.decided_on is None or self.decided_on <= as_of
        return known and not self.derived and self.outcome.share_confirmed is not None


@dataclass(frozen=True, slots=True)
class VerdictCounts:
    """How many verdicts a record rests on, before ageing. `undated` of them have no claim date and count as new."""

    true: int = 0
    partly: int = 0
    false: int = 0
    undated: int = 0

    @property
    def total(self) -> int:
        return self.true + self.partly + self.false


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """What a source's verdicts amount to on one day.

    confirmed, refuted: sums of aged weights (section 1), >= 0. Beside them, always, the raw counts.
    """

    confirmed: float = 0.0
    refuted: float = 0.0
    counts: VerdictCounts = field(default_factory=VerdictCounts)
    prior: Beta = DEFAULT_PRIOR

    @property
    def n_effective(self) -> float:
        """How many fresh verdicts the record is worth; the prior is not among them."""
        return self.confirmed + self.refuted

    @property
    def posterior(self) -> Beta:
        """Section 3: the prior after the verdicts."""
        return self.prior.after(self.confirmed, self.refuted)

    @property
    def mean(self) -> float:
        """Chance in (0, 1) that the source's next claim is confirmed."""
        return self.posterior.mean

    @property
    def interval_80(self) -> tuple[float, float]:
        return self.posterior.interval(0.80)

    @property
    def interval_95(self) -> tuple[float, float]:
        return self.posterior.interval(0.95)


def track_record(
    claims: Iterable[JudgedClaim],
    *,
    as_of: date,
    half_life_days: float = HALF_LIFE_DAYS,
    prior: Beta = DEFAULT_PRIOR,
) -> TrackRecord:
    """The record of the source that made all these claims, as it stood on `as_of` (sections 1 and 3).

    half_life_days: after so many days a verdict weighs half; 0 switches ageing off. Negative raises ValueError.
    The same claims give the same figures in any order, to the last bit.
    """
    if not (math.isfinite(half_life_days) and half_life_days >= 0):
        raise ValueError(f"a half-life is a finite number of days, 0 (no ageing) or more; got {half_life_days}")
    counted = _each_once(claim for claim in claims if claim.counts_on(as_of))
    weighed = [
        (weight_at(claim.age_days(as_of), half_life_days), claim.outcome.share_confirmed or 0.0) for claim in counted
    ]
    outcomes = Counter(claim.outcome for claim in counted)
    return TrackRecord(
        # fsum rounds once, at the end: the order of the verdicts cannot show.
        confirmed=math.fsum(weight * share for weight, share in weighed),
        refuted=math.fsum(weight * (1 - share) for weight, share in weighed),
        counts=VerdictCounts(
            true=outcomes[Outcome.TRUE],
            partly=outcomes[Outcome.PARTLY],
            false=outcomes[Outcome.FALSE],
            undated=sum(claim.claimed_on is None for claim in counted),
        ),
        prior=prior,
    )


def weight_at(age_days: int, half_life_days: float) -> float:
    """The weight of a verdict on a claim of that age (section 1); half-life 0: 1."""
    return 2.0 ** (-age_days / half_life_days) if half_life_days else 1.0


def _each_once(claims: Iterable[JudgedClaim]) -> list[JudgedClaim]:
    alone: list[JudgedClaim] = []
    families: dict[Hashable, JudgedClaim] = {}
    for claim in claims:
        if claim.counts_once_as is None:
            alone.append(claim)
        else:
            known = families.get(claim.counts_once_as, claim)
            families[claim.counts_once_as] = min(known, claim, key=_earliest_then_outcome)
    return alone + list(families.values())


def _earliest_then_outcome(claim: JudgedClaim) -> tuple[date, str]:
    return claim.claimed_on or date.max, claim.outcome.value
