"""Collections made, renamed and opened to people over the API."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import create_key
from documents.models import Collection
from tests.api.conftest import Connect
from tests.factories import UserFactory

LIST = "/api/v1/collections/"


@pytest.fixture
def admin(connect: Connect, db: None) -> APIClient:
    return connect(UserFactory(groups=["admin"]), "admin", "read")


def test_a_collection_is_made_renamed_and_a_name_given_once(admin: APIClient, collection: Collection):
    made = admin.post(LIST, {"name": " Cables ", "marking": "Internal"})
    address = f"{LIST}{made.json()['id']}/"
    tag = admin.get(address)["ETag"]
    renamed = admin.patch(address, {"name": "Cables 2013"}, headers={"If-Match": tag})
    stale = admin.patch(address, {"name": "Other"}, headers={"If-Match": tag})
    taken = [admin.post(LIST, {"name": "Inbox"}), admin.patch(address, {"name": "Inbox"})]

    assert (made.status_code, made.json()["name"], made.json()["marking"]) == (201, "Cables", "Internal")
    assert (renamed.status_code, renamed.json()["name"], renamed.json()["marking"]) == (200, "Cables 2013", "Internal")
    assert (stale.status_code, stale.json()["current"]["name"]) == (412, "Cables 2013")
    assert [(answer.status_code, answer.json()["code"]) for answer in taken] == [(409, "collection_name_taken")] * 2


def test_people_are_let_in_and_out_all_or_nothing(admin: APIClient, collection: Collection, analyst: User):
    ben = UserFactory(username="ben", first_name="Ben", last_name="B.")
    gone = UserFactory(username="gone", is_active=False)
    address = f"{LIST}{collection.pk}/members/"

    changed = admin.post(address, {"add": ["ben"], "remove": ["ana"]})
    refused = [admin.post(address, {"add": ["ana", name]}) for name in ("nobody", gone.username)]

    assert changed.json() == admin.get(address).json() == [{"username": "ben", "name": "Ben B."}]
    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(422, "nobody_called")] * 2
    assert list(collection.members.all()) == [ben]


def test_a_key_limited_to_some_collections_makes_none(collection: Collection):
    _, secret = create_key(UserFactory(groups=["admin"]), name="x", scopes=["admin"], collections=[collection])
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")

    refused = client.post(LIST, {"name": "New"})

    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert "limited" in refused.json()["detail"]
    assert not Collection.objects.filter(name="New").exists()
