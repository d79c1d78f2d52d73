"""Every page of the product: where the walk of test_accessibility.py and the pictures of `make screenshots` go.

A page is an address that answers GET with a document of its own. A new one belongs into `STOPS`, or with a reason into
`NO_PAGES`; a test fails until it does.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import PASSWORD
from tests.browser.world import World

SIZES: dict[str, ViewportSize] = {
    "desktop": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844},
}


@dataclass(frozen=True, slots=True)
class Stop:
    """One page, or one state of it."""

    name: str
    """What its pictures are called."""
    view: str
    """The name of its address."""
    about: Callable[[World], object] | None = None
    """The row in the address."""
    query: str = ""
    user: str = "ana"
    """Who looks at it; empty: nobody, before the login."""
    then: Callable[[Page], None] | None = None
    """What is done on the page before it is looked at."""
    status: int = 200
    broken: str = ""
    """A template: what the server says when it cannot even make the page."""

    def address(self, world: World) -> str:
        return reverse(self.view, args=[self.about(world)] if self.about else []) + self.query


def prepared(page: Page) -> None:
    """The review page takes keys."""
    expect(page.locator("#workbench[data-prepared]:not([aria-busy])")).to_be_visible()


def described(page: Page) -> None:
    """Swagger UI has drawn the API."""
    expect(page.locator("#swagger-ui .info")).to_be_visible()


def chosen_from(page: Page) -> None:
    """The list of sources has come."""
    expect(page.locator("#who-options [role=option]").first).to_be_visible()


def addressed(page: Page) -> None:
    """The list of colleagues has come."""
    expect(page.locator("#note-people input").first).to_be_visible()


def weighing(page: Page) -> None:
    expect(page.get_by_role("heading", name="How soon should this be decided?")).to_be_visible()


def out_of_date(page: Page) -> None:
    """A form is sent without the token that belongs to the session."""
    page.get_by_label("User name").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("form input[name=csrfmiddlewaretoken]").evaluate("token => token.remove()")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="This form is out of date")).to_be_visible()


def pressing(*keys: str, until: Callable[[Page], None] | None = None) -> Callable[[Page], None]:
    """until: waits for what comes of it."""

    def press(page: Page) -> None:
        prepared(page)
        for key in keys:
            page.keyboard.press(key)
        if until:
            until(page)

    return press


def narrowed(**more: str) -> Callable[[Page], None]:
    """The queue is narrowed to few claims, which is kept in the session."""
    wanted = urlencode({"filters": "1", "type": "mixed", "score_from": "0.5", **more})

    def narrow(page: Page) -> None:
        page.goto(f"{reverse('review:next')}?{wanted}")
        page.goto(reverse("review:queue"))
        expect(page.locator("#chips")).to_be_visible()

    return narrow


def made_a_key(page: Page) -> None:
    page.get_by_label("What it is for").fill("newsroom CMS")
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_label("Copy it now")).to_be_visible()


STOPS: list[Stop] = [
    Stop("login", "login", user=""),
    Stop("login-locked", "login", user="", broken="registration/locked.html"),
    Stop("form-out-of-date", "login", user="", then=out_of_date),
    Stop("front", "front:front"),
    Stop("front-beginning", "front:front", user="noor"),
    Stop("decisions", "front:decisions"),
    Stop("decisions-none", "front:decisions", query="?day=2001-01-01"),
    Stop("queue", "review:queue"),
    Stop("queue-empty", "review:queue", user="noor"),
    Stop("weighed", "review:weighed"),
    Stop("weighed-none", "review:weighed", user="noor"),
    Stop("queue-reader", "review:queue", user="vera"),
    Stop("queue-narrowed", "review:queue", user="rafael", then=narrowed()),
    Stop("queue-narrowed-to-nothing", "review:queue", user="rafael", then=narrowed(cue="sang")),
    Stop("review-held", "review:claim", lambda world: world.held.pk, then=prepared),
    Stop("review", "review:claim", lambda world: world.candidate.pk, then=prepared),
    Stop("review-accepted", "review:claim", lambda world: world.decided.pk, then=prepared),
    Stop("review-keys", "review:claim", lambda world: world.candidate.pk, then=pressing("?")),
    Stop("review-correct", "review:claim", lambda world: world.candidate.pk, then=pressing("e")),
    Stop("review-reject", "review:claim", lambda world: world.candidate.pk, then=pressing("r")),
    Stop("review-who", "review:claim", lambda world: world.candidate.pk, then=pressing("w", until=chosen_from)),
    Stop("review-reader", "review:claim", lambda world: world.candidate.pk, user="vera", then=prepared),
    Stop("review-weigh", "review:claim", lambda world: world.candidate.pk, then=pressing("i", until=weighing)),
    Stop("review-note", "review:claim", lambda world: world.candidate.pk, then=pressing("c", until=addressed)),
    Stop("notes", "notes:list"),
    Stop("notes-none", "notes:list", query="?which=from&state=done"),
    Stop("review-add", "review:add", lambda world: world.memo.pk),
    Stop("review-missing", "review:claim", lambda _: 0, status=404),
    Stop("bulk-denied", "review:bulk", user="vera", status=403),
    Stop("broken", "front:front", broken="500.html"),
    Stop("not-understood", "front:front", broken="400.html"),
    Stop("api-keys", "api_keys:list", then=made_a_key),
    Stop("api-keys-none", "api_keys:list", user="noor"),
    Stop("api-keys-denied", "api_keys:list", user="vera", status=403),
    Stop("bulk", "review:bulk"),
    Stop("steps", "review:steps"),
    Stop("keys", "review:keys"),
    Stop("adjudication-waiting", "opinions:waiting"),
    Stop("adjudication", "opinions:adjudication", lambda world: world.disputed.pk),
    Stop("agreement", "opinions:agreement"),
    Stop("assignments", "assignments:list"),
    Stop("assignments-reader", "assignments:list", user="vera"),
    Stop("assignments-none", "assignments:list", query="?words=zebra"),
    Stop("documents", "ingest:documents"),
    Stop("documents-empty", "ingest:documents", user="noor"),
    Stop("document", "ingest:document", lambda world: world.memo.pk),
    Stop("document-failed", "ingest:document", lambda world: world.failed.pk),
    Stop("sources", "sources:list"),
    Stop("sources-none", "sources:list", query="?words=zebra"),
    Stop("source", "sources:source", lambda world: world.source.pk, "?suggestion=shown"),
    Stop("source-describe", "sources:describe", lambda world: world.source.pk),
    Stop("source-describe-refused", "sources:describe", lambda world: world.source.pk, user="vera", status=403),
    Stop("source-impact", "sources:impact", lambda world: world.source.pk),
    Stop("source-grade", "sources:grade", lambda world: world.source.pk),
    Stop("source-merge", "sources:merge", lambda world: world.source.pk),
    Stop("source-split", "sources:split", lambda world: world.source.pk),
    Stop("search", "search:search"),
    Stop("search-claims", "search:search", query="?q=commanders+or+talks+or+dinar&new=1"),
    Stop("search-documents", "search:search", query="?q=%22special+forces%22+-harbour&kind=documents"),
    Stop("search-narrowed", "search:search", query="?q=point&state=accepted&type=indirect"),
    Stop("search-nothing", "search:search", query="?q=zebra&state=rejected&reported=2013-01"),
    Stop("search-wrong", "search:search", query="?q=talks&since=2014-01-01&until=2013-01-01"),
    Stop("propositions", "propositions:list"),
    Stop("propositions-contested", "propositions:list", query="?state=contested"),
    Stop("proposition", "propositions:proposition", lambda world: world.propositions.proposition.pk, "?weight=shown"),
    Stop("proposition-settled", "propositions:proposition", lambda world: world.settled.pk),
    Stop("proposition-split", "propositions:split", lambda world: world.propositions.proposition.pk),
    Stop("proposition-merge", "propositions:merge", lambda world: world.propositions.proposition.pk),
    Stop("meetings", "propositions:meetings", lambda world: world.propositions.claims[0].pk),
    Stop("claim-impact", "propositions:impact_of_claim", lambda world: world.propositions.claims[0].pk),
    Stop("document-impact", "propositions:impact_of_document", lambda world: world.memo.pk),
    Stop("grades-to-look-at", "propositions:flags"),
    Stop("links", "links:queue"),
    Stop("links-repeated", "links:queue", query="?kind=claims"),
    Stop("common-origins", "links:notices"),
    Stop("analyst", "analysts:analyst", lambda world: world.ana.pk),
    Stop("export", "export:formats"),
    Stop("export-annex", "export:annex"),
    Stop("import", "import:start"),
    Stop("import-file", "import:file", lambda world: world.import_file.pk),
    Stop("import-job", "import:job", lambda world: world.import_job.pk),
    Stop("printed-gradings", "import:gradings"),
    Stop("jobs", "jobs:list"),
    Stop("webhooks", "webhooks:list"),
    Stop("webhook", "webhooks:webhook", lambda world: world.webhook.pk),
    Stop("api-docs", "api-docs", then=described),
    Stop("records", "admin:index"),
    Stop("records-of-claims", "admin:app_list", lambda _: "claims"),
    Stop("records-password", "admin:password_change"),
    Stop("records-apikey-revoke", "admin:accounts_apikey_delete", lambda world: world.key.pk),
    Stop("records-password-of-another", "admin:auth_user_password_change", lambda world: world.vera.pk),
]

NO_PAGES: dict[str, str] = {
    "review:ahead": "a part of the review page",
    "review:weight": "a part of the review page",
    "review:next": "leads to the next claim",
    "search:open": "leads to the search",
    "notes:of_claim": "a part of the review page",
    "notes:people": "a part of the review page",
    "notes:edit": "a part of the review page",
    "review:source_options": "a part of the review page",
    "review:merge_options": "a part of the review page",
    "review:add_source_options": "a part of the review page",
    "export:file": "the file itself",
    "jobs:result": "the file itself",
    "sources:alike": "a part of the merge page",
    "propositions:alike": "a part of the merge page",
    "admin:login": "leads those who are logged in on; others see the workbench's own login page",
    "admin:password_change_done": "one sentence after the password was changed",
    "admin:autocomplete": "JSON for a field",
    "admin:jsi18n": "a script",
    "admin:view_on_site": "leads to the workbench",
    "schema": "the API's schema",
}


def records() -> Iterator[Stop]:
    """The pages of each kind of record: the list, its newest row, that one's history, and the form for a new one."""
    for model, pages in admin.site._registry.items():
        path = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        name = f"records-{model._meta.model_name}"
        row = model._default_manager.order_by("pk").last()
        yield Stop(f"{name}-list", f"{path}_changelist")
        if row is not None:
            yield Stop(name, f"{path}_change", _same(row.pk))
            yield Stop(f"{name}-history", f"{path}_history", _same(row.pk))
        if getattr(pages, "may_add", model._meta.model_name == "user"):
            yield Stop(f"{name}-new", f"{path}_add")


def _same(row: object) -> Callable[[World], object]:
    return lambda _world: row


def of_records(name: str) -> bool:
    """Whether an address is made by the registration of a kind of record."""
    prefixes = [f"admin:{model._meta.app_label}_{model._meta.model_name}_" for model in admin.site._registry]
    return any(name.startswith(prefix) for prefix in prefixes)


def addresses() -> Iterator[tuple[str, str]]:
    """`(name, an address)` of everything that has a name in the product's list of addresses, but for the API's."""
    yield from _addresses(get_resolver(), (), ())


def _addresses(
    resolver: URLResolver, spaces: tuple[str, ...], converters: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    samples = {"Int": 1, "String": "source", "Slug": "source", "Path": "1", "UUID": UUID(int=0)}
    for each in resolver.url_patterns:
        found = (*converters, *(type(c).__name__ for c in each.pattern.converters.values()))
        if isinstance(each, URLResolver):
            yield from _addresses(each, (*spaces, each.namespace) if each.namespace else spaces, found)
        elif isinstance(each, URLPattern) and each.name:
            name = ":".join([*spaces, each.name])
            arguments = [samples.get(kind.removesuffix("Converter"), "1") for kind in found]
            with contextlib.suppress(NoReverseMatch):  # a pattern of the records pages, which have stops of their own
                yield name, reverse(name, args=arguments)


def page_for(browser: Browser, address: str, user: str, pages: dict[str, Page]) -> Page:
    """The page of that user, kept in `pages` and logged in when first asked for; "" is logged in as nobody."""
    if user not in pages:
        context = browser.new_context(base_url=address, viewport=SIZES["desktop"])
        pages[user] = context.new_page()
        if user:
            log_in(pages[user], user)
    return pages[user]


def log_in(page: Page, name: str) -> None:
    page.goto("/login/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def visit(page: Page, stop: Stop, world: World, *, unfold: bool = True) -> None:
    """Go there, do what belongs to the stop, and wait for the parts that come by themselves.

    unfold: open what is folded together.
    """
    address = stop.address(world)
    if stop.broken:
        show_broken(page, stop, address)
        return
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == stop.status, f"{address}: {answer.status}"
    if unfold:
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    if stop.then:
        stop.then(page)
    if page.locator("[hx-trigger*=load], [hx-trigger*=revealed]").count():
        page.wait_for_load_state("networkidle")


def show_broken(page: Page, stop: Stop, address: str) -> None:
    """With the server's own style sheets; with status 200, for Chromium calls any other an error of this page."""
    words = render_to_string(stop.broken)
    page.route(f"**{address}", lambda route: route.fulfill(body=words, content_type="text/html"))
    page.goto(address)
    page.unroute(f"**{address}")


def only(chosen: re.Pattern[str], stops: Iterable[Stop]) -> list[Stop]:
    return [stop for stop in stops if chosen.search(stop.name)]
