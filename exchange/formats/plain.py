"""JSONL and CSV of claims."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from exchange.formats.catalogue import Heading
from exchange.formats.records import ClaimRecord, SpanRecord
from exchange.formats.writing import encode

BOM = "\ufeff"
READ_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What makes a spreadsheet compute a cell instead of showing it (OWASP, CSV injection)."""
GUARD = "'"


def write_jsonl(records: Iterable[ClaimRecord], _heading: Heading) -> Iterator[str]:
    """A line per claim: the record, nested as it is."""
    for record in records:
        yield encode(record) + "\n"


class _Echo:
    """What a csv.writer writes to, to have each row back."""

    def write(self, row: str) -> str:
        return row


def write_csv(records: Iterable[ClaimRecord], _heading: Heading) -> Iterator[str]:
    """A row per claim, safe to open in a spreadsheet: see `guarded`. Dates as ISO, lists separated by "; "."""
    write = csv.writer(_Echo()).writerow
    yield str(write(COLUMNS))
    for record in records:
        yield str(write([_cell(get(record)) for get in COLUMNS.values()]))


def write_csv_with_bom(records: Iterable[ClaimRecord], heading: Heading) -> Iterator[str]:
    """The same, begun with a byte order mark, by which older spreadsheets know UTF-8."""
    yield BOM
    yield from write_csv(records, heading)


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: with an apostrophe before what might begin one.

    A text that begins with an apostrophe gets one, too, so that `unguarded` gives back each text as it was.
    """
    return GUARD + text if text.startswith((*READ_AS_FORMULA, GUARD)) else text


def unguarded(text: str) -> str:
    guards = text.startswith(GUARD) and text[1:].startswith((*READ_AS_FORMULA, GUARD))
    return text[1:] if guards else text


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _quote(span: SpanRecord | None) -> str:
    return span.quote if span else ""


def _places(span: SpanRecord | None) -> str:
    return " ".join(f"{start}:{end}" for start, end in span.fragments) if span else ""


def _of(path: str) -> Callable[[ClaimRecord], Any]:
    """What stands at a path of names; None where one of them has nothing."""
    *steps, last = path.split(".")

    def get(record: Any) -> Any:
        for step in steps:
            record = getattr(record, step)
            if record is None:
                return None
        return getattr(record, last)

    return get


COLUMNS: dict[str, Callable[[ClaimRecord], Any]] = {
    "uid": _of("uid"),
    "id": _of("id"),
    "state": _of("state"),
    "stance": _of("stance"),
    "document_uid": _of("document.uid"),
    "document": _of("document.label"),
    "document_name": _of("document.name"),
    "doc_number": _of("document.doc_number"),
    "document_title": _of("document.title"),
    "document_date": _of("document.document_date"),
    "release_date": _of("document.release_date"),
    "classification": _of("document.classification"),
    "collection": _of("document.collection"),
    "marking": _of("document.marking"),
    "layer_version": _of("document.layer_version"),
    "start": _of("start"),
    "source_quote": lambda record: _quote(record.source_span),
    "cue_quote": lambda record: _quote(record.cue),
    "content_quote": lambda record: _quote(record.content),
    "circumstance_quote": lambda record: _quote(record.circumstance),
    "source_fragments": lambda record: _places(record.source_span),
    "cue_fragments": lambda record: _places(record.cue),
    "content_fragments": lambda record: _places(record.content),
    "circumstance_fragments": lambda record: _places(record.circumstance),
    "type": _of("type"),
    "modality": _of("modality"),
    "hedge": _of("hedge"),
    "chain": lambda record: "; ".join(teller.canonical for teller in record.chain),
    "source_uid": _of("source.uid"),
    "source": _of("source.name"),
    "source_kind": _of("source.kind"),
    "source_anonymous": _of("source.anonymous"),
    "source_access": _of("source.access"),
    "source_placement": _of("source.placement"),
    "reliability": _of("source.reliability"),
    "reliability_judged": _of("source.reliability_judged"),
    "printed_reliability": _of("in_document_source.printed_reliability"),
    "proposition_uid": _of("proposition.uid"),
    "proposition": _of("proposition.text"),
    "topic": _of("proposition.topic"),
    "question": _of("proposition.question"),
    "credibility": lambda record: record.credibility.grade if record.credibility else "6",
    "credibility_judged": lambda record: record.credibility is not None,
    "likelihood": _of("credibility.likelihood"),
    "likelihood_words": _of("credibility.likelihood_words"),
    "confidence": _of("credibility.confidence"),
    "credibility_basis": _of("credibility.basis"),
    "verdict": _of("proposition.verdict.outcome"),
    "verdict_decided_on": _of("proposition.verdict.decided_on"),
    "verdict_evidence": _of("proposition.verdict.evidence"),
    "decision": _of("decision.decision"),
    "decision_reason": _of("decision.reason"),
    "decided_by": _of("decision.by"),
    "decided_at": _of("decision.at"),
    "relays": lambda record: "; ".join(
        str(link.claim_uid or link.source_uid) for link in record.links if link.kind == "relays"
    ),
    "score": _of("score"),
    "score_calibrated": _of("score_calibrated"),
    "engine": _of("engine"),
    "engine_version": _of("engine_version"),
    "information_date": _of("information_date"),
    "reported_date": _of("reported_date"),
    "created_at": _of("created_at"),
}
"""The columns of the CSV, in order; new ones come last."""
