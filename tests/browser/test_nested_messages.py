"""Messages inside a mail, folded and opened, while its claims are reviewed and corrected."""

import json

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from claims.models import Claim
from tests.browser.conftest import ingested_bytes
from tests.browser.test_review import log_in, open_claim, press, ready
from tests.factories import CollectionFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MAIL = """From: Jones, Ann
Sent: Friday, March 2, 2012 9:10 AM
To: Mills, Carol
Subject: Fw: Port

Our attaché said that the strike is over. 🎉

-----Original Message-----
From: Brennan, Paul
Sent: Thursday, March 1, 2012 8:00 PM
To: Jones, Ann; Amselem, Lewis
Subject: Port

The harbour master told us that the cranes stand still.

-----Original Message-----
From: Amselem, Lewis
Sent: Thursday, March 1, 2012 4:00 PM
To: Brennan, Paul
Subject: Port

A police officer reported that two ships have left.
"""


def folds(page: Page) -> dict[str, bool]:
    """By head, whether the message is open."""
    return page.locator("#text .message").evaluate_all(
        "all => Object.fromEntries(all.map(one => [one.firstElementChild.dataset.say, one.open]))"
    )


def test_messages_fold_by_key_and_mouse_and_stay_so_while_claims_are_reviewed(browser_page: Page, analyst: User):
    page = browser_page
    document = ingested_bytes(MAIL.encode(), "mail.txt", CollectionFactory(members=[analyst]))
    first, second, third = Claim.objects.of_document(document).in_reading_order()
    brennan, amselem = "Brennan, Paul to Jones, Ann +1, 1 Mar 2012", "Amselem, Lewis to Brennan, Paul, 1 Mar 2012"
    log_in(page, analyst)
    open_claim(page, second)
    assert folds(page) == {brennan: True, amselem: True}
    assert page.locator("#text").evaluate("text => text.textContent") == first.layer.text

    press(page, "z")
    assert folds(page) == {brennan: True, amselem: False}, "the one with the claim stays open"
    page.get_by_label(f"Message: {brennan}").click()
    assert folds(page)[brennan] is True
    expect(page.locator("#announcer")).to_contain_text("stays open")

    press(page, "j")  # the third claim stands in the message that was folded
    expect(page.locator(f"#workbench[data-claim='{third.pk}']:not([aria-busy])")).to_be_visible()
    assert folds(page) == {brennan: False, amselem: True}
    expect(page.locator("#text .lit.content")).to_be_in_viewport()
    press(page, "k")
    expect(page.locator(f"#workbench[data-claim='{second.pk}']:not([aria-busy])")).to_be_visible()
    assert folds(page) == {brennan: True, amselem: False}

    # While words are marked, all of the text is there; the arrow keys cross the head of a message.
    press(page, "e")
    assert folds(page) == {brennan: True, amselem: True}
    page.evaluate(
        """() => {
            const walker = document.createTreeWalker(document.getElementById('text'), NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const at = walker.currentNode.data.indexOf('two ships');
                if (at >= 0) getSelection().setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + 9);
            }
        }"""
    )
    press(page, "t")
    start = first.layer.text.index("two ships")
    spans = json.loads(page.locator("#edit-form [name=spans]").input_value())
    assert spans["content"] == [[start, start + 9]]
    press(page, "Escape")
    assert folds(page) == {brennan: True, amselem: False}

    page.reload()
    ready(page)
    assert folds(page) == {brennan: True, amselem: False}, "remembered for the document"
    page.get_by_label(f"Message: {amselem}").focus()
    press(page, "Enter")
    assert folds(page) == {brennan: True, amselem: True}
    press(page, "z", "z")
    assert folds(page) == {brennan: True, amselem: True}
