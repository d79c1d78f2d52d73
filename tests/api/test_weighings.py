"""Having claims decided sooner or later, over the API."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from claims.models import Claim
from claims.services import reject
from review.models import Boost, Weighing
from review.services.weighing import weigh
from tests.api.conftest import Connect
from tests.factories import ClaimFactory, UserFactory

ADDRESS = "/api/v1/weighings/"


def test_a_claim_is_weighed_and_the_newest_weight_counts(connect: Connect, analyst: User, claim: Claim):
    client = connect(analyst, "review", "read")

    answers = [
        client.post(ADDRESS, {"claim": claim.pk, "weight": weight, "reason": "Board on Friday"}, format="json")
        for weight in (16, 4.0)
    ]

    first, second = (answer.json() for answer in answers)
    assert [answer.status_code for answer in answers] == [201, 201]
    assert second | {"at": ""} == {
        "id": second["id"],
        "claim": claim.pk,
        "weight": 4.0,
        "reason": "Board on Friday",
        "by": analyst.pk,
        "at": "",
    }
    assert answers[1]["Location"].endswith(f"{ADDRESS}{second['id']}/")
    assert client.get(answers[1]["Location"]).json() == second
    assert Boost.objects.get(claim=claim).weight == 4.0
    assert [row["id"] for row in client.get(ADDRESS).json()["results"]] == [second["id"], first["id"]]
    for standing, expected in (("true", second), ("false", first)):
        rows = client.get(ADDRESS, {"claim": claim.pk, "standing": standing}).json()["results"]
        assert [row["id"] for row in rows] == [expected["id"]]


@pytest.mark.parametrize("weight", [-1, 17, "much", True, None])
def test_a_weight_that_is_none_is_refused(connect: Connect, analyst: User, claim: Claim, weight: object):
    answer = connect(analyst, "review").post(ADDRESS, {"claim": claim.pk, "weight": weight}, format="json")

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["weight"])
    assert not Weighing.objects.exists()


def test_what_is_decided_already_is_not_weighed(connect: Connect, analyst: User, claim: Claim):
    reject(claim, by=analyst, reason="Duplicate")

    answer = connect(analyst, "review").post(ADDRESS, {"claim": claim.pk, "weight": 4}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (409, "claim_does_not_wait")


def test_claims_out_of_sight_are_neither_weighed_nor_listed(connect: Connect, analyst: User, claim: Claim):
    hidden = ClaimFactory()
    stranger = UserFactory()
    connect(analyst, "review").post(ADDRESS, {"claim": claim.pk, "weight": 4}, format="json")

    answer = connect(analyst, "review").post(ADDRESS, {"claim": hidden.pk, "weight": 4}, format="json")

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["claim"])
    assert connect(stranger, "read").get(ADDRESS).json()["results"] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_for_one_row_and_for_three(
    connect: Connect, analyst: User, claim: Claim, rows: int, django_assert_num_queries: DjangoAssertNumQueries
):
    for weight in range(rows):
        weigh(claim, weight=float(weight), by=analyst)
    client = connect(analyst, "read")

    with django_assert_num_queries(4):
        assert len(client.get(ADDRESS).json()["results"]) == rows
