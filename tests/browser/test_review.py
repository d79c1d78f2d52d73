"""An analyst at the workbench, without a mouse."""

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from claims.models import Claim
from documents.models import Document
from tests.browser.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def log_in(page: Page, user: User) -> None:
    log_in_to(page, user, "/review/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("wait")


def log_in_to(page: Page, user: User, address: str) -> None:
    """Ask for a page, be sent to the login, and come back to that page."""
    page.goto(address)
    page.keyboard.type(user.username)  # the field has the focus already
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)  # whose own address names the other one


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the element of that accessible name has the focus."""
    for _ in range(30):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if name in (focused.get_attribute("aria-label") or focused.inner_text()):
            return
    raise AssertionError(f"Tab does not lead to '{name}'")


def ready(page: Page) -> None:
    """Wait until the workbench takes keys, and what was decided before is stored."""
    expect(page.locator("#workbench[data-prepared]:not([aria-busy])")).to_be_visible()


def expect_claim(page: Page, number: int) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Claim {number} of ")
    ready(page)


def open_claim(page: Page, claim: Claim) -> None:
    page.goto(f"/review/claims/{claim.pk}/")
    ready(page)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def shown(page: Page, role: str) -> str:
    return " ".join(page.locator(f".roles [data-role={role}] dd").inner_text().split())


def note(page: Page) -> Locator:
    """What the page says about the step just taken."""
    return page.locator(".panel-body .note")


def from_api(page: Page, claim: Claim) -> dict:
    response = page.request.get(f"/api/v1/claims/{claim.pk}/")
    assert response.ok, response.text()
    return response.json()


def test_the_seed_memo_is_reviewed_by_keyboard_alone_and_the_api_shows_the_same(
    browser_page: Page, seed_memo: Document, analyst: User
):
    page = browser_page
    told, stated, considered, escaped, *_ = Claim.objects.of_document(seed_memo).in_reading_order()
    log_in(page, analyst)
    tab_to(page, "Document by document")
    press(page, "Enter")

    # The first is right as it is.
    expect_claim(page, 1)
    press(page, "a")

    # The second's content ends a word too late.
    expect_claim(page, 2)
    press(page, "e", "ArrowLeft")
    last_word = stated.wording.split()[-1]
    expect(page.locator(".edit-roles .chosen [data-quote]")).not_to_contain_text(last_word)
    press(page, "Enter")
    expect(note(page)).to_contain_text("Corrected.")
    corrected = shown(page, "content")
    press(page, "a")

    # The third is somebody else's.
    expect_claim(page, 3)
    press(page, "w")
    page.keyboard.type("a liaison officer in Algiers")
    expect(page.get_by_role("option", selected=True)).to_contain_text("a liaison officer in Algiers")
    press(page, "Enter")
    expect(page.get_by_text("Counts for a liaison officer in Algiers")).to_be_visible()
    press(page, "a")

    # The fourth is rejected, and that is taken back.
    expect_claim(page, 4)
    press(page, "r", "2")
    expect_claim(page, 5)
    press(page, "u")
    expect_claim(page, 4)
    expect(note(page)).to_contain_text("Undone: rejected.")
    expect(page.locator(".panel-head .state")).to_have_text("Awaiting review")

    first, second, third, fourth = (from_api(page, claim) for claim in (told, stated, considered, escaped))
    assert [claim["state"] for claim in (first, second, third, fourth)] == ["accepted"] * 3 + ["candidate"]
    content = second["spans"]["content"]
    assert " ".join(content["quote"].split()) == corrected
    assert corrected == stated.wording.removesuffix(last_word).strip()
    text = stated.layer.text
    assert " ".join(text[start:end] for start, end in content["fragments"]) == content["quote"]
    assert third["source"]["descriptor"] == "a liaison officer in Algiers"
    assert fourth["source"] is None


def test_selected_words_become_the_source_and_furniture_between_them_is_left_out(
    browser_page: Page, seed_memo: Document, analyst: User
):
    page = browser_page
    noted = Claim.objects.get(layer__document=seed_memo, cue_quote="noted")
    log_in(page, analyst)
    open_claim(page, noted)
    press(page, "e")
    page.evaluate(
        """() => {
            const text = document.getElementById("text");
            const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
            const range = document.createRange();
            while (walker.nextNode()) {
                const node = walker.currentNode;
                const from = node.data.indexOf("support of 5,000");
                const to = node.data.indexOf("across the region");
                if (from >= 0) range.setStart(node, from);
                if (to >= 0) { range.setEnd(node, to + "across the region".length); break; }
            }
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }"""
    )
    press(page, "t", "Enter")
    expect(note(page)).to_contain_text("Corrected.")

    noted.refresh_from_db()
    assert len(noted.content_fragments) == 2
    assert " ".join(noted.content_quote.split()) == (
        "support of 5,000-10,000 battle hardened fighters across the region"
    )


def test_leaving_an_edit_changes_nothing_and_keys_do_not_act_inside_fields(
    browser_page: Page, seed_memo: Document, analyst: User
):
    page = browser_page
    first = Claim.objects.of_document(seed_memo).in_reading_order()[0]
    log_in(page, analyst)
    open_claim(page, first)

    press(page, "e", "ArrowLeft", "ArrowLeft", "Escape")
    press(page, "p")
    page.keyboard.type(" aerjku")
    press(page, "Escape")
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    press(page, "a", "Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()

    expect(page.get_by_label("Proposition, in neutral words")).to_have_value(f"{first.wording} aerjku")
    before = list(Claim.objects.filter(pk=first.pk).values())
    assert first.reviews.count() == 0
    assert before[0]["version"] == 1


def test_a_correction_is_kept_when_somebody_else_was_faster(browser_page: Page, seed_memo: Document, analyst: User):
    from claims.services import edit

    page = browser_page
    first = Claim.objects.of_document(seed_memo).in_reading_order()[0]
    log_in(page, analyst)
    open_claim(page, first)
    press(page, "e", "ArrowLeft")
    edit(first, by=analyst, hedge="somebody else's words")
    press(page, "Enter")

    expect(page.get_by_role("alert").get_by_text("changed by somebody else")).to_be_visible()
    expect(page.locator(".edit-roles .chosen [data-quote]")).to_contain_text("at the gas")
    expect(page.locator(".edit-roles .chosen [data-quote]")).not_to_contain_text("facility")
    press(page, "Enter")
    expect(note(page)).to_contain_text("Corrected.")

    first.refresh_from_db()
    assert first.content_quote.endswith("at the gas")
    assert first.version == 3


def test_single_keys_can_be_switched_off(browser_page: Page, seed_memo: Document, analyst: User):
    page = browser_page
    first = Claim.objects.of_document(seed_memo).in_reading_order()[0]
    log_in(page, analyst)
    open_claim(page, first)
    press(page, "?")
    page.get_by_label("Single keys act").uncheck()
    press(page, "Escape", "a")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("dialog", name="Reject: why?")).to_be_visible()
    press(page, "1")

    assert first.reviews.count() == 0


def test_every_claim_of_a_document_with_characters_beyond_the_basic_plane_is_lit_at_its_place(
    browser_page: Page, analyst: User
):
    from claims.services import edit
    from tests.factories import ClaimFactory, CollectionFactory, TextLayerFactory

    page = browser_page
    layer = TextLayerFactory(
        document__collection=CollectionFactory(members=[analyst]),
        text="\n🎉🎉 Ω\r\nA source close to the cabinet stated that the talks 🎉 have failed. <b>No</b> &amp; more.",
    )
    claim = ClaimFactory(layer=layer, words=("A source close to the cabinet", "stated", "the talks 🎉 have failed"))
    log_in(page, analyst)
    open_claim(page, claim)

    assert page.locator("#text").evaluate("element => element.textContent") == layer.text
    assert page.locator("#text mark.content").inner_text() == "the talks 🎉 have failed"
    press(page, "e", "ArrowLeft", "Enter")
    expect(note(page)).to_contain_text("Corrected.")
    claim.refresh_from_db()
    assert claim.content_quote == "the talks 🎉 have"
    edit(claim, by=analyst, spans={"circumstance": [[1, 3]]})
    page.reload()
    assert page.locator("#text mark.circumstance").inner_text() == "🎉🎉"
