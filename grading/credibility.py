"""From what others say to a credibility digit: a suggestion for a claim, beside the analyst's grade (section 10)."""

from __future__ import annotations

from dataclasses import dataclass

from grading.fusion import Weighing
from grading.scales import Credibility

LEAST_FOR_CONFIRMED = 0.65
LEAST_FOR = (  # grade and the lowest probability it takes, best first
    (Credibility.PROBABLY_TRUE, 0.70),
    (Credibility.POSSIBLY_TRUE, 0.40),
    (Credibility.DOUBTFUL, 0.20),
)


@dataclass(frozen=True, slots=True)
class CredibilitySuggestion:
    """why: one sentence for the analyst."""

    grade: Credibility
    why: str


def suggest_credibility(corroboration: Weighing) -> CredibilitySuggestion:
    """The digit that independent reports support. The claim's own source and origin must be left out of them.

    1 needs a supporting group whose independence an analyst confirmed, and nothing that contradicts. Groups whose
    contradiction an analyst has resolved are not handed in.
    """
    supporting, contradicting = corroboration.supporting, corroboration.contradicting
    probability = round(corroboration.probability, 9)  # a sum of logarithms that means 0.7 may come out just below
    if not supporting and not contradicting:
        return CredibilitySuggestion(Credibility.CANNOT_BE_JUDGED, "no other origin supports or contradicts it")
    confirmed = any(group.independent for group in supporting)
    why = (
        f"{len(supporting)} other {'origin supports' if len(supporting) == 1 else 'origins support'} it, "
        f"{'one of them confirmed independent' if confirmed else 'none confirmed independent'}, "
        f"{len(contradicting)} {'contradicts' if len(contradicting) == 1 else 'contradict'} it; "
        f"{100 * probability:.0f} % without its own origin"
    )
    if confirmed and not contradicting and probability >= LEAST_FOR_CONFIRMED:
        return CredibilitySuggestion(Credibility.CONFIRMED, why)
    for grade, least in LEAST_FOR:
        if probability >= least:
            return CredibilitySuggestion(grade, why)
    return CredibilitySuggestion(Credibility.IMPROBABLE, why)
