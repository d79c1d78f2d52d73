"""The search of the API: the same as the workbench's."""

from __future__ import annotations

from datetime import date

import pytest
from rest_framework.test import APIClient

from documents.models import Collection
from tests.factories import ClaimFactory, TextLayerFactory

pytestmark = pytest.mark.django_db


def told(collection: Collection, content: str, **fields: object) -> int:
    layer = TextLayerFactory(document__collection=collection, text=f"An official stated that {content}.")
    claim = ClaimFactory(layer=layer, words=("An official", "stated", content), **fields)
    return claim.pk


def test_claims_are_found_with_snippets_facets_and_a_next_page(client: APIClient, collection: Collection):
    first = told(collection, "the talks failed", reported_date=date(2013, 1, 2))
    second = told(collection, "talking is over", accepted=True)
    told(collection, "the harbour is closed")

    answer = client.get("/api/v1/search/?q=talks&page_size=1").json()

    assert (answer["total"], answer["more"], answer["other_kind"]) == (2, False, 2)
    (hit,) = answer["results"]
    assert (hit["claim"]["id"], hit["document"]) == (second, None)
    assert hit["snippet"] == [{"text": "talking", "lit": True}, {"text": " is over", "lit": False}]
    facets = {facet["name"]: {row["value"]: row["count"] for row in facet["values"]} for facet in answer["facets"]}
    assert facets["state"] == {"accepted": 1, "candidate": 1}
    assert facets["reported"] == {"2013-01": 1}
    following = client.get(answer["next"]).json()
    assert [hit["claim"]["id"] for hit in following["results"]] == [first]
    assert following["next"] is None
    narrowed = client.get("/api/v1/search/?q=talks&reported=2013-01").json()
    assert [hit["claim"]["id"] for hit in narrowed["results"]] == [first]


def test_documents_are_found_by_their_text(client: APIClient, collection: Collection):
    told(collection, "the talks failed")

    answer = client.get('/api/v1/search/?kind=documents&q="talks failed" -harbour').json()

    (hit,) = answer["results"]
    assert (hit["claim"], hit["document"]["collection"]["id"]) == (None, collection.pk)
    assert [piece["text"] for piece in hit["snippet"] if piece["lit"]] == ["talks", "failed"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("since=2014-01-01&until=2013-01-01", "until"),
        ("reported=2013-13", "reported"),
        ("reliability=G", "reliability"),
        ("words=talks", "words"),
        ("page_size=1000", "page_size"),
        ("before=0", "before"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(client: APIClient, query: str, named: str):
    answer = client.get(f"/api/v1/search/?{query}")

    assert answer.status_code == 400
    assert named in answer.json()["fields"]
