"""Pages, filters and the number of queries of the lists."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import User
from claims.services import accept
from documents.models import Collection
from tests.factories import (
    ClaimFactory,
    DocumentFactory,
    DocumentSourceFactory,
    ExtractionRunFactory,
    TextLayerFactory,
)

CLAIMS = "/api/v1/claims/"
WORDS = ("source", "stated", "failed")


def claims_in(collection: Collection, count: int, **fields: object) -> list[int]:
    """Ids of `count` new claims at different places of one text, oldest first."""
    layer = TextLayerFactory(document__collection=collection, text="A source stated that it failed. " * 60)
    run = ExtractionRunFactory(layer=layer)
    teller = DocumentSourceFactory(run=run)
    claims = [
        ClaimFactory(layer=layer, run=run, document_source=teller, words=WORDS, fingerprint=str(n), **fields)
        for n in range(count)
    ]
    return [claim.pk for claim in claims]


def test_pages_walk_every_row_once_while_rows_are_added(client: APIClient, collection: Collection):
    there = claims_in(collection, 23)
    seen: list[int] = []
    following = f"{CLAIMS}?page_size=5"

    while following:
        page = client.get(following).json()
        seen += [row["id"] for row in page["results"]]
        following = page["next"]
        claims_in(collection, 2)

    assert seen == there[::-1]


def test_pages_lead_back_to_the_newest(client: APIClient, collection: Collection):
    there = claims_in(collection, 12)
    first = client.get(f"{CLAIMS}?page_size=5").json()
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()

    back = client.get(third["previous"]).json()
    newest = client.get(back["previous"]).json()

    assert (first["previous"], third["next"]) == (None, None)
    assert [row["id"] for row in third["results"]] == there[:2][::-1]
    assert back["results"] == second["results"]
    assert newest["results"] == first["results"]
    assert newest["previous"] is None
    assert client.get(newest["next"]).json()["results"] == second["results"]


def test_a_full_last_page_has_no_next(client: APIClient, collection: Collection):
    claims_in(collection, 4)

    page = client.get(f"{CLAIMS}?page_size=4").json()

    assert (len(page["results"]), page["next"], page["previous"]) == (4, None, None)


def test_an_empty_list_is_a_page(client: APIClient):
    assert client.get(CLAIMS).json() == {"next": None, "previous": None, "results": []}


def test_links_keep_the_filters(client: APIClient, collection: Collection):
    claims_in(collection, 3, state="rejected")
    claims_in(collection, 3)

    page = client.get(f"{CLAIMS}?state=rejected&page_size=2").json()
    rest = client.get(page["next"]).json()

    assert [row["state"] for row in page["results"] + rest["results"]] == ["rejected"] * 3


@pytest.mark.parametrize("cursor", ["x", "PDA", "PA", "Pg", "PC0x", "PF8x", "%00", "PDEy=", "é", "PD" + "k" * 60])
def test_a_cursor_that_is_not_ours_is_refused(client: APIClient, cursor: str):
    response = client.get(CLAIMS, {"cursor": cursor})

    assert response.status_code == 400
    assert response.json()["fields"] == {
        "cursor": ["This is no cursor of ours. Start from the first page, without one."]
    }


@pytest.mark.parametrize("size", ["0", "201", "-1", "1.5", "many", "٣", "99999999999"])
def test_a_page_size_out_of_range_is_refused(client: APIClient, size: str):
    response = client.get(CLAIMS, {"page_size": size})

    assert response.status_code == 400
    assert response.json() == {
        "code": "invalid",
        "detail": "page_size: Give a number from 1 to 200.",
        "fields": {"page_size": ["Give a number from 1 to 200."]},
    }


@pytest.mark.parametrize("size", [1, 200])
def test_page_sizes_at_the_limits_are_served(client: APIClient, collection: Collection, size: int):
    claims_in(collection, 2)

    assert len(client.get(f"{CLAIMS}?page_size={size}").json()["results"]) == min(size, 2)


def test_claims_are_found_by_each_filter(client: APIClient, analyst: User, collection: Collection):
    def claim(text: str, words: tuple[str, str, str], **fields: object) -> object:
        layer = TextLayerFactory(document__collection=collection, text=text)
        return ClaimFactory(layer=layer, words=words, **fields)

    oil = claim("Smith said oil prices are falling.", ("Smith", "said", "oil prices are falling"), score=0.25)
    war = claim("The paper Reported war.", ("The paper", "Reported", "war"), score=0.5, type="direct")
    type(war.layer.document).objects.filter(pk=war.layer.document_id).update(doc_number="C05739545")
    accept(war, by=analyst)
    war.refresh_from_db()
    expected = {
        "": [war.pk, oil.pk],
        "state=accepted": [war.pk],
        "state=candidate": [oil.pk],
        "state=superseded": [],
        f"document={oil.layer.document_id}": [oil.pk],
        f"collection={collection.pk}": [war.pk, oil.pk],
        f"collection={collection.pk + 1}": [],
        f"source={war.source_id}": [war.pk],
        f"proposition={war.proposition_id}": [war.pk],
        "type=direct": [war.pk],
        "score_min=0.5": [war.pk],
        "score_max=0.25": [oil.pk],
        "score_min=0.2&score_max=0.3": [oil.pk],
        "search=price fall": [oil.pk],
        'search="oil prices" -war': [oil.pk],
        "doc_number=C05739545": [war.pk],
        "cue=reported": [war.pk],
        "cue=report": [],
    }

    found = {query: [row["id"] for row in client.get(f"{CLAIMS}?{query}").json()["results"]] for query in expected}

    assert found == expected


def test_documents_are_found_by_each_filter(client: APIClient, collection: Collection):
    ready = DocumentFactory(
        collection=collection, title="H: LATEST INTEL", doc_number="C05739545", case_number="F-2014-20439"
    )
    failed = DocumentFactory(collection=collection, state="failed", failure_reason="Nothing in it.")
    expected = {
        "": [failed.pk, ready.pk],
        "state=failed": [failed.pk],
        f"collection={collection.pk}": [failed.pk, ready.pk],
        f"collection={collection.pk + 1}": [],
        "doc_number=C05739545": [ready.pk],
        "case_number=F-2014-20439": [ready.pk],
        "search=intel c0573": [ready.pk],
        "search=intel oil": [],
    }

    found = {
        query: [row["id"] for row in client.get(f"/api/v1/documents/?{query}").json()["results"]] for query in expected
    }

    assert found == expected


@pytest.mark.parametrize(
    ("query", "blamed"),
    [
        ("state=open", "state"),
        ("state=", "state"),
        ("state=accepted&state=rejected", "state"),
        ("document=first", "document"),
        ("document=0", "document"),
        ("source=99999999999999999999", "source"),
        ("score_min=high", "score_min"),
        ("score_min=NaN", "score_min"),
        ("score_max=1.1", "score_max"),
        ("search=%00", "search"),
    ],
)
def test_a_value_no_row_can_have_is_refused_by_name(client: APIClient, query: str, blamed: str):
    response = client.get(f"{CLAIMS}?{query}")

    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert list(response.json()["fields"]) == [blamed]


@pytest.mark.parametrize(
    ("path", "known"),
    [
        (
            "claims",
            "state, document, doc_number, collection, source, proposition, type, cue, score_min, score_max, search",
        ),
        ("documents", "state, collection, doc_number, case_number, search"),
        ("sources", "kind, search"),
        ("propositions", "settled, outcome, contested, search"),
    ],
)
def test_an_unknown_parameter_is_refused_with_the_known_ones(client: APIClient, path: str, known: str):
    response = client.get(f"/api/v1/{path}/?status=open&format=json")

    said = [f"There is no such parameter here. Known are: {known}, order, cursor, page_size, fields, expand."]
    assert response.status_code == 400
    assert response.json()["code"] == "unknown_parameter"
    assert response.json()["fields"] == {"status": said, "format": said}


def test_a_single_row_takes_no_filters(client: APIClient, claim: object):
    response = client.get(f"{CLAIMS}{claim.pk}/?state=accepted")

    assert response.status_code == 400
    assert response.json()["fields"] == {"state": ["There is no such parameter here. Known are: fields, expand."]}


def full_claims(collection: Collection, analyst: User, count: int) -> None:
    """Claims with all that a row can show: chain, source, proposition, verdict and reviews."""
    for _ in range(count):
        claim = ClaimFactory(layer=TextLayerFactory(document__collection=collection))
        claim.chain.create(position=0, document_source=claim.document_source)
        accept(claim, by=analyst)
        claim.refresh_from_db()
        claim.proposition.verdicts.create(outcome="true", decided_on="2013-02-01", evidence="seen", by=analyst)


@pytest.mark.parametrize(
    ("path", "queries"), [("claims", 4), ("documents", 4), ("sources", 7), ("propositions", 17), ("collections", 2)]
)
def test_a_list_takes_as_many_queries_for_many_rows_as_for_one(
    client: APIClient,
    analyst: User,
    collection: Collection,
    django_assert_num_queries: DjangoAssertNumQueries,
    path: str,
    queries: int,
):
    client.get(f"/api/v1/{path}/")  # the first call with a key notes that it was used
    for more in (1, 2, 47):
        full_claims(collection, analyst, more)
        with django_assert_num_queries(queries):
            client.get(f"/api/v1/{path}/")


def test_lists_never_load_texts_files_and_text_indexes(
    client: APIClient,
    analyst: User,
    collection: Collection,
    django_assert_max_num_queries: Callable[..., object],
):
    full_claims(collection, analyst, 2)

    for path in ("claims", "documents", "sources", "propositions"):
        with django_assert_max_num_queries(20) as captured:
            client.get(f"/api/v1/{path}/")
        asked = " ".join(query["sql"] for query in captured.captured_queries)
        assert '"documents_textlayer"."text"' not in asked
        assert '"documents_original"."content"' not in asked
        assert '."search"' not in asked
