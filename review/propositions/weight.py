"""How probable the records of its sources make a proposition, term by term; covered until one has judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from accounts.models import User
from claims.models import CredibilityAssessment
from claims.origins import Origins, Term
from grading.credibility import CredibilitySuggestion
from grading.scales import likelihood_term


@dataclass(frozen=True, slots=True)
class TermShown:
    """One report's part. number: in the list of reports; None for one on a linked proposition."""

    term: Term
    number: int | None
    width: int
    """Of its bar, percent of the weightiest one's."""


@dataclass(frozen=True, slots=True)
class Corroborated:
    """What the others say of what one report says."""

    claim: Any
    percent: int
    words: str
    suggestion: CredibilitySuggestion


@dataclass(frozen=True, slots=True)
class Weight:
    weighed: Origins
    terms: list[TermShown]
    reports: list[Corroborated]

    @property
    def percent(self) -> int | None:
        return None if self.weighed.probability is None else round(100 * self.weighed.probability)


def weight_of(weighed: Origins, claims: Sequence[Any]) -> Weight:
    """claims: those shown on the page, with `number`."""
    numbers: Mapping[int, int] = {claim.pk: claim.number for claim in claims}
    most = max((abs(term.weight) for term in weighed.terms), default=0.0) or 1.0
    return Weight(
        weighed=weighed,
        terms=[
            TermShown(term, None if term.via else numbers.get(term.claim.pk), round(100 * abs(term.weight) / most))
            for term in weighed.terms
        ],
        reports=[
            Corroborated(claim, round(100 * chance), likelihood_term(round(100 * chance, 9)), suggestion)
            for claim in claims
            if (chance := weighed.corroboration.get(claim.pk)) is not None
            and (suggestion := weighed.suggestions.get(claim.pk)) is not None
        ],
    )


def is_covered(user: User, claims: Sequence[Any]) -> bool:
    """Whether the machine's figures stay covered: for who may judge and has judged none of these claims. One query."""
    if not settings.HEARSAY_HIDE_SUGGESTION or not user.has_perm("claims.assess_claim"):
        return False
    judged = CredibilityAssessment.objects.filter(claim__in=[claim.pk for claim in claims], by=user)
    return not judged.exists()
