"""Reading, uploading and retrying documents; collections."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient

from documents.models import Collection, Dispatch, DispatchState, Document, DocumentState
from ingest import intake
from tests.factories import CollectionFactory, DocumentFactory, TextLayerFactory

DOCUMENTS = "/api/v1/documents/"


def memo(content: bytes = b"A source stated that it rains.", name: str = "memo.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/plain")


def upload(client: APIClient, **form: object) -> object:
    return client.post(DOCUMENTS, form, format="multipart")


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ids of the documents whose bell was rung: the broker is not under test here."""
    rang: list[int] = []
    monkeypatch.setattr(intake, "ring", rang.append)
    return rang


def test_an_uploaded_document_is_kept_and_queued(
    client: APIClient,
    collection: Collection,
    rung: list[int],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
):
    with django_capture_on_commit_callbacks(execute=True):
        response = upload(client, file=memo(), collection="Inbox")

    assert response.status_code == 201
    document = Document.objects.get()
    assert response["Location"] == f"http://testserver{DOCUMENTS}{document.pk}/"
    assert {name: response.json()[name] for name in ("id", "label", "state", "failure")} == {
        "id": document.pk,
        "label": "memo.txt",
        "state": "received",
        "failure": None,
    }
    assert response.json()["collection"] == {"id": collection.pk, "name": "Inbox"}
    assert (document.added_by.username, bytes(document.original.content)) == ("ana", b"A source stated that it rains.")
    assert rung == [document.pk]


def test_the_same_file_twice_is_one_document(client: APIClient, collection: Collection, rung: list[int]):
    first = upload(client, file=memo(), collection=str(collection.pk))
    again = upload(client, file=memo(name="another name.txt"), collection="Inbox")

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert Document.objects.count() == Dispatch.objects.count() == 1


def test_a_collection_is_meant_by_its_id_before_its_name(client: APIClient, collection: Collection, rung: list[int]):
    misleading = CollectionFactory(name=str(collection.pk), members=collection.members.all())
    by_name = CollectionFactory(name="1984", members=collection.members.all())

    upload(client, file=memo(), collection=str(collection.pk))
    upload(client, file=memo(), collection="1984")

    assert set(Document.objects.values_list("collection", flat=True)) == {collection.pk, by_name.pk}
    assert not misleading.documents.exists()


@pytest.mark.parametrize("named", ["Nowhere", "999999", "9" * 5_000, "٣", "Secret"])
def test_a_collection_the_caller_cannot_see_is_unknown(client: APIClient, collection: Collection, named: str):
    CollectionFactory(name="Secret")

    response = upload(client, file=memo(), collection=named)

    assert response.status_code == 400
    assert response.json()["fields"] == {
        "collection": ["There is no collection with this id or name that you may see."]
    }
    assert not Document.objects.exists()


def test_an_upload_needs_a_file_with_something_in_it(client: APIClient, collection: Collection):
    none = upload(client, collection="Inbox")
    empty = upload(client, file=memo(b""), collection="Inbox")

    assert (none.status_code, list(none.json()["fields"])) == (400, ["file"])
    assert (empty.status_code, list(empty.json()["fields"])) == (400, ["file"])


def test_a_file_above_the_limit_is_refused(client: APIClient, collection: Collection, settings: object):
    settings.MAX_UPLOAD_BYTES = 10

    slightly = upload(client, file=memo(b"x" * 11), collection="Inbox")
    by_far = upload(client, file=memo(b"x" * 100_000), collection="Inbox")

    assert [(r.status_code, r.json()["code"]) for r in (slightly, by_far)] == [(413, "document_too_large")] * 2
    assert not Document.objects.exists()


def test_an_upload_that_is_no_form_is_refused(client: APIClient, collection: Collection):
    response = client.post(DOCUMENTS, {"collection": "Inbox"}, format="json")

    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


def test_a_failed_document_is_tried_again(client: APIClient, collection: Collection, rung: list[int]):
    document = DocumentFactory(
        collection=collection, state=DocumentState.FAILED, failure_code="empty", failure_reason="Nothing in it."
    )
    assert client.get(f"{DOCUMENTS}{document.pk}/").json()["failure"] == {"code": "empty", "reason": "Nothing in it."}

    response = client.post(f"{DOCUMENTS}{document.pk}/retry/")

    assert (response.status_code, response.json()["state"], response.json()["failure"]) == (200, "received", None)
    assert document.dispatch.state == DispatchState.QUEUED


def test_a_document_that_did_not_fail_is_not_tried_again(client: APIClient, collection: Collection):
    response = client.post(f"{DOCUMENTS}{DocumentFactory(collection=collection).pk}/retry/")

    assert (response.status_code, response.json()["code"]) == (409, "document_not_retryable")


def test_a_document_shows_what_is_printed_on_it(client: APIClient, collection: Collection):
    document = DocumentFactory(
        collection=collection,
        title="H: LATEST INTEL",
        doc_number="C05739545",
        case_number="F-2014-20439",
        release_date="2015-05-13",
        exemptions=["B6"],
    )

    shown = client.get(f"{DOCUMENTS}{document.pk}/").json()

    assert {
        name: shown[name] for name in ("label", "title", "case_number", "release_date", "exemptions", "sha256")
    } == {
        "label": "C05739545",
        "title": "H: LATEST INTEL",
        "case_number": "F-2014-20439",
        "release_date": "2015-05-13",
        "exemptions": ["B6"],
        "sha256": document.original_id,
    }


def test_the_newest_text_comes_with_its_places(client: APIClient, collection: Collection):
    document = DocumentFactory(collection=collection)
    TextLayerFactory(document=document, text="old")
    layer = TextLayerFactory(
        document=document,
        version=2,
        text="PAGE 1\nIt rains.",
        page_starts=[0],
        furniture=[[0, 6, "banner"]],
        segments=[
            {"start": 0, "end": 16, "author": "H", "recipients": "", "subject": "rain", "sent_on": "2013-01-18"},
            {"start": 16, "end": 16, "author": "", "recipients": "", "subject": "", "sent_on": None},
        ],
    )

    newest = client.get(f"{DOCUMENTS}{document.pk}/text/").json()
    older = client.get(f"{DOCUMENTS}{document.pk}/text/?version=1").json()

    assert {name: newest[name] for name in newest if name != "created_at"} == {
        "id": layer.pk,
        "document": document.pk,
        "version": 2,
        "reader": "text",
        "reader_version": "1",
        "text": "PAGE 1\nIt rains.",
        "start": 0,
        "end": 16,
        "characters": 16,
        "page_starts": [0],
        "furniture": [{"start": 0, "end": 6, "kind": "banner"}],
        "segments": layer.segments,
    }
    assert older["text"] == "old"


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 404, "no_text"),
        ("?version=3", 404, "no_text"),
        ("?version=x", 400, "invalid"),
        ("?v=1", 400, "unknown_parameter"),
        ("?start=1&start=2", 400, "invalid"),
        ("?start=9&end=3", 400, "invalid"),
    ],
)
def test_a_text_that_is_not_there_is_not_found(
    client: APIClient, collection: Collection, query: str, status: int, code: str
):
    document = DocumentFactory(collection=collection, state=DocumentState.RECEIVED)

    response = client.get(f"{DOCUMENTS}{document.pk}/text/{query}")

    assert (response.status_code, response.json()["code"]) == (status, code)


def test_only_the_callers_collections_and_their_documents_are_listed(client: APIClient, collection: Collection):
    mine = DocumentFactory(collection=collection)
    hidden = DocumentFactory()

    documents = client.get(DOCUMENTS).json()["results"]
    collections = client.get("/api/v1/collections/").json()["results"]

    assert [row["id"] for row in documents] == [mine.pk]
    assert [row["name"] for row in collections] == ["Inbox"]
    assert client.get(f"{DOCUMENTS}{hidden.pk}/").status_code == 404
    assert client.get(f"{DOCUMENTS}{hidden.pk}/text/").status_code == 404
    assert client.post(f"{DOCUMENTS}{hidden.pk}/retry/").status_code == 404
    assert client.get(f"/api/v1/collections/{hidden.collection_id}/").status_code == 404


def test_a_large_upload_over_a_session_is_refused_before_it_is_read(
    analyst: object, collection: Collection, settings: object, tmp_path: Path
):
    settings.MAX_UPLOAD_BYTES = 10
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "missing")  # reading the form would fail on this
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(analyst)

    response = upload(browser, file=memo(b"x" * 100_000), collection="Inbox")

    assert (response.status_code, response.json()["code"]) == (413, "document_too_large")
