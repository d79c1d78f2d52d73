"""Two analysts and a reviewer at three browsers: one blind round and an adjudication, by keyboard alone."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from claims.models import Claim, Review, SecondReview
from tests.browser.test_review import expect_claim, from_api, log_in_to, note, press, ready, shown
from tests.factories import ClaimFactory, CollectionFactory, TextLayerFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TEXT = (
    "A source close to the cabinet stated that the talks have failed. "
    "The same source added that envoys will meet in Oran on Friday."
)


@pytest.fixture
def people(transactional_db: None) -> dict[str, User]:
    return {
        "ana": UserFactory(username="ana", first_name="Ana"),
        "ben": UserFactory(username="ben", first_name="Ben"),
        "rhea": UserFactory(username="rhea", first_name="Rhea", groups=["reviewer"]),
    }


@pytest.fixture
def claims(people: dict[str, User]) -> list[Claim]:
    collection = CollectionFactory(name="Cabinet", members=[*people.values()], second_review_share=1.0)
    layer = TextLayerFactory(document__collection=collection, document__doc_number="C05739545", text=TEXT)
    first = ClaimFactory(layer=layer)
    words = ("The same source", "added", "envoys will meet in Oran on Friday")
    return [first, ClaimFactory(layer=layer, run=first.run, document_source=first.document_source, words=words)]


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


def test_two_judge_blindly_and_a_reviewer_adjudicates(
    at_the_browser: Callable[[User, str], Page], people: dict[str, User], claims: list[Claim]
):
    claim, other = claims
    address = f"/review/claims/{claim.pk}/"
    ben = at_the_browser(people["ben"], address)
    expect_claim(ben, 1)
    press(ben, "?")  # he has the page open, and does something else
    press(ben, "Escape")
    ana = at_the_browser(people["ana"], f"/review/claims/{other.pk}/")
    expect_claim(ana, 2)
    press(ana, "r", "5")
    expect(note(ana).or_(ana.get_by_text("Rejected:")).first).to_be_visible()

    # Ben has claim 1 before him, so Ana takes it only after he has left it.
    ben.goto("/documents/")
    ana.goto(address)
    ready(ana)
    press(ana, "a")
    ana.wait_for_url("**/review/")
    assert Claim.objects.get(pk=claim.pk).state == "accepted"

    # For Ben both are still to be decided, as they were found.
    ben.goto("/review/")
    expect(ben.locator("main")).to_contain_text("2")
    ben.goto(address)
    expect_claim(ben, 1)
    expect(ben.locator(".panel-head .state")).to_have_text("Awaiting review")
    expect(ben.locator("main")).not_to_contain_text("Ana")
    press(ben, "e", "ArrowLeft")
    expect(ben.locator(".edit-roles .chosen [data-quote]")).not_to_contain_text("failed")
    press(ben, "Enter")
    expect(note(ben)).to_contain_text("Corrected.")
    assert shown(ben, "content") == "the talks have"
    press(ben, "a")
    expect_claim(ben, 2)
    expect(ben.locator(".panel-head .state")).to_have_text("Awaiting review")
    press(ben, "u")
    expect_claim(ben, 1)
    press(ben, "a")
    expect_claim(ben, 2)
    press(ben, "r", "5")
    ben.wait_for_url("**/review/")
    assert Claim.objects.get(pk=claim.pk).content_quote == "the talks have failed"
    assert set(SecondReview.objects.values_list("claim", "state")) == {(claim.pk, "differs"), (other.pk, "agrees")}

    # Rhea sees both side by side, takes the second, takes that back, and takes it again.
    rhea = at_the_browser(people["rhea"], "/review/adjudication/")
    expect(rhea.locator("html[data-adjudicating]")).to_be_attached()
    press(rhea, "n")
    expect(rhea.get_by_role("heading", level=1)).to_contain_text("Two opinions")
    expect(rhea.locator(".role.content.differs")).to_have_count(2)
    expect(rhea.locator(".opinion.second .passage .lit.content")).to_have_text("the talks have")
    press(rhea, "2")
    expect(rhea.get_by_role("dialog")).to_be_visible()
    press(rhea, "3")
    expect(rhea.get_by_role("heading", level=2)).to_contain_text("Nothing waits")
    assert from_api(rhea, claim)["spans"]["content"]["quote"] == "the talks have"
    press(rhea, "u")
    expect(rhea.get_by_role("heading", level=1)).to_contain_text("Two opinions")
    assert from_api(rhea, claim)["spans"]["content"]["quote"] == "the talks have failed"

    # In the end she words a third version herself.
    press(rhea, "3", "1")
    ready(rhea)
    expect(rhea.locator(".panel-body")).to_contain_text("third version")
    press(rhea, "e", "ArrowLeft", "Enter")
    expect(note(rhea)).to_contain_text("Corrected.")
    press(rhea, "a")
    rhea.wait_for_url("**/review/")
    assert [from_api(page, claim)["spans"]["content"]["quote"] for page in (ana, ben, rhea)] == ["the talks"] * 3
    rounds = Review.objects.filter(claim=claim).order_by("pk").values_list("round", "decision")
    assert list(rounds)[-4:] == [
        ("adjudication", "accept"),
        ("adjudication", "undo"),
        ("adjudication", "edit"),
        ("adjudication", "accept"),
    ]
