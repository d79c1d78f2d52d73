"""The seed memo, read and extracted by the real engine, and an analyst who may review it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from documents import leases
from documents.models import Collection, Document
from documents.services import store_document
from ingest.processing import process
from tests.browser.watching import Watch
from tests.factories import CollectionFactory, UserFactory

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
PASSWORD = "correct horse battery"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots", metavar="FOLDER", help="Make the pictures of the documentation into this folder.")
    parser.addoption(
        "--decisions", metavar="N", type=int, default=40, help="Of the 200 that two analysts share, how many they take."
    )
    parser.addoption("--stops", metavar="PATTERN", default="", help="Of all pages only those with such a name.")
    parser.addoption("--pages", metavar="FOLDER", help="Make pictures of every page into this folder.")


def ingested(name: str, collection: Collection) -> Document:
    """A sample document after a worker would have been through with it."""
    return ingested_bytes((SAMPLES / name).read_bytes(), name, collection)


def ingested_bytes(data: bytes, name: str, collection: Collection) -> Document:
    document, _ = store_document(data, name=name, collection=collection)
    holder = leases.take(document.pk)
    assert holder is not None
    process(document.pk, holder)
    document.refresh_from_db()
    return document


@pytest.fixture
def analyst(transactional_db: None) -> User:
    return UserFactory(username="ana", first_name="Ana", last_name="Lindqvist")


@pytest.fixture
def seed_memo(analyst: User) -> Document:
    return ingested("C05797165.txt", CollectionFactory(name="Algeria 2013", members=[analyst]))


@pytest.fixture(autouse=True, scope="session")
def patience() -> None:
    """Five seconds are short on a machine that runs a worker and a database beside the browser."""
    expect.set_options(timeout=20_000)


@pytest.fixture
def chosen(request: pytest.FixtureRequest) -> re.Pattern[str]:
    """Which pages the walks go to: all of them, but for `--stops`."""
    return re.compile(request.config.getoption("--stops"))


@pytest.fixture(autouse=True)
def watch(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Every test fails afterwards on a broken security policy, an error in the console or a script, or another host.

    It holds for each context a test opens; `watch.expected` takes patterns of what a test brings about on purpose.
    """
    watch = Watch()
    open_context = browser.new_context

    def watched(**options: object) -> BrowserContext:
        context = open_context(**options)  # type: ignore[arg-type]  # as the test gave them
        watch.over(context)
        return context

    monkeypatch.setattr(browser, "new_context", watched)
    yield watch
    assert watch.unexpected == []


@pytest.fixture
def browser_page(browser: Browser, live_server, watch: Watch) -> Iterator[Page]:
    """A page whose addresses start at the live server."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1400, "height": 900})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
