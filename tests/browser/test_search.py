"""Searching in the browser without a mouse: words, a facet, a phrase, a search that is kept, and what is new in it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from documents.models import Collection
from tests.browser.test_review import log_in_to
from tests.factories import ClaimFactory, CollectionFactory, TextLayerFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def told(collection: Collection, content: str, **fields: object) -> None:
    layer = TextLayerFactory(document__collection=collection, text=f"An official stated that {content}.")
    ClaimFactory(layer=layer, words=("An official", "stated", content), **fields)


def test_an_analyst_finds_narrows_keeps_and_comes_back(browser_page: Page, analyst: User):
    page, keys = browser_page, browser_page.keyboard
    collection = CollectionFactory(name="Cabinet", members=[analyst])
    told(collection, "the talks have failed", type="direct")
    told(collection, "envoys failed to come to the talks")
    told(collection, "the harbour is closed")
    log_in_to(page, analyst, "/documents/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Documents")
    keys.press("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    expect(page.get_by_label("Words")).to_be_focused()
    keys.type("fail talk")
    keys.press("Enter")
    expect(page.get_by_role("region", name="Claims, newest first: 2")).to_be_visible()
    hits = page.locator(".hit")
    expect(hits).to_have_count(2)
    expect(hits.first.locator("mark")).to_have_text(["failed", "talks"])

    page.get_by_role("link", name="Direct 1", exact=True).focus()
    keys.press("Enter")
    expect(page.get_by_role("link", name="Take away: Type Direct")).to_be_visible()
    expect(hits).to_have_count(1)
    page.get_by_role("link", name="Take away: Type Direct").press("Enter")
    expect(hits).to_have_count(2)

    keys.press("/")
    expect(page.get_by_label("Words")).to_be_focused()
    keys.type('"talks have failed"')
    keys.press("Enter")
    expect(hits).to_have_count(1)
    keys.press("j")
    expect(page.get_by_role("link", name="the talks have failed")).to_be_focused()
    page.get_by_role("link", name="Documents 1").press("Enter")
    expect(page.locator(".hit mark")).to_have_text(["talks", "failed"])

    page.get_by_text("Keep this search").press("Enter")
    page.get_by_label("Name", exact=True).fill("Talks")
    keys.press("Enter")
    expect(page.get_by_text("“Talks” is kept.")).to_be_visible()
    mine = page.get_by_role("region", name="My searches")
    expect(mine).to_contain_text("nothing new")

    told(collection, "all the talks have failed")
    page.goto("/")
    page.get_by_role("link", name="1 new in “Talks”").press("Enter")
    expect(hits).to_have_count(2)
    expect(hits.first).to_contain_text("new")
    expect(hits.last.locator(".new")).to_have_count(0)
    expect(mine).to_contain_text("nothing new")
