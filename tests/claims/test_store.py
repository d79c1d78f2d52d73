from dataclasses import replace

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from claims.models import Claim, ClaimState, DocumentSource, ExtractionRun
from claims.services import accept, reject, store_extraction
from extraction.spans import Attribution, Extraction
from extraction.spans import DocumentSource as FoundSource
from tests.factories import ClaimFactory, CollectionFactory, TextLayerFactory, UserFactory, place

pytestmark = pytest.mark.django_db

TEXT = "Two advisers said that the minister believes the talks failed. The minister denied it."


def found_source(label: str, words: str, **fields) -> FoundSource:
    return FoundSource(
        **{
            "id": label,
            "canonical": words,
            "kind": "group",
            "anonymous": True,
            "mentions": (place(TEXT, words),),
            **fields,
        }
    )


def attribution(label: str, source: str, cue: str, content: str, **fields) -> Attribution:
    values = {
        "id": f"A{label}",
        "source_id": label,
        "source": place(TEXT, source),
        "cue": place(TEXT, cue),
        "content": place(TEXT, content),
        "type": "indirect",
        "chain": (label,),
        "score": 0.7,
    }
    return Attribution(**{**values, **fields})


ADVISERS = found_source("S1", "Two advisers", access="with access to the minister")
MINISTER = found_source("S2", "the minister", kind="named_individual", anonymous=False, members=("S1",))
SAID = attribution("S1", "Two advisers", "said", "the minister believes the talks failed", hedge="believes")
BELIEVES = attribution("S2", "the minister", "believes", "the talks failed", chain=("S1", "S2"))
FOUND = Extraction(sources=(ADVISERS, MINISTER), attributions=(SAID, BELIEVES))


def store(layer, extraction=FOUND, version="1") -> ExtractionRun:
    return store_extraction(layer, extraction, engine="engine", engine_version=version)


def test_each_attribution_becomes_one_candidate_with_its_chain_and_source():
    layer = TextLayerFactory(text=TEXT)

    run = store(layer)

    outer, inner = Claim.objects.in_reading_order()
    assert run.found == 2
    assert (outer.source_quote, outer.cue_quote, outer.hedge) == ("Two advisers", "said", "believes")
    assert outer.content_quote == "the minister believes the talks failed"
    assert [teller.label for teller in inner.chain_of_tellers] == ["S1", "S2"]
    assert inner.document_source.kind == "named_person"
    assert list(inner.document_source.members.all()) == [outer.document_source]
    for claim in (outer, inner):
        assert claim.state == ClaimState.CANDIDATE
        assert " ".join(TEXT[start:end] for start, end in claim.content_fragments) == claim.content_quote


def test_the_same_engine_twice_stores_once():
    layer = TextLayerFactory(text=TEXT)

    assert store(layer) == store(layer)

    assert Claim.objects.count() == 2
    assert DocumentSource.objects.count() == 2


def test_two_attributions_at_the_same_place_are_one_claim():
    layer = TextLayerFactory(text=TEXT)

    store(layer, Extraction(sources=(ADVISERS,), attributions=(SAID, SAID)))

    assert Claim.objects.count() == 1


def test_a_newer_engine_drops_only_candidates_nobody_touched():
    layer = TextLayerFactory(text=TEXT)
    store(layer)

    store(layer, Extraction(sources=(ADVISERS,), attributions=(SAID,)), version="2")

    assert dict(Claim.objects.values_list("cue_quote", "state")) == {
        "said": ClaimState.CANDIDATE,
        "believes": ClaimState.SUPERSEDED,
    }


def test_a_rejected_claim_does_not_come_back_with_other_borders():
    layer = TextLayerFactory(text=TEXT)
    store(layer)
    reject(Claim.objects.get(cue_quote="believes"), by=UserFactory(), reason="not a claim")
    shorter = attribution("S2", "the minister", "believes", "talks failed")

    store(layer, Extraction(sources=(ADVISERS, MINISTER), attributions=(SAID, shorter)), version="2")

    assert Claim.objects.filter(cue_quote="believes").values_list("state", flat=True).get() == ClaimState.REJECTED


def test_an_accepted_claim_survives_an_engine_that_no_longer_finds_it():
    layer = TextLayerFactory(text=TEXT)
    store(layer)
    accept(Claim.objects.get(cue_quote="said"), by=UserFactory())

    store(layer, Extraction(), version="2")

    assert Claim.objects.get(cue_quote="said").state == ClaimState.ACCEPTED
    assert Claim.objects.get(cue_quote="believes").state == ClaimState.SUPERSEDED


def test_a_superseded_candidate_that_a_later_engine_finds_again_waits_for_review_again():
    layer = TextLayerFactory(text=TEXT)
    store(layer)
    store(layer, Extraction(), version="2")

    store(layer, FOUND, version="3")

    assert set(Claim.objects.values_list("state", flat=True)) == {ClaimState.CANDIDATE}


def test_an_attribution_without_a_source_is_stored_without_one():
    layer = TextLayerFactory(text=TEXT)
    nobody = replace(SAID, source=None, source_id=None, chain=())

    store(layer, Extraction(attributions=(nobody,)))

    claim = Claim.objects.get()
    assert (claim.source_quote, claim.source_fragments, claim.document_source) == ("", [], None)


def test_the_number_of_queries_does_not_grow_with_the_number_of_attributions(django_assert_num_queries):
    one, three = TextLayerFactory(text=TEXT), TextLayerFactory(text=TEXT)
    denied = attribution("S2", "The minister", "denied", "it")
    source = (ADVISERS, found_source("S2", "the minister"))
    with django_assert_num_queries(11):
        store(one, Extraction(sources=source, attributions=(SAID,)))

    with django_assert_num_queries(11):
        store(three, Extraction(sources=source, attributions=(SAID, BELIEVES, denied)))


def test_the_database_refuses_the_same_place_twice():
    claim = ClaimFactory()

    with pytest.raises(IntegrityError, match="claim_once_per_place"), transaction.atomic():
        ClaimFactory(layer=claim.layer, run=claim.run, document_source=claim.document_source)


def test_the_database_refuses_an_accepted_claim_without_a_source():
    claim = ClaimFactory()

    with pytest.raises(IntegrityError, match="claim_accepted_is_complete"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(state=ClaimState.ACCEPTED)


def test_the_database_refuses_to_turn_an_accepted_claim_into_a_rejected_one():
    claim = ClaimFactory(accepted=True)

    with pytest.raises(ProgrammingError, match="Invalid transition"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(state=ClaimState.REJECTED, source=None, proposition=None, stance="")


@pytest.mark.parametrize("fields", [{"score": 1.2}, {"type": "sung"}, {"modality": "hope"}, {"content_quote": ""}])
def test_the_database_refuses_values_outside_the_scales(fields):
    claim = ClaimFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(**fields)


def test_the_database_keeps_a_claim_in_the_collection_of_its_document():
    claim, elsewhere = ClaimFactory(), CollectionFactory()

    Claim.objects.filter(pk=claim.pk).update(collection=elsewhere)

    claim.refresh_from_db()
    assert claim.collection == claim.layer.document.collection
