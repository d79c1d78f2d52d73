from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection, transaction

from accounts.models import User
from claims.models import Claim, PropositionLink
from claims.services import (
    accept,
    accept_link,
    assess_credibility,
    discredit,
    edit,
    join,
    link_claims,
    reject,
    settle,
    undo,
    withdraw_discrediting,
    withdraw_verdict,
)
from claims.services.identity import merge, undo_merge
from documents.models import Collection, Document, DocumentState
from documents.services import mark_extracted, mark_failed
from exchange.feed import Wanted, last_position, position_of, read
from exchange.models import Event
from exchange.services.numbering import number_events
from sources.models import ReliabilityAssessment
from tests.factories import ClaimFactory, CollectionFactory, DocumentFactory, PropositionFactory, UserFactory

pytestmark = pytest.mark.django_db


def claim_in(collection: Collection, **fields: object) -> Claim:
    return ClaimFactory(layer__document__collection=collection, **fields)


def told(user: User, **wanted: list) -> list[tuple[str, int]]:
    """Types and objects of all events the user is told, in order."""
    number_events()
    stretch = read(user, after=0, size=200, wanted=Wanted(**wanted))
    return [(event.type, event.object_id) for event in stretch.events]


def forget() -> None:
    Event.objects.all().delete()


def test_what_becomes_of_a_document_is_told(ana: User, inbox: Collection):
    first = DocumentFactory(collection=inbox, state=DocumentState.RECEIVED)
    second = DocumentFactory(collection=inbox, state=DocumentState.RECEIVED)
    Document.objects.filter(pk=first.pk).update(state=DocumentState.READ)

    mark_extracted(first)
    mark_failed(second, code="empty", reason="There is nothing in it.")

    assert told(ana) == [
        ("document.received", first.pk),
        ("document.received", second.pk),
        ("document.extracted", first.pk),
        ("document.failed", second.pk),
    ]
    assert Event.objects.latest("id").data == {"state": "failed", "failure_code": "empty"}


def test_what_becomes_of_a_claim_is_told(ana: User, inbox: Collection):
    claim, other = claim_in(inbox), claim_in(inbox)
    forget()

    edit(claim, by=ana, hedge="reportedly")
    claim.refresh_from_db()
    step = accept(claim, by=ana)
    claim.refresh_from_db()
    assess_credibility(claim, grade="3", basis="plausible", by=ana)
    discrediting = discredit(claim, by=ana, reason="forged")
    withdraw_discrediting(discrediting, by=ana, reason="genuine")
    undo(step, by=ana)
    reject(other, by=ana, reason="no claim")

    number = claim.pk
    assert told(ana) == [
        ("claim.changed", number),
        ("claim.accepted", number),
        ("claim.graded", number),
        ("claim.discredited", number),
        ("claim.believed", number),
        ("claim.reopened", number),
        ("claim.rejected", other.pk),
    ]
    accepted = Event.objects.get(type="claim.accepted")
    assert accepted.collections == [inbox.pk]
    assert accepted.data == {
        "state": "accepted",
        "version": claim.version,
        "source": claim.source_id,
        "proposition": claim.proposition_id,
    }


def test_verdicts_grades_merges_and_links_are_told(ana: User, inbox: Collection):
    claim, other = claim_in(inbox, accepted=True), claim_in(inbox, accepted=True)
    source, proposition = claim.source, claim.proposition
    link = PropositionLink.objects.create(
        proposition=proposition, other=other.proposition, kind="contradicts", rule="quantity"
    )
    forget()

    verdict = settle(proposition, outcome="true", decided_on=date(2013, 2, 1), evidence="seen", by=ana)
    withdraw_verdict(verdict, by=ana, reason="wrong")
    ReliabilityAssessment.objects.create(source=source, grade="B", basis="record", by=ana, is_grade=True)
    ReliabilityAssessment.objects.create(source=source, grade="C", basis="opinion", by=ana, is_grade=False)
    merged = merge(source, other.source, by=ana, reason="the same")
    undo_merge(merged, by=ana, reason="not the same")
    accept_link(link, by=ana)
    claim_link = link_claims(claim, origin=other, by=ana)

    assert told(ana) == [
        ("proposition.settled", proposition.pk),
        ("verdict.withdrawn", proposition.pk),
        ("source.graded", source.pk),
        ("source.merged", source.pk),
        ("source.unmerged", source.pk),
        ("link.accepted", link.pk),
        ("claim_link.accepted", claim_link.pk),
    ]
    assert Event.objects.get(type="source.merged").data == {"into": other.source_id, "merge": merged.pk}


def test_a_proposition_is_contested_once_when_the_first_speaks_against_it(ana: User, inbox: Collection):
    proposition = PropositionFactory()
    [ahead, denies, denies_too] = [
        claim_in(inbox, accepted=True, stance=stance, proposition=proposition)
        for stance in ("asserts", "denies", "denies")
    ]

    contested = Event.objects.get(type="proposition.contested")
    assert (contested.object_id, contested.data) == (proposition.pk, {"claim": denies.pk, "against": ahead.pk})
    apart = claim_in(inbox, accepted=True)
    forget()
    join(apart, proposition, by=ana)
    assert told(ana) == [("claim.changed", apart.pk)]
    assert denies_too.proposition == proposition


def test_a_bulk_update_past_the_services_is_told_too(ana: User, inbox: Collection):
    claims = [claim_in(inbox) for _ in range(3)]
    forget()

    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_claim SET state = 'rejected'")

    assert sorted(told(ana)) == [("claim.rejected", claim.pk) for claim in claims]


def test_a_change_that_is_rolled_back_is_never_told(ana: User, inbox: Collection):
    claim = claim_in(inbox)
    forget()

    with transaction.atomic():
        reject(claim, by=ana, reason="no claim")
        transaction.set_rollback(True)

    assert told(ana) == []


def test_nobody_is_told_of_what_they_may_not_see(ana: User, inbox: Collection):
    closed = CollectionFactory(name="Closed")
    proposition = PropositionFactory()
    claim_in(inbox, accepted=True, proposition=proposition)
    hidden = claim_in(closed, accepted=True, proposition=proposition, stance="denies")
    apart = claim_in(closed, accepted=True)
    forget()

    reject(claim_in(closed), by=ana, reason="no claim")
    settle(proposition, outcome="true", decided_on=date(2013, 2, 1), evidence="seen", by=ana)
    settle(apart.proposition, outcome="true", decided_on=date(2013, 2, 1), evidence="seen", by=ana)
    ReliabilityAssessment.objects.create(source=hidden.source, grade="B", basis="record", by=ana, is_grade=True)
    hidden.collection.members.add(bob := UserFactory())

    assert told(ana) == [("proposition.settled", proposition.pk)]
    assert [kind for kind, _ in told(bob)].count("proposition.settled") == 2
    assert ("source.graded", hidden.source_id) in told(bob)
    assert told(UserFactory()) == []


def test_who_sees_one_side_alone_is_not_told_that_there_is_another(ana: User, inbox: Collection):
    proposition = PropositionFactory()
    claim_in(inbox, accepted=True, proposition=proposition)

    claim_in(CollectionFactory(), accepted=True, proposition=proposition, stance="denies")

    assert Event.objects.filter(type="proposition.contested").count() == 1
    assert told(ana, types=["proposition.contested"]) == []


def test_who_is_kept_blind_on_a_claim_is_told_of_nothing_that_names_it(ana: User):
    bob = UserFactory(username="bob")
    drawn = CollectionFactory(members=[ana, bob], second_review_share=1.0)
    repeated, repeating = claim_in(drawn, accepted=True), claim_in(drawn, accepted=True)
    blind = claim_in(drawn)
    forget()

    accept(blind, by=ana, proposition=repeated.proposition, stance="denies")
    blind.refresh_from_db()
    for claim, origin in ((blind, repeated), (repeating, blind)):
        link_claims(claim, origin=origin, by=ana)
    known = link_claims(repeating, origin=repeated, by=ana)

    assert told(bob) == [("claim_link.accepted", known.pk)]
    assert [kind for kind, _ in told(ana)] == ["claim.accepted", "proposition.contested", *["claim_link.accepted"] * 3]


def test_types_and_collections_narrow_the_feed(ana: User, inbox: Collection):
    other = CollectionFactory(members=[ana])
    here, there = claim_in(inbox, accepted=True), claim_in(other, accepted=True)

    assert told(ana, types=["claim.accepted"]) == [("claim.accepted", here.pk), ("claim.accepted", there.pk)]
    assert told(ana, types=["claim.accepted"], collections=[other.pk]) == [("claim.accepted", there.pk)]


def test_the_feed_goes_on_where_it_ended(ana: User, inbox: Collection, monkeypatch):
    documents = [DocumentFactory(collection=inbox) for _ in range(5)]
    DocumentFactory()
    number_events()

    first = read(ana, after=0, size=2)
    second = read(ana, after=first.until, size=200)

    assert [event.object_id for event in first.events + second.events] == [document.pk for document in documents]
    assert (first.more, second.more, second.until) == (True, False, last_position())
    assert read(ana, after=second.until, size=2).events == []
    assert position_of(first.events[1].uuid) == first.until
    monkeypatch.setattr("exchange.feed.WINDOW", 3)
    windows = read(ana, after=0, size=200), read(ana, after=3, size=200)
    assert [(len(stretch.events), stretch.until, stretch.more) for stretch in windows] == [(3, 3, True), (2, 6, False)]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_feed_takes_as_many_queries_for_one_event_as_for_three(
    rows: int, ana: User, inbox: Collection, django_assert_num_queries
):
    for _ in range(rows):
        settle(
            claim_in(inbox, accepted=True).proposition,
            outcome="true",
            decided_on=date(2013, 2, 1),
            evidence="seen",
            by=ana,
        )
    number_events()

    with django_assert_num_queries(10):
        read(UserFactory._meta.model.objects.get(pk=ana.pk), after=0, size=200)


@pytest.fixture
def others(transactional_db: None) -> Iterator[list[threading.Thread]]:
    """Threads with connections of their own, ended afterwards."""
    threads: list[threading.Thread] = []
    yield threads
    for thread in threads:
        thread.join(10)


def test_an_event_that_commits_late_is_not_missed_by_who_read_on_meanwhile(others: list[threading.Thread]):
    ana = UserFactory(groups=["admin"])
    late, early = DocumentFactory(state=DocumentState.RECEIVED), DocumentFactory(state=DocumentState.RECEIVED)
    forget()
    written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                mark_extracted(late)
                written.set()
                may_commit.wait(10)
        finally:
            connection.close()

    others.append(threading.Thread(target=slow))
    others[0].start()
    written.wait(10)
    mark_extracted(early)
    number_events()
    first = read(ana, after=0, size=10)
    may_commit.set()
    others[0].join(10)
    number_events()
    second = read(ana, after=first.until, size=10)

    assert [event.object_id for event in first.events] == [early.pk]
    assert [event.object_id for event in second.events] == [late.pk]
    assert second.events[0].pk < first.events[0].pk  # it has the smaller id, and yet the later place


def test_many_writers_and_readers_at_once_miss_nothing_and_keep_the_order_of_each_object(
    others: list[threading.Thread],
):
    ana = UserFactory(groups=["admin"])
    documents = [DocumentFactory(state=DocumentState.RECEIVED) for _ in range(4)]
    forget()
    rounds = 12

    def write(document: Document) -> None:
        try:
            for turn in range(rounds):
                with transaction.atomic():
                    if turn % 2:
                        mark_extracted(document)
                    else:
                        mark_failed(document, code=str(turn), reason="No.")
        finally:
            connection.close()

    others += [threading.Thread(target=write, args=[document]) for document in documents for _ in range(2)]
    for thread in others:
        thread.start()
    seen: list[Event] = []
    until = 0
    while any(thread.is_alive() for thread in others) or number_events():
        number_events()
        stretch = read(ana, after=until, size=5)
        seen, until = seen + stretch.events, stretch.until
    while (stretch := read(ana, after=until, size=5)).events:
        seen, until = seen + stretch.events, stretch.until

    assert sorted(event.pk for event in seen) == sorted(Event.objects.values_list("pk", flat=True))
    assert [event.position for event in seen] == list(range(1, len(seen) + 1))
    for document in documents:
        own = [event.pk for event in seen if event.object_id == document.pk]
        assert own == sorted(own)
