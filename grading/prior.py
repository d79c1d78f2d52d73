"""What to expect of a source nobody has checked: a prior learnt from all the others (section 2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, psi

from grading.beta import Beta
from grading.record import DEFAULT_PRIOR

# Section 2. Fitted on families and capped at 8, 80 % intervals cover the truth 83 % of the time in simulation;
# fitted on all sources and uncapped, 75 %.
FEWEST_FAMILIES = 30
LEAST_STRENGTH = 2.0
MOST_STRENGTH = 8.0

# Where the likelihood is searched. At a mean of 0 or 1, or without spread, it has no maximum.
_MEANS = (0.01, 0.99)
_STRENGTHS = (0.1, 10_000.0)

Counts = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SourceSums:
    """One source's aged verdicts, as in its track record.

    family: the sources that repeat each other share it (the id of their origin, for instance).
    kind: the source's type; "" where types are not told apart.
    """

    source: int
    family: int
    confirmed: float
    refuted: float
    kind: str = ""

    @property
    def n_effective(self) -> float:
        return self.confirmed + self.refuted


@dataclass(frozen=True, slots=True)
class PopulationPrior:
    """A prior with what it rests on.

    families: how many families with a verdict there were.
    fitted: the maximum-likelihood distribution before its strength was limited; None when families were too few.
    """

    prior: Beta
    families: int
    fitted: Beta | None = None


@dataclass(frozen=True, slots=True)
class PopulationPriors:
    """The prior for each type of source that has enough families, and one over all for the rest."""

    overall: PopulationPrior
    by_kind: Mapping[str, PopulationPrior] = field(default_factory=dict)

    def of(self, kind: str) -> Beta:
        return self.by_kind.get(kind, self.overall).prior


def population_priors(sources: Iterable[SourceSums], *, fewest_families: int = FEWEST_FAMILIES) -> PopulationPriors:
    """The priors learnt from these sources; the order they come in does not matter."""
    members = one_per_family(sources)
    by_kind: dict[str, list[SourceSums]] = {}
    for member in members:
        by_kind.setdefault(member.kind, []).append(member)
    return PopulationPriors(
        overall=_population_prior(members, fewest_families),
        by_kind={
            kind: _population_prior(of_kind, fewest_families)
            for kind, of_kind in sorted(by_kind.items())
            if kind and len(of_kind) >= fewest_families
        },
    )


def one_per_family(sources: Iterable[SourceSums]) -> list[SourceSums]:
    """The member with the most verdicts from each family that has any (ties: lowest id), by family.

    Repeaters would otherwise count their origin's luck once each, and make all sources look alike.
    """
    best: dict[int, SourceSums] = {}
    for source in sources:
        if source.n_effective > 0:
            best[source.family] = min(best.get(source.family, source), source, key=_most_verdicts_first)
    return [best[family] for family in sorted(best)]


def fit_beta(members: Sequence[SourceSums]) -> Beta:
    """The Beta under which these records are most likely (Beta-Binomial), its strength not limited.

    The mean is searched in [0.01, 0.99], the strength in [0.1, 10 000]. Raises ValueError without a verdict.
    """
    confirmed = np.array([member.confirmed for member in members], dtype=np.float64)
    refuted = np.array([member.refuted for member in members], dtype=np.float64)
    total = float((confirmed + refuted).sum())
    if not total > 0:
        raise ValueError("a prior is fitted to verdicts, and there are none")
    pooled = float(np.clip(confirmed.sum() / total, *_MEANS))
    from scipy.optimize import minimize  # noqa: PLC0415 -- 22 MB that only a fit needs, of every web process

    found = minimize(
        _surprise,
        x0=(pooled, np.log(MOST_STRENGTH)),
        args=(confirmed, refuted),
        jac=True,
        method="L-BFGS-B",
        bounds=(_MEANS, tuple(np.log(_STRENGTHS))),
        options={"ftol": 1e-14, "gtol": 1e-10},
    )
    return Beta.of(float(found.x[0]), float(np.exp(found.x[1])))


def _population_prior(members: Sequence[SourceSums], fewest_families: int) -> PopulationPrior:
    if not members or len(members) < fewest_families:
        return PopulationPrior(DEFAULT_PRIOR, families=len(members))
    fitted = fit_beta(members)
    strength = min(max(fitted.strength, LEAST_STRENGTH), MOST_STRENGTH)
    return PopulationPrior(Beta.of(fitted.mean, strength), families=len(members), fitted=fitted)


def _most_verdicts_first(source: SourceSums) -> tuple[float, int]:
    return -source.n_effective, source.source


def _surprise(point: npt.NDArray[np.float64], confirmed: Counts, refuted: Counts) -> tuple[float, Counts]:
    """Mean negative log-likelihood per family at (mean, ln strength), and its slope in both."""
    mean, strength = point[0], np.exp(point[1])
    p, q = mean * strength, (1 - mean) * strength
    value = np.mean(betaln(confirmed + p, refuted + q)) - betaln(p, q)
    shared = psi(strength) - np.mean(psi(confirmed + refuted + strength))
    by_p = np.mean(psi(confirmed + p)) - psi(p) + shared
    by_q = np.mean(psi(refuted + q)) - psi(q) + shared
    slope = strength * np.array([by_p - by_q, mean * by_p + (1 - mean) * by_q])
    return -float(value), -slope
