"""The scales analysts grade on: Admiralty reliability A-F and credibility 1-6, ICD 203 likelihood words."""

from __future__ import annotations

from enum import StrEnum


class Reliability(StrEnum):
    """Reliability of a source (STANAG 2511, Jan 2003; FM 2-22.3). F is no judgement, not a middle grade."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"

    @property
    def label(self) -> str:
        return _RELIABILITY_LABELS[self]


class Credibility(StrEnum):
    """Credibility of one claim (STANAG 2511, Jan 2003; FM 2-22.3). 6 is no judgement, not a middle grade."""

    CONFIRMED = "1"
    PROBABLY_TRUE = "2"
    POSSIBLY_TRUE = "3"
    DOUBTFUL = "4"
    IMPROBABLE = "5"
    CANNOT_BE_JUDGED = "6"

    @property
    def label(self) -> str:
        return _CREDIBILITY_LABELS[self]


_RELIABILITY_LABELS = {
    Reliability.A: "Completely reliable",
    Reliability.B: "Usually reliable",
    Reliability.C: "Fairly reliable",
    Reliability.D: "Not usually reliable",
    Reliability.E: "Unreliable",
    Reliability.F: "Reliability cannot be judged",
}
_CREDIBILITY_LABELS = {
    Credibility.CONFIRMED: "Confirmed by other sources",
    Credibility.PROBABLY_TRUE: "Probably true",
    Credibility.POSSIBLY_TRUE: "Possibly true",
    Credibility.DOUBTFUL: "Doubtful",
    Credibility.IMPROBABLE: "Improbable",
    Credibility.CANNOT_BE_JUDGED: "Truth cannot be judged",
}


def likelihood_term(percent: float) -> str:
    """The ICD 203 (Jan 2015, row 1) word for a likelihood of `percent`, above 0 and below 100.

    Bounds overlap in the directive; ours are symmetric under p -> 100 - p:
    <5, [5,20), [20,45), [45,55], (55,80], (80,95], >95.
    Raises ValueError at 0 and 100 and outside: the scale has no certainty.
    """
    if not 0 < percent < 100:
        raise ValueError(f"a likelihood lies between 0 and 100 percent, both excluded; got {percent}")
    if percent < 5:
        return "almost no chance"
    if percent < 20:
        return "very unlikely"
    if percent < 45:
        return "unlikely"
    if percent <= 55:
        return "roughly even chance"
    if percent <= 80:
        return "likely"
    if percent <= 95:
        return "very likely"
    return "almost certain"
