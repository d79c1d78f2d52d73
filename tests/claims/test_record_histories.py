"""Whatever happened in whatever order: stored records are those a full recompute makes, and the past can be told."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.models import Claim, ClaimLink, Outcome, Question, Stance, Verdict
from claims.records import SourceRecord, record_of
from claims.services import accept, settle, undo, withdraw_verdict
from claims.services.identity import merge, undo_merge
from claims.services.records import recompute, refresh
from sources.models import Source, SourceMerge, TrackRecord
from tests.claims.test_concurrency import at_once
from tests.factories import ClaimFactory, PropositionFactory, SourceFactory, UserFactory

LONG_AGO = date(2020, 1, 1)
STEPS = ("settle", "withdraw", "merge", "undo merge", "link", "unlink", "refresh")

steps = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 11), st.integers(0, 3)), min_size=3, max_size=14)


class World:
    """Four sources with three claims each, on six propositions of which four answer two questions."""

    def __init__(self) -> None:
        self.user = UserFactory(groups=["reviewer"])
        self.sources = [SourceFactory() for _ in range(4)]
        questions = [Question.objects.create(text=f"What of {number}?") for number in range(2)]
        self.propositions = [
            PropositionFactory(question=questions[number // 2] if number < 4 else None, topic="Oil" * (number % 2))
            for number in range(6)
        ]
        self.claims = [
            ClaimFactory(
                accepted=True,
                source=self.sources[number % 4],
                proposition=self.propositions[number * 5 % 6],
                stance=Stance.DENIES if number % 5 == 0 else Stance.ASSERTS,
                reported_date=None if number == 7 else LONG_AGO + timedelta(97 * number),
            )
            for number in range(12)
        ]
        refresh([source.pk for source in self.sources])

    def do(self, step: str, number: int, other: int) -> None:
        about = self.propositions[number % 6]
        source, target = Source.objects.get(pk=self.sources[number % 4].pk), self.sources[other]
        claim, origin = self.claims[number], self.claims[(number + 1 + other) % 12]
        in_force = Verdict.objects.in_force().filter(proposition=about).first()
        merged = SourceMerge.objects.in_force().order_by("-pk").first()
        if step == "settle" and in_force is None:
            settle(about, outcome=Outcome.values[other], decided_on=LONG_AGO, evidence="cable", by=self.user)
        elif step == "withdraw" and in_force is not None:
            withdraw_verdict(in_force, by=self.user, reason="forged")
        elif step == "merge" and source.merged_into_id is None and source.pk != target.pk:
            if Source.objects.get(pk=target.pk).merged_into_id is None:
                merge(source, target, by=self.user, reason="the same man")
        elif step == "undo merge" and merged is not None:
            undo_merge(merged, by=self.user, reason="two men")
        elif step == "link" and not ClaimLink.objects.filter(claim=claim, origin=origin).exists():
            fields: dict[str, Any] = {"kind": "relays", "state": "confirmed", "rule": "analyst", "by": self.user}
            ClaimLink.objects.create(claim=claim, origin=origin, **fields)
            refresh(source.pk for source in self.sources)
        elif step == "unlink":
            ClaimLink.objects.filter(claim=claim).update(state="dismissed")
            refresh(source.pk for source in self.sources)
        else:
            refresh([source.pk])


def all_records() -> list[dict[str, Any]]:
    return list(TrackRecord.objects.order_by("source_id", "topic").values())


@pytest.mark.django_db
@pytest.mark.no_cover
@settings(max_examples=15, deadline=None)
@given(steps=steps)
def test_after_any_history_the_stored_records_are_those_of_a_full_recompute(steps):
    with transaction.atomic():
        world = World()
        for step, number, other in steps:
            world.do(step, number, other)
        stored = all_records()

        assert recompute(refit=False).written == 0
        TrackRecord.objects.all().delete()
        recompute(refit=False)
        assert all_records() == stored
        for row in TrackRecord.objects.select_related("source"):
            computed = record_of(row.source, topic=row.topic)
            assert (row.figures, row.unverifiable) == (computed.record, computed.unverifiable)
            assert (row.mean, (row.low, row.high)) == (computed.record.mean, computed.record.interval_80)
            assert row.suggestion == str(computed.suggestion)
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_the_record_computed_later_for_a_past_moment_is_what_was_shown_then():
    world = World()
    candidate = ClaimFactory(reported_date=LONG_AGO)
    shown: list[tuple[datetime, list[SourceRecord]]] = []

    def note() -> None:
        time.sleep(0.01)
        shown.append((timezone.now(), [record_of(source) for source in world.sources]))
        time.sleep(0.01)

    note()
    for number in range(6):
        world.do("settle", number, number % 4)
        note()
    step = accept(candidate, by=world.user, source=world.sources[0])
    note()
    for doing in (("merge", 1, 2), ("link", 4, 3), ("withdraw", 3, 0), ("settle", 3, 0), ("undo merge", 0, 0)):
        world.do(*doing)
        note()
    undo(step, by=world.user)
    note()
    world.do("unlink", 4, 0)
    Claim.objects.filter(pk=world.claims[0].pk).update(reported_date=LONG_AGO - timedelta(700))
    note()

    for moment, records in shown:
        again = [record_of(source, known_on=moment) for source in world.sources]
        assert [replace(record, known_at=None) for record in again] == records
    assert len({tuple(record.record for record in records) for _, records in shown}) > 8


@pytest.mark.django_db(transaction=True)
def test_two_verdicts_at_once_on_one_source_both_count():
    source, user = SourceFactory(), UserFactory()
    claims = [ClaimFactory(accepted=True, source=source) for _ in range(4)]

    def settling(claim: Claim) -> Callable[[], object]:
        return lambda: settle(claim.proposition, outcome="true", decided_on=LONG_AGO, evidence="cable", by=user)

    at_once(*(settling(claim) for claim in claims))

    assert TrackRecord.objects.overall().get(source=source).true == 4
    assert recompute(refit=False).written == 0


@pytest.mark.django_db(transaction=True)
def test_a_verdict_and_a_merge_at_once_leave_the_record_of_both():
    one, other, user = SourceFactory(), SourceFactory(), UserFactory(groups=["reviewer"])
    claims = [ClaimFactory(accepted=True, source=source) for source in (one, other)]

    at_once(
        lambda: merge(one, other, by=user, reason="the same"),
        *(
            lambda about=claim.proposition: settle(
                about, outcome="true", decided_on=LONG_AGO, evidence="cable", by=user
            )
            for claim in claims
        ),
    )

    assert [(row.source_id, row.true) for row in TrackRecord.objects.overall()] == [(other.pk, 2)]
    assert recompute(refit=False).written == 0
