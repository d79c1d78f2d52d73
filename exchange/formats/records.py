"""A claim as a plain record: all that any format needs of it, by names that its reader may see.

Empty texts are "", what is not known is None, spans count code points of the text layer with the end excluded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """uid, number (ours), and the facts printed on it. label: its number, else its title, else the file's name."""

    uid: UUID
    id: int
    label: str
    name: str
    title: str
    doc_number: str
    case_number: str
    author: str
    recipients: str
    media_type: str
    classification: str
    release_mark: str
    information_date: date | None
    document_date: date | None
    release_date: date | None
    sha256: str
    collection_uid: UUID
    collection: str
    marking: str
    layer_uid: UUID
    layer_version: int
    reader: str
    reader_version: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SpanRecord:
    """One role's words: `" ".join(text[start:end] for start, end in fragments) == quote`.

    before, after: up to `context` characters around it, "" where none were asked for.
    """

    quote: str
    fragments: tuple[tuple[int, int], ...]
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class InDocumentRecord:
    """A source as the document itself speaks of it. source_uid: the known source it is tied to."""

    uid: UUID
    label: str
    canonical: str
    kind: str
    anonymous: bool
    access: str
    affiliation: str
    condition: str
    knowledge: str
    knowledge_level: str
    expertise: str
    printed_reliability: str
    printed_reliability_words: str
    source_uid: UUID | None


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """The known source that stands. name: what the reader may call it. sanitised: they may not know all of it; then
    placement, motive and expertise are empty.

    reliability: A-F, F as well when never judged.
    """

    uid: UUID
    id: int
    name: str
    kind: str
    anonymous: bool
    sanitised: bool
    access: str
    placement: str
    motive: str
    expertise: str
    reliability: str
    reliability_judged: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class VerdictRecord:
    """withdrawn_at: None while it is in force."""

    uid: UUID
    id: int
    outcome: str
    decided_on: date
    evidence: str
    by: str
    at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PropositionRecord:
    """question: what it answers, "" where nothing is asked. verdict: the one in force. withdrawn: those that were.

    reports, origins: accepted claims on it that count and the independent origins they come from, as far as the reader
    sees them; None where they were not asked for.
    """

    uid: UUID
    id: int
    text: str
    topic: str
    question_uid: UUID | None
    question: str
    verdict: VerdictRecord | None
    reports: int | None
    origins: int | None
    probability: float | None
    created_at: datetime
    withdrawn: tuple[VerdictRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class CredibilityRecord:
    """The newest judgement. grade: 1-6. likelihood: percent 1-99. confidence: low, moderate, high or ""."""

    uid: UUID
    grade: str
    likelihood: int | None
    likelihood_words: str
    confidence: str
    basis: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """The last accept or reject that stands."""

    decision: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """Where a claim was had from, or what it takes back; confirmed by an analyst. kind: relays or retracts.

    Either the other claim or, where nobody has seen one, the source.
    """

    uid: UUID
    kind: str
    rule: str
    why: str
    claim_uid: UUID | None
    claim_id: int | None
    source_uid: UUID | None


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """One claim with all that stands beside it. start: its first character in the text layer.

    chain: who told whom, from the outermost teller to the claim's own source. score: 0 to 1 from the engine, None for
    one added by hand. credibility: None when never judged, which reads 6. commitment: what the engine read in the words
    (docs/engine.md), {} for one added by hand. page: from 1, None where the text has none.
    """

    uid: UUID
    id: int
    version: int
    state: str
    stance: str
    document: DocumentRecord
    start: int
    source_span: SpanRecord | None
    cue: SpanRecord | None
    content: SpanRecord
    circumstance: SpanRecord | None
    type: str
    modality: str
    hedge: str
    resolution_uncertain: bool
    commitment: dict[str, Any]
    in_document_source: InDocumentRecord | None
    chain: tuple[InDocumentRecord, ...]
    source: SourceRecord | None
    proposition: PropositionRecord | None
    credibility: CredibilityRecord | None
    decision: DecisionRecord | None
    links: tuple[LinkRecord, ...]
    score: float | None
    score_calibrated: bool
    engine: str
    engine_version: str
    information_date: date | None
    reported_date: date | None
    created_at: datetime
    page: int | None = None

    @property
    def told_on(self) -> date | None:
        """The day of the report, else that of its document, else that of the document's release."""
        return self.reported_date or self.document.document_date or self.document.release_date

    @property
    def age(self) -> tuple[bool, date, int]:
        """To sort by, the oldest first; what has no date comes last, in the order in which it was stored."""
        return self.told_on is None, self.told_on or date.max, self.id

    @property
    def was_had_from_another(self) -> bool:
        """Whether an analyst confirmed that it repeats what another said."""
        return any(link.kind == "relays" for link in self.links)

    @property
    def takes_back(self) -> bool:
        """Whether an analyst confirmed that it takes back what was said before."""
        return any(link.kind == "retracts" for link in self.links)

    @property
    def is_dropped(self) -> bool:
        """Nobody stands by it any more: an analyst rejected it or took it back, or a newer engine does not find it."""
        return self.state in ("rejected", "superseded", "withdrawn")
