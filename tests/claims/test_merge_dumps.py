"""Whatever is merged, worked on and taken apart again: merging and undoing change pointers and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from claims.models import Claim, ClaimLink, Outcome, Proposition
from claims.services import accept, assess_credibility, settle
from claims.services.identity import merge, undo_merge
from claims.services.records import recompute, refresh
from claims.services.reliability import grade_source
from sources.models import Source, SourceAlias, SourceMerge
from tests.claims.test_record_histories import LONG_AGO
from tests.factories import ClaimFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db

MERGES = "sources_sourcemerge"
POINTERS = "sources_source"
RECORDS = "sources_trackrecord"

Dump = dict[str, list[str]]


def tables() -> list[str]:
    """All tables of ours but the history, which only grows, and the merges, which are its visible part."""
    names = [name for name in connection.introspection.table_names() if name.startswith(("sources_", "claims_"))]
    return [name for name in names if not name.endswith("event") and name != MERGES]


def dump() -> Dump:
    """Every row of every table as PostgreSQL writes it."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT row::text FROM {table} row ORDER BY 1")  # noqa: S608 -- our own tables
            found[table] = [line for (line,) in cursor.fetchall()]
    return found


def but_for_pointers() -> Dump:
    """The same without what a merge is: the pointers between sources, and the records that follow from them."""
    found = dump()
    del found[RECORDS]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT (to_jsonb(row) - 'merged_into_id')::text FROM {POINTERS} row ORDER BY 1")  # noqa: S608
        found[POINTERS] = [line for (line,) in cursor.fetchall()]
    return found


class World:
    """Five sources with a record, a grade, a wording, and a candidate each; every other one repeats the one before."""

    def __init__(self) -> None:
        self.user: User = UserFactory(groups=["reviewer"])
        self.sources: list[Source] = [SourceFactory(descriptor=f"Source {number}") for number in range(5)]
        self.candidates: list[Claim] = []
        claims = []
        for number, source in enumerate(self.sources):
            claim = ClaimFactory(accepted=True, source=source, document_source__source=source, reported_date=LONG_AGO)
            claims.append(claim)
            settle(claim.proposition, outcome=Outcome.values[number % 3], **self.verdict)
            assess_credibility(claim, grade="3", basis="one cable", by=self.user)
            grade_source(source, grade="F", basis="a beginner", by=self.user)
            SourceAlias.objects.create(source=source, wording=f"wording {number}")
            self.candidates.append(ClaimFactory(document_source__source=source, reported_date=LONG_AGO))
            if number % 2:
                link: dict[str, Any] = {"kind": "relays", "state": "confirmed", "rule": "analyst", "by": self.user}
                ClaimLink.objects.create(claim=claim, origin=claims[number - 1], **link)
        refresh(source.pk for source in self.sources)

    @property
    def verdict(self) -> dict[str, Any]:
        return {"decided_on": LONG_AGO, "evidence": "a later cable", "by": self.user}

    def pointers(self) -> list[int | None]:
        return list(Source.objects.order_by("pk").values_list("merged_into", flat=True))

    def merge(self, one: int, other: int) -> SourceMerge | None:
        """Two of the sources that stand, if these two do and are not the same."""
        absorbed, into = (Source.objects.get(pk=self.sources[number].pk) for number in (one, other))
        if absorbed == into or absorbed.merged_into_id or into.merged_into_id:
            return None
        return merge(absorbed, into, by=self.user, reason="the same")

    def work(self, number: int) -> None:
        """A candidate is accepted for its source, or for who it was found to be, and settled."""
        if self.candidates:
            claim = self.candidates.pop(number % len(self.candidates))
            accept(claim, by=self.user)
            claim.refresh_from_db()
            assert claim.proposition is not None
            settle(Proposition.objects.get(pk=claim.proposition_id), outcome="false", **self.verdict)
            grade_source(claim.source, grade="C", basis="it failed us", by=self.user)


numbers = st.integers(0, 4)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), numbers, numbers),
        st.tuples(st.just("work"), numbers, st.just(0)),
        st.tuples(st.just("undo"), st.just(0), st.just(0)),
    ),
    min_size=2,
    max_size=10,
)


@pytest.mark.no_cover
@settings(max_examples=12, deadline=None)
@given(pairs=st.lists(st.tuples(numbers, numbers), min_size=1, max_size=6))
def test_merges_upon_merges_taken_back_leave_every_table_as_it_was(pairs):
    with transaction.atomic():
        world = World()
        states, made = [dump()], []
        for one, other in pairs:
            if done := world.merge(one, other):
                made.append(done)
                states.append(dump())

        while made:
            assert dump() == states.pop()
            undo_merge(made.pop(), by=world.user, reason="not the same")
        assert dump() == states.pop()
        transaction.set_rollback(True)


@pytest.mark.no_cover
@settings(max_examples=12, deadline=None)
@given(steps=steps)
def test_with_work_in_between_merging_and_undoing_still_change_nothing_but_pointers(steps):
    with transaction.atomic():
        world = World()
        made: list[SourceMerge] = []
        pointers = [world.pointers()]
        for step, one, other in [*steps, *[("undo", 0, 0)] * len(steps)]:
            if step == "work":
                world.work(one)
                continue
            before = but_for_pointers()
            if step == "merge" and (done := world.merge(one, other)):
                made.append(done)
                pointers.append(world.pointers())
            elif step == "undo" and made:
                undo_merge(made.pop(), by=world.user, reason="not the same")
                pointers.pop()
            assert but_for_pointers() == before
            assert world.pointers() == pointers[-1]
            done_anew = recompute(refit=False)
            assert done_anew is not None
            assert done_anew.written == 0
        assert set(world.pointers()) == {None}
        transaction.set_rollback(True)


def test_the_dumps_hold_every_table_of_sources_and_claims_and_see_each_change():
    world = World()
    before = dump()

    world.work(0)

    changed = {table for table, rows in dump().items() if rows != before[table]}
    assert {"claims_claim", "claims_proposition", "claims_verdict", "claims_review", RECORDS} <= changed
    assert {POINTERS, "sources_sourcealias", "claims_documentsource", "claims_claimlink"} <= set(before)
