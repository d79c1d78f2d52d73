"""Track records of sources: what counts, on which day, and as known when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from claims.models import Claim, ClaimLink, Outcome, Stance
from claims.records import record_of, topics_of, verdicts_of
from claims.services import records, settle
from claims.services.records import Recomputed, recompute, refresh
from grading.record import VerdictCounts
from sources.models import PopulationPrior, Source, TrackRecord
from tests.factories import ClaimFactory, PropositionFactory, SourceFactory, UserFactory

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


def test_topics_have_records_of_their_own_the_best_founded_first():
    source = SourceFactory()
    for topic, count in (("Oil", 1), ("Arms", 2), ("", 1)):
        for _ in range(count):
            settled(claimed(source, proposition__topic=topic, reported_date=timezone.localdate()))

    found = [(record.topic, record.record.counts.true, record.claims) for record in topics_of(source)]

    assert found == [("Arms", 2, 2), ("Oil", 1, 1)]


def test_the_judged_claims_say_which_count_and_why_others_do_not():
    source, ana = SourceFactory(), UserFactory()
    first = settled(claimed(source, reported_date=TODAY - timedelta(9)))
    again = claimed(source, proposition=first.proposition)
    denied = claimed(source, proposition=first.proposition, stance=Stance.DENIES)
    copied = settled(claimed(source))
    ClaimLink.objects.create(claim=copied, origin=first, kind="relays", state="confirmed", rule="analyst", by=ana)
    open_ended = settled(claimed(source), Outcome.UNVERIFIABLE)
    for claim in (first, again, denied, copied, open_ended):
        claim.collection.members.add(ana)
    hidden = settled(claimed(source))

    found = {row.claim.pk: (row.outcome, row.why_not) for row in verdicts_of(source, user=ana)}

    assert found == {
        first.pk: ("true", ""),
        again.pk: ("true", "an earlier claim counts"),
        denied.pk: ("false", ""),
        copied.pk: ("true", "repeats another claim"),
        open_ended.pk: ("unverifiable", "cannot be verified"),
    }
    assert record_of(source).record.counts == VerdictCounts(true=2, false=1)
    assert hidden.pk not in found


def learnt_anew() -> bool:
    done = recompute()
    assert done is not None
    return done.refitted


def test_a_prior_is_learnt_from_families_and_stays_where_nothing_changed():
    repeater, origin = SourceFactory(), SourceFactory()
    first = settled(claimed(origin))
    copied = settled(claimed(repeater))
    settled(claimed(repeater, proposition=PropositionFactory()))
    links = {"kind": "relays", "state": "confirmed", "rule": "analyst", "by": UserFactory()}
    ClaimLink.objects.create(claim=copied, origin=first, **links)
    for number in range(30):
        source = SourceFactory()
        for each in range(4):
            settled(claimed(source), Outcome.TRUE if each <= number % 4 else Outcome.FALSE)

    assert learnt_anew()
    assert not learnt_anew()

    overall = PopulationPrior.objects.get(kind="")
    assert overall.families == 32
    ClaimLink.objects.create(claim=Claim.objects.get(source=repeater, links=None), origin=first, **links)
    assert learnt_anew()
    assert PopulationPrior.objects.filter(kind="").order_by("-pk").values_list("families", flat=True)[0] == 31
    prior = record_of(SourceFactory()).prior
    assert (prior.kind, prior.families, prior.fitted_on) == ("unnamed_person", 31, timezone.localdate())


def test_what_is_settled_while_all_records_are_computed_counts_at_once(monkeypatch):
    monkeypatch.setattr(records, "CHUNK", 1)
    claims = [claimed(SourceFactory()) for _ in range(3)]
    refresh(claim.source_id for claim in claims)

    def settle_one(done: int, _of_all: int) -> None:
        if done == 1:
            for claim in claims:
                settled(claim)

    done = recompute(progress=settle_one)

    assert done is not None
    assert done.sources == 3
    assert [stored(claim.source)["true"] for claim in claims] == [1, 1, 1]
    assert recompute() == Recomputed(timezone.localdate(), sources=3, written=0, refitted=False)


def test_a_source_that_is_refreshed_is_written_even_if_nothing_changed():
    source = SourceFactory()
    refresh([source.pk])
    before = records.stored_versions([source.pk])

    refresh([source.pk])

    assert records.stored_versions([source.pk]) != before
