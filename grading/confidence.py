"""The scales that STIX 2.1 (OASIS, Appendix A) ties to its `confidence`, a whole number from 0 to 100, both ways.

STIX makes these tables binding for whoever shows one of the scales. They are for exchange alone: what an analyst judged
is kept as judged, a number is derived from it when it leaves the house, and never turned back into a judgement. The
reason is that the tables differ from the scales' own: 90 percent is "very likely" in ICD 203, "Almost Certain" here.
"""

from __future__ import annotations

from dataclasses import dataclass

from grading.scales import Credibility

HIGHEST = 100


@dataclass(frozen=True, slots=True)
class Rung:
    """One label of a scale, the number that stands for it, and the numbers, both ends included, that it stands for."""

    label: str
    confidence: int
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class ConfidenceScale:
    """A scale of words or digits; `rungs` from the lowest to the highest, without gaps from 0 to 100."""

    name: str
    rungs: tuple[Rung, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(rung.label for rung in self.rungs)

    def confidence(self, label: str) -> int:
        """0 to 100 for a label. Raises ValueError for any other, and where the scale declines to give a number."""
        for rung in self.rungs:
            if rung.label == label:
                return rung.confidence
        raise ValueError(f"{label!r} has no confidence on the scale {self.name}")

    def label(self, confidence: int) -> str:
        """The label for 0 to 100. Raises ValueError outside."""
        for rung in self.rungs:
            if rung.lowest <= confidence <= rung.highest:
                return rung.label
        raise ValueError(f"a confidence lies between 0 and {HIGHEST}; got {confidence}")


def _scale(name: str, *rungs: tuple[str, int, int]) -> ConfidenceScale:
    """From (label, its number, the lowest number it stands for) of each rung, lowest first."""
    ends = [lowest - 1 for _, _, lowest in rungs[1:]] + [HIGHEST]
    return ConfidenceScale(name, tuple(Rung(*rung, highest) for rung, highest in zip(rungs, ends, strict=True)))


NONE_LOW_MED_HIGH = _scale("None/Low/Med/High", ("None", 0, 0), ("Low", 15, 1), ("Med", 50, 30), ("High", 85, 70))
ZERO_TO_TEN = _scale("0-10", *((str(n), 10 * n, max(0, 10 * n - 5)) for n in range(11)))
ADMIRALTY_CREDIBILITY = _scale(
    "Admiralty credibility",
    ("5 - Improbable", 10, 0),
    ("4 - Doubtful", 30, 20),
    ("3 - Possibly True", 50, 40),
    ("2 - Probably True", 70, 60),
    ("1 - Confirmed by other sources", 90, 80),
)
"""Without "6 - Truth cannot be judged": that is no judgement, and leaves the property out."""
WORDS_OF_ESTIMATIVE_PROBABILITY = _scale(
    "WEP",
    ("Impossible", 0, 0),
    ("Highly Unlikely/Almost Certainly Not", 10, 1),
    ("Unlikely/Probably Not", 30, 20),
    ("Even Chance", 50, 40),
    ("Likely/Probable", 70, 60),
    ("Highly likely/Almost Certain", 90, 80),
    ("Certain", 100, 100),
)
DNI = _scale(
    "DNI",
    ("Almost No Chance / Remote", 5, 0),
    ("Very Unlikely / Highly Improbable", 15, 10),
    ("Unlikely / Improbable", 30, 20),
    ("Roughly Even Chance / Roughly Even Odds", 50, 40),
    ("Likely / Probable", 70, 60),
    ("Very Likely / Highly Probable", 85, 80),
    ("Almost Certain / Nearly Certain", 95, 90),
)
SCALES = (NONE_LOW_MED_HIGH, ADMIRALTY_CREDIBILITY, WORDS_OF_ESTIMATIVE_PROBABILITY, DNI, ZERO_TO_TEN)

_OF_CREDIBILITY = {Credibility(rung.label[0]): rung.confidence for rung in ADMIRALTY_CREDIBILITY.rungs}


def credibility_as_confidence(grade: Credibility) -> int | None:
    """A claim's credibility 1-6 as a STIX confidence; None for 6, which leaves the property out.

    A source's reliability A-F has no such number: it says something about the source, not about this claim.
    """
    return _OF_CREDIBILITY.get(grade)


def confidence_as_credibility(confidence: int | None) -> Credibility:
    """The credibility digit that STIX ties to a confidence; 6 where there is none."""
    if confidence is None:
        return Credibility.CANNOT_BE_JUDGED
    return Credibility(ADMIRALTY_CREDIBILITY.label(confidence)[0])
