"""Bringing in documents in the browser, while a real worker reads them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.conftest import SAMPLES
from tests.browser.test_review import log_in_to
from tests.factories import CollectionFactory
from tests.workers import CeleryWorker

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_files_are_brought_in_and_their_state_follows_the_worker(
    browser_page: Page, analyst: User, start_celery_worker: Callable[..., CeleryWorker]
):
    page = browser_page
    CollectionFactory(name="Algeria 2013", members=[analyst])
    log_in_to(page, analyst, "/documents/")

    picture = {
        "name": "scan.png",
        "mimeType": "image/png",
        "buffer": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 64,
    }
    memo = {"name": "C05797165.txt", "mimeType": "text/plain", "buffer": (SAMPLES / "C05797165.txt").read_bytes()}
    page.get_by_label("Choose files").set_input_files([memo, picture])
    expect(page.get_by_text("C05797165.txt, scan.png")).to_be_visible()
    page.get_by_role("button", name="Bring in").click()
    expect(page.get_by_text("2 documents brought in.")).to_be_visible()
    rows = page.get_by_role("row")
    expect(rows.filter(has_text="C05797165.txt")).to_contain_text("Waiting to be read")

    start_celery_worker()

    memo_row = rows.filter(has_text="C05797165")
    expect(memo_row).to_contain_text("Ready", timeout=60_000)
    expect(rows.filter(has_text="scan.png")).to_contain_text("Failed", timeout=30_000)
    expect(page.get_by_role("button", name="Try scan.png again")).to_be_visible()
    memo_row.get_by_role("link", name="C05797165", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C05797165")
    expect(page.get_by_text("F-2014-20439", exact=True)).to_be_visible()


def test_a_file_above_the_limit_is_named_before_it_is_sent(browser_page: Page, analyst: User, settings):
    settings.MAX_UPLOAD_BYTES = 100
    page = browser_page
    CollectionFactory(members=[analyst])
    log_in_to(page, analyst, "/documents/")

    large = {"name": "large.txt", "mimeType": "text/plain", "buffer": b"x" * 101}
    page.get_by_label("Choose files").set_input_files([large])

    expect(page.get_by_text("large.txt (above the limit of 100")).to_be_visible()
    page.get_by_role("button", name="Bring in").click()
    expect(page.get_by_text("No documents yet")).to_be_visible()
