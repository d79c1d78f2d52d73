import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from documents.errors import NotRetryable, TooLarge
from documents.models import Collection, Dispatch, DispatchState, Document, DocumentState, Original, TextLayer
from documents.services import mark_failed, open_collection, queue_again, store_document, store_text
from tests.factories import CollectionFactory, DispatchFactory, DocumentFactory, TextLayerFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_same_bytes_in_one_collection_are_one_document():
    collection = CollectionFactory()

    first, created = store_document(b"a memo", name="memo.txt", collection=collection)
    second, created_again = store_document(b"a memo", name="copy of memo.txt", collection=collection)

    assert (created, created_again) == (True, False)
    assert first == second
    assert second.name == "memo.txt"
    assert Dispatch.objects.get().state == DispatchState.QUEUED


def test_the_same_bytes_in_two_collections_are_two_documents_over_one_original():
    store_document(b"a memo", name="memo.txt", collection=CollectionFactory())
    store_document(b"a memo", name="memo.txt", collection=CollectionFactory())

    assert Document.objects.count() == 2
    assert bytes(Original.objects.get().content) == b"a memo"


def test_a_file_above_the_limit_is_refused_and_nothing_is_stored(settings):
    settings.MAX_UPLOAD_BYTES = 5

    with pytest.raises(TooLarge, match="Split it"):
        store_document(b"123456", name="big.txt", collection=CollectionFactory())

    assert not Original.objects.exists()


def test_a_collection_is_opened_once_and_gathers_members():
    ana, bob = UserFactory(), UserFactory()

    _, created = open_collection("Algeria", members=[ana])
    collection, created_again = open_collection("Algeria", members=[bob])

    assert (created, created_again) == (True, False)
    assert set(collection.members.all()) == {ana, bob}


def test_reading_adds_a_layer_and_the_printed_facts():
    document = DocumentFactory(state=DocumentState.RECEIVED)

    store_text(document, text="one", reader="text", reader_version="1", facts={"doc_number": "C1"}, page_starts=[0])
    layer = store_text(document, text="two", reader="text", reader_version="2", facts={"doc_number": "C2"})

    assert (layer.version, layer.text) == (2, "two")
    assert (document.state, document.doc_number) == (DocumentState.READ, "C2")
    assert document.label == "C2"


def test_a_failed_document_says_why_and_can_be_queued_again():
    document = DispatchFactory().document

    mark_failed(document, code="unreadable", reason="This is a picture.")
    document.refresh_from_db()
    assert (document.state, document.failure_reason) == (DocumentState.FAILED, "This is a picture.")
    assert document.dispatch.state == DispatchState.DEAD

    document = queue_again(document)
    assert (document.state, document.failure_reason) == (DocumentState.RECEIVED, "")
    assert Dispatch.objects.get().state == DispatchState.QUEUED


def test_a_document_read_before_it_failed_is_not_read_again():
    document = TextLayerFactory(document__state=DocumentState.FAILED, document__failure_reason="no pipeline").document

    assert queue_again(document).state == DocumentState.READ


def test_a_document_that_did_not_fail_cannot_be_queued_again():
    with pytest.raises(NotRetryable, match="ready"):
        queue_again(DocumentFactory())


def test_the_database_refuses_a_failure_without_a_reason():
    with pytest.raises(IntegrityError, match="document_failed_has_reason"), transaction.atomic():
        DocumentFactory(state=DocumentState.FAILED)


def test_the_database_refuses_to_edit_a_text_layer():
    layer = TextLayerFactory()

    with pytest.raises(ProgrammingError, match="Cannot update rows from documents_textlayer"), transaction.atomic():
        TextLayer.objects.filter(pk=layer.pk).update(text="something else")


def test_members_and_administrators_see_a_collection_and_what_is_in_it():
    member, stranger, admin = UserFactory(), UserFactory(), UserFactory(groups=["admin"])
    document = DocumentFactory(collection__members=[member])

    for user, sees in ((member, True), (stranger, False), (admin, True)):
        assert Collection.objects.visible_to(user).exists() == sees
        assert Document.objects.visible_to(user).filter(pk=document.pk).exists() == sees


def test_a_deactivated_user_sees_nothing():
    user = UserFactory(is_active=False)
    DocumentFactory(collection__members=[user])

    assert not Document.objects.visible_to(user).exists()


def test_the_database_refuses_to_move_a_document_to_another_collection():
    document, elsewhere = DocumentFactory(), CollectionFactory()

    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(collection=elsewhere)
