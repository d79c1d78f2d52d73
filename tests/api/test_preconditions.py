"""If-Match on everything that can be edited: nobody overwrites what they have not seen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from rest_framework.response import Response
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import create_key
from claims.models import Claim, ClaimLink, OriginNotice, PropositionLink, Review
from claims.services import edit
from config.api.urls import router
from documents.models import Collection
from sources.services import describe_source
from tests.api.conftest import Connect
from tests.factories import ClaimFactory, CollectionFactory, UserFactory

API = "/api/v1/"


@pytest.fixture
def bare(analyst: User) -> APIClient:
    """The analyst's client, which says nothing about states by itself."""
    _, secret = create_key(analyst, name="test", scopes=["read", "review"])
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def test_an_edit_without_if_match_is_refused_with_key_and_session_alike(bare: APIClient, analyst: User, claim: Claim):
    browser = APIClient()
    browser.force_login(analyst)

    for client in (bare, browser):
        response = client.post(f"{API}claims/{claim.pk}/accept/")

        assert (response.status_code, response.json()["code"]) == (428, "precondition_required")
    assert not Review.objects.exists()


def test_a_stale_edit_gets_the_row_as_it_is_now(bare: APIClient, analyst: User, claim: Claim):
    address = f"{API}claims/{claim.pk}/"
    seen = bare.get(address)["ETag"]
    edit(claim, by=analyst, hedge="reportedly")

    stale = bare.post(f"{address}reject/", {"reason": "no"}, HTTP_IF_MATCH=seen)

    now = bare.get(address)
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    assert stale.json()["current"] == now.json()
    assert stale["ETag"] == now["ETag"] == '"v2"'
    fresh = bare.post(f"{address}reject/", {"reason": "no"}, HTTP_IF_MATCH=stale["ETag"])
    assert (fresh.status_code, fresh["ETag"]) == (200, '"v3"')


@pytest.mark.parametrize(
    ("header", "status"),
    [("*", 200), ('"v1"', 200), ('"v7", "v1"', 200), ('"v7"', 412), ('W/"v1"', 400), ("v1", 400), ("", 400)],
)
def test_if_match_is_read_as_http_has_it(bare: APIClient, claim: Claim, header: str, status: int):
    response = bare.post(f"{API}claims/{claim.pk}/accept/", HTTP_IF_MATCH=header)

    assert response.status_code == status
    if status == 400:
        assert list(response.json()["fields"]) == ["If-Match"]


def test_a_row_that_one_may_not_see_is_not_there_whatever_its_state(bare: APIClient):
    hidden = ClaimFactory(layer__document__collection=CollectionFactory())

    response = bare.post(f"{API}claims/{hidden.pk}/accept/", HTTP_IF_MATCH='"v7"')

    assert response.status_code == 404


def test_every_kind_of_row_that_is_edited_has_its_own_tag(bare: APIClient, analyst: User, collection: Collection):
    first, other = (ClaimFactory(accepted=True, layer__document__collection=collection) for _ in range(2))
    between = PropositionLink.objects.create(
        proposition=first.proposition, other=other.proposition, kind="contradicts", rule="quantity"
    )
    relays = ClaimLink.objects.create(claim=first, origin=other, kind="relays", rule="chain")
    one, two = sorted([first.source, other.source], key=lambda source: source.pk)
    notice = OriginNotice.objects.create(
        one=one, other=two, posterior=0.9, shared_true=1, shared_refuted=3, different=0
    )
    edits: list[tuple[str, str, str, dict[str, Any]]] = [
        (f"sources/{first.source_id}/", "patch", "", {"motive": "power"}),
        (f"propositions/{first.proposition_id}/", "post", "reword/", {"topic": "talks"}),
        (f"links/{between.pk}/", "post", "correct/", {"kind": "refines"}),
        (f"claim-links/{relays.pk}/", "post", "dismiss/", {}),
        (f"origin-notices/{notice.pk}/", "post", "dismiss/", {"reason": "chance"}),
        (f"claims/{first.pk}/", "post", "open-proposition/", {"reason": "another matter"}),
    ]
    ClaimFactory(accepted=True, layer__document__collection=collection, proposition=first.proposition)

    for row, method, action, body in edits:
        seen = bare.get(API + row)["ETag"]
        call = getattr(bare, method)
        missing = call(API + row + action, body)
        done = call(API + row + action, body, HTTP_IF_MATCH=seen)
        stale = call(API + row + action, body, HTTP_IF_MATCH=seen)
        now = bare.get(API + row)

        assert (missing.status_code, done.status_code // 100, stale.status_code) == (428, 2, 412), row
        assert done["ETag"] == stale["ETag"] == now["ETag"] != seen
        assert stale.json()["current"] == now.json()


def test_every_view_with_edits_shows_its_rows_and_their_state():
    for _, view, _ in router.registry:
        if view.edits:
            assert view.shown_by is not None, view
            assert hasattr(view.queryset.model, "edit_tag"), view


@pytest.mark.django_db(transaction=True)
def test_of_many_clients_that_edit_one_claim_exactly_one_wins(connect: Connect):
    people = [UserFactory(groups=["analyst"]) for _ in range(8)]
    claim = ClaimFactory(layer__document__collection=CollectionFactory(members=people))
    address = f"{API}claims/{claim.pk}/edit/"
    clients = [connect(user) for user in people]

    answers = at_once(
        lambda number: clients[number].post(address, {"hedge": f"word {number}"}, HTTP_IF_MATCH='"v1"'), len(people)
    )

    claim.refresh_from_db()
    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 7]
    assert (claim.version, Review.objects.count()) == (2, 1)
    won = next(answer for answer in answers if answer.status_code == 200)
    for answer in answers:
        current = answer.json()["claim"] if answer is won else answer.json()["current"]
        assert current["hedge"] == claim.hedge
        assert answer["ETag"] == '"v2"'


@pytest.mark.django_db(transaction=True)
def test_an_edit_on_a_page_is_not_overwritten_by_a_client_that_did_not_see_it(connect: Connect):
    analyst = UserFactory(groups=["analyst"])
    claim = ClaimFactory(accepted=True, layer__document__collection=CollectionFactory(members=[analyst]))
    address = f"{API}sources/{claim.source_id}/"
    seen = connect(analyst).get(address)["ETag"]

    def step(number: int) -> Response | None:
        if number:
            return connect(analyst).patch(address, {"motive": "money"}, HTTP_IF_MATCH=seen)
        describe_source(claim.source, by=analyst, motive="power", expected_tag=seen.strip('"'))
        return None

    step(0)
    answer = step(1)

    assert answer is not None
    assert answer.status_code == 412
    assert answer.json()["current"]["motive"] == "power"


def at_once(step: Any, count: int) -> list[Any]:
    """What each of `count` calls returned, all begun at the same moment, each on a connection of its own."""
    barrier = Barrier(count)

    def run(number: int) -> Any:
        try:
            barrier.wait(timeout=30)
            return step(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))
