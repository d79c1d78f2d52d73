"""Many records at once are the same records, bit for bit."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from grading.beta import Beta
from grading.columns import OUTCOMES, UNDATED, Claims, posteriors_of, sums_of
from grading.record import JudgedClaim, Outcome, TrackRecord, track_record
from grading.suggestion import suggest

TODAY = date(2026, 6, 1)
DAYS = st.integers(-3000, 30).map(lambda days: TODAY + timedelta(days))

claims = st.builds(
    JudgedClaim,
    outcome=st.sampled_from(Outcome),
    claimed_on=st.none() | DAYS,
    decided_on=DAYS,
    counts_once_as=st.integers(0, 8),
)


def in_columns(by_owner: list[list[JudgedClaim]]) -> Claims:
    rows = [
        (
            owner,
            OUTCOMES.index(claim.outcome),
            claim.claimed_on.toordinal() if claim.claimed_on else UNDATED,
            claim.decided_on.toordinal() if claim.decided_on else 0,
            claim.counts_once_as,
        )
        for owner, theirs in enumerate(by_owner)
        for claim in theirs
    ]
    return Claims(*np.array(rows, dtype=np.int64).reshape(-1, 5).T)


@given(
    by_owner=st.lists(st.lists(claims, max_size=30), max_size=5),
    half_life=st.sampled_from([730.0, 0.0, 91.3]),
    prior=st.builds(Beta, st.floats(0.02, 8), st.floats(0.02, 8)),
)
def test_many_records_at_once_are_each_one_to_the_last_bit(by_owner, half_life, prior):
    sums = sums_of(in_columns(by_owner), as_of=TODAY, half_life_days=half_life)
    n = len(sums.owner)
    found = posteriors_of(sums.confirmed, sums.refuted, np.full(n, prior.confirmed), np.full(n, prior.refuted))

    for place, owner in enumerate(sums.owner.tolist()):
        record = track_record(by_owner[owner], as_of=TODAY, half_life_days=half_life, prior=prior)
        assert (sums.confirmed[place], sums.refuted[place]) == (record.confirmed, record.refuted)
        counts = [int(getattr(sums, name)[place]) for name in ("true", "partly", "false", "undated")]
        assert counts == [getattr(record.counts, name) for name in ("true", "partly", "false", "undated")]
        assert (found.low[place], found.high[place]) == record.interval_80
        assert (found.mean[place], found.suggestion[place]) == (record.mean, str(suggest(record)))
    without = set(range(len(by_owner))) - set(sums.owner.tolist())
    assert all(track_record(by_owner[owner], as_of=TODAY) == TrackRecord() for owner in without)


def test_unverifiable_verdicts_are_counted_once_each_and_weigh_nothing():
    theirs = [JudgedClaim(Outcome.UNVERIFIABLE, TODAY, TODAY, counts_once_as=key) for key in (1, 1, 2)]

    sums = sums_of(in_columns([theirs]), as_of=TODAY, half_life_days=0)

    assert (sums.unverifiable.tolist(), sums.confirmed.tolist(), sums.refuted.tolist()) == ([2], [0.0], [0.0])


@given(by_owner=st.lists(st.lists(claims, max_size=5), max_size=6), some=st.sets(st.integers(0, 6)))
def test_sums_taken_apart_and_put_beside_each_other_are_the_same(by_owner, some):
    sums = sums_of(in_columns(by_owner), as_of=TODAY, half_life_days=730)
    others = np.array([owner for owner in sums.owner.tolist() if owner not in some], dtype=np.int64)

    again = sums.only(others).beside(sums.only(np.array(sorted(some), dtype=np.int64)))

    for column in fields(sums):
        assert getattr(again, column.name).tolist() == getattr(sums, column.name).tolist()
