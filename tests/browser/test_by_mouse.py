"""What an analyst does with the mouse at the workbench; and that a page loaded again still holds its claim."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from claims.models import Claim, ClaimState
from documents.models import Document
from review.models import Lease, Weighing
from review.services import leases
from tests.browser.test_review import log_in_to, note, ready

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLACE_OF = """words => {
    const text = document.getElementById("text");
    const at = text.textContent.indexOf(words);
    const ends = [at, at + words.length];
    const range = document.createRange();
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    for (let node, passed = 0; (node = walker.nextNode()); passed += node.length) {
        if (ends[0] >= passed && ends[0] < passed + node.length) range.setStart(node, ends[0] - passed);
        if (ends[1] > passed && ends[1] <= passed + node.length) range.setEnd(node, ends[1] - passed);
    }
    range.startContainer.parentElement.scrollIntoView({ block: "center", behavior: "instant" });
    const boxes = [...range.getClientRects()];
    const [first, last] = [boxes[0], boxes.at(-1)];
    return [first.left + 1, first.top + first.height / 2, last.right - 1, last.top + last.height / 2];
}"""
"""Where words begin and end on the screen, in pixels. They stand in one line."""


def drag_over(page: Page, words: str) -> None:
    left, top, right, bottom = page.evaluate(PLACE_OF, words)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move((left + right) / 2, top)
    page.mouse.move(right, bottom)
    page.mouse.up()


def mark(page: Page, role: str, words: str) -> None:
    row = page.locator(f".edit-roles [data-role={role}]")
    drag_over(page, words)
    row.locator("[data-pick]").click()
    expect(row.locator("[data-quote]")).to_have_text(words)


def test_a_missed_claim_is_added_by_selecting_its_words(browser_page: Page, seed_memo: Document, analyst: User):
    page = browser_page
    found = set(Claim.objects.of_document(seed_memo).values_list("pk", flat=True))
    log_in_to(page, analyst, f"/review/documents/{seed_memo.pk}/add/")
    ready(page)

    mark(page, "content", "have been ordered to establish the reason")
    mark(page, "source", "this sensitive source")
    mark(page, "cue", "according to")
    page.get_by_role("button", name="Add this claim").click()

    expect(page.locator(".roles [data-role=content] dd")).to_contain_text("have been ordered to establish the reason")
    added = Claim.objects.of_document(seed_memo).exclude(pk__in=found).get()
    assert (added.source_quote, added.cue_quote) == ("this sensitive source", "according to")
    assert added.content_quote == "have been ordered to establish the reason"
    assert added.run is None


def test_a_claim_is_cut_in_two_where_the_slider_is_put(browser_page: Page, seed_memo: Document, analyst: User):
    page = browser_page
    _told, stated, *_ = Claim.objects.of_document(seed_memo).in_reading_order()
    log_in_to(page, analyst, f"/review/claims/{stated.pk}/")
    ready(page)

    page.get_by_role("button", name="Cut in two").click()
    slider = page.locator("#cut")
    box = slider.bounding_box()
    assert box is not None
    slider.click(position={"x": box["width"] * 0.4, "y": box["height"] / 2})
    halves = [half.inner_text() for half in page.locator("[data-half]").all()]
    page.get_by_role("button", name="Cut here").click()

    expect(note(page)).to_be_visible()
    assert all(halves)
    cut = Claim.objects.of_document(seed_memo).filter(source_fragments=stated.source_fragments, start__gte=stated.start)
    waiting = cut.filter(state=ClaimState.CANDIDATE).order_by("content_fragments")
    assert [" ".join(claim.wording.split()) for claim in waiting] == halves
    assert " ".join(halves) == " ".join(stated.wording.split())


def test_a_claim_is_wanted_sooner_by_two_keys(browser_page: Page, seed_memo: Document, analyst: User):
    page = browser_page
    claim = Claim.objects.of_document(seed_memo).in_reading_order()[0]
    log_in_to(page, analyst, f"/review/claims/{claim.pk}/")
    ready(page)

    page.keyboard.press("i")
    expect(page.get_by_role("button", name="As usual")).to_be_focused()
    page.keyboard.press("2")

    expect(note(page)).to_contain_text("To be decided: sooner.")
    expect(page.locator("#weigh")).not_to_be_visible()
    ready(page)
    assert Weighing.objects.get(claim=claim).weight == 4


def test_a_page_that_is_loaded_again_holds_its_claim_however_late_the_old_one_says_goodbye(
    browser_page: Page, seed_memo: Document, analyst: User
):
    page = browser_page
    claim = Claim.objects.of_document(seed_memo).in_reading_order()[0]
    log_in_to(page, analyst, f"/review/claims/{claim.pk}/")
    ready(page)

    with page.expect_response("**/hold/"):
        page.reload(wait_until="commit")
        leases.release(claim.pk, by=analyst)
    ready(page)

    assert Lease.objects.get(ahead=False).claim == claim
