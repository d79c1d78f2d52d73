"""Track records of sources: what counts, on which day, and as known when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from claims.models import Claim, Outcome, Stance
from claims.records import record_of
from claims.services import settle
from claims.services.records import Recomputed, recompute, refresh
from grading.record import VerdictCounts
from sources.models import Source, TrackRecord
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


def stored(source: Source) -> dict[str, Any]:
    return TrackRecord.objects.overall().values().get(source=source)


def test_a_stored_record_has_the_figures_of_the_computed_one():
    source = SourceFactory()
    for age, outcome in enumerate([Outcome.TRUE, Outcome.TRUE, Outcome.PARTLY, Outcome.FALSE, Outcome.UNVERIFIABLE]):
        settled(claimed(source, reported_date=TODAY - timedelta(400 * age)), outcome)
    refresh([source.pk])

    row, computed = TrackRecord.objects.overall().get(source=source), record_of(source)

    assert row.figures == computed.record
    assert (row.mean, (row.low, row.high)) == (computed.record.mean, computed.record.interval_80)
    assert (row.suggestion, row.claims, row.unverifiable) == (str(computed.suggestion), 5, 1)
    assert recompute() == Recomputed(timezone.localdate(), sources=1, written=0, refitted=True)


def test_the_command_says_what_it_did_and_finds_nothing_to_do_the_second_time(capsys):
    settled(claimed(SourceFactory()))
    refresh([Source.objects.get().pk])

    call_command("recompute_records")
    call_command("recompute_records")

    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" in ")[0] for line in lines] == [
        f"Records of 1 sources as of {timezone.localdate()}: 0 written"
    ] * 2
    assert [line.split(". ")[-1] for line in lines] == ["The prior was learnt anew.", "The prior stays."]
