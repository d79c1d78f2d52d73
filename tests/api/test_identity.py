"""Merging, splitting, describing and proposing sources through the API."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from claims.models import Claim
from claims.services import accept
from documents.models import Collection
from sources.models import Source, SourceMerge
from sources.services import note_wording
from tests.factories import ClaimFactory, CollectionFactory, SourceFactory

SOURCES = "/api/v1/sources/"


@pytest.fixture
def claims(collection: Collection, analyst: User) -> list[Claim]:
    """Accepted claims of Gadhafi (one) and Qaddafi (two)."""
    found = []
    for name in ("Gadhafi", "Qaddafi", "Qaddafi"):
        claim = ClaimFactory(
            layer__document__collection=collection,
            document_source__canonical=name,
            document_source__kind="named_person",
            document_source__anonymous=False,
        )
        known = Source.objects.filter(descriptor=name).first()
        accept(claim, by=analyst, source=known)
        claim.refresh_from_db()
        found.append(claim)
    return found


def test_a_merge_is_previewed_made_seen_and_undone(client: APIClient, claims: list[Claim]):
    gadhafi, qaddafi = claims[0].source_id, claims[1].source_id

    preview = client.get(f"{SOURCES}{gadhafi}/merge/preview/?into={qaddafi}").json()
    made = client.post(f"{SOURCES}{gadhafi}/merge/", {"into": qaddafi, "reason": "two spellings"})
    listed = client.get(SOURCES).json()["results"]
    absorbed = client.get(f"{SOURCES}{gadhafi}/").json()
    of_claim = client.get(f"/api/v1/claims/{claims[0].pk}/").json()
    again = client.post(f"{SOURCES}{gadhafi}/merge/", {"into": qaddafi, "reason": "again"})
    undone = client.post(f"{SOURCES}{qaddafi}/undo-merge/", {"merge": made.json()["id"], "reason": "father and son"})

    assert (preview["absorbed"]["claims"], preview["into"]["claims"], preview["conflicts"]) == (1, 2, [])
    assert (made.status_code, made.json()["in_force"], made.json()["by"]) == (201, True, "ana")
    assert [(row["id"], row["aliases"]) for row in listed] == [(qaddafi, ["Qaddafi", "Gadhafi"])]
    assert absorbed["merged_into"] == qaddafi
    assert (of_claim["source"]["id"], of_claim["given_source"]) == (qaddafi, gadhafi)
    assert (again.status_code, again.json()["code"]) == (409, "cannot_merge")
    assert (undone.status_code, undone.json()["in_force"]) == (200, False)
    assert len(client.get(f"{SOURCES}{gadhafi}/merges/").json()["results"]) == 1
    assert Source.objects.standing().count() == 2


def test_merging_with_a_source_one_cannot_see_or_without_a_reason_is_refused(client: APIClient, claims: list[Claim]):
    hidden = ClaimFactory(accepted=True).source
    address = f"{SOURCES}{claims[0].source_id}/merge/"

    unknown = client.post(address, {"into": hidden.pk, "reason": "the same"})
    silent = client.post(address, {"into": claims[1].source_id, "reason": " "})

    assert (unknown.status_code, list(unknown.json()["fields"])) == (400, ["into"])
    assert (silent.status_code, silent.json()["code"]) == (422, "reason_missing")
    assert not SourceMerge.objects.exists()


def test_a_split_is_previewed_made_and_undone(client: APIClient, claims: list[Claim]):
    address = f"{SOURCES}{claims[1].source_id}/"
    chosen = {"claims": [claims[2].pk]}

    preview = client.post(f"{address}split/preview/", chosen).json()
    made = client.post(f"{address}split/", {**chosen, "descriptor": "His son", "reason": "another one"})
    moved = client.get(f"/api/v1/claims/{claims[2].pk}/").json()
    undone = client.post(f"{address}undo-split/", {"split": made.json()["id"], "reason": "not so"})
    all_of_it = client.post(
        f"{address}split/", {"claims": [c.pk for c in claims[1:]], "descriptor": "x", "reason": "y"}
    )

    assert (preview["moving"], preview["staying"]) == ([claims[2].pk], 1)
    assert (made.status_code, made.json()["claims"]) == (201, 1)
    assert (moved["source"]["descriptor"], moved["given_source"]) == ("His son", claims[1].source_id)
    assert (undone.status_code, undone.json()["in_force"], undone.json()["into"]) == (200, False, None)
    assert (all_of_it.status_code, all_of_it.json()["code"]) == (422, "cannot_split")
    assert len(client.get(f"{address}splits/").json()["results"]) == 1


def test_describing_takes_the_etag_one_has_seen(client: APIClient, claims: list[Claim]):
    address = f"{SOURCES}{claims[1].source_id}/"
    seen = client.get(address)["ETag"]

    changed = client.patch(address, {"motive": "power"}, HTTP_IF_MATCH=seen)
    stale = client.patch(address, {"motive": "money"}, HTTP_IF_MATCH=seen)
    unreadable = client.patch(address, {"motive": "money"}, HTTP_IF_MATCH="yesterday's")
    misspelt = client.patch(address, {"motives": "money"})

    assert (changed.status_code, changed.json()["motive"], changed["ETag"] != seen) == (200, "power", True)
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    assert (unreadable.status_code, misspelt.status_code) == (400, 400)
    assert client.get(address).json()["motive"] == "power"


def test_a_source_heard_elsewhere_as_well_is_shown_by_a_name_of_ones_own_collections(
    client: APIClient, collection: Collection, analyst: User
):
    source = SourceFactory(descriptor="Colonel X of the guard", placement="in the palace")
    here = ClaimFactory(accepted=True, source=source, layer__document__collection=collection)
    there = ClaimFactory(accepted=True, source=source, layer__document__collection=CollectionFactory())
    note_wording(source, "an officer", document=here.layer.document)
    note_wording(source, "Colonel X", document=there.layer.document)
    address = f"{SOURCES}{source.pk}/"

    shown = client.get(address).json()
    claimed = client.get(f"/api/v1/claims/{here.pk}/").json()["source"]
    refused = client.patch(address, {"motive": "money"})

    assert (shown["descriptor"], shown["sanitised"], shown["placement"]) == ("an officer", True, "")
    assert shown["aliases"] == ["an officer"]
    assert claimed == {"id": source.pk, "descriptor": "A source close to the cabinet"}
    assert (refused.status_code, refused.json()["code"]) == (422, "cannot_describe")
    assert client.get(f"{SOURCES}?search=colonel").json()["results"] == []


def test_known_sources_are_proposed_for_a_claim_with_reasons(
    client: APIClient, collection: Collection, claims: list[Claim]
):
    claim = ClaimFactory(
        layer__document__collection=collection,
        document_source__canonical="Colonel Kadafi",
        document_source__kind="named_person",
    )

    found = client.get(f"/api/v1/claims/{claim.pk}/source-proposals/").json()

    assert {row["source"]["descriptor"] for row in found} == {"Gadhafi", "Qaddafi"}
    assert all(0 < row["score"] <= 1 and row["reasons"] for row in found)
    assert client.get(f"/api/v1/claims/{claim.pk}/").json()["source"] is None
