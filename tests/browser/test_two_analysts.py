"""Two analysts at two browsers over one queue: nothing is decided twice, and nothing that one of them entered is lost.

That two who judge blindly do not see each other is tried in test_second_review.py, and on every page and endpoint in
tests/review/test_blind.py. Two threads race over the same views in tests/review/test_deciding.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from claims.models import Claim, ClaimState, Decision, Review
from documents.models import Collection
from tests.browser.test_review import log_in, log_in_to, note, press, ready, shown, tab_to
from tests.factories import (
    ClaimFactory,
    CollectionFactory,
    DocumentSourceFactory,
    ExtractionRunFactory,
    TextLayerFactory,
    UserFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CANDIDATES, OF_ONE_DOCUMENT = 200, 5
SENTENCES = [
    ("A source close to the cabinet", "stated", f"the talks in room {number} have failed")
    for number in range(1, 1 + OF_ONE_DOCUMENT)
]


@pytest.fixture
def people(transactional_db: None) -> list[User]:
    return [UserFactory(username="ana", first_name="Ana"), UserFactory(username="ben", first_name="Ben")]


@pytest.fixture
def collection(people: list[User]) -> Collection:
    return CollectionFactory(name="Cabinet", members=people)


@pytest.fixture
def pages(browser: Browser, live_server: object) -> Iterator[list[Page]]:
    """Two browsers that share nothing."""
    contexts = [browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 800}) for _ in "ab"]
    for context in contexts:
        context.set_default_timeout(10_000)
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def document_of(collection: Collection, sentences: list[tuple[str, str, str]]) -> list[Claim]:
    """A short document whose every sentence is a candidate."""
    text = " ".join(f"{' '.join(words)}." for words in sentences)
    run = ExtractionRunFactory(layer=TextLayerFactory(document__collection=collection, text=text))
    speaker = DocumentSourceFactory(run=run)
    return [ClaimFactory(layer=run.layer, run=run, document_source=speaker, words=words) for words in sentences]


def here(page: Page) -> int | None:
    """The claim before the analyst; None: the queue is empty."""
    page.wait_for_function(
        "() => document.querySelector('#workbench[data-prepared]:not([aria-busy])') || location.pathname === '/review/'"
    )
    claim = page.evaluate("document.getElementById('workbench')?.dataset.claim")
    return int(claim) if claim else None


def gone_on(page: Page, decided: int) -> None:
    """Wait until the page has left the claim that was decided."""
    page.wait_for_function(
        "claim => location.pathname === '/review/'"
        " || (document.querySelector('#workbench[data-prepared]:not([aria-busy])')?.dataset.claim ?? claim) !== claim",
        arg=str(decided),
    )


def one_decision_each(pages: list[Page], decided: list[dict[int, str]]) -> bool:
    """Both press their keys, and neither waits for what the other's does. Whether anybody still had a claim."""
    before = [here(page) for page in pages]
    shown = [claim for claim in before if claim is not None]
    assert not set(shown) & {claim for mine in decided for claim in mine}, "a claim that was decided came up again"
    assert len(set(shown)) == len(shown), "two people have the same claim before them"
    for who, claim in enumerate(before):
        if claim is not None:
            decided[who][claim] = Decision.ACCEPT if claim % 5 == who else Decision.REJECT
            press(pages[who], *(("a",) if decided[who][claim] == Decision.ACCEPT else ("r", "1")))
    for page, claim in zip(pages, before, strict=True):
        if claim is not None:
            gone_on(page, claim)
    return bool(shown)


def test_two_analysts_share_200_candidates_and_decide_none_twice(
    pages: list[Page], people: list[User], collection: Collection, request: pytest.FixtureRequest
):
    """They take 40 of them, or with `--decisions 200` all, in a minute or two."""
    enough = min(CANDIDATES, request.config.getoption("--decisions"))
    for _ in range(CANDIDATES // OF_ONE_DOCUMENT):
        document_of(collection, SENTENCES)
    decided: list[dict[int, str]] = [{}, {}]
    for page, user in zip(pages, people, strict=True):
        log_in(page, user)
        tab_to(page, "Document by document")
        press(page, "Enter")
        ready(page)

    while sum(map(len, decided)) < enough and one_decision_each(pages, decided):
        pass

    for page in pages:  # what is still on its way comes before the rows are compared
        page.wait_for_load_state("networkidle")
    if enough == CANDIDATES:
        assert not any(map(here, pages))
        for page in pages:
            expect(page.get_by_text("Nothing waits for review")).to_be_visible()
    assert len(decided[0]) + len(decided[1]) == enough
    assert min(len(mine) for mine in decided) > enough // 4  # both worked
    assert Claim.objects.filter(state=ClaimState.CANDIDATE).count() == CANDIDATES - enough
    steps = Review.objects.values_list("analyst", "claim", "decision")
    assert Counter(steps) == Counter(
        (user.pk, claim, decision)
        for user, mine in zip(people, decided, strict=True)
        for claim, decision in mine.items()
    )


def test_whoever_has_an_old_page_is_asked_and_loses_nothing(
    pages: list[Page], people: list[User], collection: Collection
):
    ana, ben = pages
    kept, dropped, decided, left, _last = document_of(collection, SENTENCES)
    for page, user in zip(pages, people, strict=True):
        log_in_to(page, user, "/documents/")

    def both_at(claim: Claim) -> None:
        """Ana has the claim before her; Ben comes to it, is told so, and takes it over."""
        address = f"/review/claims/{claim.pk}/"
        if address not in ana.url:
            ana.goto(address)
        ready(ana)
        ben.goto(address)
        ready(ben)
        expect(ben.locator(".panel-body")).to_contain_text("Ana has had this claim open since")
        ben.get_by_role("button", name="Take it over").press("Enter")
        expect(note(ben)).to_contain_text("You have this claim before you now.")
        ready(ben)

    def ben_shortens(claim: Claim) -> None:
        both_at(claim)
        press(ben, "e", "ArrowLeft", "Enter")
        expect(note(ben).filter(has_text="Corrected.")).to_be_visible()
        ready(ben)

    # Ana corrects the same claim otherwise. She is shown what Ben made of it, and saves hers on top of it ...
    ben_shortens(kept)
    press(ana, "e", "ArrowLeft", "ArrowLeft", "Enter")
    expect(ana.get_by_role("alert")).to_contain_text("changed by somebody else")
    assert shown(ana, "content") == "the talks in room 1 have"
    expect(ana.locator(".edit-roles .chosen [data-quote]")).to_have_text("the talks in room 1")
    ready(ana)
    press(ana, "Enter")
    expect(note(ana).filter(has_text="Corrected.")).to_be_visible()

    # ... or drops it.
    ben_shortens(dropped)
    press(ana, "e", "ArrowLeft", "ArrowLeft", "Enter")
    expect(ana.get_by_role("alert")).to_contain_text("changed by somebody else")
    ana.get_by_role("link", name="Drop what I entered").press("Enter")
    expect(ana.get_by_role("alert")).to_have_count(0)
    ready(ana)
    assert shown(ana, "content") == "the talks in room 2 have"

    # A decision from an old page waits for a clear choice, with her words: she takes the claim over, sees what
    # changed, and decides ...
    ben_shortens(decided)
    press(ana, "p")
    ana.keyboard.type(", as Ana words it")
    press(ana, "Control+Enter")
    expect(ana.get_by_role("alert")).to_contain_text("Nothing was saved: somebody else has this claim before them.")
    assert Claim.objects.get(pk=decided.pk).state == ClaimState.CANDIDATE
    ana.get_by_role("button", name="Take it over").press("Enter")
    expect(note(ana)).to_contain_text("You have this claim before you now.")
    ready(ana)
    assert shown(ana, "content") == "the talks in room 3 have"
    expect(ana.get_by_label("Proposition, in neutral words")).to_have_value(f"{decided.wording}, as Ana words it")
    press(ana, "a")
    gone_on(ana, decided.pk)

    # ... or leaves it to Ben, who decides it.
    ben_shortens(left)
    press(ana, "a")
    expect(ana.get_by_role("alert")).to_contain_text("Nothing was saved")
    ana.get_by_role("link", name="Go to the next claim").press("Enter")
    gone_on(ana, left.pk)
    press(ben, "a")
    gone_on(ben, left.pk)

    for claim in (kept, dropped, decided, left):
        claim.refresh_from_db()
    assert [claim.content_quote for claim in (kept, dropped, decided, left)] == [
        "the talks in room 1",
        "the talks in room 2 have",
        "the talks in room 3 have",
        "the talks in room 4 have",
    ]
    assert decided.proposition.text == "the talks in room 3 have failed, as Ana words it"
    steps = Review.objects.order_by("pk").values_list("claim", "analyst__username", "decision")
    assert list(steps) == [
        (kept.pk, "ben", Decision.EDIT),
        (kept.pk, "ana", Decision.EDIT),
        (dropped.pk, "ben", Decision.EDIT),
        (decided.pk, "ben", Decision.EDIT),
        (decided.pk, "ana", Decision.ACCEPT),
        (left.pk, "ben", Decision.EDIT),
        (left.pk, "ben", Decision.ACCEPT),
    ]
