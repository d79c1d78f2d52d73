"""Records of claims without a database, for the formats written from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from exchange.formats.catalogue import Heading
from exchange.formats.records import (
    ClaimRecord,
    CredibilityRecord,
    DecisionRecord,
    DocumentRecord,
    InDocumentRecord,
    LinkRecord,
    PropositionRecord,
    SourceRecord,
    SpanRecord,
    VerdictRecord,
)

NAMESPACE = UUID("6f1d7b1e-3f0a-4d0e-9a53-0d3a7f5b0c11")
MADE = datetime(2026, 3, 1, 8, 0, 0, 250_000, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
HEADING = Heading(NAMESPACE, "Ana Analyst", LATER)
TEXT = "Paris: A source close to the cabinet stated that the talks “have failed”, said <b>two</b> aides. 🙂"


def uid(kind: str, number: int) -> UUID:
    return uuid5(NAMESPACE, f"{kind}/{number}")


def span(words: str, text: str = TEXT, around: int = 12) -> SpanRecord:
    start = text.index(words)
    end = start + len(words)
    return SpanRecord(words, ((start, end),), text[max(0, start - around) : start], text[end : end + around])


def document(number: int = 1, **given: Any) -> DocumentRecord:
    facts: dict[str, Any] = {
        "uid": uid("document", number),
        "id": number,
        "label": f"C0577{number}",
        "name": "memo.txt",
        "title": "Hostage crisis",
        "doc_number": f"C0577{number}",
        "case_number": "F-2014-20439",
        "author": "Sidney B.",
        "recipients": "H",
        "media_type": "text/plain",
        "classification": "CONFIDENTIAL",
        "release_mark": "RELEASE IN PART",
        "information_date": date(2013, 1, 15),
        "document_date": date(2013, 1, 16),
        "release_date": date(2015, 6, 30),
        "sha256": "ab" * 32,
        "collection_uid": uid("collection", 1),
        "collection": "Memos",
        "marking": "TLP:AMBER",
        "layer_uid": uid("layer", number),
        "layer_version": 1,
        "reader": "text",
        "reader_version": "1",
        "created_at": MADE,
    }
    return DocumentRecord(**facts | given)


def source(number: int = 1, **given: Any) -> SourceRecord:
    facts: dict[str, Any] = {
        "uid": uid("source", number),
        "id": number,
        "name": "Source close to the cabinet",
        "kind": "unnamed_person",
        "anonymous": True,
        "sanitised": False,
        "access": "direct",
        "placement": "with access to the cabinet",
        "motive": "",
        "expertise": "",
        "reliability": "B",
        "reliability_judged": True,
        "created_at": MADE,
    }
    return SourceRecord(**facts | given)


def verdict(number: int = 1, **given: Any) -> VerdictRecord:
    facts: dict[str, Any] = {
        "uid": uid("verdict", number),
        "id": number,
        "outcome": "false",
        "decided_on": date(2013, 2, 1),
        "evidence": "Joint communiqué of 1 February",
        "by": "Rita Reviewer",
        "at": MADE,
    }
    return VerdictRecord(**facts | given)


def proposition(number: int = 1, **given: Any) -> PropositionRecord:
    facts: dict[str, Any] = {
        "uid": uid("proposition", number),
        "id": number,
        "text": "The talks have failed.",
        "topic": "Talks",
        "question_uid": None,
        "question": "",
        "verdict": None,
        "reports": None,
        "origins": None,
        "probability": None,
        "created_at": MADE,
    }
    return PropositionRecord(**facts | given)


def credibility(number: int = 1, **given: Any) -> CredibilityRecord:
    facts: dict[str, Any] = {
        "uid": uid("credibility", number),
        "grade": "2",
        "likelihood": 90,
        "likelihood_words": "very likely",
        "confidence": "moderate",
        "basis": "Two cables say the same.",
        "by": "Ana Analyst",
        "at": MADE,
    }
    return CredibilityRecord(**facts | given)


def teller(number: int = 1, **given: Any) -> InDocumentRecord:
    facts: dict[str, Any] = {
        "uid": uid("document_source", number),
        "label": f"S{number}",
        "canonical": "A source close to the cabinet",
        "kind": "unnamed_person",
        "anonymous": True,
        "access": "close to the cabinet",
        "affiliation": "",
        "condition": "",
        "knowledge": "",
        "knowledge_level": "unknown",
        "expertise": "",
        "printed_reliability": "",
        "printed_reliability_words": "",
        "source_uid": uid("source", 1),
    }
    return InDocumentRecord(**facts | given)


def claim(number: int = 1, **given: Any) -> ClaimRecord:
    """An accepted claim that was graded 2; `candidate` for one that nobody has looked at."""
    facts: dict[str, Any] = {
        "uid": uid("claim", number),
        "id": number,
        "version": 2,
        "state": "accepted",
        "stance": "asserts",
        "document": document(),
        "start": 7,
        "source_span": span("A source close to the cabinet"),
        "cue": span("stated"),
        "content": span("the talks “have failed”"),
        "circumstance": None,
        "type": "indirect",
        "modality": "fact",
        "hedge": "",
        "resolution_uncertain": False,
        "commitment": {},
        "in_document_source": teller(),
        "chain": (teller(2, canonical="two\naides"), teller()),
        "source": source(),
        "proposition": proposition(),
        "credibility": credibility(),
        "decision": DecisionRecord("accept", "", "Ana Analyst", MADE),
        "links": (),
        "score": 0.8,
        "score_calibrated": False,
        "engine": "hearsay",
        "engine_version": "1.2",
        "information_date": date(2013, 1, 15),
        "reported_date": None,
        "created_at": MADE,
    }
    return ClaimRecord(**facts | given)


def candidate(number: int = 2, **given: Any) -> ClaimRecord:
    nothing: dict[str, Any] = dict.fromkeys(("source", "proposition", "credibility", "decision", "information_date"))
    return claim(number, **nothing | {"state": "candidate", "stance": "", "links": ()} | given)


def relays(
    number: int, origin: int | None = None, source_number: int | None = None, kind: str = "relays"
) -> LinkRecord:
    return LinkRecord(
        uid=uid("claim_link", number),
        kind=kind,
        rule="analyst",
        why="Says so itself.",
        claim_uid=uid("claim", origin) if origin else None,
        claim_id=origin,
        source_uid=uid("source", source_number) if source_number else None,
    )


def several() -> list[ClaimRecord]:
    """All there is to say: documents of two collections, a shared source, a verdict, links, a candidate, no names."""
    settled = proposition(verdict=verdict())
    return [
        claim(5, links=(relays(1, origin=1), relays(2, source_number=3)), proposition=settled),
        claim(4, source=source(2, kind="organisation", sanitised=True, placement="", reliability_judged=False)),
        candidate(3, source_span=None, cue=None, chain=(), in_document_source=None, engine="", engine_version=""),
        claim(
            2,
            document=document(2, marking="SECRET // for the desk", title="", document_date=None, release_date=None),
            proposition=settled,
            stance="denies",
            credibility=credibility(2, grade="6", likelihood=None, likelihood_words="", confidence=""),
            links=(relays(3, origin=5, kind="retracts"),),
        ),
        claim(1, proposition=settled, circumstance=span("Paris")),
    ]


def stream(records: Iterable[ClaimRecord]) -> Iterator[ClaimRecord]:
    yield from records
