from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from tests.factories import ClaimFactory, CollectionFactory, PropositionFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> APIClient:
    client = APIClient()
    client.user = UserFactory()
    client.force_authenticate(client.user)
    return client


def test_what_rests_on_a_source_and_what_its_fall_would_change(client: APIClient):
    collection = CollectionFactory(members=[client.user])
    source, other = SourceFactory(), SourceFactory()
    proposition = PropositionFactory(text="The talks have failed.")
    ClaimFactory(accepted=True, source=source, proposition=proposition, layer__document__collection=collection)
    kept = ClaimFactory(accepted=True, source=other, proposition=proposition, layer__document__collection=collection)

    impact = client.get(f"/api/v1/sources/{source.pk}/impact/").json()
    fall = client.get(f"/api/v1/sources/{source.pk}/impact/if-discredited/").json()

    assert impact == {"claims": 1, "relayed": 0, "passed_on": 0, "propositions": 1, "settled": 0, "graded": 0}
    assert fall["total"] == 1
    (change,) = fall["changes"]
    assert (change["proposition"], change["reports"], change["left"]) == (proposition.pk, 2, 1)
    assert [(each["claim"], each["after"]) for each in change["suggestions"]] == [(kept.pk, "6")]


def test_a_source_of_another_collection_is_not_there(client: APIClient):
    source = ClaimFactory(accepted=True).source

    assert client.get(f"/api/v1/sources/{source.pk}/impact/").status_code == 404
    assert client.get(f"/api/v1/sources/{source.pk}/impact/if-discredited/").status_code == 404
