"""Grades as MISP machine tags (`namespace:predicate="value"`) and as the numbers that MISP gives these values.

Taxonomies read: admiralty-scale v5, estimative-language v5, misp, information-origin. MISP's numbers are its own: they
are neither STIX's confidence (grading/confidence.py) nor an analyst's percentage, and F and 6 read 50 there, which is
no judgement either. Only tags leave the house; the numbers serve to read what others send.
"""

from __future__ import annotations

from grading.scales import Credibility, Reliability, likelihood_term

RELIABILITY_NUMBERS = {
    Reliability.A: 100,
    Reliability.B: 75,
    Reliability.C: 50,
    Reliability.D: 25,
    Reliability.E: 0,
    Reliability.F: 50,
}
CREDIBILITY_NUMBERS = {
    Credibility.CONFIRMED: 100,
    Credibility.PROBABLY_TRUE: 75,
    Credibility.POSSIBLY_TRUE: 50,
    Credibility.DOUBTFUL: 25,
    Credibility.IMPROBABLE: 0,
    Credibility.CANNOT_BE_JUDGED: 50,
}
LIKELIHOOD_NUMBERS = {
    "almost-no-chance": 0,
    "very-unlikely": 5,
    "unlikely": 20,
    "roughly-even-chance": 45,
    "likely": 55,
    "very-likely": 80,
    "almost-certain": 95,
}
ANALYTIC_CONFIDENCE_NUMBERS = {"low": 0, "moderate": 55, "high": 95}
"""Low/moderate/high confidence in an analytic judgement: another field than the likelihood."""
AUTOMATION_NUMBERS = {"unsupervised": 0, "reviewed": 50, "manual": 100}
"""How a statement came about: found by a machine, found so and accepted by a person, written by a person."""

RELIABILITY_LABELS = {grade: f"{grade.value} - {grade.label}" for grade in Reliability}
"""As MISP's object `intelligence-source-assessment` v1 words them; "B - Usually reliable"."""
CREDIBILITY_LABELS = {grade: f"{grade.value} - {grade.label}" for grade in Credibility} | {
    Credibility.DOUBTFUL: "4 - Doubtfully true"
}
"""The same object's words, of which one differs from the taxonomy's and ours."""


def machine_tag(namespace: str, predicate: str, value: str) -> str:
    """The three as one tag. Raises ValueError where a part would break the form."""
    if '"' in value or not namespace or not predicate:
        raise ValueError("a machine tag has a namespace and a predicate, and no quotation mark in its value")
    return f'{namespace}:{predicate}="{value}"'


def reliability_tag(grade: Reliability) -> str:
    return machine_tag("admiralty-scale", "source-reliability", grade.value.lower())


def credibility_tag(grade: Credibility) -> str:
    return machine_tag("admiralty-scale", "information-credibility", grade.value)


def likelihood_value(percent: float) -> str:
    """The value that the taxonomy estimative-language has for a likelihood above 0 and below 100 percent."""
    return likelihood_term(percent).replace(" ", "-")


def likelihood_tag(percent: float) -> str:
    return machine_tag("estimative-language", "likelihood-probability", likelihood_value(percent))


def analytic_confidence_tag(confidence: str) -> str:
    """For low, moderate or high. Raises ValueError for anything else."""
    if confidence not in ANALYTIC_CONFIDENCE_NUMBERS:
        raise ValueError(f"analytic confidence is low, moderate or high; got {confidence!r}")
    return machine_tag("estimative-language", "confidence-in-analytic-judgment", confidence)


def automation_tag(level: str) -> str:
    """For unsupervised, reviewed or manual. Raises ValueError for anything else."""
    if level not in AUTOMATION_NUMBERS:
        raise ValueError(f"the level of automation is unsupervised, reviewed or manual; got {level!r}")
    return machine_tag("misp", "automation-level", level)
