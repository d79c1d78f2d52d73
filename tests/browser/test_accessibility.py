"""A walk over every page, light and dark, on a desktop and on a phone: axe, headings, width, what has the focus."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.browser import world as worlds
from tests.browser.pages import NO_PAGES, SIZES, STOPS, Stop, addresses, of_records, only, page_for, records, visit
from tests.browser.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.no_cover]

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
CHECKS = Path(__file__).with_name("checks.js").read_text()
Scheme = Literal["light", "dark"]
MOST_FOCUSED = 60
"""Elements of a page whose focus is looked at: a list's rows are alike."""
QUICK = {"resultTypes": ["violations"], "preload": False, "iframes": False}
ALL = {"rules": {"target-size": {"enabled": True}}} | QUICK
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]} | QUICK
PLACES = {"runOnly": ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]} | QUICK
LOOKS: list[tuple[str, Scheme, dict[str, Any]]] = [("desktop", "light", ALL), ("phone", "dark", PLACES)]
"""The rules that each look may break; the others see the same markup each time."""


def findings(page: Page, options: dict[str, Any], context: str = "checks.everything()") -> list[str]:
    """What axe calls serious or critical: the rule, and the first places. context: of which part of the page."""
    found = page.evaluate(f"options => axe.run({context}, options)", options)
    return [
        f"{each['id']} ({each['impact']}): "
        + "; ".join(
            f"{node['target']} {node['any'][0]['message'] if node['any'] else ''}" for node in each["nodes"][:3]
        )
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]


def looked_at(page: Page) -> list[str]:
    """All that is wrong with the page as it stands.

    Most of the time goes into the contrast of colours. In the dark they are looked at on the phone, and on the desktop
    those of what the phone does not show, or shows otherwise.
    """
    page.evaluate(f"{AXE};\n{CHECKS}")  # through the debugger's channel: no policy of the page has to give way for it
    found = [f"headings: {each}" for each in page.evaluate("checks.headings()")]
    for size, scheme, options in LOOKS:
        turn(page, size, scheme)
        found += [f"{size}, {scheme}: {each}" for each in findings(page, options)]
        found += wider(page, size, scheme)
    page.evaluate("checks.remember()")
    turn(page, "desktop", "dark")
    found += wider(page, "desktop", "dark")
    if page.evaluate("checks.otherwise().length"):
        found += [f"desktop, dark: {each}" for each in findings(page, COLOURS, "{include: checks.otherwise()}")]
    page.keyboard.press("Tab")
    return found + [
        f"focus not seen: {each}" for each in page.evaluate("most => checks.unseenFocus(most)", MOST_FOCUSED)
    ]


def turn(page: Page, size: str, scheme: Scheme) -> None:
    page.set_viewport_size(SIZES[size])
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate("checks.settle()")


def wider(page: Page, size: str, scheme: Scheme) -> list[str]:
    pixels = page.evaluate("checks.wider()")
    return [f"{size}, {scheme}: {pixels} px wider than the window"] if pixels > 0 else []


def walk(browser: Browser, address: str, world: World, stops: Iterable[Stop]) -> str:
    """What is wrong on each page where something is."""
    pages: dict[str, Page] = {}
    found = []
    for stop in stops:
        page = page_for(browser, address, stop.user, pages)
        visit(page, stop, world)
        if wrong := looked_at(page):
            found += [f"{stop.name} ({stop.address(world)})", *(f"    {each}" for each in wrong)]
    return "\n".join(found)


def nothing_in(found: str) -> None:
    if found:
        pytest.fail(found, pytrace=False)  # a comparison would cut the list short


def test_no_page_of_the_workbench_has_a_serious_finding_light_or_dark_on_a_desktop_or_a_phone(
    browser: Browser, live_server, transactional_db, chosen: re.Pattern[str]
):
    nothing_in(walk(browser, live_server.url, worlds.build(), only(chosen, STOPS)))


def test_no_page_of_the_records_has_a_serious_finding_light_or_dark_on_a_desktop_or_a_phone(
    browser: Browser, live_server, transactional_db, chosen: re.Pattern[str]
):
    world = worlds.build()

    nothing_in(walk(browser, live_server.url, world, only(chosen, records())))


def test_every_page_that_is_there_is_walked_over(admin_client: Client):
    walked = {stop.view for stop in STOPS} | set(NO_PAGES)
    others = [
        (name, address)
        for name, address in addresses()
        if name not in walked and not address.startswith("/api/") and not of_records(name)
    ]

    pages = [name for name, address in others if admin_client.get(address).status_code != 405]

    assert pages == [], "add them to tests/browser/pages.py"
