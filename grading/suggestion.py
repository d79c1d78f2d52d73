"""From a track record to a reliability letter: a suggestion that rests on verdicts alone (section 4).

No human grade goes in, so no human grade can echo back. What an analyst graded is only compared, by `diverges`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from grading.beta import Beta
from grading.record import TrackRecord
from grading.scales import Reliability

FEWEST_VERDICTS = 5  # n_effective below this: F
FEWEST_VERDICTS_FOR_A = 20
MASS_FOR_A_LETTER = 0.5
MASS_FOR_A_RANGE = 0.8


@dataclass(frozen=True, slots=True)
class Band:
    """The chances of being right, from `low` to below `high`, that a letter stands for. A includes 1."""

    letter: Reliability
    low: float
    high: float


BANDS = (  # from worst to best
    Band(Reliability.E, 0.0, 0.25),
    Band(Reliability.D, 0.25, 0.5),
    Band(Reliability.C, 0.5, 0.7),
    Band(Reliability.B, 0.7, 0.9),
    Band(Reliability.A, 0.9, 1.0),
)
_BAND_OF = {band.letter: band for band in BANDS}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One letter, a range of two neighbours, or F. As text: "B", "B-C" (better letter first), "F".

    why: one sentence for the analyst.
    """

    letters: tuple[Reliability, ...]
    why: str

    def __str__(self) -> str:
        return "-".join(self.letters)


def band_masses(posterior: Beta) -> dict[Reliability, float]:
    """Probability of each letter's band, from E to A; they sum to 1."""
    return {band.letter: posterior.between(band.low, band.high) for band in BANDS}


def suggest(record: TrackRecord) -> Suggestion:
    """The letter the verdicts support, no more precise than they allow (section 4).

    Two bands or pairs of equal mass: the worse one is taken.
    """
    if record.n_effective < FEWEST_VERDICTS:
        return TOO_FEW
    return suggest_from(band_masses(record.posterior), record.n_effective)


def suggest_from(masses: Mapping[Reliability, float], n_effective: float) -> Suggestion:
    """The same for a record of at least five effective verdicts, from the masses of its bands, from E to A."""
    letter = max(masses, key=masses.__getitem__)
    if masses[letter] >= MASS_FOR_A_LETTER:
        return _one_letter(letter, masses[letter], n_effective)
    worse, better = max(pairwise(masses), key=lambda pair: masses[pair[0]] + masses[pair[1]])
    both = masses[worse] + masses[better]
    if both >= MASS_FOR_A_RANGE:
        return Suggestion(
            (better, worse), f"{better} or {worse} with {_percent(both)} probability, neither alone with 50 %"
        )
    return _no_letter("the verdicts fit more than two letters")


def diverges(human: Reliability, record: TrackRecord) -> bool:
    """Whether an analyst's letter and the record's 80 % interval have nothing in common (section 4).

    Never for F, which is no judgement, and never without a verdict: a prior alone contradicts nobody.
    """
    if human is Reliability.F or not record.n_effective:
        return False
    return gap(human, *record.interval_80) > 0


def gap(human: Reliability, low: float, high: float) -> float:
    """How far an analyst's letter lies from the interval [low, high] of a record: 0 where they overlap, and for F."""
    if human is Reliability.F:
        return 0.0
    band = _BAND_OF[human]
    return max(0.0, low - band.high, band.low - high)


def evidence_in_words(record: TrackRecord) -> str:
    """What the suggestion rests on: "8 of 10 verdicts confirmed; 80 % interval 58-90 %; B"."""
    low, high = record.interval_80
    return f"{_verdicts_in_words(record)}; 80 % interval {100 * low:.0f}-{100 * high:.0f} %; {suggest(record)}"


def _verdicts_in_words(record: TrackRecord) -> str:
    counts = record.counts
    if not counts.total:
        return "no verdict yet"
    words = f"{counts.true} of {counts.total} {'verdict' if counts.total == 1 else 'verdicts'} confirmed"
    if counts.partly:
        words += f", {counts.partly} partly"
    if counts.total - record.n_effective >= 0.05:
        words += f" (aged: worth {record.n_effective:.1f})"
    if counts.undated:
        words += f" ({counts.undated} without a date, counted as new)"
    return words


def _one_letter(letter: Reliability, mass: float, n_effective: float) -> Suggestion:
    why = f"{letter} with {_percent(mass)} probability"
    if letter is Reliability.A and n_effective < FEWEST_VERDICTS_FOR_A:
        return Suggestion((Reliability.B,), f"{why}, which needs {FEWEST_VERDICTS_FOR_A} effective verdicts")
    return Suggestion((letter,), why)


def _no_letter(why: str) -> Suggestion:
    return Suggestion((Reliability.F,), why)


TOO_FEW = _no_letter(f"fewer than {FEWEST_VERDICTS} effective verdicts")


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
