"""The page of the next claim is fetched ahead, and looks after a decision as the server would have made it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from claims.models import Claim, ClaimState
from claims.services import edit
from documents.models import Collection
from tests.browser.test_review import expect_claim, log_in_to, note, press
from tests.browser.test_two_analysts import SENTENCES, document_of
from tests.browser.watching import Watch
from tests.factories import CollectionFactory, UserFactory

DECISIONS = re.compile("/(accept|reject)/$")

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def people(transactional_db: None) -> list[User]:
    return [UserFactory(username="ana", first_name="Ana"), UserFactory(username="ben", first_name="Ben")]


@pytest.fixture
def claims(people: list[User]) -> list[Claim]:
    collection: Collection = CollectionFactory(name="Cabinet", members=people)
    return document_of(collection, SENTENCES)


def at_the_first(page: Page, user: User, claims: list[Claim]) -> None:
    """With the first claim before them, and the page of the next one there."""
    with page.expect_response("**/ahead/**"):
        log_in_to(page, user, f"/review/claims/{claims[0].pk}/")
    page.wait_for_load_state("networkidle")


def decided_with(page: Page, *keys: str) -> str | None:
    """Press the keys. The claim that the browser had ahead when the decision took it; None: it got a page."""
    with page.expect_response(lambda answer: answer.url.endswith(("/accept/", "/reject/"))) as decision:
        press(page, *keys)
    return decision.value.header_value("Hearsay-Ahead")


def test_decisions_go_on_with_the_page_ahead_and_it_shows_what_was_decided(
    browser_page: Page, people: list[User], claims: list[Claim]
):
    page = browser_page
    at_the_first(page, people[0], claims)

    with page.expect_response("**/ahead/**"):
        assert decided_with(page, "a") == str(claims[1].pk)
    expect_claim(page, 2)
    expect(note(page)).to_contain_text("Accepted: ")
    expect(page.locator("#announcer")).to_contain_text("Accepted: ")
    assert page.url.endswith(f"/review/claims/{claims[1].pk}/")

    page.wait_for_load_state("networkidle")
    with page.expect_response("**/ahead/**"):
        assert decided_with(page, "r", "1") == str(claims[2].pk)
    expect_claim(page, 3)
    expect(note(page)).to_contain_text("Rejected: ")
    shown = [pip.get_attribute("aria-label") for pip in page.locator(".pip").all()]
    page.reload()  # as the server makes it
    expect_claim(page, 3)
    assert shown == [pip.get_attribute("aria-label") for pip in page.locator(".pip").all()]
    assert shown[:3] == ["Claim 1: Accepted", "Claim 2: Rejected", "Claim 3: Awaiting review"]
    for claim, state in zip(claims[:3], [ClaimState.ACCEPTED, ClaimState.REJECTED, ClaimState.CANDIDATE], strict=True):
        claim.refresh_from_db()
        assert claim.state == state


def test_what_a_colleague_changed_meanwhile_comes_as_it_is_now(
    browser_page: Page, people: list[User], claims: list[Claim]
):
    page = browser_page
    at_the_first(page, people[0], claims)
    edit(claims[1], by=people[1], hedge="it is said")

    assert decided_with(page, "a") is None

    expect_claim(page, 2)
    expect(page.locator(".panel-body")).to_contain_text("it is said")


def hold_back(page: Page) -> list[Route]:
    """The next decision does not reach the server until it is let go."""
    kept: list[Route] = []
    page.route(DECISIONS, lambda route: kept.append(route), times=1)  # noqa: PLW0108 -- a built-in is not taken
    return kept


def shown_at_once(page: Page, number: int) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Claim {number} of ")
    expect(page.locator("#workbench")).to_have_attribute("aria-busy", "true")


def test_the_next_claim_is_there_before_the_server_has_answered_and_what_is_done_to_it_waits_till_then(
    browser_page: Page, people: list[User], claims: list[Claim]
):
    page = browser_page
    at_the_first(page, people[0], claims)
    kept = hold_back(page)

    press(page, "a")
    shown_at_once(page, 2)
    expect(note(page)).to_contain_text("Accepted: the talks in room 1 have failed")
    expect(note(page)).to_contain_text("Not stored yet")
    press(page, "r", "1")
    assert len(kept) == 1
    assert page.url.endswith(f"/review/claims/{claims[0].pk}/")

    kept[0].continue_()
    expect_claim(page, 3)
    expect(note(page)).not_to_contain_text("Not stored yet")
    expect(page.locator("#workbench:not([aria-busy])")).to_be_visible()
    assert page.url.endswith(f"/review/claims/{claims[2].pk}/")
    assert [Claim.objects.get(pk=claim.pk).state for claim in claims[:3]] == ["accepted", "rejected", "candidate"]


@pytest.mark.parametrize(("keys", "state"), [(["a"], ClaimState.ACCEPTED), (["r", "1"], ClaimState.REJECTED)])
def test_a_decision_that_does_not_reach_the_server_brings_its_claim_back(
    browser_page: Page, people: list[User], claims: list[Claim], watch: Watch, keys: list[str], state: ClaimState
):
    page = browser_page
    watch.expected.append("net::ERR_FAILED")
    at_the_first(page, people[0], claims)
    kept = hold_back(page)
    page.locator("#wording").fill("The talks are said to have failed")
    page.locator("#claim-heading").focus()

    press(page, *keys)
    shown_at_once(page, 2)
    with page.expect_response("**/ahead/**"):
        kept[0].abort()

    expect_claim(page, 1)
    expect(page.locator("#trouble")).to_be_visible()
    expect(page.locator("#wording")).to_have_value("The talks are said to have failed")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    assert decided_with(page, *keys) == str(claims[1].pk)
    expect_claim(page, 2)
    expect(note(page)).to_have_count(1)
    claims[0].refresh_from_db()
    assert claims[0].state == state
    if state == ClaimState.ACCEPTED:
        assert claims[0].proposition.text == "The talks are said to have failed"
