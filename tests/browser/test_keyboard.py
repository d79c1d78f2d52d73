"""A whole sitting without a mouse: two documents decided, with everything that can be wrong about a candidate."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from claims.models import Claim, ClaimState, Decision, Review
from documents.models import Collection, Document
from sources.models import Source, SourceMerge
from tests.browser.conftest import ingested
from tests.browser.test_review import log_in, note, press, ready, tab_to
from tests.factories import CollectionFactory, SourceFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def collection(analyst: User) -> Collection:
    return CollectionFactory(name="Two cables", members=[analyst])


@pytest.fixture
def memo(collection: Collection) -> Document:
    return ingested("C05797165.txt", collection)


@pytest.fixture
def cable(collection: Collection) -> Document:
    return ingested("1974LAPAZ01488.txt", collection)


def here(page: Page) -> int:
    """The claim before the analyst."""
    ready(page)
    return int(page.locator("#workbench").get_attribute("data-claim") or 0)


def decide(page: Page, *keys: str) -> int:
    """Press the keys of a decision, and wait for the page to go on. Returns the claim decided."""
    decided = here(page)
    press(page, *keys)
    page.wait_for_function(
        "claim => !location.pathname.startsWith('/review/claims/')"
        " || (document.querySelector('#workbench[data-prepared]:not([aria-busy])')?.dataset.claim ?? claim) !== claim",
        arg=str(decided),
    )
    return decided


def correct_the_end(page: Page) -> None:
    """The content ends a word too late."""
    press(page, "e", "ArrowLeft", "Enter")
    expect(note(page)).to_contain_text("Corrected.")


def cut_in_two(page: Page) -> None:
    press(page, "x")
    expect(page.get_by_role("dialog", name="Cut in two")).to_contain_text("he views Westerners with disdain")
    expect(page.locator("[data-half]").last).to_have_text("sees Bouteflika as a puppet of these foreign interests")
    press(page, "ArrowRight", "ArrowLeft", "Enter")
    expect(note(page)).to_contain_text("Cut in two.")


def select(page: Page, words: str, letter: str) -> None:
    """Find words in the text and make them a part of the claim."""
    press(page, "/")
    page.keyboard.type(words)
    press(page, "Enter", letter)


def choose_known(page: Page, typed: str, name: str) -> None:
    """The source is one that is known already."""
    press(page, "w")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.type(typed)
    expect(page.get_by_role("option", selected=True)).to_contain_text(name)
    press(page, "Enter")
    expect(page.get_by_text(f"Counts for {name}")).to_be_visible()


def add_what_was_missed(page: Page) -> int:
    """Two pieces of content, the second by arrow keys; said by somebody whom the text ties to nobody known."""
    before = here(page)
    press(page, "m")
    expect(page.get_by_role("heading", name="A claim the machine missed")).to_be_visible()
    select(page, "theme of gathering", "t")
    select(page, "military-", "v")  # arrow keys move the edges of the content, ...
    press(page, "v", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+T")  # ... and select words again
    select(page, "minister of campesino affairs", "s")
    select(page, "pronounced", "c")
    press(page, "Enter")
    expect(note(page)).to_contain_text("Added.")
    expect(page.locator(".panel-head .state")).to_have_text("Awaiting review")
    assert here(page) != before
    return here(page)


def undo(page: Page, claim: int) -> None:
    press(page, "u")
    page.wait_for_selector(f"#workbench[data-prepared]:not([aria-busy])[data-claim='{claim}']")
    expect(page.locator(".panel-head .state")).to_have_text("Awaiting review")


def merge_sources(page: Page, source: Source, typed: str, name: str) -> None:
    page.goto(f"/sources/{source.pk}/")
    tab_to(page, "Merge")
    press(page, "Enter")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type(typed)
    expect(page.get_by_role("link", name=name)).to_be_visible()
    tab_to(page, name)
    press(page, "Enter")
    expect(page.get_by_label("Why they are one")).to_be_focused()
    press(page, "Shift+Tab")
    if not page.get_by_role("radio", name=name).is_checked():  # whose name and grade stand
        press(page, "ArrowDown")
    expect(page.get_by_role("radio", name=name)).to_be_checked()
    press(page, "Tab")
    page.keyboard.type("The cable is about his own speech.")
    tab_to(page, "Merge them")
    press(page, "Enter")
    expect(page.get_by_text("is now this source")).to_be_visible()


def test_twenty_candidates_of_two_documents_are_decided_by_keyboard_alone(
    browser_page: Page, memo: Document, cable: Document, analyst: User
):
    page = browser_page
    president = SourceFactory(descriptor="Hugo Suárez, President of Bolivia", created_by=analyst)
    palace = SourceFactory(descriptor="The palace in Algiers", created_by=analyst)
    candidates = list(Claim.objects.in_reading_order())
    assert len(candidates) >= 20

    def that_says(words: str) -> Claim:
        return next(claim for claim in candidates if words in claim.wording)

    troops, puppet = that_says("35 of the hostages"), that_says("views Westerners")
    advisors, cocaine = that_says("reinvigorate his troops"), that_says("COCA WORTH")
    added = 0

    def add(page: Page) -> None:
        nonlocal added
        added = add_what_was_missed(page)
        choose_known(page, "Colonel Natusch Busch", "Colonel Natusch Busch")

    before_deciding: dict[int, Callable[[Page], None]] = {
        troops.pk: correct_the_end,
        puppet.pk: cut_in_two,
        advisors.pk: lambda page: choose_known(page, "palace", palace.descriptor),
        cocaine.pk: add,
    }
    decided: list[int] = []
    undone: list[int] = []
    log_in(page, analyst)
    tab_to(page, "Document by document")
    press(page, "Enter")
    ready(page)
    while page.locator("#workbench").count():
        before_deciding.pop(here(page), lambda page: None)(page)
        decided.append(decide(page, "r", "1") if len(decided) % 5 == 4 else decide(page, "a"))
        if len(decided) == 9 and not undone:
            undone = [decided.pop() for _ in range(3)]
            for claim in undone:
                undo(page, claim)
    expect(page.get_by_text("Nothing waits for review")).to_be_visible()
    banzer = Source.objects.get(descriptor="BANZER")
    merge_sources(page, banzer, "Suárez", president.descriptor)

    assert before_deciding == {}
    assert len(set(decided)) == len(decided) == len(candidates) + 2  # one more by the cut, one that was missed
    assert {claim.pk for claim in candidates} < set(decided)
    states = dict(Claim.objects.values_list("pk", "state"))
    rejected = {claim for number, claim in enumerate(decided) if number % 5 == 4}
    assert states == {claim: ClaimState.REJECTED if claim in rejected else ClaimState.ACCEPTED for claim in decided}
    steps = Review.objects.filter(analyst=analyst)
    assert steps.filter(decision=Decision.UNDO).count() == 3
    assert set(steps.deciding().values_list("claim", flat=True)) == set(decided)
    for claim in (troops, puppet, advisors):
        claim.refresh_from_db()
    assert troops.content_quote.endswith("at the gas")
    assert puppet.wording == "he views Westerners with disdain"
    other_half = Claim.objects.get(content_quote__startswith="sees Bouteflika", cue_quote=puppet.cue_quote)
    assert (other_half.wording, other_half.document_source) == (
        "sees Bouteflika as a puppet of these foreign interests",
        puppet.document_source,
    )
    assert advisors.source == palace
    missed = Claim.objects.get(pk=added)
    assert (missed.source_quote, missed.cue_quote) == ("MINISTER OF CAMPESINO AFFAIRS", "PRONOUNCED")
    assert missed.wording == "THEME OF GATHERING MILITARY- CAMPESINO PACT"
    assert len(missed.content_fragments) == 2
    assert missed.source.descriptor == "Colonel Natusch Busch"
    merged = SourceMerge.objects.get()
    assert (merged.absorbed, merged.into) == (banzer, president)
    banzer.refresh_from_db()
    assert banzer.standing == president
