"""The front page: every figure on it, and the rows behind each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from claims.models import Claim, Verdict
from claims.services import accept, grade_source, reject, settle, undo_last, withdraw_verdict, write_note
from claims.services.records import refresh
from documents.models import Collection, DocumentState
from review.front.pace import Step, bar_chart
from review.front.tally import Tally
from tests.factories import (
    ClaimFactory,
    CollectionFactory,
    DispatchFactory,
    DocumentFactory,
    SourceFactory,
    UserFactory,
)
from tests.review.demo import told_by, verdict_on

pytestmark = pytest.mark.django_db


def candidates(collection: Collection, number: int = 1, **given: object) -> list[Claim]:
    """Each in a document of its own."""
    return [ClaimFactory(layer__document__collection=collection, **given) for _ in range(number)]


def front(client: Client) -> dict[str, Any]:
    answer = client.get(reverse("front:front"))
    assert answer.status_code == 200
    return answer.context  # type: ignore[no-any-return]


# --- Beginning ---


def test_a_fresh_installation_says_what_to_do_next(client: Client):
    chief = UserFactory(groups=["admin"], is_staff=True)
    client.force_login(chief)

    page = client.get(reverse("front:front")).content.decode()

    assert "Nothing is here yet" in page
    assert reverse("admin:documents_collection_add") in page


def test_a_member_of_an_empty_collection_is_sent_to_the_documents(browser_of_analyst: Client, collection: Collection):
    page = browser_of_analyst.get(reverse("front:front")).content.decode()

    assert f"You are a member of {collection.name}." in page
    assert reverse("ingest:documents") + "#bring-in" in page
    assert reverse("admin:documents_collection_add") not in page


def test_whoever_has_no_role_is_told_whom_to_ask(client: Client):
    client.force_login(UserFactory(groups=[]))

    assert "has no role yet" in client.get(reverse("front:front")).content.decode()


# --- What waits, and how far it is ---


def test_claims_and_documents_are_counted_by_what_is_left_to_do(
    browser_of_analyst: Client, collection: Collection, analyst: User
):
    done, begun, *_ = candidates(collection, 3)
    accept(done, by=analyst)
    other = ClaimFactory(
        layer=begun.layer, run=begun.run, words=("A source close to the cabinet", "stated", "talks have failed")
    )
    reject(other, by=analyst, reason="Duplicate")
    DispatchFactory(document__collection=collection)
    DocumentFactory(collection=collection, state=DocumentState.FAILED, failure_reason="A picture without text.")
    candidates(CollectionFactory())

    page = front(browser_of_analyst)

    (row,) = page["progress"]
    assert (row.documents, row.finished, row.begun, row.in_work, row.failed) == (5, 1, 2, 1, 1)
    assert (row.claims.waiting, row.claims.accepted, row.claims.rejected) == (2, 1, 1)
    assert page["waiting"] == 2
    assert [document.failure_reason for document in page["failed"].documents] == ["A picture without text."]


def test_a_figure_says_more_than_instead_of_counting_on(collection: Collection):
    candidates(collection, 3)

    assert [str(Tally.of(Claim.objects.all(), most=most)) for most in (2, 3)] == ["more than 2", "3"]


# --- Pace ---


def test_the_pace_counts_my_own_decisions_and_those_of_all_and_what_was_undone_not_at_all(
    browser_of_analyst: Client, collection: Collection, analyst: User
):
    colleague = UserFactory()
    first, second, third, fourth = candidates(collection, 4)
    accept(first, by=analyst)
    reject(second, by=analyst, reason="Duplicate")
    accept(third, by=colleague)
    accept(fourth, by=analyst)
    undo_last(by=analyst)
    (elsewhere,) = candidates(CollectionFactory())
    accept(elsewhere, by=colleague)

    pace = front(browser_of_analyst)["pace"]

    assert (pace.today.mine, pace.today.everybody) == (2, 3)
    assert (pace.mine, pace.everybody) == (2, 3)
    assert sum(hour.everybody for hour in pace.hours) == 3
    assert len(pace.days) == 14


def test_the_decisions_behind_a_figure_are_those_of_that_day_and_person(
    browser_of_analyst: Client, collection: Collection, analyst: User
):
    mine, others = candidates(collection, 2)
    step = accept(mine, by=analyst)
    accept(others, by=UserFactory())
    today = timezone.localdate()

    def ids(query: str) -> list[int]:
        return [row.pk for row in browser_of_analyst.get(f"{reverse('front:decisions')}?{query}").context["rows"]]

    assert ids(f"by=mine&day={today}") == [step.pk]
    assert len(ids(f"day={today}")) == 2
    assert ids(f"day={today - timedelta(days=1)}") == []
    assert len(ids(f"day={today}&hour={timezone.localtime().hour}")) == 2
    assert ids("day=yesterday") == []
    assert ids("day=9999-12-31") == ids("day=0001-01-01") == []


def test_decisions_in_collections_of_others_are_not_listed(browser_of_analyst: Client, collection: Collection):
    (hidden,) = candidates(CollectionFactory())
    accept(hidden, by=UserFactory())

    assert browser_of_analyst.get(reverse("front:decisions")).context["rows"] == []


def test_the_bars_stand_on_each_other_and_reach_to_the_number_they_mean():
    now = timezone.now()
    steps = [Step(now, "", "", mine=1, everybody=4), Step(now, "", "", mine=0, everybody=0)]

    chart = bar_chart(steps)

    full, empty = chart.bars
    top = next(height for height, number in chart.ticks if number == 4)
    assert full.top == top
    assert full.top_of_mine > full.top
    assert (empty.mine, empty.others) == (0, 0)


# --- The engine ---


def test_the_engines_score_is_set_against_what_was_decided(
    browser_of_analyst: Client, collection: Collection, analyst: User
):
    for number, claim in enumerate(candidates(collection, 50, score=0.85)):
        if number < 40:
            accept(claim, by=analyst)
        else:
            reject(claim, by=analyst, reason="Wrong content")

    calibration = front(browser_of_analyst)["calibration"]

    assert calibration.count == 50
    (filled,) = [each for each in calibration.bins if each["count"]]
    assert filled == {"low": "0.8", "high": "0.9", "count": 50, "mean": "0.85", "rate": "80"}
    behind = browser_of_analyst.get(f"{reverse('front:decisions')}?score_from=0.8&score_to=0.9")
    assert len(behind.context["rows"]) == 50
    below = browser_of_analyst.get(f"{reverse('front:decisions')}?score_from=0.7&score_to=0.8")
    assert below.context["rows"] == []


def test_below_fifty_decisions_there_is_no_picture_of_the_engine(
    browser_of_analyst: Client, collection: Collection, analyst: User
):
    (claim,) = candidates(collection)
    accept(claim, by=analyst)

    calibration = front(browser_of_analyst)["calibration"]

    assert (calibration.count, calibration.report) == (1, None)


# --- Sources on the move ---


def test_a_verdict_of_this_week_moves_its_source_and_an_old_one_does_not(
    browser_of_analyst: Client, collection: Collection, analyst: User
):
    today = timezone.localdate()
    source, still = SourceFactory(), SourceFactory()
    fresh = told_by(source, collection, "A pilot", "the strike is over", on=today)
    old = told_by(still, collection, "A clerk", "the port is closed", on=today)
    verdict = verdict_on(old.proposition, "true", on=today, by=analyst)  # type: ignore[arg-type]  # accepted
    Verdict.objects.filter(pk=verdict.pk).update(at=timezone.now() - timedelta(days=60))
    settle(fresh.proposition, outcome="false", decided_on=today, evidence="Seen.", by=analyst)  # type: ignore[arg-type]
    refresh([source.pk, still.pk])

    (row,) = front(browser_of_analyst)["moved"]

    assert row.source.pk == source.pk
    assert (row.before_percent, row.now_percent) == ("50", "33")
    assert not row.up


def test_a_withdrawn_verdict_moves_nobody(browser_of_analyst: Client, collection: Collection, analyst: User):
    today = timezone.localdate()
    claim = told_by(SourceFactory(), collection, "A pilot", "the strike is over", on=today)
    verdict = settle(claim.proposition, outcome="true", decided_on=today, evidence="Seen.", by=analyst)  # type: ignore[arg-type]
    withdraw_verdict(verdict, by=analyst, reason="Not seen after all.")

    assert front(browser_of_analyst)["moved"] == []


def test_a_new_grade_is_shown_with_the_one_before(browser_of_analyst: Client, collection: Collection):
    reviewer = UserFactory(groups=["reviewer"])
    claim = told_by(SourceFactory(), collection, "A pilot", "the strike is over", on=timezone.localdate())
    assert claim.source is not None
    grade_source(claim.source, grade="C", basis="First look.", by=reviewer)
    grade_source(claim.source, grade="B", basis="Two reports held.", by=reviewer)

    newest, before = front(browser_of_analyst)["regraded"]

    assert (newest.before, newest.assessment.grade) == ("C", "B")
    assert (before.before, before.assessment.grade) == ("", "C")


# --- The same queries ---


@pytest.mark.parametrize("page", ["front:front", "front:decisions"])
def test_one_and_three_of_everything_take_the_same_queries(
    page: str, browser_of_analyst: Client, collection: Collection, analyst: User, django_assert_num_queries
):
    def more(*numbers: int) -> None:
        for number in numbers:
            claim = told_by(SourceFactory(), collection, "A pilot", f"strike {number} is over", on=timezone.localdate())
            denied = ClaimFactory(
                accepted=True,
                layer__document__collection=collection,
                proposition=claim.proposition,
                stance="denies",
                source=SourceFactory(),
            )
            settled = told_by(
                SourceFactory(), collection, "A clerk", f"port {number} is closed", on=timezone.localdate()
            )
            settle(settled.proposition, outcome="true", decided_on=timezone.localdate(), evidence="Seen.", by=analyst)  # type: ignore[arg-type]
            for found in candidates(collection, 2):
                accept(found, by=analyst)
            candidates(collection)
            DocumentFactory(collection=collection, state=DocumentState.FAILED, failure_reason="A picture.")
            write_note(claim, text="Look.", by=UserFactory(), to=[analyst])  # type: ignore[arg-type]
            grade_source(denied.source, grade="C", basis="First look.", by=UserFactory(groups=["reviewer"]))  # type: ignore[arg-type]

    more(1)
    address = reverse(page)
    browser_of_analyst.get(address)
    with django_assert_num_queries(QUERIES[page]):
        browser_of_analyst.get(address)
    more(2, 3)
    with django_assert_num_queries(QUERIES[page]):
        browser_of_analyst.get(address)


QUERIES = {"front:front": 47, "front:decisions": 5}
