"""Reading claims and deciding on them."""

from __future__ import annotations

from datetime import date

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from claims.api import examples
from claims.models import Claim, ClaimState, Decision, Review
from claims.services import accept, reject
from documents.models import Collection
from tests.api.conftest import Connect
from tests.factories import (
    ClaimFactory,
    CollectionFactory,
    DocumentSourceFactory,
    SourceFactory,
    UserFactory,
)


def url(claim: Claim, action: str = "") -> str:
    return f"/api/v1/claims/{claim.pk}/{action}/".replace("//", "/")


def shape(value: object) -> object:
    """The names in nested answers, without their values."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    return [shape(inner) for inner in value[:1]] if isinstance(value, list) else "value"


def test_a_claim_is_shown_with_its_words_their_places_and_its_engine(client: APIClient, claim: Claim):
    response = client.get(url(claim))

    assert response.status_code == 200
    assert response["ETag"] == '"v1"'
    assert response.json() == {
        "id": claim.pk,
        "document": {
            "id": claim.layer.document_id,
            "label": "C05739545",
            "doc_number": "C05739545",
            "title": "",
            "collection": {"id": claim.layer.document.collection_id, "name": "Inbox"},
        },
        "text_layer": {"id": claim.layer_id, "version": 1},
        "spans": {
            "source": {"quote": "A source close to the cabinet", "fragments": [[0, 29]]},
            "cue": {"quote": "stated", "fragments": [[30, 36]]},
            "content": {"quote": "the talks have failed", "fragments": [[42, 63]]},
            "circumstance": None,
        },
        "type": "indirect",
        "hedge": "",
        "modality": "fact",
        "commitment": None,
        "score": 0.8,
        "score_calibrated": False,
        "resolution_uncertain": False,
        "state": "candidate",
        "in_document_source": {
            "id": claim.document_source_id,
            "label": claim.document_source.label,
            "canonical": "A source close to the cabinet",
            "kind": "unnamed_person",
            "anonymous": True,
            "access": "",
            "affiliation": "",
            "condition": "",
            "knowledge": "",
            "knowledge_level": "unknown",
            "expertise": "",
            "printed_reliability": "",
            "printed_reliability_words": "",
            "source": None,
        },
        "chain": [],
        "source": None,
        "given_source": None,
        "proposition": None,
        "stance": "",
        "grades": {"reliability": "F", "credibility": "6", "judged": False},
        "information_date": None,
        "reported_date": None,
        "engine": {"name": "test-engine", "version": "1"},
        "version": 1,
        "created_at": claim.created_at.isoformat().replace("+00:00", "Z"),
    }


def test_a_resolved_claim_names_its_source_its_proposition_and_who_told_whom(
    client: APIClient, analyst: User, claim: Claim
):
    commanders = DocumentSourceFactory(run=claim.run, canonical="the commanders")
    claim.chain.create(position=1, document_source=commanders)
    claim.chain.create(position=0, document_source=claim.document_source)
    review = accept(claim, by=analyst, new_source="A person close to the cabinet", wording="The talks failed.")
    claim.refresh_from_db()

    shown = client.get(url(claim)).json()

    known = {"id": claim.source_id, "descriptor": "A person close to the cabinet"}
    assert shown["source"] == known
    assert shown["in_document_source"]["source"] == claim.source_id
    assert shown["proposition"] == {"id": claim.proposition_id, "text": "The talks failed."}
    assert [(teller["canonical"], teller["source"]) for teller in shown["chain"]] == [
        ("A source close to the cabinet", claim.source_id),
        ("the commanders", None),
    ]
    assert (shown["state"], shown["stance"], shown["version"]) == ("accepted", "asserts", review.version)


def test_the_example_in_the_schema_has_the_shape_of_a_real_answer(client: APIClient, analyst: User, claim: Claim):
    claim.chain.create(position=0, document_source=claim.document_source)
    Claim.objects.update(commitment=examples.CLAIM["commitment"])
    accept(claim, by=analyst)

    assert shape(client.get(url(claim)).json()) == shape(examples.CLAIM)


def test_accepting_gives_the_claim_a_source_and_a_proposition(client: APIClient, claim: Claim):
    response = client.post(url(claim, "accept"), {"new_source": "A minister", "wording": "They failed."})

    assert response.status_code == 200
    assert response["ETag"] == '"v2"'
    assert response.json()["claim"]["state"] == "accepted"
    assert response.json()["claim"]["proposition"]["text"] == "They failed."
    review = Review.objects.get()
    assert (review.decision, review.analyst.username, review.claim_id) == (Decision.ACCEPT, "ana", claim.pk)
    assert response.json()["review"]["id"] == review.pk
    claim.refresh_from_db()
    assert claim.source.descriptor == "A minister"


def test_accepting_can_name_a_known_source(client: APIClient, analyst: User, claim: Claim):
    known = SourceFactory(created_by=analyst)

    response = client.post(url(claim, "accept"), {"source": known.pk, "seconds": 3.25})

    assert response.json()["claim"]["source"] == {"id": known.pk, "descriptor": known.descriptor}
    assert Review.objects.get().seconds == 3.25


def test_a_source_from_elsewhere_cannot_be_named(client: APIClient, claim: Claim):
    elsewhere = ClaimFactory(accepted=True)

    response = client.post(url(claim, "accept"), {"source": elsewhere.source_id})

    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["source"]
    claim.refresh_from_db()
    assert claim.state == ClaimState.CANDIDATE


def test_a_claim_without_a_source_needs_one_to_be_accepted(client: APIClient, claim: Claim):
    Claim.objects.filter(pk=claim.pk).update(document_source=None, source_quote="", source_fragments=[])

    response = client.post(url(claim, "accept"))

    assert response.status_code == 422
    assert response.json()["code"] == "claim_without_source"


def test_rejecting_takes_a_reason(client: APIClient, claim: Claim):
    refused = client.post(url(claim, "reject"), {"reason": " "})
    left_out = client.post(url(claim, "reject"))
    done = client.post(url(claim, "reject"), {"reason": "only a question"})

    assert (refused.status_code, refused.json()["code"]) == (422, "reason_missing")
    assert (left_out.status_code, list(left_out.json()["fields"])) == (400, ["reason"])
    assert done.json()["claim"]["state"] == "rejected"
    assert Review.objects.get().reason == "only a question"


@pytest.mark.parametrize("action", ["accept", "reject", "edit"])
def test_a_decided_claim_is_not_decided_again(client: APIClient, analyst: User, claim: Claim, action: str):
    accept(claim, by=analyst)

    response = client.post(url(claim, action), {"reason": "too late"} if action != "accept" else {})

    assert response.status_code == 409
    assert response.json()["code"] == "claim_already_decided"
    assert Review.objects.count() == 1


def test_editing_corrects_words_source_and_kind(client: APIClient, claim: Claim):
    other = DocumentSourceFactory(run=claim.run, canonical="the cabinet")

    response = client.post(
        url(claim, "edit"),
        {
            "spans": {"source": [[2, 29]], "cue": [[30, 36], [37, 41]]},
            "document_source": other.pk,
            "type": "direct",
            "modality": "belief",
            "hedge": "reportedly",
            "information_date": "2013-01-18",
            "reason": "article",
        },
    )

    assert response.status_code == 200
    shown = response.json()["claim"]
    assert shown["spans"]["source"] == {"quote": "source close to the cabinet", "fragments": [[2, 29]]}
    assert shown["spans"]["cue"] == {"quote": "stated that", "fragments": [[30, 36], [37, 41]]}
    assert shown["spans"]["content"]["quote"] == "the talks have failed"
    assert shown["in_document_source"]["canonical"] == "the cabinet"
    assert (shown["type"], shown["modality"], shown["hedge"]) == ("direct", "belief", "reportedly")
    claim.refresh_from_db()
    assert (claim.information_date, claim.state, claim.version) == (date(2013, 1, 18), ClaimState.CANDIDATE, 2)


@pytest.mark.parametrize(
    ("spans", "status", "blamed"),
    [
        ({"content": []}, 422, None),
        ({"cue": [[60, 999]]}, 422, None),
        ({"cue": [[1, 5], [3, 9]]}, 422, None),
        ({"verb": [[1, 5]]}, 400, "spans.verb"),
        ({"cue": [[1, 5, 7]]}, 400, "spans.cue.0"),
        ({"cue": [["one", 5]]}, 400, "spans.cue.0.0"),
        ([1], 400, "spans"),
    ],
)
def test_spans_outside_the_text_or_out_of_shape_are_refused(
    client: APIClient, claim: Claim, spans: object, status: int, blamed: str | None
):
    response = client.post(url(claim, "edit"), {"spans": spans})

    assert response.status_code == status
    assert (response.json()["code"] == "bad_span") == (status == 422)
    assert list(response.json().get("fields", {})) == ([blamed] if blamed else [])
    assert not Review.objects.exists()


def test_a_source_of_another_document_cannot_be_put_into_a_claim(client: APIClient, claim: Claim):
    response = client.post(url(claim, "edit"), {"document_source": DocumentSourceFactory().pk})

    assert (response.status_code, list(response.json()["fields"])) == (400, ["document_source"])


def test_the_sources_a_document_speaks_of_are_listed(client: APIClient, claim: Claim):
    second = DocumentSourceFactory(run=claim.run, canonical="the cabinet")
    DocumentSourceFactory()

    found = client.get(url(claim, "in-document-sources")).json()

    assert [source["id"] for source in found] == [claim.document_source_id, second.pk]


def test_undoing_puts_the_claim_back(client: APIClient, claim: Claim):
    step = client.post(url(claim, "accept")).json()["review"]["id"]

    response = client.post(url(claim, "undo"), {"review": step})

    assert response.status_code == 200
    assert response.json()["claim"]["state"] == "candidate"
    assert response.json()["claim"]["proposition"] is None
    assert response.json()["review"]["undoes"] == step
    steps = client.get(url(claim, "reviews")).json()["results"]
    assert [(row["decision"], row["undone"]) for row in steps] == [("undo", False), ("accept", True)]


def test_another_analysts_step_takes_a_reviewer_to_undo(
    client: APIClient, connect: Connect, collection: Collection, claim: Claim
):
    reviewer = UserFactory(groups=["reviewer"])
    collection.members.add(reviewer)
    step = accept(claim, by=reviewer)

    refused = client.post(url(claim, "undo"), {"review": step.pk})
    done = connect(reviewer).post(url(claim, "undo"), {"review": step.pk})

    assert (refused.status_code, refused.json()["code"]) == (409, "cannot_undo")
    assert done.status_code == 200


def test_a_step_on_another_claim_cannot_be_undone_here(client: APIClient, analyst: User, claim: Claim):
    other = reject(
        ClaimFactory(layer=claim.layer, run=claim.run, words=("cabinet", "have", "failed")), by=analyst, reason="no"
    )

    response = client.post(url(claim, "undo"), {"review": other.pk})

    assert (response.status_code, list(response.json()["fields"])) == (400, ["review"])


def test_assessing_shows_in_the_claims_grades(client: APIClient, claim: Claim):
    response = client.post(url(claim, "assess"), {"grade": "3", "likelihood": 60, "basis": "plausible"})

    assert response.status_code == 201
    assert {name: response.json()[name] for name in ("grade", "likelihood", "likelihood_words", "by")} == {
        "grade": "3",
        "likelihood": 60,
        "likelihood_words": "likely",
        "by": "ana",
    }
    assert client.get(url(claim)).json()["grades"] == {"reliability": "F", "credibility": "3", "judged": True}


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"grade": "1", "basis": "sure"}, 422, "independent_origin_missing"),
        ({"grade": "3", "basis": ""}, 422, "reason_missing"),
        ({"grade": "7", "basis": "x"}, 400, "invalid"),
        ({"grade": "3", "basis": "x", "likelihood": 100}, 400, "invalid"),
    ],
)
def test_grades_the_rules_do_not_allow_are_refused(
    client: APIClient, claim: Claim, given: dict[str, object], status: int, code: str
):
    response = client.post(url(claim, "assess"), given)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert not claim.credibility_assessments.exists()


@pytest.mark.parametrize("action", ["accept", "reject", "edit", "undo", "assess", "reviews", "in-document-sources", ""])
def test_a_claim_in_another_collection_is_not_there(client: APIClient, action: str):
    hidden = ClaimFactory(layer__document__collection=CollectionFactory())
    call = client.get if action in ("reviews", "in-document-sources", "") else client.post

    response = call(url(hidden, action))

    assert response.status_code == 404
    assert response.json() == {"code": "not_found", "detail": "There is nothing here that you may see."}
