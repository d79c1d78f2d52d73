"""The pages by which claims leave the workbench: for whom, and that they show no more than may be seen."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from exchange.formats.exporting import FORMATS
from exchange.pages.exports import FOR
from tests.factories import (
    ClaimFactory,
    CollectionFactory,
    DocumentFactory,
    PropositionFactory,
    SourceFactory,
    TextLayerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PAGES = ("export:formats", "export:annex")


def in_collection(collection, **given):
    return ClaimFactory(layer=TextLayerFactory(document=DocumentFactory(collection=collection)), accepted=True, **given)


def body(response):
    return b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()


@pytest.fixture
def analyst(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def memos(analyst):
    return CollectionFactory(members=[analyst])


def test_every_format_says_what_it_is_good_for():
    assert set(FOR) == set(FORMATS)


def test_every_format_is_offered_with_the_chosen_claims_and_can_be_fetched(client, memos):
    claim = in_collection(memos)
    in_collection(memos)

    page = body(client.get(reverse("export:formats"), {"proposition": claim.proposition_id}))

    assert "1 claim," in page
    for name, form in FORMATS.items():
        assert f"?proposition={claim.proposition_id}&amp;format={name}" in page
        response = client.get(reverse("export:file"), {"proposition": claim.proposition_id, "format": name})
        assert response.status_code == 200
        assert response["Content-Type"] == form.media_type
        assert response["Content-Disposition"].endswith(f'.{form.suffix}"')
        assert "the talks have failed" in body(response).replace("\\", "")


def test_a_file_leads_back_to_the_workbench_it_came_from(client, memos):
    claim = in_collection(memos)

    [found] = json.loads(body(client.get(reverse("export:file"), {"format": "claimreview"})))["@graph"]

    assert found["url"] == f"http://testserver/propositions/{claim.proposition_id}/"


@pytest.mark.parametrize("name", PAGES)
def test_nothing_from_another_collection_is_shown_or_counted(client, memos, name):
    proposition = PropositionFactory(text="The bridge is down.")
    in_collection(memos, proposition=proposition)
    in_collection(CollectionFactory(), proposition=proposition, source=SourceFactory(descriptor="Agent Kestrel"))

    page = body(client.get(reverse(name), {"proposition": proposition.pk}))

    assert "Kestrel" not in page
    assert ("1 claim," in page) == (name == "export:formats")
    assert ("1 report by 1 known source" in page) == (name == "export:annex")


def test_the_annex_shows_its_parts_and_leads_to_the_proposition_and_the_files(client, memos):
    claim = in_collection(memos)

    page = body(client.get(reverse("export:annex"), {"proposition": claim.proposition_id}))

    for part in ("Source summary statement", "Source references", "Source descriptors", claim.proposition.text):
        assert part in page
    assert reverse("propositions:proposition", args=[claim.proposition_id]) in page
    assert f"proposition={claim.proposition_id}&amp;format=annex-md" in page


@pytest.mark.parametrize("name", PAGES)
def test_a_selection_of_nothing_says_so(client, analyst, name):
    response = client.get(reverse(name), {"proposition": "7"})

    assert response.status_code == 200
    assert "Nothing to" in body(response)


@pytest.mark.parametrize("name", [*PAGES, "export:file"])
def test_a_parameter_that_is_not_known_is_refused_with_the_known_ones(client, analyst, name):
    response = client.get(reverse(name), {"colour": "red", **({"format": "csv"} if name == "export:file" else {})})

    assert response.status_code == 400
    assert "Known are: state, document" in body(response)


def test_a_format_that_is_not_known_is_not_found(client, analyst):
    assert client.get(reverse("export:file"), {"format": "xls"}).status_code == 404


@pytest.mark.parametrize("name", [*PAGES, "export:file"])
def test_who_has_no_role_is_told_what_to_ask_for(client, name):
    client.force_login(UserFactory(groups=[]))

    response = client.get(reverse(name), {"format": "csv"} if name == "export:file" else {})

    assert response.status_code == 403
    assert "Ask an administrator for the role" in body(response)


@pytest.mark.parametrize("name", [*PAGES, "export:file"])
def test_strangers_are_sent_to_the_door(client, name):
    assert client.get(reverse(name))["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("name", PAGES)
def test_three_claims_take_no_more_queries_than_one(client, memos, name, django_assert_max_num_queries):
    proposition = PropositionFactory()
    in_collection(memos, proposition=proposition)
    with django_assert_max_num_queries(60) as one:
        client.get(reverse(name))

    for _ in range(2):
        in_collection(memos, proposition=proposition)

    with django_assert_max_num_queries(len(one)):
        client.get(reverse(name))


def test_the_pages_of_a_proposition_and_of_a_source_lead_here(client, memos):
    claim = in_collection(memos)

    proposition = body(client.get(reverse("propositions:proposition", args=[claim.proposition_id])))
    source = body(client.get(reverse("sources:source", args=[claim.source_id])))

    assert f"{reverse('export:annex')}?proposition={claim.proposition_id}" in proposition
    assert f"{reverse('export:formats')}?proposition={claim.proposition_id}" in proposition
    assert f"{reverse('export:formats')}?source={claim.source_id}" in source
