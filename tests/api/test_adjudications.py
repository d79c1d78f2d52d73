"""Two opinions on a claim, decided between over the API."""

from __future__ import annotations

import pytest

from accounts.models import User
from claims.models import Claim, ClaimState, SecondReview
from claims.services import accept, reject
from documents.models import Collection
from tests.api.conftest import Connect
from tests.factories import ClaimFactory, CollectionFactory, UserFactory

LIST = "/api/v1/adjudications/"


@pytest.fixture
def reviewer(db: None) -> User:
    return UserFactory(username="rae", groups=["reviewer"])


@pytest.fixture
def collection(reviewer: User) -> Collection:
    return CollectionFactory(members=[reviewer], second_review_share=1.0)


@pytest.fixture
def differing(collection: Collection) -> Claim:
    return judged_twice(collection)


def judged_twice(collection: Collection, *others: User) -> Claim:
    first, second = others or (UserFactory(first_name="Fay", last_name="First"), UserFactory())
    collection.members.add(first, second)
    claim = ClaimFactory(layer__document__collection=collection)
    accept(claim, by=first)
    reject(claim, by=second, reason="A headline")
    return claim


def test_a_reviewer_reads_both_opinions_side_by_side(connect: Connect, reviewer: User, differing: Claim):
    client = connect(reviewer)

    listed = client.get(LIST).json()["results"]
    row = client.get(f"{LIST}{differing.pk}/").json()

    assert listed == [row]
    assert (row["claim"], row["state"], row["differs"]) == (differing.pk, "differs", ["decision"])
    assert (row["first"]["analyst"], row["first"]["state"]) == ("Fay First", "accepted")
    assert (row["second"]["state"], row["second"]["reason"]) == ("rejected", "A headline")
    assert row["first"]["spans"]["content"]["quote"] == differing.content_quote


def test_the_chosen_version_is_the_claims_and_an_undo_takes_it_back(connect: Connect, reviewer: User, differing: Claim):
    client = connect(reviewer)

    step = client.post(f"{LIST}{differing.pk}/choose/", {"choose": "second", "reason": "As the text has it"}).json()
    chosen = client.get(f"/api/v1/claims/{differing.pk}/").json()["state"]
    undone = client.post(f"/api/v1/claims/{differing.pk}/undo/", {"review": step["id"]})

    assert chosen == "rejected"
    assert undone.status_code == 200
    assert Claim.objects.get(pk=differing.pk).state == ClaimState.ACCEPTED
    assert client.get(LIST).json()["results"] != []


def test_a_third_version_is_worded_as_a_candidate_and_can_be_given_up(
    connect: Connect, reviewer: User, differing: Claim
):
    client = connect(reviewer)

    begun = client.post(f"{LIST}{differing.pk}/third/", {"reason": "Both miss the cue"})
    seen = client.get(f"/api/v1/claims/{differing.pk}/").json()["state"]
    dropped = client.post(f"{LIST}{differing.pk}/drop-third/")

    assert (begun.status_code, begun.json()["by"], seen) == (200, reviewer.display_name, "candidate")
    assert (dropped.status_code, dropped.json()["by"]) == (200, None)
    assert SecondReview.objects.get().third is None


def test_a_reason_is_asked_for_and_what_is_decided_is_not_decided_again(
    connect: Connect, reviewer: User, differing: Claim
):
    client = connect(reviewer)
    address = f"{LIST}{differing.pk}/choose/"

    without = client.post(address, {"choose": "first", "reason": " "})
    client.post(address, {"choose": "first", "reason": "so"})
    again = client.post(address, {"choose": "second", "reason": "so"})

    assert (without.status_code, without.json()["code"]) == (422, "reason_missing")
    assert (again.status_code, again.json()["code"]) == (422, "cannot_adjudicate")


def test_whoever_gave_one_of_the_opinions_leaves_it_to_another(
    connect: Connect, reviewer: User, collection: Collection
):
    claim = judged_twice(collection, reviewer, UserFactory())
    client = connect(reviewer)

    assert client.get(LIST).json()["results"] == []
    assert client.get(f"{LIST}{claim.pk}/").status_code == 403
    assert client.post(f"{LIST}{claim.pk}/choose/", {"choose": "first", "reason": "mine"}).status_code == 403


def test_the_list_takes_the_same_queries_for_more_rows(
    connect: Connect, reviewer: User, collection: Collection, django_assert_num_queries: object
):
    client = connect(reviewer)
    for rows in (1, 3):
        for _ in range(rows - SecondReview.objects.count()):
            judged_twice(collection)
        client.get(LIST)
        with django_assert_num_queries(3):  # type: ignore[operator]
            assert len(client.get(LIST).json()["results"]) == rows
