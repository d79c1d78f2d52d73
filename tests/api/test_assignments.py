"""Giving documents to people and teams over the API."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from claims.models import Claim
from documents.models import Collection
from review.models import Assignment
from review.services.assignments import assign
from tests.api.conftest import Connect
from tests.factories import ClaimFactory, CollectionFactory, UserFactory

ADDRESS = "/api/v1/assignments/"


@pytest.fixture
def reviewer(collection: Collection) -> User:
    user = UserFactory(groups=["reviewer"])
    collection.members.add(user)
    return user


def test_a_reviewer_gives_documents_to_somebody_who_gets_what_they_may_see(
    connect: Connect, reviewer: User, analyst: User, claim: Claim
):
    unseen = ClaimFactory(layer__document__collection=CollectionFactory(members=[reviewer])).layer.document_id
    body = {"documents": [claim.layer.document_id, unseen], "person": analyst.pk}

    answers = [connect(reviewer, "review", "read").post(ADDRESS, body, format="json") for _ in range(2)]

    row = Assignment.objects.get()
    assert [answer.status_code for answer in answers] == [201, 201]
    for answer in answers:
        assert [one["id"] for one in answer.json()["assignments"]] == [row.pk]
        assert answer.json()["left_out"] == [unseen]
    assert (row.document, row.person, row.by) == (claim.layer.document, analyst, reviewer)
    listed = connect(analyst, "read").get(ADDRESS, {"person": analyst.pk}).json()["results"]
    assert [(one["document"], one["name"]) for one in listed] == [(row.document_id, analyst.display_name)]
    assert connect(analyst, "read").get(ADDRESS, {"person": reviewer.pk}).json()["results"] == []


def test_an_analyst_gives_documents_to_themselves_alone_and_back(
    connect: Connect, reviewer: User, analyst: User, claim: Claim
):
    client = connect(analyst, "review", "read")
    document = claim.layer.document
    theirs = assign(document, to=reviewer, by=reviewer)

    mine = client.post(ADDRESS, {"documents": [document.pk]}, format="json").json()["assignments"][0]
    refused = client.post(ADDRESS, {"documents": [document.pk], "person": reviewer.pk}, format="json")
    not_mine = client.delete(f"{ADDRESS}{theirs.pk}/")
    back = client.delete(f"{ADDRESS}{mine['id']}/")

    assert mine["person"] == analyst.pk
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
    assert (not_mine.status_code, back.status_code) == (403, 204)
    assert Assignment.objects.get() == theirs


def test_a_team_gets_documents_and_a_role_is_no_team(connect: Connect, reviewer: User, claim: Claim):
    client = connect(reviewer, "review", "read")
    team = Group.objects.create(name="Maghreb desk")
    role = Group.objects.get(name="analyst")
    body = {"documents": [claim.layer.document_id]}

    given = client.post(ADDRESS, body | {"team": team.pk}, format="json")
    refused = [
        client.post(ADDRESS, body | more, format="json").status_code
        for more in ({"team": role.pk}, {"team": team.pk, "person": reviewer.pk}, {"documents": [0]})
    ]

    assert given.json()["assignments"][0]["name"] == "Maghreb desk"
    assert refused == [400, 400, 400]
    assert Assignment.objects.get().team == team


def test_the_list_takes_the_same_queries_for_one_and_for_three(
    connect: Connect, reviewer: User, collection: Collection, django_assert_max_num_queries
):
    client = connect(reviewer, "read")
    client.get(ADDRESS)
    taken = []
    for number in (1, 2, 3):
        document = ClaimFactory(layer__document__collection=collection).layer.document
        assign(document, to=UserFactory(), by=reviewer)
        with django_assert_max_num_queries(7) as asked:
            assert len(client.get(ADDRESS).json()["results"]) == number
        taken.append(len(asked))

    assert taken == [taken[0]] * 3
