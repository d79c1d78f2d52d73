"""Lists in other orders than the newest first: ties, rows without a value, pages both ways, cursors, who sees what."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import date
from itertools import cycle
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from drf_spectacular.generators import SchemaGenerator
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import create_key
from claims.models import Claim, Proposition
from claims.services import accept, edit
from documents.models import Collection, Document
from tests.api.conftest import Connect
from tests.api.test_lists import WORDS, claims_in
from tests.factories import (
    ClaimFactory,
    CollectionFactory,
    DocumentFactory,
    DocumentSourceFactory,
    ExtractionRunFactory,
    PropositionFactory,
    TextLayerFactory,
    UserFactory,
)

CLAIMS = "/api/v1/claims/"
DAYS = [date(2013, 1, 5), None, date(2012, 7, 1), date(2013, 1, 5), date(1, 1, 1), None, date(2013, 1, 5)]
SCORES = [0.5, 0.25, None, 0.5, 0.1 + 0.2, 0.5, None, 1.0, 0.5, 0.0]


def walked(client: APIClient, first: str, link: str = "next") -> list[list[int]]:
    """Ids by page, from an address on."""
    pages, address = [], first
    while address:
        page = client.get(address).json()
        pages.append([row["id"] for row in page["results"]])
        address = page[link]
    return pages


def last_page(client: APIClient, first: str) -> dict[str, Any]:
    page: dict[str, Any] = client.get(first).json()
    while page["next"]:
        page = client.get(page["next"]).json()
    return page


def scored(*collections: Collection) -> list[tuple[float | None, int]]:
    """Claims with scores of which some are equal and some missing, spread over collections; score and id of each."""
    rows = []
    for number, (score, collection) in enumerate(zip(SCORES * 2, cycle(collections), strict=False)):
        (claim,) = claims_in(collection, 1, score=score, information_date=DAYS[number % len(DAYS)])
        rows.append((score, claim))
    return rows


def in_order(rows: list[tuple[Any, int]], *, turned: bool) -> list[int]:
    """Sorted by value and then id, those without a value last."""
    with_value = sorted((row for row in rows if row[0] is not None), reverse=turned)
    without = sorted((row for row in rows if row[0] is None), key=lambda row: row[1], reverse=turned)
    return [pk for _, pk in [*with_value, *without]]


def verdict_on(proposition: Proposition | None, by: User, day: date) -> int:
    assert proposition is not None
    return proposition.verdicts.create(outcome="true", decided_on=day, evidence="seen", by=by).pk


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("size", [1, 3, 7])
def test_pages_by_score_show_every_row_once_with_ties_and_without_scores(
    client: APIClient, analyst: User, collection: Collection, size: int, turned: bool
):
    rows = scored(collection, CollectionFactory(members=[analyst]), CollectionFactory(members=[analyst]))
    scored(CollectionFactory())

    order = "-score" if turned else "score"
    pages = walked(client, f"{CLAIMS}?order={order}&page_size={size}")

    assert [pk for page in pages for pk in page] == in_order(rows, turned=turned)
    assert {len(page) for page in pages[:-1]} == {size}


@pytest.mark.parametrize("order", ["score", "-score", "information_date", "-added", "added"])
def test_pages_lead_back_by_the_same_rows(client: APIClient, analyst: User, collection: Collection, order: str):
    scored(collection, CollectionFactory(members=[analyst]))
    first = f"{CLAIMS}?order={order}&page_size=3"
    forward = walked(client, first)
    last = last_page(client, first)

    back = [[row["id"] for row in last["results"]], *walked(client, last["previous"], "previous")]

    assert back == forward[::-1]


def test_pages_by_score_stay_whole_while_claims_come_and_go(client: APIClient, collection: Collection):
    rows = scored(collection)
    seen: list[int] = []
    following = f"{CLAIMS}?order=-score&page_size=4"

    while following:
        page = client.get(following).json()
        seen += [row["id"] for row in page["results"]]
        following = page["next"]
        claims_in(collection, 2, score=0.5)

    assert [pk for pk in seen if pk in {pk for _, pk in rows}] == in_order(rows, turned=True)
    assert len(seen) == len(set(seen))


def test_filters_narrow_a_list_in_any_order(client: APIClient, analyst: User, collection: Collection):
    other = CollectionFactory(members=[analyst])
    rows = scored(collection, other)
    some = [pk for _, pk in rows[::3]]
    Claim.objects.filter(pk__in=some).update(state="rejected")
    here = set(Claim.objects.filter(collection=collection).values_list("pk", flat=True))

    rejected = walked(client, f"{CLAIMS}?order=score&state=rejected&page_size=2")
    in_one = walked(client, f"{CLAIMS}?order=score&collection={collection.pk}&page_size=4")
    nowhere = client.get(f"{CLAIMS}?order=score&collection={CollectionFactory().pk}").json()
    high = walked(client, f"{CLAIMS}?order=-score&score_min=0.5&fields=id,score")

    assert [pk for page in rejected for pk in page] == in_order([row for row in rows if row[1] in some], turned=False)
    assert [pk for page in in_one for pk in page] == in_order([row for row in rows if row[1] in here], turned=False)
    assert nowhere == {"next": None, "previous": None, "results": []}
    assert high == [in_order([row for row in rows if (row[0] or 0) >= 0.5], turned=True)]


def test_claims_come_by_their_dates(client: APIClient, collection: Collection):
    rows = scored(collection)
    dated = list(Claim.objects.values_list("information_date", "pk"))
    Claim.objects.update(reported_date=date(2013, 2, 1))
    Claim.objects.filter(pk=rows[3][1]).update(reported_date=date(2011, 2, 1))

    by_information = walked(client, f"{CLAIMS}?order=-information_date&page_size=2")
    by_report = walked(client, f"{CLAIMS}?order=reported_date&page_size=2")

    assert [pk for page in by_information for pk in page] == in_order(dated, turned=True)
    assert by_report[0] == [rows[3][1], rows[0][1]]


def test_claims_of_a_document_come_as_they_stand_in_it(client: APIClient, collection: Collection):
    layer = TextLayerFactory(document__collection=collection, text="A source stated that it failed. " * 6)
    starts = [96, 0, 64, 32, 64]
    run = ExtractionRunFactory(layer=layer)
    claims = [
        ClaimFactory(layer=layer, run=run, words=WORDS, start=start, fingerprint=str(place))
        for place, start in enumerate(starts)
    ]
    newer = TextLayerFactory(document=layer.document, version=2, text=layer.text)
    later = ClaimFactory(layer=newer, words=WORDS, start=0)
    claims_in(collection, 2)
    expected = [claims[1], claims[3], claims[2], claims[4], claims[0], later]

    pages = walked(client, f"{CLAIMS}?document={layer.document_id}&order=reading&page_size=2")
    refused = client.get(f"{CLAIMS}?order=reading")

    assert [pk for page in pages for pk in page] == [claim.pk for claim in expected]
    assert refused.status_code == 400
    assert refused.json()["fields"] == {"order": ["Give document, too: there is this order within one only."]}


def test_documents_come_by_name_and_by_date(client: APIClient, analyst: User, collection: Collection):
    other = CollectionFactory(members=[analyst])
    names = ["beta.txt", "Alpha.txt", "alpha.txt", "Ähre.txt", "GAMMA.txt", "beta.txt"]
    for number, name in enumerate(names):
        DocumentFactory(collection=(collection, other)[number % 2], name=name, document_date=DAYS[number])
    by_name = list(
        Document.objects.raw("SELECT id FROM documents_document ORDER BY lower(name), id")  # as the database compares
    )
    dated = list(Document.objects.values_list("document_date", "pk"))

    assert walked(client, "/api/v1/documents/?order=name&page_size=1") == [[row.pk] for row in by_name]
    assert walked(client, "/api/v1/documents/?order=-name") == [[row.pk for row in by_name[::-1]]]
    for order, turned in (("document_date", False), ("-document_date", True)):
        pages = walked(client, f"/api/v1/documents/?order={order}&page_size=2")
        assert [pk for page in pages for pk in page] == in_order(dated, turned=turned)


def test_verdicts_come_by_their_day_and_collections_by_name(client: APIClient, analyst: User, collection: Collection):
    days = [date(2013, 5, 1), date(2012, 5, 1), date(2013, 5, 1), date(2014, 5, 1)]
    verdicts = []
    for day in days:
        claim = ClaimFactory(layer__document__collection=collection)
        accept(claim, by=analyst)
        claim.refresh_from_db()
        verdicts.append((day, verdict_on(claim.proposition, analyst, day)))
    verdict_on(PropositionFactory(), analyst, days[0])
    zulu, alpha = (CollectionFactory(name=name, members=[analyst]).pk for name in ("Zulu", "Alpha"))

    by_day = walked(client, "/api/v1/verdicts/?order=-decided_on&page_size=1")
    by_name = walked(client, "/api/v1/collections/?order=name&page_size=2")

    assert [pk for page in by_day for pk in page] == in_order(verdicts, turned=True)
    assert by_name == [[alpha, collection.pk], [zulu]]


@pytest.mark.parametrize(
    ("path", "known"),
    [
        (
            "claims",
            "-added, added, score, -score, reported_date, -reported_date, information_date, -information_date, reading",
        ),
        ("documents", "-added, added, name, -name, document_date, -document_date"),
        ("verdicts", "-added, added, decided_on, -decided_on"),
        ("collections", "-added, added, name, -name"),
        ("sources", "-added, added"),
        ("propositions", "-added, added"),
        ("jobs", "-added, added"),
    ],
)
def test_an_order_that_is_not_known_is_refused_with_the_known_ones(client: APIClient, path: str, known: str):
    response = client.get(f"/api/v1/{path}/?order=state")

    assert response.status_code == 400
    assert response.json()["code"] == "invalid"
    assert response.json()["fields"] == {"order": [f"There is no order 'state' here. Known are: {known}."]}


def test_what_is_listed_of_one_row_has_no_order(client: APIClient, claim: Claim):
    response = client.get(f"{CLAIMS}{claim.pk}/reviews/?order=added")

    assert (response.status_code, response.json()["code"]) == (400, "unknown_parameter")


@pytest.mark.parametrize(
    ("order", "of", "belongs"),
    [("score", "-score", "-score"), ("", "score", "score"), ("added", "", "-added"), ("score", "added", "added")],
)
def test_a_cursor_of_another_order_is_refused(
    client: APIClient, collection: Collection, order: str, of: str, belongs: str
):
    claims_in(collection, 3, score=0.5)
    first = client.get(CLAIMS, {"page_size": 1} | ({"order": of} if of else {})).json()
    cursor = first["next"].partition("cursor=")[2].partition("&")[0]

    response = client.get(CLAIMS, {"cursor": cursor} | ({"order": order} if order else {}))

    said = f"This cursor is of another order: go on with order={belongs}, or start from the first page."
    assert (response.status_code, response.json()["fields"]) == (400, {"cursor": [said]})


@pytest.mark.parametrize(
    "plain",
    [
        'score>[0,"high",3]',
        "score>[0,NaN,3]",
        "score>[0,Infinity,3]",
        "score>[0,true,3]",
        "score>[0,0.5]",
        "score>[0,0.5,-3]",
        "score>[0,0.5,9223372036854775808]",
        "score>[2,3]",
        "score>[1,0.5,3]",
        "score>[1,true]",
        "score>[0, 0.5, 3]",
        'score>{"0":1}',
        "score>3",
        "score>null",
        "score>" + "[" * 5000,
        "score>" + "9" * 5000,
        "score",
    ],
)
def test_a_cursor_that_no_page_gave_is_refused(client: APIClient, plain: str):
    cursor = urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    response = client.get(CLAIMS, {"order": "score", "cursor": cursor})

    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["cursor"]


def test_names_and_dates_of_a_cursor_are_checked(client: APIClient):
    def status(order: str, key: str) -> int:
        cursor = urlsafe_b64encode(f"{order}>[0,{key},3]".encode()).decode().rstrip("=")
        return int(client.get("/api/v1/documents/", {"order": order, "cursor": cursor}).status_code)

    assert status("name", '"a\\u0000"') == status("name", "3") == status("name", '"' + "a" * 2000 + '"') == 400
    assert status("document_date", '"2013-02-30"') == status("document_date", "5") == 400
    assert status("name", '"caf\\u00e9"') == status("document_date", '"2013-02-03"') == 200


@pytest.mark.parametrize("order", ["score", "-information_date", "added"])
def test_an_order_takes_as_many_queries_for_many_rows_as_for_one(
    client: APIClient, collection: Collection, django_assert_num_queries: DjangoAssertNumQueries, order: str
):
    client.get(CLAIMS)  # the first call with a key notes that it was used
    claims_in(collection, 1, score=0.5)
    with CaptureQueriesContext(connection) as asked:
        client.get(f"{CLAIMS}?order={order}")
    count = len(asked)
    for more in (2, 40):
        claims_in(collection, more, score=0.25)
        with django_assert_num_queries(count):
            client.get(f"{CLAIMS}?order={order}")


def test_what_a_limited_key_does_not_reach_is_in_no_order(analyst: User, collection: Collection):
    claims_in(CollectionFactory(members=[analyst]), 3, score=0.75)
    here = claims_in(collection, 2, score=0.5)
    _, secret = create_key(analyst, name="test", scopes=["read"], collections=[collection])
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")

    assert walked(client, f"{CLAIMS}?order=-score&page_size=1") == [[pk] for pk in here[::-1]]


@pytest.fixture
def plans_by_index(db: None) -> None:
    """Rows of a few pages are sorted quickly by hand; of a million they are not."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")


@pytest.mark.parametrize(
    ("address", "index"),
    [
        ("claims/?order=score", "claim_by_score"),
        ("claims/?order=-score", "claim_by_score"),
        ("claims/?order=-score&state=accepted", "claim_by_score"),
        ("claims/?order=reported_date", "claim_by_reported"),
        ("claims/?order=-information_date", "claim_by_information"),
        ("documents/?order=name", "document_by_name"),
        ("documents/?order=-document_date", "document_by_date"),
        ("verdicts/?order=-decided_on", "verdict_by_day"),
    ],
)
def test_an_index_stands_behind_every_order(
    client: APIClient, analyst: User, collection: Collection, plans_by_index: None, address: str, index: str
):
    CollectionFactory(members=[analyst])
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/api/v1/{address}").status_code == 200
    sorting = [query["sql"] for query in asked if "ORDER BY" in query["sql"]]

    plans = []
    with connection.cursor() as cursor:
        for said in sorting:
            cursor.execute(f"EXPLAIN {said}")
            plans.append("\n".join(line for (line,) in cursor.fetchall()))

    assert any(index in plan for plan in plans), plans


def test_no_order_tells_what_is_kept_from_whoever_judges_second(connect: Connect):
    first, second = (UserFactory(groups=["analyst"]) for _ in range(2))
    collection = CollectionFactory(members=[first, second], second_review_share=1.0)
    layer = TextLayerFactory(document__collection=collection, text="A source stated that it failed. " * 6)
    run = ExtractionRunFactory(layer=layer)
    teller = DocumentSourceFactory(run=run)
    claims = [
        ClaimFactory(layer=layer, run=run, document_source=teller, words=WORDS, fingerprint=str(place))
        for place in range(3)
    ]
    orders = ("score", "-score", "reported_date", "information_date", "-information_date", "added")
    addresses = [f"{CLAIMS}?order={order}&page_size=2" for order in orders]
    addresses.append(f"{CLAIMS}?document={layer.document_id}&order=reading&page_size=2")
    told = connect(second)
    before = [walked(told, address) for address in addresses]

    edit(claims[0], by=first, information_date=date(2012, 3, 4), spans={"source": [[34, 40]]})
    accept(claims[0], by=first)
    edit(claims[2], by=first, information_date=date(2013, 3, 4))
    accept(claims[2], by=first)

    assert [walked(told, address) for address in addresses] == before
    assert [walked(connect(first), address) for address in addresses] != before


def test_the_description_tells_the_orders(client: APIClient):
    told: Any = SchemaGenerator().get_schema(request=None, public=True)

    def order(path: str) -> Any:
        parameters = told["paths"][f"/api/v1/{path}"]["get"].get("parameters", ())
        return next((one for one in parameters if one["name"] == "order"), None)

    claims = order("claims/")
    assert claims["schema"]["default"] == "-added"
    assert claims["schema"]["enum"][:4] == ["-added", "added", "score", "-score"]
    assert "- `-score`: Highest score first." in claims["description"]
    assert order("sources/")["schema"]["enum"] == ["-added", "added"]
    assert order("claims/{id}/reviews/") is None
    assert order("claims/export/") is None


@pytest.mark.parametrize("order", ["information_date", "-information_date", "score"])
def test_a_filter_that_nothing_can_fit_leaves_an_empty_list_in_every_order(client: APIClient, claim: Claim, order: str):
    answer = client.get(f"{CLAIMS}?order={order}&source=999999")

    assert (answer.status_code, answer.json()["results"]) == (200, [])
