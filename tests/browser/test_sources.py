"""Sources in the browser: graded, settled, merged and taken apart; the record and its picture move."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from claims.services.records import refresh
from sources.models import Source
from tests.browser.test_review import log_in_to, tab_to
from tests.factories import CollectionFactory, UserFactory
from tests.review.demo import company_of, source_with_a_record

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def reviewer(transactional_db: None) -> User:
    return UserFactory(username="rafael", first_name="Rafael", last_name="Ortiz", groups=["reviewer"])


@pytest.fixture
def source(analyst: User, reviewer: User) -> Source:
    """A source with 21 verdicts over six years and two sources beside it."""
    collection = CollectionFactory(name="Numidia", members=[analyst, reviewer])
    today = timezone.localdate()
    made = source_with_a_record(collection, analyst=analyst, reviewer=reviewer, today=today)
    company_of(made, collection, today=today)
    refresh(Source.objects.values_list("pk", flat=True))
    return made


def mean_line(page: Page) -> str:
    """The shape of the record in the picture."""
    return page.locator("svg.record.wide path.mean").get_attribute("d") or ""


def test_a_source_is_found_and_graded_without_a_mouse_and_the_letter_stays_covered_until_then(
    browser_page: Page, source: Source, reviewer: User
):
    page = browser_page
    log_in_to(page, reviewer, "/sources/")
    page.get_by_label("Who, or a wording it was seen under").focus()
    page.keyboard.type("official attends")
    expect(page.get_by_role("row")).to_have_count(2)
    tab_to(page, source.descriptor)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(source.descriptor)
    expect(page.locator("svg.record.wide .chip")).to_have_count(3)
    tab_to(page, "Grade this source")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="How reliable is this source?").wait_for()
    expect(page.get_by_text("verdicts confirmed")).to_have_count(0)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="C Fairly reliable")).to_be_checked()
    page.keyboard.press("Enter")

    expect(page.get_by_text("15 of 21 verdicts confirmed")).to_be_visible()
    expect(page.get_by_label("Basis")).to_be_focused()
    page.keyboard.type("Right on the army, wrong on the President's person.")
    page.get_by_label("Why you depart from the suggestion").focus()
    page.keyboard.type("The misses were the reports that mattered most.")
    page.get_by_role("button", name="Record C").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Graded C.")).to_be_visible()
    expect(page.locator("svg.record.wide .chip")).to_have_count(4)
    expect(page.locator(".grade-now")).to_contain_text("Fairly reliable")
    expect(page.get_by_text("The misses were the reports that mattered most.").first).to_be_visible()


def test_a_claim_is_settled_from_the_workbench_and_the_record_and_its_picture_move(
    browser_page: Page, source: Source, analyst: User
):
    page = browser_page
    claim = source.claims.order_by("-pk")[0]
    log_in_to(page, analyst, f"/sources/{source.pk}/")
    expect(page.locator("#record-in-words")).to_contain_text("15 of 21 verdicts confirmed")
    before = mean_line(page)
    marks = page.locator("svg.record.wide .mark.false").count()

    page.goto(f"/review/claims/{claim.pk}/")
    expect(page.locator("#workbench[data-prepared]:not([aria-busy])")).to_be_visible()
    page.keyboard.press("o")
    page.wait_for_url("**/propositions/*/")
    page.get_by_label("False").check()
    page.get_by_label("What shows it").fill("No strike was held; the port worked all week.")
    page.get_by_role("button", name="Settle", exact=True).click()

    expect(page.get_by_text("Settled: false.")).to_be_visible()
    moved = page.get_by_role("region", name="What this did to the records")
    expect(moved).to_contain_text(re.compile(r"moved from \d+ % to \d+ %"))
    moved.get_by_role("link", name=source.descriptor).click()
    expect(page.locator("#record-in-words")).to_contain_text("15 of 22 verdicts confirmed")
    assert mean_line(page) != before
    expect(page.locator("svg.record.wide .mark.false")).to_have_count(marks + 1)

    page.goto(f"/propositions/{claim.proposition_id}/")
    page.get_by_text("Withdraw this verdict").click()
    page.get_by_label("Why").fill("It was the wrong week.")
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_text("The verdict is withdrawn.")).to_be_visible()
    page.goto(f"/sources/{source.pk}/")
    expect(page.locator("#record-in-words")).to_contain_text("15 of 21 verdicts confirmed")
    assert mean_line(page) == before


def test_two_sources_are_merged_after_a_look_at_both_and_taken_apart_again(
    browser_page: Page, source: Source, analyst: User
):
    page = browser_page
    log_in_to(page, analyst, f"/sources/{source.pk}/")
    page.get_by_role("link", name="Merge", exact=True).click()
    page.get_by_role("searchbox").fill("attach")
    page.get_by_role("link", name="Military attaché in Valletta").click()

    expect(page.get_by_role("heading", name="As one source")).to_be_visible()
    page.get_by_label("Why they are one").fill("Named as the attaché by a later report.")
    page.get_by_role("button", name="Merge them").click()

    expect(page.get_by_text("is now this source")).to_be_visible()
    expect(page.get_by_text("27 claims")).to_be_visible()
    page.get_by_role("status").get_by_label("Why are they not one?").fill("The attaché left in 2022.")
    page.get_by_role("status").get_by_role("button", name="Undo the merge").click()

    expect(page.get_by_text("The merge is undone")).to_be_visible()
    expect(page.get_by_text("24 claims")).to_be_visible()


def test_claims_of_somebody_else_are_split_off_and_given_back(browser_page: Page, source: Source, analyst: User):
    page = browser_page
    log_in_to(page, analyst, f"/sources/{source.pk}/")
    page.get_by_role("link", name="Split", exact=True).click()
    page.get_by_label("General Amari would be posted abroad.").check()
    page.get_by_label("The southern command would be dissolved.").check()
    page.get_by_label("A new source, in a few words").fill("Officer of the southern command")
    page.get_by_role("button", name="Show what both would be").click()

    expect(page.get_by_text("2 claims go there")).to_be_visible()
    expect(page.get_by_text("2 of 2 verdicts confirmed")).to_be_visible()
    page.get_by_label("Why they are two").fill("Both reports name an officer.")
    page.get_by_role("button", name="Split them").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Officer of the southern command")
    expect(page.locator("#record-in-words")).to_contain_text("2 of 2 verdicts confirmed")
    page.get_by_role("status").get_by_label("Why are they one after all?").fill("The officer is the official.")
    page.get_by_role("status").get_by_role("button", name="Undo the split").click()
    expect(page.get_by_text("The split is undone")).to_be_visible()
    expect(page.locator("#record-in-words")).to_contain_text("15 of 21 verdicts confirmed")


def test_an_earlier_day_and_a_group_of_claims_are_shown_in_place(browser_page: Page, source: Source, analyst: User):
    page = browser_page
    log_in_to(page, analyst, f"/sources/{source.pk}/")
    page.get_by_label("Topic").select_option("Army")
    expect(page.locator("#record-in-words")).to_contain_text("6 of 6 verdicts confirmed")

    page.get_by_role("navigation", name="By how it turned out").get_by_role("link", name="Refuted").click()

    expect(page.locator("#claims .said-list > li")).to_have_count(4)
    expect(page.locator("#claims .outcome.false")).to_have_count(4)


def test_the_likelihood_is_said_in_words_while_it_is_typed(browser_page: Page, source: Source, analyst: User):
    page = browser_page
    claim = source.claims.order_by("-pk")[0]
    log_in_to(page, analyst, f"/review/claims/{claim.pk}/")
    expect(page.locator("#workbench[data-prepared]:not([aria-busy])")).to_be_visible()
    page.get_by_text("Judge the credibility").click()
    page.get_by_label("Likelihood, percent").fill("85")

    expect(page.locator("[data-likelihood-word]")).to_have_text("very likely (81–95 %)")
    page.get_by_label("What the grade rests on").fill("Two other offices say the same.")
    page.get_by_label("Grade", exact=True).select_option("2")
    page.get_by_role("button", name="Record the grade").click()
    expect(page.get_by_text("Credibility 2 recorded.", exact=True)).to_be_visible()
    row = claim.credibility_assessments.get()
    assert (row.grade, row.likelihood, row.likelihood_words) == ("2", 85, "very likely")


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_is_wider_than_the_window(browser_page: Page, source: Source, analyst: User, width: int):
    page = browser_page
    page.set_viewport_size({"width": width, "height": 800})
    log_in_to(page, analyst, "/sources/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sources")
    page.wait_for_load_state()
    claim = source.claims.order_by("-pk")[0]
    for address in (
        "/sources/",
        f"/sources/{source.pk}/?suggestion=shown",
        f"/sources/{source.pk}/grade/",
        f"/sources/{source.pk}/split/",
        f"/sources/{source.pk}/impact/",
        f"/propositions/{claim.proposition_id}/",
        f"/analysts/{analyst.pk}/",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
