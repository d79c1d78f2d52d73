"""Notes over the API: addressed by name, edited with If-Match, done."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from claims.models import Claim, Note
from claims.services import write_note
from documents.models import Collection
from tests.api.conftest import Connect
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ben(collection: Collection) -> User:
    user = UserFactory(username="ben", first_name="Ben", last_name="Okafor")
    collection.members.add(user)
    return user


def test_a_note_is_written_read_by_whom_it_is_for_and_done(
    client: APIClient, claim: Claim, ben: User, connect: Connect
):
    made = client.post("/api/v1/notes/", {"claim": claim.pk, "text": "Look.", "to": ["ben"]})

    assert made.status_code == 201, made.json()
    note = made.json()
    assert (note["author"], note["text"], note["edited_at"]) == ("ana", "Look.", None)
    assert note["to"] == [{"username": "ben", "name": "Ben Okafor", "done_at": None}]
    reader = connect(ben)
    assert [row["id"] for row in reader.get("/api/v1/notes/?to_me=true&open=true").json()["results"]] == [note["id"]]
    done = reader.post(f"/api/v1/notes/{note['id']}/done/")
    assert done.json()["to"][0]["done_at"] is not None
    assert reader.get("/api/v1/notes/?to_me=true&open=true").json()["results"] == []
    assert len(client.get(f"/api/v1/notes/?from_me=true&open=false&claim={claim.pk}").json()["results"]) == 1
    assert reader.post(f"/api/v1/notes/{note['id']}/reopen/").json()["to"][0]["done_at"] is None
    assert client.post(f"/api/v1/notes/{note['id']}/done/").json()["code"] == "not_addressed"


def test_a_note_is_edited_and_deleted_in_the_state_that_was_seen(client: APIClient, claim: Claim, analyst: User):
    note = write_note(claim, text="Look.", by=analyst)
    address = f"/api/v1/notes/{note.pk}/"
    tag = client.get(address)["ETag"]

    changed = client.patch(address, {"text": "Look twice."}, headers={"If-Match": tag})
    stale = [
        client.patch(address, {"text": "No."}, headers={"If-Match": tag}),
        client.delete(address, headers={"If-Match": tag}),
    ]

    assert (changed.status_code, changed.json()["text"]) == (200, "Look twice.")
    assert [answer.status_code for answer in stale] == [412, 412]
    assert stale[0].json()["current"]["text"] == "Look twice."
    assert client.delete(address, headers={"If-Match": changed["ETag"]}).status_code == 204
    assert not Note.objects.exists()


def test_who_cannot_read_a_note_cannot_be_addressed(client: APIClient, claim: Claim):
    UserFactory(username="stranger", first_name="Cleo")

    refused = client.post("/api/v1/notes/", {"claim": claim.pk, "text": "Look.", "to": ["stranger"]})
    unknown = client.post("/api/v1/notes/", {"claim": claim.pk, "text": "Look.", "to": ["nobody"]})
    empty = client.post("/api/v1/notes/", {"claim": claim.pk, "text": "x" * 2001})

    assert (refused.status_code, unknown.status_code) == (400, 400)
    assert refused.json()["fields"] == {"to": ["There is nobody of this name who can read the note: stranger."]}
    assert unknown.content.decode() == refused.content.decode().replace("stranger", "nobody")
    assert empty.json()["fields"].keys() == {"text"}
    assert not Note.objects.exists()


def test_whom_a_note_is_for_already_stays_though_they_left_the_collection(
    client: APIClient, claim: Claim, analyst: User, ben: User
):
    note = write_note(claim, text="Look.", to=[ben], by=analyst)
    claim.collection.members.remove(ben)

    kept = client.patch(f"/api/v1/notes/{note.pk}/", {"text": "Look twice.", "to": ["ben"]})

    assert [one["username"] for one in kept.json()["to"]] == ["ben"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_for_any_number(
    client: APIClient, claim: Claim, analyst: User, ben: User, rows: int, django_assert_num_queries
):
    for _ in range(rows):
        write_note(claim, text="Look, @ben.", by=analyst)
    client.get("/api/v1/notes/")

    with django_assert_num_queries(QUERIES):
        assert len(client.get("/api/v1/notes/").json()["results"]) == rows


QUERIES = 3
