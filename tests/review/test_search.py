"""The search page, and searches that people keep."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from claims.finding.wanted import Wanted
from claims.models import Claim
from documents.models import Collection
from review.errors import SearchNameMissing, SearchNameTaken, SearchNotKept, TooManySearches
from review.models import SavedSearch
from review.services import saved_searches
from review.services.saved_searches import delete_search, new_hits, open_search, rename_search, save_search
from tests.factories import ClaimFactory, CollectionFactory, SourceFactory, TextLayerFactory, UserFactory

pytestmark = pytest.mark.django_db


def told(collection: Collection, content: str, **fields: object) -> Claim:
    layer = TextLayerFactory(document__collection=collection, text=f"An official stated that {content}.")
    return ClaimFactory(layer=layer, words=("An official", "stated", content), **fields)


def page(client: Client, **given: str) -> str:
    return client.get(reverse("search:search"), given).content.decode()


def test_the_page_lights_up_the_words_and_escapes_the_rest(browser_of_analyst: Client, collection: Collection):
    claim = told(collection, "the talks <script>alert(1)</script> failed")

    shown = page(browser_of_analyst, q="talk")

    assert "<mark>talks</mark>" in shown
    assert "<script>alert" not in shown
    assert f'href="/review/claims/{claim.pk}/"' in shown


def test_a_facet_leads_to_fewer_hits_and_its_chip_back(browser_of_analyst: Client, collection: Collection):
    told(collection, "the talks failed", type="direct", reported_date=date(2013, 1, 2))
    told(collection, "the talks went on", reported_date=date(2014, 5, 6))

    shown = page(browser_of_analyst, q="talks")

    assert 'href="?q=talks&amp;type=direct"' in shown
    assert 'href="?q=talks&amp;reported=2013"' in shown
    narrowed = page(browser_of_analyst, q="talks", reported="2014", type="indirect")
    assert narrowed.count('<li class="hit">') == 1
    assert "May 2014" in narrowed
    assert 'aria-label="Take away: Type Indirect"' in narrowed
    assert 'href="?q=talks&amp;reported=2014" aria-label' in narrowed


def test_an_empty_search_says_how_to_ask_and_one_without_hits_what_to_drop(
    browser_of_analyst: Client, collection: Collection
):
    told(collection, "the talks failed")

    assert "What is searched" in page(browser_of_analyst)
    nothing = page(browser_of_analyst, q="talks", state="rejected")
    assert "No claim fits" in nothing
    assert '<li><a href="?q=talks">State: Rejected</a></li>' in nothing
    assert "Documents with these words: 1" in nothing
    assert "Only words that every text has" in page(browser_of_analyst, q="of the")


def test_a_day_that_is_none_is_refused_in_words(browser_of_analyst: Client, collection: Collection):
    told(collection, "the talks failed")

    answer = browser_of_analyst.get(reverse("search:search"), {"q": "talks", "since": "2013-02-31"})

    assert "Give a day as 2013-01-31." in answer.content.decode()


def test_without_a_role_the_page_says_what_to_ask_for(client: Client):
    client.force_login(UserFactory(groups=[]))

    answer = client.get(reverse("search:search"))

    assert answer.status_code == 403
    assert "Ask an administrator" in answer.content.decode()


def test_what_a_source_is_called_is_not_told_to_whom_it_is_unknown(browser_of_analyst: Client, collection: Collection):
    source = SourceFactory(descriptor="The colonel's driver")
    told(CollectionFactory(), "the talks failed", accepted=True, source=source)

    assert "driver" not in page(browser_of_analyst, source=str(source.pk))


@pytest.mark.parametrize("kind", ["claims", "documents"])
def test_the_page_takes_as_many_queries_for_one_hit_as_for_three(
    browser_of_analyst: Client, collection: Collection, kind: str
):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(browser_of_analyst, q="talks", kind=kind)
        return len(queries)

    told(collection, "the talks failed", accepted=True)
    asked()
    one = asked()
    for _ in range(2):
        told(collection, "the talks failed", accepted=True)

    assert asked() == one


def test_a_kept_search_counts_what_was_stored_since_it_was_opened(
    browser_of_analyst: Client, analyst: User, collection: Collection
):
    told(collection, "the talks failed")
    kept = {"q": "talks", "name": "Talks"}
    answer = browser_of_analyst.post(reverse("search:save"), kept, follow=True)
    assert "“Talks” is kept" in answer.content.decode()
    browser_of_analyst.post(reverse("search:save"), kept | {"kind": "documents", "name": "Papers"})
    assert page(browser_of_analyst).count("nothing new") == 2

    told(collection, "more talks are planned")
    told(collection, "the harbour is closed")
    told(CollectionFactory(), "talks elsewhere")

    listed = page(browser_of_analyst)
    assert listed.count('<span class="badge new">1 new</span>') == 2
    front = browser_of_analyst.get("/").content.decode()
    assert '<span class="figure">1</span> <span>new in “Talks”</span>' in front
    saved = SavedSearch.objects.get(name="Talks")
    opened = browser_of_analyst.get(reverse("search:open", args=[saved.pk]), follow=True).content.decode()
    assert opened.count('<span class="badge new">new</span>') == 1
    assert re.search(r'<span class="badge new">new</span>\s*<span class="state candidate">', opened)
    assert "nothing new" in opened
    assert page(browser_of_analyst).count("nothing new") == 1


def test_a_kept_search_is_renamed_and_deleted_by_its_owner_alone(browser_of_analyst: Client, analyst: User):
    saved = save_search(Wanted.of({"q": "talks"}), name="Talks", owner=analyst)
    foreign = save_search(Wanted.of({"q": "talks"}), name="Talks", owner=UserFactory())

    for row, status in ((saved, 302), (foreign, 404)):
        for address in ("search:rename", "search:delete"):
            answer = browser_of_analyst.post(reverse(address, args=[row.pk]), {"name": "Negotiations"})
            assert answer.status_code == status
    assert browser_of_analyst.get(reverse("search:open", args=[foreign.pk])).status_code == 404
    assert list(SavedSearch.objects.values_list("pk", "name")) == [(foreign.pk, "Talks")]


def test_what_cannot_be_kept_is_refused(analyst: User, monkeypatch: pytest.MonkeyPatch):
    wanted = Wanted.of({"q": "talks"})
    saved = save_search(wanted, name=" My  talks ", owner=analyst)
    assert saved.name == "My talks"
    other = save_search(wanted, name="Others", owner=analyst)

    with pytest.raises(SearchNameTaken):
        save_search(wanted, name="My talks", owner=analyst)
    with pytest.raises(SearchNameTaken):
        rename_search(other, name="My talks")
    with pytest.raises(SearchNameMissing):
        save_search(wanted, name="  ", owner=analyst)
    for bad in ({}, {"q": "talks", "since": "never"}):
        with pytest.raises(SearchNotKept):
            save_search(Wanted.of(bad), name="Another", owner=analyst)
    monkeypatch.setattr(saved_searches, "MOST", 2)
    with pytest.raises(TooManySearches):
        save_search(wanted, name="Third", owner=analyst)
    with pytest.raises(IntegrityError, match="saved_search_has_name"), transaction.atomic():
        SavedSearch.objects.filter(pk=other.pk).update(name=" ")
    delete_search(saved)
    assert list(SavedSearch.objects.all()) == [other]


def test_news_of_ten_searches_take_as_many_queries_as_of_one(analyst: User, collection: Collection):
    def asked(number: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            news = new_hits(list(SavedSearch.objects.by_name()[:number]), analyst)
        assert set(news.values()) == {2}
        return len(queries)

    filters = [{}, {"kind": "documents"}, {"state": "candidate"}, {"reported": "2013", "q": ""}, {"type": "indirect"}]
    for number, more in enumerate(filters * 2):
        save_search(Wanted.of({"q": "talks", "cue": "stated"} | more), name=f"{number:02}", owner=analyst)
    for _ in range(2):
        told(collection, "the talks failed", reported_date=date(2013, 1, 1))

    asked(1)
    assert asked(10) == asked(1)


def test_opening_a_search_says_up_to_where_it_was_seen(analyst: User, collection: Collection):
    first = told(collection, "the talks failed")
    saved = save_search(Wanted.of({"q": "talks"}), name="Talks", owner=analyst)
    second = told(collection, "the talks failed")

    assert open_search(saved) == first.pk
    saved.refresh_from_db()
    assert saved.seen_claim == second.pk
    assert new_hits([saved], analyst) == {saved.pk: 0}
