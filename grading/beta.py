"""The Beta distribution a track record is read from: how likely a source's next claim is to be confirmed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import betainc, betaincinv


@dataclass(frozen=True, slots=True)
class Beta:
    """Beta(confirmed, refuted): what is believed of a chance, after that many confirmed and refuted claims.

    confirmed, refuted: pseudo-counts, finite and > 0, which keeps the mean off 0 and 1; ValueError otherwise.
    """

    confirmed: float
    refuted: float

    def __post_init__(self) -> None:
        for count in (self.confirmed, self.refuted):
            if not (math.isfinite(count) and count > 0):
                raise ValueError(
                    f"both pseudo-counts of a Beta distribution are finite and above 0; "
                    f"got ({self.confirmed}, {self.refuted})"
                )

    @classmethod
    def of(cls, mean: float, strength: float) -> Beta:
        """The distribution with this mean, in (0, 1), that weighs as much as `strength` verdicts (> 0)."""
        return cls(mean * strength, (1 - mean) * strength)

    def after(self, confirmed: float, refuted: float) -> Beta:
        """This distribution once that many more claims (>= 0, fractions allowed) were confirmed and refuted."""
        return Beta(self.confirmed + confirmed, self.refuted + refuted)

    @property
    def strength(self) -> float:
        """How many verdicts it weighs, the prior's pseudo-counts included."""
        return self.confirmed + self.refuted

    @property
    def mean(self) -> float:
        return self.confirmed / self.strength

    @property
    def deviation(self) -> float:
        """Standard deviation, in the same unit as the mean: 0 to 0.5."""
        return math.sqrt(self.mean * (1 - self.mean) / (self.strength + 1))

    def below(self, chance: float) -> float:
        """Probability that the true chance lies below `chance`, both in [0, 1]."""
        return float(betainc(self.confirmed, self.refuted, chance))

    def between(self, low: float, high: float) -> float:
        """Probability, in [0, 1], that the true chance lies from `low` to `high`."""
        return max(0.0, self.below(high) - self.below(low))

    def interval(self, mass: float) -> tuple[float, float]:
        """Where the true chance lies with probability `mass`, in (0, 1); both tails left out are equally likely."""
        if not 0 < mass < 1:
            raise ValueError(f"an interval holds a share between 0 and 1, both excluded; got {mass}")
        tail = (1 - mass) / 2
        return self._quantile(tail), self._quantile(1 - tail)

    def _quantile(self, share: float) -> float:
        return float(betaincinv(self.confirmed, self.refuted, share))
