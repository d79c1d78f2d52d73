"""Track records of sources: what counts, on which day, and as known when."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from claims.models import Claim, Outcome, Stance
from claims.records import record_of
from claims.services import settle
from grading.record import VerdictCounts
from sources.models import Source
from tests.factories import ClaimFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)


def claimed(source: Source, **fields: Any) -> Claim:
    claim: Claim = ClaimFactory(accepted=True, source=source, **{"reported_date": TODAY, **fields})
    return claim


def settled(claim: Claim, outcome: str = Outcome.TRUE, decided_on: date = TODAY) -> Claim:
    settle(claim.proposition, outcome=outcome, decided_on=decided_on, evidence="later cable", by=UserFactory())
    return claim


def test_eight_of_ten_verdicts_give_the_worked_values():
    source = SourceFactory()
    for number in range(10):
        settled(claimed(source), Outcome.TRUE if number < 8 else Outcome.FALSE)

    found = record_of(source, as_of=TODAY)

    assert found.record.counts == VerdictCounts(true=8, false=2)
    assert found.record.mean == pytest.approx(0.75)
    assert found.record.interval_80 == pytest.approx((0.5848, 0.8952), abs=1e-4)
    assert found.evidence == "8 of 10 verdicts confirmed; 80 % interval 58-90 %; B"
    assert (str(found.suggestion), found.claims, found.unverifiable) == ("B", 10, 0)


def test_a_source_without_a_verdict_has_the_prior_and_f():
    found = record_of(SourceFactory(), as_of=TODAY)

    assert (found.record.mean, found.record.n_effective, str(found.suggestion)) == (0.5, 0, "F")


def test_a_denial_of_what_is_false_is_right():
    source = SourceFactory()
    settled(claimed(source, stance=Stance.DENIES), Outcome.FALSE)

    assert record_of(source, as_of=TODAY).record.counts == VerdictCounts(true=1)
