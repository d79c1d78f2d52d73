"""Who may read which name of a source."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection

from claims.models import Claim
from claims.services import accept
from claims.services.identity import merge
from documents.models import Collection
from sources.models import Source, SourceAlias
from sources.services import note_wording
from tests.factories import ClaimFactory, CollectionFactory, DocumentFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


def spoken(source: Source, collection: Collection, wording: str) -> Claim:
    """An accepted claim of the source in a document that speaks of it in these words."""
    claim = ClaimFactory(
        accepted=True,
        source=source,
        layer__document__collection=collection,
        document_source__canonical=wording,
        document_source__source=source,
    )
    note_wording(source, wording, document=claim.layer.document)
    return claim


def name_for(user: object, source: Source) -> str:
    return Source.objects.named_for(user).get(pk=source.pk).shown_name


def test_who_sees_all_that_a_source_said_reads_its_descriptor():
    member = UserFactory()
    source = SourceFactory(descriptor="Colonel X of the guard")
    for number in (1, 2):
        spoken(source, CollectionFactory(members=[member]), f"wording {number}")

    assert name_for(member, source) == "Colonel X of the guard"
    assert name_for(UserFactory(groups=["admin"]), source) == "Colonel X of the guard"


def test_who_sees_a_part_reads_the_sanitised_name_or_else_a_wording_of_that_part():
    member = UserFactory()
    seen, hidden = CollectionFactory(members=[member]), CollectionFactory()
    source = SourceFactory(descriptor="Colonel X of the guard")
    spoken(source, hidden, "Colonel X")
    spoken(source, seen, "an officer of the guard")

    assert name_for(member, source) == "an officer of the guard"
    Source.objects.filter(pk=source.pk).update(sanitised_name="An officer")
    assert name_for(member, source) == "An officer"


def test_a_source_without_any_wording_one_may_see_is_called_by_its_kind():
    member = UserFactory()
    source = SourceFactory(descriptor="Colonel X of the guard")
    ClaimFactory(accepted=True, source=source)
    ClaimFactory(accepted=True, source=source, layer__document__collection__members=[member])

    assert name_for(member, source) == "Unnamed person"


def test_what_was_merged_into_a_source_counts_for_its_name():
    member = UserFactory()
    standing, absorbed = SourceFactory(descriptor="Colonel X"), SourceFactory(descriptor="the officer")
    spoken(standing, CollectionFactory(members=[member]), "a colonel")
    spoken(absorbed, CollectionFactory(), "the officer")
    before = name_for(member, standing)

    merge(absorbed, standing, by=UserFactory(), reason="the same")

    assert (before, name_for(member, standing)) == ("Colonel X", "a colonel")


def test_hidden_words_find_nothing():
    member = UserFactory()
    source = SourceFactory(descriptor="Colonel X of the guard")
    spoken(source, CollectionFactory(), "the Benghazi man")
    spoken(source, CollectionFactory(members=[member]), "an officer")

    def found(words: str) -> bool:
        return Source.objects.matching(words, reader=member).exists()

    assert [found("colonel"), found("benghazi"), found("officer")] == [False, False, True]


def test_a_wording_is_kept_once_for_each_collection_with_its_first_document():
    source, collection = SourceFactory(), CollectionFactory()
    first, second = (DocumentFactory(collection=collection) for _ in range(2))

    for document in (first, second, DocumentFactory()):
        note_wording(source, " the\n officer ", document=document)

    assert SourceAlias.objects.filter(wording="the officer").count() == 2
    assert SourceAlias.objects.get(collection=collection).document == first


def test_accepting_a_claim_notes_where_the_source_was_called_so():
    claim = ClaimFactory()

    accept(claim, by=UserFactory())

    alias = SourceAlias.objects.get()
    assert (alias.collection, alias.document) == (claim.collection, claim.layer.document)


def test_wordings_from_before_are_put_where_documents_have_them():
    source = SourceFactory()
    claims = [spoken(source, CollectionFactory(), wording) for wording in ("the  officer", "the officer", "he")]
    SourceAlias.objects.all().delete()
    for wording in ("the officer", "typed by hand"):
        SourceAlias.objects.create(source=source, wording=wording)

    with connection.cursor() as cursor:
        cursor.execute(import_module("sources.migrations.0005_where_aliases_were_seen").PLACE_THEM)

    assert set(SourceAlias.objects.values_list("wording", "collection", "document")) == {
        ("the officer", claims[0].collection_id, claims[0].layer.document_id),
        ("the officer", claims[1].collection_id, claims[1].layer.document_id),
        ("typed by hand", None, None),
    }
