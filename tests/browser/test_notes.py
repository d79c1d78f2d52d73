"""Two colleagues write to each other on a claim, by keyboard and mouse, each at a browser of their own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from claims.models import Claim, Note
from documents.models import Document
from tests.browser.test_review import log_in_to, press, ready
from tests.factories import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def at_the_browser(browser: Browser, live_server: object) -> Iterator[Callable[[User, str], Page]]:
    """Somebody logged in, at an address, in a browser of their own."""
    contexts = []

    def _at(user: User, address: str) -> Page:
        context = browser.new_context(base_url=live_server.url, viewport={"width": 1400, "height": 900})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        log_in_to(page, user, address)
        return page

    yield _at
    for context in contexts:
        context.close()


def test_a_note_by_keyboard_reaches_a_colleague_who_answers_by_mouse_and_is_done(
    at_the_browser: Callable[[User, str], Page], seed_memo: Document, analyst: User
):
    ben = UserFactory(username="ben", first_name="Ben", last_name="Okafor")
    cleo = UserFactory(username="cleo", first_name="Cleo")
    seed_memo.collection.members.add(ben, cleo)
    claim = Claim.objects.of_document(seed_memo).in_reading_order()[1]
    ana = at_the_browser(analyst, f"/review/claims/{claim.pk}/")
    ready(ana)

    press(ana, "c")
    expect(ana.get_by_label("Note", exact=True)).to_be_focused()
    ana.keyboard.type("Is this the attaché? @cleo <b>")
    press(ana, "Tab")
    expect(ana.get_by_label("For whom")).to_be_focused()
    ana.keyboard.type("oka")
    expect(ana.get_by_role("checkbox", name="Ben Okafor")).to_be_visible()
    expect(ana.get_by_role("checkbox", name="Cleo")).to_have_count(0)
    press(ana, "Enter")
    expect(ana.get_by_role("checkbox", name="Ben Okafor")).to_be_checked()
    press(ana, "Control+Enter")

    thread = ana.get_by_role("region", name="Notes")
    expect(thread).to_contain_text("Is this the attaché? @cleo <b>")
    expect(thread.get_by_role("listitem")).to_contain_text("to Ben Okafor, Cleo")
    expect(ana.get_by_role("heading", name="Notes")).to_be_focused()
    expect(ana.locator("#announcer")).to_contain_text("Note written, to Ben Okafor, Cleo.")

    reader = at_the_browser(ben, "/")
    card = reader.get_by_role("region", name="Notes to you")
    expect(card).to_contain_text("Is this the attaché?")
    card.locator(".about").get_by_role("link").click()
    ready(reader)
    reader.get_by_role("button", name="Answer").click()
    reader.get_by_label("Note", exact=True).fill("It is. See page 2, @ana.")
    reader.get_by_role("button", name="Keep the note").click()
    region = reader.get_by_role("region", name="Notes")
    expect(region.get_by_role("listitem")).to_have_count(2)
    region.get_by_role("button", name="Done with it").click()
    expect(region.get_by_role("button", name="Open again")).to_be_visible()
    region.get_by_role("button", name="Change").click()
    expect(reader.get_by_role("checkbox", name="Ana Lindqvist")).to_be_checked()
    reader.get_by_label("Note", exact=True).fill("It is. See page 3.")
    reader.get_by_role("button", name="Keep the note").click()
    expect(region).to_contain_text("See page 3.")
    expect(region).to_contain_text("changed")

    ana.goto("/notes/")
    expect(ana.get_by_role("listitem").filter(has_text="See page 3.")).to_be_visible()
    ana.get_by_role("button", name="Done with it").click()
    expect(ana.get_by_role("heading", name="No such note")).to_be_visible()
    assert [(note.text, note.edited_at is None) for note in Note.objects.order_by("pk")] == [
        ("Is this the attaché? @cleo <b>", True),
        ("It is. See page 3.", False),
    ]
    assert [*Note.objects.open_for(cleo)] == [Note.objects.earliest("pk")]
    assert not Note.objects.open_for(ben).exists()
