"""`fields=` and `expand=`: an answer shows what was asked for, and loads no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from claims.models import Claim
from claims.services.identity import merge
from config.api.urls import router
from documents.models import Collection
from sources.services import note_wording
from tests.api.test_lists import full_claims
from tests.factories import ClaimFactory, CollectionFactory, SourceFactory, TextLayerFactory, UserFactory

API = "/api/v1/"
LISTS = ("claims", "sources", "propositions", "documents")
SHAPED = {prefix: view for prefix, view, _ in router.registry if prefix in LISTS and hasattr(view, "expansions")}


def fields_of(path: str) -> list[str]:
    return list(SHAPED[path].serializer_class().fields)


@pytest.mark.parametrize("path", LISTS)
def test_each_field_alone_reads_as_it_does_among_all(
    client: APIClient, analyst: User, collection: Collection, path: str
):
    full_claims(collection, analyst, 2)
    whole = client.get(f"{API}{path}/").json()["results"]

    alone = {name: client.get(f"{API}{path}/?fields={name}").json()["results"] for name in fields_of(path)}

    assert alone == {name: [{name: row[name]} for row in whole] for name in fields_of(path)}


@pytest.mark.parametrize("path", LISTS)
def test_one_row_is_shown_in_the_same_shape(client: APIClient, analyst: User, collection: Collection, path: str):
    full_claims(collection, analyst, 1)
    row = client.get(f"{API}{path}/").json()["results"][0]

    shown = client.get(f"{API}{path}/{row['id']}/?fields=id,{fields_of(path)[1]}").json()

    assert shown == {name: row[name] for name in ("id", fields_of(path)[1])}


@pytest.mark.parametrize(
    ("query", "blamed", "said"),
    [
        ("fields=id,sauce", "fields", "There is no 'sauce' here. Known are: id, document, text_layer, spans,"),
        ("fields=,", "fields", "There is no '' here."),
        ("expand=chain", "expand", "There is no 'chain' here. Known are: document, source, proposition."),
        ("fields=id&expand=source", "expand", "Not among the fields asked for: source."),
        ("fields=id&fields=state", "fields", "Give it once."),
    ],
)
def test_what_cannot_be_shown_is_refused_with_what_can(
    client: APIClient, claim: Claim, query: str, blamed: str, said: str
):
    for address in (f"{API}claims/", f"{API}claims/{claim.pk}/"):
        response = client.get(f"{address}?{query}")

        assert response.status_code == 400
        assert list(response.json()["fields"]) == [blamed]
        assert response.json()["fields"][blamed][0].startswith(said)


@pytest.mark.parametrize(
    ("path", "expand", "whole"),
    [
        ("claims", "document", lambda row: f"documents/{row['document']['id']}/"),
        ("claims", "source", lambda row: f"sources/{row['source']['id']}/"),
        ("claims", "proposition", lambda row: f"propositions/{row['proposition']['id']}/"),
        ("documents", "collection", lambda row: f"collections/{row['collection']['id']}/"),
    ],
)
def test_what_is_expanded_reads_as_the_row_itself(
    client: APIClient,
    analyst: User,
    collection: Collection,
    path: str,
    expand: str,
    whole: Callable[[dict[str, Any]], str],
):
    full_claims(collection, analyst, 2)

    rows = client.get(f"{API}{path}/?expand={expand}").json()["results"]

    assert len(rows) >= 2
    for row in rows:
        assert row[expand] == client.get(API + whole(row)).json()
        assert client.get(f"{API}{path}/{row['id']}/?expand={expand}").json() == row


def test_a_merged_source_is_expanded_as_the_one_that_stands(client: APIClient, analyst: User, collection: Collection):
    first, second = (ClaimFactory(accepted=True, layer__document__collection=collection) for _ in range(2))
    merge(first.source, second.source, by=analyst, reason="the same")

    shown = client.get(f"{API}claims/{first.pk}/?fields=source&expand=source").json()["source"]
    absorbed = client.get(f"{API}sources/{first.source_id}/?expand=merged_into").json()

    stands = client.get(f"{API}sources/{second.source_id}/").json()
    assert shown == absorbed["merged_into"] == stands


def test_layers_and_verdicts_are_added(client: APIClient, analyst: User, collection: Collection):
    full_claims(collection, analyst, 1)

    document = client.get(f"{API}documents/?expand=layers&fields=id").json()["results"][0]
    proposition = client.get(f"{API}propositions/?expand=verdicts&fields=id").json()["results"][0]

    layers = client.get(f"{API}documents/{document['id']}/layers/").json()
    verdicts = client.get(f"{API}propositions/{proposition['id']}/verdicts/").json()["results"]
    assert (document["layers"], proposition["verdicts"]) == (layers, verdicts)
    assert layers
    assert verdicts


def test_what_is_kept_back_stays_so_in_any_shape(client: APIClient, analyst: User, collection: Collection):
    source = SourceFactory(descriptor="Colonel X of the guard", placement="in the palace")
    here = ClaimFactory(accepted=True, source=source, layer__document__collection=collection)
    ClaimFactory(accepted=True, source=source, layer__document__collection=CollectionFactory())
    note_wording(source, "an officer", document=here.layer.document)

    shapes = [
        client.get(f"{API}sources/{source.pk}/?fields=placement,descriptor").json(),
        client.get(f"{API}claims/{here.pk}/?fields=source&expand=source").json()["source"],
    ]

    for shown in shapes:
        assert (shown["placement"], shown["descriptor"]) == ("", "an officer")
    assert "Colonel" not in str(client.get(f"{API}claims/{here.pk}/?fields=source").json())


@pytest.mark.parametrize(
    "query",
    [
        *(f"{path}/?expand={name}" for path in LISTS for name in SHAPED[path].expansions),
        "claims/?expand=document,source,proposition",
        "claims/?fields=id,state",
        "claims/?fields=source,in_document_source,chain",
    ],
)
def test_an_answer_takes_as_many_queries_for_many_rows_as_for_one(
    client: APIClient, analyst: User, collection: Collection, query: str
):
    client.get(API + query)
    counts = set()
    for more in (1, 2, 10):
        full_claims(collection, analyst, more)
        with CaptureQueriesContext(connection) as asked:
            client.get(API + query)
        counts.add(len(asked))

    assert len(counts) == 1


def test_what_is_not_shown_is_not_loaded(client: APIClient, analyst: User, collection: Collection):
    full_claims(collection, analyst, 2)
    client.get(f"{API}claims/")

    with CaptureQueriesContext(connection) as asked:
        client.get(f"{API}claims/?fields=id,state,type")

    sql = asked[-1]["sql"]
    assert len(asked) <= 5
    assert "JOIN" not in sql
    assert "content_quote" not in sql.split(" FROM ")[0]
    assert "credibilityassessment" not in sql


def test_a_piece_of_a_text_is_cut_by_code_points(client: APIClient, collection: Collection):
    layer = TextLayerFactory(text="Zażółć 🦆 gęś.", document__collection=collection)
    address = f"{API}documents/{layer.document_id}/text/"

    whole, piece = client.get(address).json(), client.get(f"{address}?start=7&end=8").json()
    beyond, rest = client.get(f"{address}?start=99").json(), client.get(f"{address}?start=9").json()

    shown = [[each[name] for name in ("text", "start", "end", "characters")] for each in (whole, piece, beyond, rest)]
    assert shown == [[layer.text, 0, 13, 13], ["🦆", 7, 8, 13], ["", 13, 13, 13], ["gęś.", 9, 13, 13]]
    assert client.get(f"{address}?start=8&end=7").status_code == 400
    assert client.get(f"{address}?start=-1").status_code == 400


def test_a_documents_status_says_how_far_it_is(client: APIClient, collection: Collection):
    layer = TextLayerFactory(text="It rains.", document__collection=collection)

    status = client.get(f"{API}documents/{layer.document_id}/status/").json()

    assert status["state"] == layer.document.state
    assert (status["failure"], status["work"]) == (None, None)
    assert [row["characters"] for row in status["layers"]] == [9]


def test_a_history_tells_who_changed_what_and_why(client: APIClient, analyst: User, claim: Claim):
    bob = UserFactory(username="bob", groups=["analyst"])
    address = f"{API}claims/{claim.pk}/"
    client.post(f"{address}edit/", {"hedge": "reportedly", "reason": "the text says so"})
    accepted = client.post(f"{address}accept/").json()["claim"]
    client.patch(f"{API}sources/{accepted['source']['id']}/", {"motive": "power"})
    client.post(f"{API}propositions/{accepted['proposition']['id']}/reword/", {"topic": "talks"})

    steps = client.get(f"{address}history/").json()["results"]
    pages = [client.get(f"{address}history/?page_size=1").json()]
    pages.append(client.get(pages[0]["next"]).json())
    source = client.get(f"{API}sources/{accepted['source']['id']}/history/").json()["results"]
    proposition = client.get(f"{API}propositions/{accepted['proposition']['id']}/history/").json()["results"]

    assert bob.username not in str(steps)
    assert [(step["how"], step["by"]) for step in steps] == [("changed", "ana"), ("changed", "ana"), ("added", None)]
    assert steps[1]["why"] == "the text says so"
    assert {"field": "hedge", "before": "", "after": "reportedly"} in steps[1]["changes"]
    assert {"field": "state", "before": "candidate", "after": "accepted"} in steps[0]["changes"]
    assert [page["results"][0] for page in pages] == steps[:2]
    assert source[0]["changes"] == [{"field": "motive", "before": "", "after": "power"}]
    assert proposition[0]["changes"] == [{"field": "topic", "before": "", "after": "talks"}]


def test_a_history_keeps_back_words_from_documents_one_does_not_see(client: APIClient, collection: Collection):
    source = SourceFactory(descriptor="Colonel X of the guard", kind="unnamed_person")
    ClaimFactory(accepted=True, source=source, layer__document__collection=collection)
    ClaimFactory(accepted=True, source=source, layer__document__collection=CollectionFactory())
    source.descriptor, source.kind = "Colonel Y of the guard", "named_person"
    source.save()

    told = client.get(f"{API}sources/{source.pk}/history/").json()

    assert "Colonel" not in str(told)
    assert told["results"][0]["changes"] == [{"field": "kind", "before": "unnamed_person", "after": "named_person"}]
