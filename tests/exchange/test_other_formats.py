"""Every format, from rows of the database: what it may hold is what its reader may see."""

from __future__ import annotations

import json
from datetime import date

import pytest
import stix2
from prov.model import ProvDocument
from pymisp import MISPEvent

from accounts.services import create_key
from accounts.services.keys import calling_with
from claims.models import CredibilityAssessment, Verdict
from exchange.formats.exporting import FORMATS, export
from exchange.formats.rows import stream
from tests.factories import (
    ClaimFactory,
    CollectionFactory,
    DocumentFactory,
    PropositionFactory,
    SourceFactory,
    TextLayerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
OTHERS = ("stix", "misp", "claimreview", "annotations", "prov")


def in_collection(collection, **given):
    return ClaimFactory(layer=TextLayerFactory(document=DocumentFactory(collection=collection)), **given)


def text(name, user, **chosen):
    return "".join(export(FORMATS[name], user, {key: str(value) for key, value in chosen.items()}))


@pytest.fixture
def analyst():
    return UserFactory()


@pytest.fixture
def memos(analyst):
    return CollectionFactory(name="Memos", marking="TLP:GREEN", members=[analyst])


@pytest.fixture
def settled(analyst):
    proposition = PropositionFactory(text="The talks have failed.")
    Verdict.objects.create(
        proposition=proposition, outcome="false", decided_on=date(2013, 2, 1), evidence="Communiqué", by=analyst
    )
    return proposition


def test_each_format_reads_back_with_its_reference(analyst, memos, settled):
    for _ in range(2):
        claim = in_collection(memos, accepted=True, proposition=settled)
        CredibilityAssessment.objects.create(claim=claim, grade="2", likelihood=70, basis="Cables", by=analyst)

    bundle = stix2.parse(text("stix", analyst), allow_custom=False, version="2.1")
    event = MISPEvent()
    event.load(text("misp", analyst))
    document = ProvDocument.deserialize(content=text("prov", analyst), format="json")
    [review] = json.loads(text("claimreview", analyst))["@graph"]
    page = json.loads(text("annotations", analyst))

    assert [one.confidence for one in bundle.objects if one.type == "note"] == [70, 70]
    assert len(event.get_objects_by_name("intelligence-source-assessment")) == 2
    assert len([one for one in document.get_records() if "hearsay:Claim" in str(one)]) == 2
    assert len(review["itemReviewed"]["appearance"]) == 2
    assert page["total"] == 2


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_outside_the_readers_collections_leaves_in_any_format(name, analyst, memos, settled):
    elsewhere = CollectionFactory(name="Elsewhere", marking="SECRET-ELSEWHERE")
    in_collection(memos, accepted=True, proposition=settled)
    there = in_collection(
        elsewhere, accepted=True, proposition=settled, source=SourceFactory(descriptor="Agent Kestrel")
    )

    found = text(name, analyst)

    for secret in ("Agent Kestrel", "Elsewhere", "SECRET-ELSEWHERE", there.layer.document.name):
        assert secret not in found
    uids = [str(record.uid) for record in stream(UserFactory(groups=["admin"]))]
    assert len(uids) == 2
    assert [uid in found for uid in uids] == [False, not name.startswith("annex")]


@pytest.mark.parametrize("name", FORMATS)
def test_a_key_limited_to_a_collection_takes_nothing_else_out(name, memos, settled):
    admin = UserFactory(groups=["admin"])
    in_collection(memos, accepted=True, proposition=settled)
    there = in_collection(
        CollectionFactory(name="Elsewhere"),
        accepted=True,
        proposition=PropositionFactory(),
        source=SourceFactory(descriptor="Agent Kestrel"),
    )
    key, _ = create_key(admin, name="cms", scopes=["read"], collections=[memos])

    limited, unlimited = text(name, calling_with(key)), text(name, UserFactory(groups=["admin"]))

    for secret in ("Agent Kestrel", there.layer.document.name):
        assert secret not in limited
    assert "Agent Kestrel" in unlimited.replace("\\", "")


@pytest.mark.parametrize("name", FORMATS)
def test_a_source_that_also_speaks_elsewhere_leaves_by_the_name_its_reader_may_know(name, analyst, memos):
    source = SourceFactory(
        descriptor="Colonel Haddad", sanitised_name="A military source", placement="in the staff", motive="paid"
    )
    in_collection(memos, accepted=True, source=source)
    in_collection(CollectionFactory(), accepted=True, source=source)

    found = text(name, analyst)

    assert "A military source" in found.replace("\\", "")
    for secret in ("Haddad", "in the staff", "paid"):
        assert secret not in found


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_gives_the_text_of_a_document(name, analyst, memos):
    words = "Nobody is ever meant to read this line."
    layer = TextLayerFactory(
        document=DocumentFactory(collection=memos),
        text=f"{words}\n\nA source close to the cabinet stated that the talks have failed.\n\n{'Filler. ' * 9}{words}",
    )
    ClaimFactory(layer=layer, accepted=True)

    found = text(name, analyst)

    assert "the talks have failed" in found.replace("\\", "")
    assert words not in found


@pytest.mark.parametrize("name", FORMATS)
def test_the_filter_of_the_list_chooses(name, analyst, memos):
    kept = in_collection(memos, accepted=True, source=SourceFactory(descriptor="Kept"))
    in_collection(memos, accepted=True, source=SourceFactory(descriptor="Dropped"))

    found = text(name, analyst, source=kept.source_id)

    assert "Kept" in found
    assert "Dropped" not in found


@pytest.mark.parametrize("name", OTHERS)
def test_the_marking_of_the_collection_is_carried(name, analyst, memos):
    in_collection(memos, accepted=True)

    assert "TLP:GREEN" in text(name, analyst) or "tlp:green" in text(name, analyst)


def test_claims_come_proposition_by_proposition_and_those_on_none_last(analyst, memos):
    one, other = PropositionFactory(), PropositionFactory()
    for proposition in (one, other, one):
        in_collection(memos, accepted=True, proposition=proposition)
    loose = in_collection(memos)

    found = [
        (record.proposition and record.proposition.id, record.id) for record in stream(analyst, by_proposition=True)
    ]

    assert [about for about, _ in found] == [one.pk, one.pk, other.pk, None]
    assert found[-1][1] == loose.pk
    assert found[0][1] > found[1][1]


def test_a_record_says_on_which_page_the_words_stand(analyst, memos):
    text_of_pages = "A first page.\nA source close to the cabinet stated that the talks have failed."
    document = DocumentFactory(collection=memos)
    ClaimFactory(layer=TextLayerFactory(document=document, text=text_of_pages, page_starts=[0, 14]))
    ClaimFactory(layer=TextLayerFactory(document=DocumentFactory(collection=memos)))

    assert [record.page for record in stream(analyst)] == [None, 2]
