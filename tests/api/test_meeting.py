"""Propositions, links, origins and impact over the API."""

from __future__ import annotations

from datetime import date

import pytest
from rest_framework.test import APIClient

from claims.models import (
    Claim,
    ClaimLink,
    GradeFlag,
    LinkState,
    OriginNotice,
    Proposition,
    PropositionLink,
    RelationKind,
    Stance,
)
from claims.services import (
    assess_credibility,
    confirm_independence,
    discredit,
    link_claims,
    link_propositions,
    settle,
)
from documents.models import Collection
from tests.api.conftest import AnyStateClient
from tests.factories import ClaimFactory, CollectionFactory, PropositionFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> APIClient:
    client = AnyStateClient()
    client.user = UserFactory()
    client.force_authenticate(client.user)
    return client


@pytest.fixture
def collection(client: APIClient) -> Collection:
    return CollectionFactory(members=[client.user])


def says(collection: Collection, proposition: Proposition | None = None, **fields) -> Claim:
    return ClaimFactory(
        accepted=True,
        proposition=proposition or PropositionFactory(),
        layer__document__collection=collection,
        **fields,
    )


def post(client: APIClient, path: str, status: int, **body):
    response = client.post(f"/api/v1/{path}", body, format="json")
    assert response.status_code == status, response.json()
    return response.json()


def get(client: APIClient, path: str):
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 200, response.json()
    return response.json()


def test_grade_one_is_refused_until_an_independent_origin_is_confirmed(client: APIClient, collection: Collection):
    claim = says(collection)
    support = says(collection, claim.proposition)
    grade = {"grade": "1", "basis": "a second service"}

    assert post(client, f"claims/{claim.pk}/assess/", 422, **grade)["code"] == "independent_origin_missing"
    made = post(client, f"claims/{support.pk}/confirm-independence/", 201, basis="Another service's own agent.")
    assert made["in_force"] is True
    assert post(client, f"claims/{claim.pk}/assess/", 201, **grade)["grade"] == "1"

    withdrawal = {"confirmation": made["id"], "reason": "They were in contact."}
    assert post(client, f"claims/{support.pk}/withdraw-independence/", 200, **withdrawal)["in_force"] is False
    (flag,) = get(client, "grade-flags/")["results"]
    assert (flag["claim"], flag["grade"]) == (claim.pk, "1")


def test_grade_one_is_refused_while_something_contradicts(client: APIClient, collection: Collection):
    claim = says(collection)
    confirm_independence(says(collection, claim.proposition), basis="An agent of our own.", by=client.user)
    says(collection, claim.proposition, stance=Stance.DENIES)

    refused = post(client, f"claims/{claim.pk}/assess/", 422, grade="1", basis="a second service")

    assert refused["code"] == "claim_contradicted"


def test_a_claim_joins_a_proposition_and_comes_back(client: APIClient, collection: Collection):
    claim, other = says(collection), says(collection)
    before = claim.proposition_id

    move = post(client, f"claims/{claim.pk}/join/", 201, proposition=other.proposition_id, stance="denies")

    assert (move["kind"], move["proposition"], move["into"], move["claims"]) == (
        "join",
        before,
        other.proposition_id,
        1,
    )
    assert get(client, f"propositions/{other.proposition_id}/moves/")["results"] == [move]
    undone = post(client, f"propositions/{other.proposition_id}/undo-move/", 200, move=move["id"])
    assert undone["in_force"] is False
    claim.refresh_from_db()
    assert (claim.proposition_id, claim.stance) == (before, "asserts")


def test_propositions_are_merged_split_and_reworded(client: APIClient, collection: Collection):
    one, other = says(collection), says(collection)

    post(client, f"propositions/{one.proposition_id}/merge/", 201, into=other.proposition_id, reason="the same")
    split = post(
        client,
        f"propositions/{other.proposition_id}/split/",
        201,
        claims=[one.pk],
        text="Another matter.",
        reason="they differ",
    )
    worded = post(client, f"propositions/{split['into']}/reword/", 200, topic="talks")

    assert (worded["text"], worded["topic"], worded["standing"]["reports"]) == ("Another matter.", "talks", 1)
    refused = post(client, f"propositions/{split['into']}/merge/", 409, into=split["into"], reason="the same")
    assert refused["code"] == "cannot_merge_propositions"


def test_a_proposition_tells_its_origins_and_what_each_adds(client: APIClient, collection: Collection):
    claim = says(collection)
    repeater = says(collection, claim.proposition)
    link_claims(repeater, origin=claim, by=client.user)

    found = get(client, f"propositions/{claim.proposition_id}/origins/")
    shown = get(client, f"propositions/{claim.proposition_id}/")

    assert (found["reports"], found["independent"]) == (2, 1)
    assert {term["claim"]: term["counted"] for term in found["terms"]} == {claim.pk: True, repeater.pk: False}
    assert found["edges"][0]["origin"] == f"claim {claim.pk}"
    assert shown["standing"] == {
        "reports": 2,
        "origins": 1,
        "probability": found["probability"],
        "in_words": found["in_words"],
        "contested": False,
    }


def test_contested_propositions_are_a_list_of_their_own(client: APIClient, collection: Collection):
    quiet, denied, linked, rival = (says(collection) for _ in range(4))
    says(collection, denied.proposition, stance=Stance.DENIES)
    link_propositions(linked.proposition, rival.proposition, kind=RelationKind.CONTRADICTS, by=client.user)
    settled = says(collection)
    says(collection, settled.proposition, stance=Stance.DENIES)
    settle(settled.proposition, outcome="true", decided_on=date(2013, 2, 1), evidence="cable", by=client.user)
    says(CollectionFactory(), quiet.proposition, stance=Stance.DENIES)

    found = get(client, "propositions/?contested=true")["results"]
    others = get(client, "propositions/?contested=false")["results"]

    assert {row["id"] for row in found} == {denied.proposition_id, linked.proposition_id, rival.proposition_id}
    assert {row["id"] for row in others} == {quiet.proposition_id, settled.proposition_id}


def test_a_link_is_accepted_corrected_and_reopened(client: APIClient, collection: Collection):
    one, other = says(collection), says(collection)
    link = PropositionLink.objects.create(
        proposition=one.proposition,
        other=other.proposition,
        kind=RelationKind.CONTRADICTS,
        rule="quantity",
        said="three",
        spans=[[0, 5]],
    )
    (row,) = get(client, "links/?state=proposed")["results"]
    assert (row["id"], row["rule"], row["spans"], row["by"]) == (link.pk, "quantity", [[0, 5]], None)

    assert post(client, f"links/{link.pk}/accept/", 200)["state"] == LinkState.CONFIRMED
    assert post(client, f"links/{link.pk}/accept/", 409)["code"] == "link_already_decided"
    turned = post(client, f"links/{link.pk}/correct/", 200, kind="refines", turned=True)
    assert (turned["kind"], turned["proposition"]["id"]) == ("refines", other.proposition_id)
    assert post(client, f"links/{link.pk}/reopen/", 200)["state"] == LinkState.PROPOSED
    assert post(client, f"links/{link.pk}/dismiss/", 200)["state"] == LinkState.DISMISSED
    assert get(client, "links/?state=proposed")["results"] == []


def test_an_analyst_links_two_claims(client: APIClient, collection: Collection):
    claim, origin = says(collection), says(collection)

    made = post(client, "claim-links/", 201, claim=claim.pk, origin=origin.pk, why="same phone call")

    assert (made["kind"], made["state"], made["rule"]) == ("relays", "confirmed", "analyst")
    assert get(client, f"claim-links/?claim={origin.pk}")["results"] == [made]
    assert post(client, "claim-links/", 422, claim=claim.pk, origin=claim.pk)["code"] == "bad_link"
    assert post(client, "claim-links/", 422, claim=claim.pk)["code"] == "bad_link"


def test_a_relay_of_what_was_confirmed_as_independent_is_refused(client: APIClient, collection: Collection):
    claim = says(collection)
    confirm_independence(claim, basis="An agent of our own.", by=client.user)
    link = ClaimLink.objects.create(claim=claim, origin=says(collection), kind="relays", rule="chain")

    assert post(client, f"claim-links/{link.pk}/accept/", 409)["code"] == "independence_in_the_way"


def test_a_notice_of_a_common_origin_is_decided(client: APIClient, collection: Collection):
    one, other = says(collection).source, says(collection).source
    notice = OriginNotice.objects.create(
        one=one, other=other, posterior=0.98, shared_true=3, shared_refuted=4, different=0
    )
    OriginNotice.objects.create(
        one=one, other=SourceFactory(), posterior=0.98, shared_true=3, shared_refuted=4, different=0
    )

    (row,) = get(client, "origin-notices/")["results"]
    assert (row["one"]["descriptor"], row["shared_refuted"]) == (one.descriptor, 4)
    decided = post(client, f"origin-notices/{notice.pk}/accept/", 200, reason="Same press office.")
    assert (decided["state"], decided["reason"]) == ("confirmed", "Same press office.")


def test_what_rests_on_a_claim_is_told_and_its_fall_recorded(client: APIClient, collection: Collection):
    claim = says(collection)
    assess_credibility(claim, grade="2", basis="photographs", by=client.user)

    preview = get(client, f"impact/?claim={claim.pk}")
    made = post(client, "discreditings/", 201, claim=claim.pk, reason="Forged.")

    assert (preview["resting"]["claims"], preview["total"]) == (1, 1)
    assert preview["changes"][0]["after"] is None
    assert get(client, "discreditings/")["results"] == [made]
    flag = GradeFlag.objects.get()
    assert post(client, f"grade-flags/{flag.pk}/clear/", 200, reason="It stands.")["cleared_reason"] == "It stands."
    assert get(client, "grade-flags/")["results"] == []
    assert post(client, f"discreditings/{made['id']}/withdraw/", 200, reason="Genuine.")["in_force"] is False


@pytest.mark.parametrize("query", ["", "?claim=1&source=1", "?claim=0", "?person=1"])
def test_impact_is_asked_of_one_thing(client: APIClient, query: str):
    assert client.get(f"/api/v1/impact/{query}").status_code == 400


@pytest.mark.parametrize("many", [1, 3])
def test_lists_take_the_same_queries_for_more_rows(
    client: APIClient, collection: Collection, many: int, django_assert_num_queries
):
    for _ in range(many):
        one, other = says(collection), says(collection)
        link_propositions(one.proposition, other.proposition, kind=RelationKind.CONTRADICTS, by=client.user)
        link_claims(one, origin=other, by=client.user)
        OriginNotice.objects.create(
            one=one.source, other=other.source, posterior=0.9, shared_true=0, shared_refuted=3, different=0
        )
        assess_credibility(one, grade="2", basis="photographs", by=client.user)
        discredit(one, by=client.user, reason="Forged.")

    for path, queries in QUERIES.items():
        with django_assert_num_queries(queries, info=path):
            assert len(get(client, path)["results"]) in (many, 2 * many)


QUERIES = {
    "propositions/": 18,
    "propositions/?contested=true": 16,
    "links/": 2,
    "claim-links/": 2,
    "origin-notices/": 5,
    "discreditings/": 3,
    "grade-flags/": 2,
}
