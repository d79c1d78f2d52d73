"""The page of the next claim, fetched ahead: nobody else is led to it, and a decision goes on with it."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from claims.models import Claim
from claims.services import edit, reject
from documents.models import Collection
from review.models import Lease
from review.services import leases
from tests.factories import ClaimFactory, UserFactory
from tests.review.test_deciding import HTMX, MOST_QUERIES, claims, other, queries, seen, step  # noqa: F401 -- fixtures

BY_DOCUMENT = {"mode": "document"}


@pytest.fixture
def reading(browser_of_analyst: Client, claims: list[Claim]) -> Client:  # noqa: F811 -- the fixture
    """An analyst who reads document by document, with the first claim before them."""
    browser_of_analyst.get(reverse("review:next"), BY_DOCUMENT)
    return browser_of_analyst


def ahead(browser: Client, claim: Claim) -> HttpResponse:
    place = {"layer": claim.layer_id, "start": claim.start}
    return browser.get(reverse("review:ahead", args=[claim.pk]), place, headers=HTMX)


def test_who_opened_a_claim_themselves_has_the_next_of_its_document_ahead(
    browser_of_analyst: Client,
    claims: list[Claim],  # noqa: F811
):
    place = {"layer": claims[2].layer_id, "start": claims[2].start, "picked": "direct"}

    page = browser_of_analyst.get(reverse("review:ahead", args=[claims[2].pk]), place, headers=HTMX)

    assert page.context["claim"] == claims[3]


def known(page: HttpResponse) -> dict[str, object]:
    """What the browser says of the page that it has."""
    claim = page.context["claim"]
    return {"ahead": claim.pk, "ahead_version": claim.version}


def test_the_page_ahead_is_that_of_the_next_claim_and_it_is_held_beside_this_one(
    reading: Client,
    claims: list[Claim],  # noqa: F811
):
    page = ahead(reading, claims[0])

    assert page.context["claim"] == claims[1]
    assert list(Lease.objects.order_by("ahead").values_list("claim", "ahead")) == [
        (claims[0].pk, False),
        (claims[1].pk, True),
    ]
    pips = re.findall(r'class="pip (\w+)"', page.content.decode())
    assert pips == ["accepted", *["candidate"] * 5]


@pytest.mark.parametrize(("name", "more"), [("accept", {}), ("reject", {"reason": "Duplicate"})])
def test_a_decision_goes_on_with_the_page_ahead_in_few_words_and_queries(
    reading: Client,
    analyst: User,
    claims: list[Claim],  # noqa: F811
    name: str,
    more: dict[str, str],
):
    with queries() as asked_ahead:
        page = ahead(reading, claims[0])
    with queries() as asked:
        answer = reading.post(step(claims[0], name), seen(claims[0], **more, **known(page)), headers=HTMX)

    assert answer["Hearsay-Ahead"] == str(claims[1].pk)
    assert answer["HX-Push-Url"] == step(claims[1], "claim")
    assert f'data-state="{name}ed"' in answer.content.decode()
    assert claims[1].content_quote not in answer.content.decode().split("</template>")[0]
    assert list(Lease.objects.values_list("claim", "analyst", "ahead")) == [(claims[1].pk, analyst.pk, False)]
    assert len(asked_ahead) + len(asked) <= MOST_QUERIES, "\n".join([*asked_ahead, "--", *asked])


def test_what_somebody_else_holds_or_changed_meanwhile_is_not_gone_on_with(
    reading: Client,
    other: User,  # noqa: F811
    claims: list[Claim],  # noqa: F811
):
    page = ahead(reading, claims[0])
    leases.take(claims[1].pk, by=other)
    answer = reading.post(step(claims[0], "accept"), seen(claims[0], **known(page)), headers=HTMX)

    assert "Hearsay-Ahead" not in answer
    assert answer.context["claim"] == claims[2]

    page = ahead(reading, claims[2])
    edit(claims[3], by=other, hedge="perhaps")
    answer = reading.post(step(claims[2], "accept"), seen(claims[2], **known(page)), headers=HTMX)

    assert "Hearsay-Ahead" not in answer
    assert answer.context["claim"] == claims[3]
    assert "perhaps" in answer.content.decode()


def test_what_is_decided_or_in_another_collection_is_not_gone_on_with(
    reading: Client,
    other: User,  # noqa: F811
    claims: list[Claim],  # noqa: F811
):
    hidden = ClaimFactory()
    reject(claims[1], by=other, reason="Duplicate")
    claims[1].refresh_from_db()

    for number, told in [(0, claims[1]), (2, hidden)]:
        wanted = {"ahead": told.pk, "ahead_version": told.version}
        answer = reading.post(step(claims[number], "accept"), seen(claims[number], **wanted), headers=HTMX)

        assert "Hearsay-Ahead" not in answer
        assert answer.context["claim"] not in (told, claims[number])


def test_the_page_ahead_skips_what_somebody_else_has(reading: Client, other: User, claims: list[Claim]):  # noqa: F811
    leases.take(claims[1].pk, by=other)

    assert ahead(reading, claims[0]).context["claim"] == claims[2]


@pytest.fixture
def browser_of_other(other: User) -> Client:  # noqa: F811
    browser = Client()
    browser.force_login(other)
    return browser


def test_the_queue_leads_nobody_to_what_a_colleague_has_next_as_long_as_there_is_more(
    reading: Client,
    analyst: User,
    claims: list[Claim],  # noqa: F811
    browser_of_other: Client,
    other: User,  # noqa: F811
):
    ahead(reading, claims[0])

    browser_of_other.get(reverse("review:next"), BY_DOCUMENT)
    assert Lease.objects.get(analyst=other).claim == claims[2]
    assert ahead(browser_of_other, claims[2]).context["claim"] == claims[3]

    for claim in claims[3:]:
        reject(claim, by=analyst, reason="Duplicate")
    assert ahead(browser_of_other, claims[2]).status_code == 204
    answer = browser_of_other.post(step(claims[2], "accept"), seen(claims[2]), headers=HTMX)
    assert answer.context["claim"] == claims[1]
    assert dict(Lease.objects.values_list("claim", "analyst")) == {claims[0].pk: analyst.pk, claims[1].pk: other.pk}


def test_what_a_colleague_has_next_is_whose_who_opens_it(
    reading: Client,
    claims: list[Claim],  # noqa: F811
    browser_of_other: Client,
    other: User,  # noqa: F811
):
    page = ahead(reading, claims[0])

    opened = browser_of_other.get(step(claims[1], "claim"))
    answer = reading.post(step(claims[0], "accept"), seen(claims[0], **known(page)), headers=HTMX)

    assert opened.context["held"] is None
    assert Lease.objects.get(claim=claims[1]).analyst == other
    assert not Lease.objects.get(claim=claims[1]).ahead
    assert "Hearsay-Ahead" not in answer
    assert answer.context["claim"] == claims[2]


def test_a_page_that_is_left_gives_back_what_would_have_come_next(reading: Client, claims: list[Claim]):  # noqa: F811
    ahead(reading, claims[0])

    reading.post(step(claims[0], "release"))

    assert not Lease.objects.exists()


def test_what_is_before_them_in_another_window_stays_before_them_when_it_comes_next(
    reading: Client,
    analyst: User,
    claims: list[Claim],  # noqa: F811
):
    leases.take(claims[1].pk, by=analyst)

    ahead(reading, claims[0])

    assert not Lease.objects.get(claim=claims[1]).ahead


def test_most_useful_first_has_a_page_ahead_too_and_it_keeps_how_it_was_picked(
    browser_of_analyst: Client,
    claims: list[Claim],  # noqa: F811
):
    browser_of_analyst.get(reverse("review:next"), {"mode": "stream"})
    held = Lease.objects.get().claim

    page = ahead(browser_of_analyst, held)
    answer = browser_of_analyst.post(step(held, "accept"), seen(held, **known(page)), headers=HTMX)

    assert page.context["picked"] in ("priority", "random")
    assert answer["Hearsay-Ahead"] == str(page.context["claim"].pk)


def test_a_second_analyst_goes_on_with_what_they_see_of_a_claim_not_with_what_the_first_made_of_it(
    reading: Client,
    other: User,  # noqa: F811
    collection: Collection,
    claims: list[Claim],  # noqa: F811
):
    collection.second_review_share = 1.0
    collection.save()
    edit(claims[1], by=other, hedge="perhaps")
    reject(claims[1], by=other, reason="Duplicate")

    page = ahead(reading, claims[0])
    answer = reading.post(step(claims[0], "accept"), seen(claims[0], **known(page)), headers=HTMX)

    assert "perhaps" not in page.content.decode()
    assert answer["Hearsay-Ahead"] == str(claims[1].pk)


def test_where_nothing_comes_next_there_is_no_page_ahead(reading: Client, analyst: User, claims: list[Claim]):  # noqa: F811
    for claim in claims[1:]:
        reject(claim, by=analyst, reason="Duplicate")

    assert ahead(reading, claims[0]).status_code == 204


@pytest.mark.parametrize("place", [{}, {"layer": "x", "start": "1"}, {"layer": "9" * 18, "start": "9" * 18}])
def test_a_place_that_is_none_does_no_harm(reading: Client, claims: list[Claim], place: dict[str, str]):  # noqa: F811
    answer = reading.get(reverse("review:ahead", args=[claims[0].pk]), place, headers=HTMX)

    assert answer.status_code in (200, 204)


def test_who_only_reads_and_who_is_of_another_collection_sees_no_page_ahead(
    client: Client,
    collection: Collection,
    claims: list[Claim],  # noqa: F811
):
    viewer, stranger = UserFactory(groups=["viewer"]), UserFactory()
    collection.members.add(viewer)

    client.force_login(viewer)
    assert ahead(client, claims[0]).status_code == 403
    client.force_login(stranger)
    assert ahead(client, claims[0]).status_code == 204
