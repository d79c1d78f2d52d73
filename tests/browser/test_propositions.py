"""Propositions in the browser: two memos meet, one informant is one origin, what contradicts is contested."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.services import set_preference
from claims.models import Claim, PropositionLink
from documents.models import Document
from tests.browser.conftest import ingested_bytes
from tests.browser.test_review import log_in, log_in_to, note, press, ready
from tests.factories import CollectionFactory
from tests.review.demo_propositions import contested_proposition, links_that_wait
from tests.workers import CeleryWorker

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SECOND_MEMO = """January 24, 2013

     1. On January 23, 2013 a source with access to the highest levels of the Algerian Army stated that a small number
of the surviving fighters escaped across the border into Southern Libya. A Moroccan diplomat stated that Belmokhtar can
call on the support of at most 2,000 battle hardened fighters across the region.

     2. An officer of the Libyan border guard stated that a small number of fighters escaped across the border into
Southern Libya during the night of January 19.
"""


@pytest.fixture
def second_memo(seed_memo: Document) -> Document:
    """A memo of our own that repeats one claim of the seed memo through the same informant, and contradicts another."""
    return ingested_bytes(SECOND_MEMO.encode(), "memo-2.txt", seed_memo.collection)


def claim_in(document: Document, words: str) -> Claim:
    return next(claim for claim in Claim.objects.of_document(document) if words in claim.wording)


def accept(page: Page, claim: Claim) -> None:
    page.goto(f"/review/claims/{claim.pk}/")
    ready(page)
    press(page, "a")
    expect(note(page)).to_contain_text("Accepted:")


def join_the_first_proposed(page: Page) -> None:
    """Of the claim just accepted."""
    meeting = page.locator("#meeting")
    expect(meeting).to_contain_text("The claim just accepted may belong to", timeout=60_000)
    page.keyboard.press("1")
    expect(meeting).to_contain_text("Joined:")


def test_one_informant_in_two_memos_is_one_origin_a_contradiction_contested_and_a_third_source_allows_grade_1(
    browser_page: Page,
    seed_memo: Document,
    second_memo: Document,
    analyst: User,
    start_celery_worker: Callable[..., CeleryWorker],
):
    page = browser_page
    escaped, many = claim_in(seed_memo, "escaped across"), claim_in(seed_memo, "5,000-10,000")
    again, few = claim_in(second_memo, "surviving fighters escaped"), claim_in(second_memo, "at most 2,000")
    third = claim_in(second_memo, "during the night")
    start_celery_worker()
    log_in(page, analyst)

    # Both memos name the same informant: one source, and one origin.
    accept(page, escaped)
    accept(page, many)
    page.goto(f"/review/claims/{again.pk}/")
    ready(page)
    press(page, "w")
    page.keyboard.type("highest levels of the Algerian Army")
    expect(page.get_by_role("option", selected=True)).to_contain_text("highest levels")
    known = page.get_by_role("group", name="Known sources").get_by_role("option")
    known.filter(has_text="highest levels of the Algerian Army").click()
    expect(page.locator(".counts-for")).to_contain_text("known source")
    press(page, "a")
    join_the_first_proposed(page)
    escaped.refresh_from_db()
    page.goto(f"/propositions/{escaped.proposition_id}/")
    expect(page.locator(".origin-count")).to_have_text("2 reports, 1 independent origin")
    expect(page.get_by_role("img", name="Who had it from whom")).to_be_visible()

    # What contradicts another claim is found by a rule, and counts once it is accepted.
    accept(page, few)
    many.refresh_from_db()
    link = wait_for_contradiction(page, many)
    page.goto("/links/?kind=contradicts")
    card = page.locator(f"#link-{link.pk}")
    expect(card.locator("mark.contradicts")).to_have_count(2)
    page.keyboard.press("a")
    expect(card).to_contain_text("Accepted: it counts now.")
    card.get_by_role("link", name=f"Proposition {many.proposition_id}", exact=True).click()
    expect(page.get_by_text("contested", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="What contradicts it")).to_contain_text("at most 2,000 battle hardened")
    page.goto("/propositions/?state=contested")
    expect(page.get_by_role("row")).to_have_count(3)

    # A third source says so, too: grade 1 waits until somebody confirms its origin.
    accept(page, third)
    join_the_first_proposed(page)
    grade(page, escaped, "1")
    expect(note(page)).to_contain_text("whose independent origin an analyst has confirmed")
    page.goto(f"/propositions/{escaped.proposition_id}/")
    expect(page.locator(".origin-count")).to_have_text("3 reports, 2 independent origins")
    page.get_by_text("The same as a table").click()
    page.get_by_label("Confirm the independence of report 3").click()
    page.get_by_label("How you know that it has an origin of its own").locator("visible=true").fill(
        "He saw them cross."
    )
    page.get_by_role("button", name="Confirm its independence").locator("visible=true").click()
    expect(page.get_by_text("1 origin confirmed as independent")).to_be_visible()
    grade(page, escaped, "1")
    expect(note(page)).to_contain_text("Credibility 1 recorded.")


def wait_for_contradiction(page: Page, claim: Claim) -> PropositionLink:
    """Once the worker has compared it."""
    for _ in range(240):
        link = PropositionLink.objects.touching([claim.proposition_id]).contradictions().first()
        if link is not None:
            return link
        page.wait_for_timeout(250)
    raise AssertionError("no contradiction was proposed")


def grade(page: Page, claim: Claim, digit: str) -> None:
    page.goto(f"/review/claims/{claim.pk}/")
    ready(page)
    page.get_by_text("Judge the credibility").click()
    page.get_by_label("Grade", exact=True).select_option(digit)
    page.get_by_label("What the grade rests on").fill("The officer saw it himself.")
    page.get_by_role("button", name="Record the grade").click()


def test_links_are_decided_by_keys_alone_and_the_last_step_is_undone(browser_page: Page, analyst: User):
    page = browser_page
    contradiction, corroboration = links_that_wait(
        CollectionFactory(name="Numidia", members=[analyst]), today=timezone.localdate()
    )
    set_preference(analyst, "keys", {"card_accept": "y", "card_undo": "z"})  # she chose her own
    log_in_to(page, analyst, "/links/")
    expect(page.locator("html[data-cards]")).to_be_attached()
    first, second = page.locator(f"#link-{corroboration.pk}"), page.locator(f"#link-{contradiction.pk}")
    expect(first).to_have_attribute("aria-current", "true")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    page.keyboard.press("2")
    expect(first).to_contain_text("Accepted as “refines”.")
    expect(second).to_have_attribute("aria-current", "true")
    page.keyboard.press("r")
    expect(second).to_contain_text("Rejected: it is not proposed again.")
    expect(page.locator("#announcer")).to_have_text("Rejected: it is not proposed again.")
    page.keyboard.press("z")
    expect(second.get_by_role("button", name="Accept")).to_be_visible()
    expect(page.locator("#announcer")).to_have_text("Taken back: it waits again.")
    page.keyboard.press("a")
    page.keyboard.press("y")
    expect(second).to_contain_text("Accepted: it counts now.")

    corroboration.refresh_from_db()
    contradiction.refresh_from_db()
    assert [(row.kind, row.state) for row in (corroboration, contradiction)] == [
        ("refines", "confirmed"),
        ("contradicts", "confirmed"),
    ]


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_is_wider_than_the_window(browser_page: Page, analyst: User, width: int):
    page = browser_page
    page.set_viewport_size({"width": width, "height": 800})
    collection = CollectionFactory(name="Numidia", members=[analyst])
    demo = contested_proposition(collection, analyst=analyst, today=timezone.localdate())
    log_in_to(page, analyst, "/propositions/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Propositions")
    number = demo.proposition.pk
    for address in (
        "/propositions/",
        f"/propositions/{number}/?weight=shown",
        f"/propositions/{number}/split/",
        f"/propositions/{number}/merge/?with={demo.rival.pk}",
        f"/propositions/claims/{demo.claims[0].pk}/impact/",
        f"/propositions/claims/{demo.claims[0].pk}/meetings/",
        "/propositions/grades/",
        "/links/",
        "/links/?kind=claims",
        "/links/notices/",
    ):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
