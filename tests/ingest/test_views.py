"""Documents in the workbench: the list, bringing in, trying again, one document's page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from claims.models import ClaimState
from claims.services import reject
from documents.models import Collection, Document, DocumentState
from ingest import listing
from tests.factories import (
    ClaimFactory,
    CollectionFactory,
    DispatchFactory,
    DocumentFactory,
    ExtractionRunFactory,
    TextLayerFactory,
    UserFactory,
)

LIST = "/documents/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def analyst(db: None) -> User:
    return UserFactory()


@pytest.fixture
def collection(analyst: User) -> Collection:
    return CollectionFactory(name="Cables", members=[analyst])


@pytest.fixture
def workbench(client: Client, analyst: User) -> Client:
    client.force_login(analyst)
    return client


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Documents for which the workers were called."""
    calls: list[int] = []
    monkeypatch.setattr("ingest.intake.ring", calls.append)
    return calls


def failed(collection: Collection) -> Document:
    document = DocumentFactory(collection=collection, state=DocumentState.FAILED, failure_reason="It is a picture.")
    DispatchFactory(document=document, state="dead")
    return document


def names(response) -> list[str]:
    return [row.document.name for row in response.context["page"].rows]


def upload(*files: tuple[str, bytes]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, data) for name, data in files]


# --- The list ---


@pytest.mark.parametrize("address", [LIST, "/documents/1/"])
def test_strangers_are_sent_to_the_login(client: Client, db: None, address: str):
    assert client.get(address)["Location"] == f"{reverse('login')}?next={address}"


def test_the_list_shows_only_my_collections_newest_first(workbench: Client, collection: Collection):
    DocumentFactory(collection=collection, name="older.txt")
    DocumentFactory(collection=collection, name="newer.txt")
    DocumentFactory(name="hidden.txt")

    assert names(workbench.get(LIST)) == ["newer.txt", "older.txt"]


def test_a_row_counts_what_waits_and_what_is_decided(workbench: Client, analyst: User, collection: Collection):
    layer = TextLayerFactory(document__collection=collection)
    run = ExtractionRunFactory(layer=layer)
    ClaimFactory(layer=layer, run=run)
    ClaimFactory(layer=layer, run=run, words=("A source", "stated", "talks"), state=ClaimState.SUPERSEDED)
    reject(ClaimFactory(layer=layer, run=run, words=("source", "stated", "failed")), by=analyst, reason="Duplicate")

    [row] = workbench.get(LIST).context["page"].rows

    assert (row.waiting, row.decided) == (1, 1)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"words": "bahrain UPDATE"}, ["a.eml"]),
        ({"words": "c0579"}, ["b.txt"]),
        ({"words": "bahrain nothing"}, []),
        ({"state": "failed"}, ["c.txt"]),
        ({"state": "nonsense"}, []),
        ({"collection": "999999"}, []),
        ({"before": "x"}, []),
        ({}, ["c.txt", "b.txt", "a.eml"]),
    ],
)
def test_the_list_is_narrowed_by_words_state_and_collection(
    workbench: Client, collection: Collection, query: dict[str, str], found: list[str]
):
    DocumentFactory(collection=collection, name="a.eml", title="Bahrain: an update")
    DocumentFactory(collection=collection, name="b.txt", doc_number="C05797165")
    DocumentFactory(collection=collection, name="c.txt", state=DocumentState.FAILED, failure_reason="It is a picture.")

    assert names(workbench.get(LIST, query)) == found


def test_older_documents_are_on_the_next_page_with_the_same_filters(
    workbench: Client, collection: Collection, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    for number in range(5):
        DocumentFactory(collection=collection, name=f"memo {number}")
    DocumentFactory(collection=collection, name="other")

    first = workbench.get(LIST, {"words": "memo"})
    second = workbench.get(f"{LIST}?{first.context['page'].older_query}")
    third = workbench.get(f"{LIST}?{second.context['page'].older_query}")

    assert [names(first), names(second), names(third)] == [["memo 4", "memo 3"], ["memo 2", "memo 1"], ["memo 0"]]
    assert third.context["page"].older is None


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_for_any_number_of_documents(
    workbench: Client, collection: Collection, django_assert_num_queries, number: int
):
    for _ in range(number):
        ClaimFactory(layer__document__collection=collection)

    with django_assert_num_queries(6):
        workbench.get(LIST)


def test_the_list_asks_again_only_while_something_is_unfinished(workbench: Client, collection: Collection):
    document = DocumentFactory(collection=collection, state=DocumentState.RECEIVED)

    waiting = workbench.get(LIST, headers=HTMX).content.decode()
    Document.objects.filter(pk=document.pk).update(state=DocumentState.EXTRACTED)
    ready = workbench.get(LIST, headers=HTMX).content.decode()

    assert 'hx-trigger="every 2s"' in waiting
    assert "hx-trigger" not in ready
    assert "<html" not in ready


def test_somebody_without_a_collection_is_told_what_to_ask_for(workbench: Client):
    assert "Ask an administrator to add you to one" in workbench.get(LIST).content.decode()


def test_an_account_without_a_role_is_told_to_ask_for_one(client: Client, db: None):
    client.force_login(UserFactory(groups=[]))

    response = client.get(LIST)

    assert response.status_code == 403
    assert "the role “viewer”" in response.content.decode()


# --- Bringing in ---


def test_files_are_brought_in_and_the_workers_called(
    workbench: Client, analyst: User, collection: Collection, rung: list[int], django_capture_on_commit_callbacks
):
    files = upload(("a.txt", b"one"), ("b.txt", b"two"))

    with django_capture_on_commit_callbacks(execute=True):
        response = workbench.post("/documents/bring-in/", {"files": files, "collection": collection.pk}, follow=True)

    found = list(Document.objects.order_by("id"))
    assert [(d.name, d.collection, d.added_by, d.state) for d in found] == [
        ("a.txt", collection, analyst, "received"),
        ("b.txt", collection, analyst, "received"),
    ]
    assert rung == [d.pk for d in found]
    assert "2 documents brought in" in response.content.decode()


def test_a_file_that_is_there_already_is_no_second_document(workbench: Client, collection: Collection, rung: list[int]):
    for _ in range(2):
        files = upload(("a.txt", b"one"))
        response = workbench.post("/documents/bring-in/", {"files": files, "collection": collection.pk}, follow=True)

    assert Document.objects.count() == 1
    assert "1 file was in Cables already." in response.content.decode()


def test_a_file_too_large_is_refused_and_the_others_taken(
    workbench: Client, collection: Collection, rung: list[int], settings
):
    settings.MAX_UPLOAD_BYTES = 4
    files = upload(("large.txt", b"12345"), ("small.txt", b"1234"))

    response = workbench.post("/documents/bring-in/", {"files": files, "collection": collection.pk}, follow=True)

    assert [document.name for document in Document.objects.all()] == ["small.txt"]
    assert "large.txt" in response.content.decode()
    assert "Split it and send the parts" in response.content.decode()


def test_an_upload_without_files_says_so(workbench: Client, collection: Collection):
    response = workbench.post("/documents/bring-in/", {"collection": collection.pk}, follow=True)

    assert "Choose one or more files first." in response.content.decode()


def test_more_files_than_one_upload_takes_are_named(
    workbench: Client, collection: Collection, rung: list[int], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("ingest.views.MOST_FILES", 1)
    files = upload(("a.txt", b"one"), ("b.txt", b"two"))

    response = workbench.post("/documents/bring-in/", {"files": files, "collection": collection.pk}, follow=True)

    assert Document.objects.count() == 1
    assert "Only the first 1 files were taken" in response.content.decode()


@pytest.mark.parametrize("chosen", ["", "x", "hidden"])
def test_nothing_is_brought_into_a_collection_one_cannot_see(workbench: Client, chosen: str):
    hidden = CollectionFactory()

    response = workbench.post(
        "/documents/bring-in/",
        {"files": upload(("a.txt", b"one")), "collection": hidden.pk if chosen == "hidden" else chosen},
    )

    assert response.status_code == 404
    assert not Document.objects.exists()


def test_a_viewer_brings_nothing_in_and_tries_nothing_again(client: Client, collection: Collection):
    viewer = UserFactory(groups=["viewer"])
    collection.members.add(viewer)
    document = failed(collection)
    client.force_login(viewer)

    brought = client.post("/documents/bring-in/", {"files": upload(("a.txt", b"1")), "collection": collection.pk})
    again = client.post(f"/documents/{document.pk}/retry/")
    page = client.get(LIST).content.decode()

    assert (brought.status_code, again.status_code) == (403, 403)
    assert "the role “analyst”" in brought.content.decode()
    assert "Try again" not in page
    assert "It is a picture." in page


# --- Trying again ---


def test_a_failed_document_is_tried_again(
    workbench: Client, collection: Collection, rung: list[int], django_capture_on_commit_callbacks
):
    document = failed(collection)

    with django_capture_on_commit_callbacks(execute=True):
        response = workbench.post(f"/documents/{document.pk}/retry/", {"stay": "1"})

    assert response["Location"] == f"/documents/{document.pk}/"
    document.refresh_from_db()
    assert document.state == DocumentState.RECEIVED
    assert rung == [document.pk]


def test_only_a_failed_document_is_tried_again(workbench: Client, collection: Collection):
    document = DocumentFactory(collection=collection)

    response = workbench.post(f"/documents/{document.pk}/retry/", follow=True)

    assert "only a failed document can be tried again" in response.content.decode()


# --- One document ---


def test_a_document_of_another_collection_is_not_there(workbench: Client):
    hidden = failed(CollectionFactory())

    assert workbench.get(f"/documents/{hidden.pk}/").status_code == 404
    assert workbench.post(f"/documents/{hidden.pk}/retry/").status_code == 404


def test_a_document_shows_its_facts_and_its_claims_in_place(workbench: Client, collection: Collection):
    document = DocumentFactory(collection=collection, case_number="F-2014-20439", information_date="2013-01-19")
    claim = ClaimFactory(layer=TextLayerFactory(document=document))

    page = workbench.get(f"/documents/{document.pk}/").content.decode()

    assert "F-2014-20439" in page
    assert "19 Jan 2013" in page
    assert page.count(f'href="{reverse("review:claim", args=[claim.pk])}"') == 2
    assert "Review 1 claim" in page


@pytest.mark.parametrize("number", [1, 3])
def test_a_document_takes_the_same_queries_for_any_number_of_claims(
    workbench: Client, collection: Collection, django_assert_num_queries, number: int
):
    layer = TextLayerFactory(document__collection=collection)
    run = ExtractionRunFactory(layer=layer)
    for content in ["the talks", "the talks have", "the talks have failed"][:number]:
        ClaimFactory(layer=layer, run=run, words=("A source close to the cabinet", "stated", content))

    with django_assert_num_queries(7):
        workbench.get(f"/documents/{layer.document_id}/")


def test_a_document_page_asks_until_the_work_is_done_and_then_loads_anew(workbench: Client, collection: Collection):
    document = DocumentFactory(collection=collection, state=DocumentState.READ)
    address = f"/documents/{document.pk}/"

    page = workbench.get(address).content.decode()
    waiting = workbench.get(address, headers=HTMX)
    Document.objects.filter(pk=document.pk).update(state=DocumentState.EXTRACTED)
    ready = workbench.get(address, headers=HTMX)

    assert 'hx-trigger="every 2s"' in page
    assert waiting.status_code == 204
    assert ready["HX-Refresh"] == "true"
