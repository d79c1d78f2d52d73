"""Merging, splitting and taking that back, from the pages."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from claims.models import Outcome, SourceSplit
from claims.services.records import refresh
from documents.models import Collection
from sources.models import Source, SourceMerge
from sources.services import note_wording
from tests.factories import CollectionFactory, SourceFactory
from tests.review.demo import told_by, verdict_on

DAY = date(2024, 3, 1)


@pytest.fixture
def pair(collection: Collection, analyst: User) -> tuple[Source, Source]:
    """Two sources, one with a true, the other with a false report."""
    made = []
    for name, outcome in (("Military attaché", Outcome.TRUE), ("Defence attaché", Outcome.FALSE)):
        source = SourceFactory(descriptor=name)
        for number in range(2):
            claim = told_by(source, collection, name, f"the {name} saw ship {number}", on=DAY)
            assert claim.proposition is not None
            verdict_on(claim.proposition, outcome, on=DAY, by=analyst)
        made.append(source)
    refresh([source.pk for source in made])
    return made[0], made[1]


def merged(client: Client, one: Source, two: Source, **given: object) -> object:
    values = {"with": two.pk, "stands": one.pk, "reason": "Named by a later report."} | given
    return client.post(reverse("sources:merge_now", args=[one.pk]), values)


def test_the_search_offers_other_sources_by_name_or_wording(browser_of_analyst: Client, pair: tuple[Source, Source]):
    url = reverse("sources:merge", args=[pair[0].pk])

    found = browser_of_analyst.get(url, {"q": "defen"}, headers={"HX-Request": "true", "HX-Target": "others"})
    nothing = browser_of_analyst.get(url, {"q": "nobody"})

    assert "Defence attaché" in found.content.decode()
    assert "<html" not in found.content.decode()
    assert "No source fits" in nothing.content.decode()


def test_the_preview_shows_both_and_what_they_would_be_as_one(browser_of_analyst: Client, pair: tuple[Source, Source]):
    one, two = pair

    html = browser_of_analyst.get(reverse("sources:merge", args=[one.pk]), {"with": two.pk}).content.decode()

    assert "2 of 2 verdicts confirmed" in html
    assert "0 of 2 verdicts confirmed" in html
    assert "2 of 4 verdicts confirmed" in html
    assert SourceMerge.objects.count() == 0


def test_a_merge_leads_to_the_source_that_stands_with_a_way_back(
    browser_of_analyst: Client, pair: tuple[Source, Source]
):
    one, two = pair

    merged(browser_of_analyst, one, two, stands=two.pk)

    one.refresh_from_db()
    assert one.merged_into == two
    made = SourceMerge.objects.get()
    html = browser_of_analyst.get(reverse("sources:source", args=[two.pk]), {"merged": made.pk}).content.decode()
    assert "“Military attaché” is now this source" in html
    assert browser_of_analyst.get(reverse("sources:source", args=[one.pk]))["Location"] == reverse(
        "sources:source", args=[two.pk]
    )
    browser_of_analyst.post(reverse("sources:undo_merge", args=[made.pk]), {"reason": "Two men after all."})
    one.refresh_from_db()
    assert one.merged_into is None


def test_a_merge_without_a_reason_is_refused(browser_of_analyst: Client, pair: tuple[Source, Source]):
    response = merged(browser_of_analyst, *pair, reason=" ")

    assert response.status_code == 422
    assert "Say why" in response.content.decode()
    assert SourceMerge.objects.count() == 0


def test_undoing_a_merge_without_a_reason_changes_nothing(browser_of_analyst: Client, pair: tuple[Source, Source]):
    merged(browser_of_analyst, *pair)
    made = SourceMerge.objects.get()

    browser_of_analyst.post(reverse("sources:undo_merge", args=[made.pk]), {"reason": ""})

    made.refresh_from_db()
    assert made.undone_at is None


def test_a_source_is_not_compared_with_itself(browser_of_analyst: Client, pair: tuple[Source, Source]):
    response = browser_of_analyst.get(reverse("sources:merge", args=[pair[0].pk]), {"with": pair[0].pk})

    assert response["Location"] == reverse("sources:merge", args=[pair[0].pk])


def test_a_source_that_nobody_here_may_see_cannot_be_merged(browser_of_analyst: Client, pair: tuple[Source, Source]):
    hidden = SourceFactory(descriptor="Hidden")
    told_by(hidden, CollectionFactory(), "Hidden", "nothing is so", on=DAY)

    assert merged(browser_of_analyst, pair[0], hidden).status_code == 404


def test_a_split_shows_both_records_before_and_moves_the_claims_after(
    browser_of_analyst: Client, pair: tuple[Source, Source]
):
    one, _two = pair
    url = reverse("sources:split", args=[one.pk])
    claim = one.claims.order_by("pk")[0]
    chosen = {"claims": [claim.pk], "new_source": "Officer of the watch"}

    preview = browser_of_analyst.post(url, chosen).content.decode()
    done = browser_of_analyst.post(url, chosen | {"confirm": "1", "reason": "The text names the officer."})

    made = SourceSplit.objects.get()
    claim.refresh_from_db()
    assert preview.count("1 of 1 verdict confirmed") == 2
    assert claim.source.descriptor == "Officer of the watch"
    assert claim.given_source == one
    assert done["Location"] == reverse("sources:source", args=[claim.source.pk]) + f"?split={made.pk}"
    html = browser_of_analyst.get(done["Location"]).content.decode()
    assert "1 claim is now this source’s" in html
    browser_of_analyst.post(reverse("sources:undo_split", args=[made.pk]), {"reason": "The officer is the attaché."})
    claim.refresh_from_db()
    assert claim.source == one


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"claims": [], "new_source": "Somebody"}, "Choose the claims"),
        ({"new_source": " "}, "Say whose claims they are"),
        ({"new_source": "Somebody", "confirm": "1", "reason": ""}, "Say why"),
    ],
)
def test_an_unfinished_split_is_refused(
    browser_of_analyst: Client, pair: tuple[Source, Source], given: dict[str, object], says: str
):
    one, _two = pair
    claim = one.claims.order_by("pk")[0]

    response = browser_of_analyst.post(reverse("sources:split", args=[one.pk]), {"claims": [claim.pk]} | given)

    assert response.status_code == 422
    assert says in response.content.decode()
    assert SourceSplit.objects.count() == 0


def test_claims_go_to_a_known_source_found_by_name(browser_of_analyst: Client, pair: tuple[Source, Source]):
    one, two = pair
    url = reverse("sources:split", args=[one.pk])
    claim = one.claims.order_by("pk")[0]

    offered = browser_of_analyst.get(
        url, {"known": "defence"}, headers={"HX-Request": "true", "HX-Target": "into-options"}
    ).content.decode()
    browser_of_analyst.post(url, {"claims": [claim.pk], "into": two.pk, "confirm": "1", "reason": "His ship."})

    claim.refresh_from_db()
    assert f'value="{two.pk}"' in offered
    assert claim.source == two


def test_claims_to_split_off_are_narrowed_by_words(browser_of_analyst: Client, pair: tuple[Source, Source]):
    response = browser_of_analyst.get(reverse("sources:split", args=[pair[0].pk]), {"q": "ship 1"})

    assert [claim.content_quote for claim in response.context["claims"]] == ["the Military attaché saw ship 1"]


def test_who_else_it_may_be_is_proposed_with_reasons_and_without_the_source_itself(
    browser_of_analyst: Client, collection: Collection
):
    gaddafi = SourceFactory(descriptor="Saif al-Islam Qaddafi", kind="named_person", anonymous=False)
    other = SourceFactory(descriptor="Saif al-Islam Gadhafi", kind="named_person", anonymous=False)
    for source in (gaddafi, other):
        claim = told_by(source, collection, source.descriptor, "the talks were over", on=DAY)
        claim.document_source.kind = "named_person"
        claim.document_source.anonymous = False
        claim.document_source.save()
        note_wording(source, source.descriptor, document=claim.layer.document)
    refresh([gaddafi.pk, other.pk])

    response = browser_of_analyst.get(reverse("sources:alike", args=[gaddafi.pk]))

    assert [proposal.source for proposal in response.context["proposals"]] == [other]
    assert response.context["proposals"][0].reasons
