from uuid import uuid4

import pytest

import extraction
from claims.models import Claim, ClaimState, ExtractionRun
from documents.errors import LeaseLost
from documents.leases import take
from documents.models import DispatchState, Document, DocumentState, TextLayer
from extraction.pipeline import PipelineMissing
from ingest import processing
from ingest.intake import receive
from ingest.processing import process
from tests.factories import SENTENCE, CollectionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def received(data: bytes, name: str = "memo.txt") -> Document:
    return receive(data, name=name, collection=CollectionFactory())[0]


def processed(document: Document) -> Document:
    process(document.pk, take(document.pk))
    document.refresh_from_db()
    return document


def test_a_text_becomes_a_layer_and_candidates_with_quotes_from_it():
    document = processed(received(SENTENCE.encode()))

    layer, claim = TextLayer.objects.get(), Claim.objects.get()
    assert document.state == DocumentState.EXTRACTED
    assert document.dispatch.state == DispatchState.DONE
    assert layer.text == SENTENCE
    assert (claim.state, claim.cue_quote) == (ClaimState.CANDIDATE, "stated")
    for role in ("source", "cue", "content"):
        fragments = getattr(claim, f"{role}_fragments")
        assert " ".join(SENTENCE[start:end] for start, end in fragments) == getattr(claim, f"{role}_quote")
    assert claim.run.engine_version


def test_a_run_that_lost_its_lease_stores_no_claim():
    document = received(SENTENCE.encode())
    take(document.pk)

    with pytest.raises(LeaseLost):
        process(document.pk, uuid4())

    assert not Claim.objects.exists()


def test_an_empty_file_is_ready_without_claims():
    document = processed(received(b""))

    assert document.state == DocumentState.EXTRACTED
    assert ExtractionRun.objects.get().found == 0


def test_a_file_that_is_no_text_fails_with_a_reason_an_analyst_understands():
    document = processed(received(b"\x89PNG\r\n\x1a\n" + bytes(200), name="scan.png"))

    assert document.state == DocumentState.FAILED
    assert "text" in document.failure_reason
    assert document.dispatch.state == DispatchState.DEAD


def test_a_missing_pipeline_says_what_to_set(monkeypatch):
    def missing(text, *, on):
        raise PipelineMissing("There is no spaCy pipeline at /nowhere. Set HEARSAY_PIPELINE.")

    monkeypatch.setattr(extraction, "extract", missing)
    document = processed(received(SENTENCE.encode()))

    assert (document.state, document.failure_code) == (DocumentState.FAILED, "pipeline_missing")
    assert "HEARSAY_PIPELINE" in document.failure_reason
    assert document.layers.count() == 1


def test_a_document_that_was_read_before_is_only_extracted(monkeypatch):
    document = received(SENTENCE.encode())
    processing._read(Document.objects.get())  # what a worker had done before it was killed

    processed(document)

    assert TextLayer.objects.count() == 1
    assert Claim.objects.count() == 1
