"""The page of a proposition: who says it, how it turned out, and what a verdict does to the records."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim, Outcome, Stance
from documents.models import Collection
from sources.models import Source
from tests.factories import ClaimFactory, CollectionFactory, SourceFactory, UserFactory
from tests.review.demo import told_by

DAY = date(2024, 3, 1)


@pytest.fixture
def source() -> Source:
    return SourceFactory(descriptor="Harbour pilot")


@pytest.fixture
def claim(collection: Collection, source: Source) -> Claim:
    return told_by(source, collection, "A pilot", "the strike is over", on=DAY, topic="Port strike")


def show(client: Client, claim: Claim) -> str:
    response = client.get(reverse("propositions:proposition", args=[claim.proposition_id]))
    assert response.status_code == 200
    return response.content.decode()


def settle(client: Client, claim: Claim, **given: str):
    values = {"outcome": "true", "decided_on": "2024-05-01", "evidence": "The port opened."} | given
    return client.post(reverse("propositions:settle", args=[claim.proposition_id]), values)


def test_claims_for_and_against_stand_apart_with_their_grades(browser_of_analyst: Client, claim: Claim):
    denier = SourceFactory(descriptor="Union speaker")
    ClaimFactory(
        accepted=True,
        layer__document__collection=claim.collection,
        source=denier,
        proposition=claim.proposition,
        stance=Stance.DENIES,
    )

    response = browser_of_analyst.get(reverse("propositions:proposition", args=[claim.proposition_id]))

    sides = {name: [row.said_by.descriptor for row in rows] for name, rows in response.context["sides"]}
    assert sides == {"Said by": ["Harbour pilot"], "Denied by": ["Union speaker"]}
    assert "F6" in response.content.decode()


def test_settling_tells_what_it_did_to_the_source_once(browser_of_analyst: Client, claim: Claim, source: Source):
    settle(browser_of_analyst, claim)

    verdict = claim.proposition.verdicts.get()
    first, again = show(browser_of_analyst, claim), show(browser_of_analyst, claim)
    assert (verdict.outcome, verdict.decided_on, verdict.evidence) == (
        Outcome.TRUE,
        date(2024, 5, 1),
        "The port opened.",
    )
    assert "moved from 50 % to" in first
    assert reverse("sources:source", args=[source.pk]) in first
    assert "moved from 50 % to" not in again


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"outcome": ""}, "Choose an outcome."),
        ({"outcome": "maybe"}, "maybe"),
        ({"evidence": "  "}, "needs a reason"),
        ({"decided_on": ""}, "from which day"),
        ({"decided_on": (timezone.localdate() + timedelta(days=2)).isoformat()}, "a day to come"),
    ],
)
def test_a_verdict_that_lacks_something_is_refused(
    browser_of_analyst: Client, claim: Claim, given: dict[str, str], says: str
):
    response = settle(browser_of_analyst, claim, **given)

    assert response.status_code == 422
    assert says in response.content.decode()
    assert not claim.proposition.verdicts.exists()


def test_a_second_verdict_is_refused_and_the_first_stays(browser_of_analyst: Client, claim: Claim):
    settle(browser_of_analyst, claim)

    response = settle(browser_of_analyst, claim, outcome="false")

    assert response.status_code == 409
    assert [verdict.outcome for verdict in claim.proposition.verdicts.all()] == ["true"]


def test_a_verdict_is_withdrawn_with_a_reason_and_stays_on_the_page(browser_of_analyst: Client, claim: Claim):
    settle(browser_of_analyst, claim)
    url = reverse("propositions:withdraw", args=[claim.proposition_id])

    refused = browser_of_analyst.post(url, {"reason": ""})
    browser_of_analyst.post(url, {"reason": "The wrong port."})
    nothing_left = browser_of_analyst.post(url, {"reason": "Again."})

    assert refused.status_code == 422
    assert nothing_left.status_code == 409
    assert "The wrong port." in show(browser_of_analyst, claim)


def test_a_proposition_of_another_collection_is_not_there(browser_of_analyst: Client, source: Source):
    hidden = told_by(source, CollectionFactory(), "A pilot", "all is well", on=DAY)

    url = reverse("propositions:proposition", args=[hidden.proposition_id])
    assert browser_of_analyst.get(url).status_code == 404
    assert settle(browser_of_analyst, hidden).status_code == 404


def test_viewers_read_and_do_not_settle(client: Client, collection: Collection, claim: Claim):
    viewer = UserFactory(groups=["viewer"])
    collection.members.add(viewer)
    client.force_login(viewer)

    assert "Settling needs the role" in show(client, claim)
    assert settle(client, claim).status_code == 403


def test_the_page_takes_the_same_queries_for_one_and_three_claims(
    browser_of_analyst: Client, claim: Claim, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(45) as for_one:
        show(browser_of_analyst, claim)
    for _ in range(2):
        ClaimFactory(accepted=True, layer__document__collection=claim.collection, proposition=claim.proposition)
    with django_assert_num_queries(len(for_one)):
        show(browser_of_analyst, claim)
