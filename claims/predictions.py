"""The most probable answer to each question, by what its sources have proved to be worth."""

from __future__ import annotations

from dataclasses import dataclass

from claims.models import Outcome, Proposition, Verdict
from claims.models.claim import ClaimQuerySet
from claims.services.registers import answer_of
from claims.weighing import Ground


@dataclass(frozen=True, slots=True)
class Prediction:
    """probability: 0 to 1; 1 for a verdict. origins: independent reports of the value."""

    question: str
    value: str
    probability: float
    origins: int
    settled: bool


def predictions(claims: ClaimQuerySet) -> list[Prediction]:
    """One for each question that any of `claims` answers, by the question's text. Fourteen queries."""
    asked = claims.accepted().filter(proposition__question__isnull=False).order_by()
    ground = Ground.of(set(asked.values_list("proposition_id", flat=True)), claims)
    known = Proposition.objects.select_related("question").defer("search")
    rows = known.in_bulk({report.proposition for report in ground.reports})
    true = set(
        Verdict.objects.in_force()
        .filter(outcome=Outcome.TRUE, proposition__in=rows)
        .values_list("proposition_id", flat=True)
    )
    found = []
    for key in ground.by_key:
        if key[0] != "question":
            continue
        ranked = ground.answers(key)
        best = next((each for each in ranked if int(each.value) in true), ranked[0])
        settled = int(best.value) in true
        question, value = answer_of(rows[int(best.value)])
        found.append(Prediction(question, value, 1.0 if settled else best.probability, best.groups, settled))
    return sorted(found, key=lambda each: each.question)
