"""The pictures in the documentation, made by `make screenshots`: pages as an analyst sees them."""

import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from claims.models import Claim
from claims.services import accept, reject
from claims.services.records import refresh
from documents.models import Document
from sources.models import Source
from tests.browser import world as worlds
from tests.browser.conftest import PASSWORD
from tests.browser.pages import SIZES, STOPS, only, page_for, records, visit
from tests.factories import CollectionFactory, UserFactory
from tests.review.demo import company_of, source_with_a_record
from tests.review.demo_propositions import contested_proposition, with_records

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LARGEST = 300 * 1024
TALLEST = 4_000
"""Pixels of a picture of a whole page; what a long list has below is more of the same."""


@pytest.fixture
def folder(request: pytest.FixtureRequest) -> Path:
    chosen = request.config.getoption("--screenshots", default=None)
    if not chosen:
        pytest.skip("only with --screenshots FOLDER")
    folder = Path(chosen)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def folder_of_all(request: pytest.FixtureRequest) -> Path:
    chosen = request.config.getoption("--pages", default=None)
    if not chosen:
        pytest.skip("only with --pages FOLDER")
    folder = Path(chosen)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def page_of(browser: Browser, url: str, scheme: str) -> Page:
    """A page of somebody logged in, 1280 wide, in the light or the dark scheme."""
    context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.goto("/login/")
    page.get_by_label("User name").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda address: "/login/" not in address)
    return page


def test_every_page_light_and_dark_on_a_desktop_and_a_phone(
    browser: Browser, live_server, transactional_db, folder_of_all: Path, chosen: re.Pattern[str]
):
    world = worlds.build()
    pages: dict[str, Page] = {}
    for stop in only(chosen, [*STOPS, *records()]):
        page = page_for(browser, live_server.url, stop.user, pages)
        for size, window in SIZES.items():
            page.set_viewport_size(window)
            page.emulate_media(color_scheme="light", reduced_motion="reduce")
            visit(page, stop, world, unfold=False)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                tall = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
                clip = {"x": 0, "y": 0, "width": window["width"], "height": max(tall, window["height"])}
                picture = folder_of_all / f"{stop.name}-{size}-{scheme}.png"
                page.screenshot(path=picture, full_page=True, clip=clip, animations="disabled")


@pytest.mark.parametrize(("name", "scheme"), [("review-light", "light"), ("review-dark", "dark")])
def test_a_claim_of_the_seed_memo_under_review(
    browser: Browser, live_server, seed_memo: Document, analyst: User, folder: Path, name: str, scheme: str
):
    told, stated, considered, *_ = Claim.objects.of_document(seed_memo).in_reading_order()
    accept(told, by=analyst)
    reject(considered, by=analyst, reason="Duplicate")

    page = page_of(browser, live_server.url, scheme)
    page.goto(f"/review/claims/{stated.pk}/")
    expect(page.locator("#workbench[data-prepared]:not([aria-busy])")).to_be_visible()
    page.evaluate("document.fonts.ready")
    page.screenshot(path=folder / f"{name}.png")
    page.context.close()

    assert (folder / f"{name}.png").stat().st_size < LARGEST


@pytest.mark.parametrize(("name", "scheme"), [("source-light", "light"), ("source-dark", "dark")])
def test_a_source_with_a_long_record(
    browser: Browser, live_server, analyst: User, folder: Path, name: str, scheme: str
):
    reviewer = UserFactory(username="rafael", first_name="Rafael", last_name="Ortiz", groups=["reviewer"])
    collection = CollectionFactory(name="Numidia", members=[analyst, reviewer])
    today = timezone.localdate()
    source = source_with_a_record(collection, analyst=analyst, reviewer=reviewer, today=today)
    company_of(source, collection, today=today)
    refresh(Source.objects.values_list("pk", flat=True))

    page = page_of(browser, live_server.url, scheme)
    page.set_viewport_size({"width": 1280, "height": 1010})
    page.goto(f"/sources/{source.pk}/?suggestion=shown")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=folder / f"{name}.png")
    page.context.close()

    assert (folder / f"{name}.png").stat().st_size < LARGEST


@pytest.mark.parametrize(("name", "scheme"), [("proposition-light", "light"), ("proposition-dark", "dark")])
def test_a_contested_proposition(browser: Browser, live_server, analyst: User, folder: Path, name: str, scheme: str):
    collection = CollectionFactory(name="Numidia", members=[analyst])
    demo = contested_proposition(collection, analyst=analyst, today=timezone.localdate())
    refresh(Source.objects.values_list("pk", flat=True))
    with_records(demo)

    page = page_of(browser, live_server.url, scheme)
    page.set_viewport_size({"width": 1280, "height": 1010})
    page.goto(f"/propositions/{demo.proposition.pk}/?weight=shown")
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=folder / f"{name}.png")
    page.context.close()

    assert (folder / f"{name}.png").stat().st_size < LARGEST


@pytest.mark.parametrize(("name", "scheme"), [("front-light", "light"), ("front-dark", "dark")])
def test_the_front_page(browser: Browser, live_server, transactional_db, folder: Path, name: str, scheme: str):
    worlds.build()

    page = page_of(browser, live_server.url, scheme)
    page.set_viewport_size({"width": 1280, "height": 1010})
    page.goto("/")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=folder / f"{name}.png")
    page.context.close()

    assert (folder / f"{name}.png").stat().st_size < LARGEST
