"""A claim's grades as machine tags, in the words of MISP's taxonomies."""

from __future__ import annotations

from exchange.formats.records import ClaimRecord
from grading.machine_tags import (
    analytic_confidence_tag,
    automation_tag,
    credibility_tag,
    likelihood_tag,
    reliability_tag,
)
from grading.scales import Credibility, Reliability


def labels(record: ClaimRecord) -> list[str]:
    """Machine tags, for what somebody judged: the one form in which A-F travels to systems that know no such scale."""
    judged = record.credibility
    found = [automation_tag(automation_level(record))]
    if record.source and record.source.reliability_judged:
        found.append(reliability_tag(Reliability(record.source.reliability)))
    if judged:
        found.append(credibility_tag(Credibility(judged.grade)))
        if judged.likelihood:
            found.append(likelihood_tag(judged.likelihood))
        if judged.confidence:
            found.append(analytic_confidence_tag(judged.confidence))
    return found


def automation_level(record: ClaimRecord) -> str:
    """By hand, or by the engine and decided on by an analyst, or by the engine alone."""
    if not record.engine:
        return "manual"
    return "reviewed" if record.decision else "unsupervised"
