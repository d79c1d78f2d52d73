"""What a worker does with one document: read it, extract its claims, store them. May run twice, stores once."""

from __future__ import annotations

import logging
from dataclasses import asdict
from uuid import UUID

from django.db import transaction

import extraction
from claims.services import store_extraction
from documents import leases
from documents.models import Document, DocumentState, TextLayer
from documents.reuse import find_reuse
from documents.services import mark_extracted, mark_failed, store_text
from extraction.pipeline import PipelineMissing, engine_version
from extraction.reading import reading_view
from ingest.readers import Unreadable, read

logger = logging.getLogger(__name__)


def process(document_id: int, holder: UUID) -> None:
    """Bring a document from where it is to `extracted`, or to `failed` with a reason.

    holder: the lease; a run that lost it stores nothing (raises documents.errors.LeaseLost).
    """
    document = Document.objects.select_related("original").get(pk=document_id)
    try:
        if document.state == DocumentState.RECEIVED:
            _read(document)
        find_reuse(document)
        _extract(document, holder)
    except Unreadable as error:
        fail(document_id, holder, code=error.code, reason=error.reason)
    except PipelineMissing as error:
        logger.error("document %s: %s", document_id, error)
        fail(document_id, holder, code="pipeline_missing", reason=str(error))


@transaction.atomic
def fail(document_id: int, holder: UUID, *, code: str, reason: str) -> None:
    """End the work with a failure the analyst sees, unless another run holds the lease by now."""
    leases.finish(document_id, holder)
    mark_failed(Document.objects.get(pk=document_id), code=code, reason=reason)


def _read(document: Document) -> TextLayer:
    reading = read(bytes(document.original.content), name=document.name)
    view = reading_view(reading.text)
    segments = [asdict(segment) for segment in reading.segments]
    for segment in segments:
        segment["sent_on"] = segment["sent_on"].isoformat() if segment["sent_on"] else None
    return store_text(
        document,
        text=reading.text,
        reader=reading.reader,
        reader_version=reading.reader_version,
        facts={**asdict(reading.facts), "media_type": reading.media_type, "exemptions": list(reading.facts.exemptions)},
        page_starts=list(reading.page_starts),
        segments=segments,
        furniture=[list(piece) for piece in view.furniture],
    )


def _extract(document: Document, holder: UUID) -> None:
    layer = document.layers.newest_first()[0]
    found = extraction.extract(layer.text, on=document.document_date)
    engine, version = engine_version()
    with transaction.atomic():
        leases.finish(document.pk, holder)
        store_extraction(layer, found, engine=engine, engine_version=version)
        mark_extracted(document)
    logger.info("document %s: %s attributions stored", document.pk, len(found.attributions))
