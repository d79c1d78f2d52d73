"""The description of the API as a page that calls it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from accounts.models import User
from tests.factories import ClaimFactory, CollectionFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def scroll_to(page: Page, summary: str) -> None:
    """Of many operations the page draws only those near the window."""
    page.locator(".opblock").first.wait_for()
    for _ in range(100):
        if page.get_by_text(summary, exact=True).count():
            return
        page.mouse.wheel(0, 500)
        page.wait_for_timeout(50)


def test_the_page_calls_operations_over_the_session_without_asking_another_host(browser_page: Page, analyst: User):
    claim = ClaimFactory(layer__document__collection=CollectionFactory(members=[analyst]))
    browser_page.set_default_timeout(40_000)  # the page builds itself from the whole description
    browser_page.goto("/api/v1/docs/")
    browser_page.get_by_label("User name").fill("ana")
    browser_page.get_by_label("Password").fill("correct horse battery")
    browser_page.get_by_role("button", name="Log in").click()

    scroll_to(browser_page, "Accept a claim")
    browser_page.get_by_text("Accept a claim", exact=True).click()
    browser_page.get_by_role("button", name="Try it out").click()
    browser_page.get_by_placeholder("id", exact=True).fill(str(claim.pk))
    browser_page.get_by_placeholder("If-Match").fill("*")
    browser_page.locator("textarea").fill("{}")
    browser_page.get_by_role("button", name="Execute").click()

    browser_page.locator(".live-responses-table .response-col_status", has_text="200").wait_for()
    claim.refresh_from_db()
    assert claim.state == "accepted"
