"""Claims proposed, split, merged, decided in bulk and undone by machines."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from claims.models import Claim, ClaimState, Decision, Review
from claims.services import edit
from documents.models import Collection
from tests.api.conftest import Connect
from tests.api.test_claims import url
from tests.factories import ClaimFactory, TextLayerFactory, UserFactory, place


def at(claim: Claim, words: str) -> list[list[int]]:
    return place(claim.layer.text, words).offsets


@pytest.fixture
def beside(claim: Claim) -> Claim:
    """Another candidate in the same text."""
    return ClaimFactory(layer=claim.layer, run=claim.run, words=("A source", "stated", "talks"))


def test_a_machine_proposes_a_claim_that_waits_for_review(connect: Connect, collection: Collection):
    machine = UserFactory(groups=["integration"])
    collection.members.add(machine)
    layer = TextLayerFactory(document__collection=collection)
    spans = {"content": [[42, 63]], "source": [[0, 29]]}

    response = connect(machine, "propose").post("/api/v1/claims/", {"text_layer": layer.pk, "spans": spans})

    assert response.status_code == 201, response.json()
    shown = response.json()["claim"]
    assert (shown["state"], shown["score"], shown["engine"], shown["type"]) == ("candidate", None, None, "indirect")
    assert shown["spans"]["content"]["quote"] == "the talks have failed"
    assert shown["commitment"]["negated_cue"] is False
    assert Review.objects.get().decision == Decision.ADD


def test_a_proposal_needs_words_of_the_newest_text_of_a_document_one_may_see(client: APIClient, claim: Claim):
    hidden = TextLayerFactory()
    spans = {"content": [[42, 63]]}
    TextLayerFactory(document=claim.layer.document, version=2)

    for layer in (hidden.pk, claim.layer_id):
        response = client.post("/api/v1/claims/", {"text_layer": layer, "spans": spans})
        assert (response.status_code, list(response.json()["fields"])) == (400, ["text_layer"])


def test_the_place_of_a_claim_is_taken(client: APIClient, claim: Claim):
    spans = {role: at(claim, words) for role, words in (("source", "A source close to the cabinet"), ("cue", "stated"))}
    spans["content"] = at(claim, "the talks have failed")

    response = client.post("/api/v1/claims/", {"text_layer": claim.layer_id, "spans": spans})

    assert (response.status_code, response.json()["code"]) == (409, "claim_already_there")


def test_a_claim_is_split_and_put_together_again(client: APIClient, claim: Claim):
    halves = [at(claim, "the talks"), at(claim, "have failed")]

    response = client.post(url(claim, "split"), {"contents": halves}, HTTP_IF_MATCH='"v1"')

    assert response.status_code == 200, response.json()
    answer = response.json()
    assert answer["claim"]["spans"]["content"]["quote"] == "the talks"
    assert [other["spans"]["content"]["quote"] for other in answer["others"]] == ["have failed"]

    undone = client.post("/api/v1/claims/undo/", {"reviews": [answer["review"]["id"]]})
    assert {row["claim"] for row in undone.json()["reviews"]} == {claim.pk, answer["others"][0]["id"]}
    claim.refresh_from_db()
    assert claim.content_quote == "the talks have failed"


def test_two_claims_become_one_unless_the_other_was_changed_meanwhile(client: APIClient, claim: Claim, beside: Claim):
    edit(beside, by=UserFactory(), hedge="may")
    given = {"other": beside.pk, "other_version": 1}

    stale = client.post(url(claim, "merge"), given, HTTP_IF_MATCH='"v1"')
    fresh = client.post(url(claim, "merge"), given | {"other_version": 2}, HTTP_IF_MATCH='"v1"')

    assert (stale.status_code, stale.json()["code"]) == (409, "claim_changed")
    assert fresh.status_code == 200, fresh.json()
    assert [other["state"] for other in fresh.json()["others"]] == [ClaimState.WITHDRAWN]
    assert fresh.json()["claim"]["hedge"] == "may"


def test_many_claims_are_accepted_with_a_result_for_each_and_undone_together(
    client: APIClient, analyst: User, claim: Claim, beside: Claim
):
    changed = ClaimFactory(layer=TextLayerFactory(document__collection=claim.collection))
    edit(changed, by=analyst, hedge="may")
    wanted = [{"id": claim.pk, "version": 1}, {"id": changed.pk, "version": 1}, {"id": beside.pk}, {"id": 999_999}]

    response = client.post("/api/v1/claims/bulk/", {"decision": "accept", "claims": wanted})

    answer = response.json()
    assert (response.status_code, answer["decided"], answer["refused"]) == (200, 2, 2)
    refusals = [item["refusal"] and item["refusal"]["code"] for item in answer["items"]]
    assert refusals == [None, "claim_changed", None, "no_such_claim"]
    assert "changed by somebody else" in answer["items"][1]["refusal"]["detail"]

    undone = client.post("/api/v1/claims/undo/", {"batch": answer["batch"]})
    assert {row["claim"] for row in undone.json()["reviews"]} == {claim.pk, beside.pk}
    assert set(Claim.objects.values_list("state", flat=True)) == {"candidate"}


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("bulk", {"decision": "accept", "claims": []}),
        ("bulk", {"decision": "edit", "claims": [{"id": 1}]}),
        ("undo", {}),
        ("undo", {"reviews": [1], "batch": "0c1b2ac9-7a4f-4c10-9d0c-3f2f3a4b5c6d"}),
        ("undo", {"reviews": [999_999]}),
    ],
)
def test_what_cannot_be_read_is_refused(client: APIClient, path: str, given: dict):
    assert client.post(f"/api/v1/claims/{path}/", given).status_code == 400
