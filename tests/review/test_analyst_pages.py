"""The page of an analyst."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from claims.models import Claim, CredibilityAssessment, Outcome, Verdict
from claims.services import accept
from documents.models import Collection
from grading.calibration import FEWEST_DECISIONS
from review.analysts import forecasts_of
from tests.factories import ClaimFactory, CollectionFactory, SourceFactory, UserFactory
from tests.review.demo import graded, told_by

THEN = datetime(2024, 3, 1, 12, tzinfo=UTC)


def page(client: Client, user: User) -> str:
    response = client.get(reverse("analysts:analyst", args=[user.pk]))
    assert response.status_code == 200
    return response.content.decode()


def forecast(user: User, collection: Collection, percent: int, outcome: Outcome, *, number: int = 0, days: int = 5):
    """A likelihood given to a claim whose proposition was settled so many days later."""
    claim = told_by(SourceFactory(), collection, "A pilot", f"ship {number} has left", on=date(2024, 2, 1))
    CredibilityAssessment.objects.create(
        claim=claim, grade="3", likelihood=percent, confidence="low", basis="So far.", by=user, at=THEN
    )
    Verdict.objects.create(
        proposition=claim.proposition,
        outcome=outcome,
        decided_on=date(2024, 3, 5),
        evidence="Seen.",
        by=user,
        at=THEN + timedelta(days=days),
    )
    return claim


def test_too_few_likelihoods_show_how_many_there_are_and_no_figure(
    browser_of_analyst: Client, analyst: User, collection: Collection
):
    forecast(analyst, collection, 80, Outcome.TRUE)

    html = page(browser_of_analyst, analyst)

    assert f"1 of {FEWEST_DECISIONS} likelihoods settled" in html
    assert "Brier" not in html


def test_likelihoods_count_when_settled_afterwards_as_true_or_false(analyst: User, collection: Collection):
    forecast(analyst, collection, 80, Outcome.TRUE, number=1)
    forecast(analyst, collection, 30, Outcome.FALSE, number=2)
    forecast(analyst, collection, 50, Outcome.PARTLY, number=3)
    forecast(analyst, collection, 60, Outcome.TRUE, number=4, days=-5)
    denied = forecast(analyst, collection, 90, Outcome.FALSE, number=5)
    denied.stance = "denies"
    denied.save()

    assert sorted(forecasts_of(analyst, analyst)) == [(0.3, False), (0.8, True), (0.9, True)]


def test_enough_likelihoods_show_the_diagram_with_its_counts(
    browser_of_analyst: Client, analyst: User, collection: Collection, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("review.analysts.FEWEST_DECISIONS", 4)
    for number, (percent, outcome) in enumerate([(80, "true"), (80, "true"), (80, "false"), (20, "false")]):
        forecast(analyst, collection, percent, Outcome(outcome), number=number)

    html = page(browser_of_analyst, analyst)

    assert "<dd>0.190</dd>" in html  # Brier: (3 x 0.2^2 + 0.8^2) / 4
    assert "80–90 %" in html
    assert '<svg class="chart calibration"' in html
    assert " style=" not in html


def test_the_diagonal_share_is_shown_for_oneself_and_everybody(
    browser_of_analyst: Client, analyst: User, collection: Collection
):
    reviewer = UserFactory(groups=["reviewer"])
    for number, digit in enumerate("224"):
        source = SourceFactory()
        claim = told_by(source, collection, "A pilot", f"ship {number} has left", on=date(2024, 2, 1))
        graded(source, "B", "History.", by=reviewer, on=date(2024, 1, 1), is_grade=True)
        CredibilityAssessment.objects.create(claim=claim, grade=digit, basis="So.", by=analyst, at=THEN)

    html = page(browser_of_analyst, analyst)

    assert "67 %" in html
    assert "2 of 3 grades" in html


def test_one_sees_ones_own_page_and_reviewers_see_all(client: Client, analyst: User, collection: Collection):
    other = UserFactory()
    client.force_login(other)
    refused = client.get(reverse("analysts:analyst", args=[analyst.pk]))
    client.force_login(UserFactory(groups=["reviewer"]))
    missing = client.get(reverse("analysts:analyst", args=[999_999]))

    assert refused.status_code == 403
    assert "for reviewers" in refused.content.decode()
    assert analyst.username in page(client, analyst)
    assert missing.status_code == 404


def test_decisions_are_counted(browser_of_analyst: Client, analyst: User, collection: Collection):
    claim = ClaimFactory(layer__document__collection=collection)
    accept(claim, by=analyst)

    response = browser_of_analyst.get(reverse("analysts:analyst", args=[analyst.pk]))

    assert dict(response.context["decisions"]) == {"Accepted": 1, "Rejected": 0, "Edited": 0}


def test_what_was_decided_where_the_reader_is_no_member_is_not_counted(client: Client, collection: Collection):
    busy = UserFactory()
    hidden = ClaimFactory(layer__document__collection=CollectionFactory(members=[busy]))
    for claim in (ClaimFactory(layer__document__collection=collection), hidden):
        accept(claim, by=busy)
        CredibilityAssessment.objects.create(claim=claim, grade="3", basis="So far.", by=busy)
        Verdict.objects.create(
            proposition=Claim.objects.get(pk=claim.pk).proposition,
            outcome=Outcome.TRUE,
            decided_on=date(2024, 3, 5),
            evidence="Seen.",
            by=busy,
        )
    reviewer = UserFactory(groups=["reviewer"])
    collection.members.add(reviewer)
    client.force_login(reviewer)

    shown = client.get(reverse("analysts:analyst", args=[busy.pk])).context

    assert dict(shown["decisions"]) == {"Accepted": 1, "Rejected": 0, "Edited": 0}
    assert (shown["credibilities"], shown["verdicts"]) == (1, 1)
