"""From rows of the database to records."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from claims.models import Claim, ClaimLink, CredibilityAssessment, DocumentSource, Proposition, Review, Verdict
from documents.models import TextLayer
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
from exchange.formats.surroundings import Around
from exchange.uids import Uids
from sources.models import Source

Row = TypeVar("Row")
Record = TypeVar("Record")


class Maker:
    """Makes the records of one chunk of claims. What several claims share is made once."""

    def __init__(self, claims: list[Claim], beside: Around, uids: Uids) -> None:
        self.claims = claims
        self.beside = beside
        self.uid = uids
        uids.learn(self._rows())
        self.documents = _each(beside.layers, self._document)
        self.tellers = _each(beside.tellers, self._teller)
        self.propositions = _each(beside.propositions, self._proposition)

    def records(self) -> Iterator[ClaimRecord]:
        for claim in self.claims:
            yield self._claim(claim)

    def _rows(self) -> dict[str, set[int]]:
        """Ids of all rows that the records will name."""
        beside = self.beside
        links = [link for row in beside.links.values() for link in row]
        tied = [row.source for row in beside.tellers.values()] + [link.origin_source for link in links]
        documents = [layer.document for layer in beside.layers.values()]
        rows: dict[str, Iterable[int | None]] = {
            "claim": [*(claim.pk for claim in self.claims), *(link.origin_id for link in links)],
            "layer": beside.layers,
            "document": [document.pk for document in documents],
            "collection": [document.collection_id for document in documents],
            "document_source": beside.tellers,
            "source": [source.standing_id for source in (*beside.sources.values(), *tied) if source],
            "proposition": beside.propositions,
            "question": [row.question_id for row in beside.propositions.values()],
            "verdict": [row.pk for rows in beside.verdicts.values() for row in rows],
            "credibility": [row.pk for row in beside.credibility.values()],
            "claim_link": [link.pk for link in links],
        }
        return {kind: {pk for pk in ids if pk is not None} for kind, ids in rows.items()}

    def _claim(self, claim: Claim) -> ClaimRecord:
        beside = self.beside
        content = self._span(claim, "content")
        assert content is not None  # noqa: S101 -- no claim is without
        run, pages = beside.runs.get(claim.run_id or 0), beside.layers[claim.layer_id].page_starts
        judged, decided = beside.credibility.get(claim.pk), beside.decisions.get(claim.pk)
        return ClaimRecord(
            uid=self.uid("claim", claim.pk),
            id=claim.pk,
            version=claim.version,
            state=claim.state,
            stance=claim.stance,
            document=self.documents[claim.layer_id],
            start=claim.start,
            source_span=self._span(claim, "source"),
            cue=self._span(claim, "cue"),
            content=content,
            circumstance=self._span(claim, "circumstance"),
            type=claim.type,
            modality=claim.modality,
            hedge=claim.hedge,
            resolution_uncertain=claim.resolution_uncertain,
            commitment=claim.commitment,
            in_document_source=self.tellers.get(claim.document_source_id or 0),
            chain=tuple(self.tellers[teller] for teller in beside.chains.get(claim.pk, ())),
            source=self._source(claim) if claim.source_id else None,
            proposition=self.propositions.get(claim.proposition_id or 0),
            credibility=self._credibility(judged) if judged else None,
            decision=self._decision(decided) if decided else None,
            links=tuple(self._link(link) for link in beside.links.get(claim.pk, ())),
            score=claim.score,
            score_calibrated=claim.score_calibrated,
            engine=run.engine if run else "",
            engine_version=run.engine_version if run else "",
            information_date=claim.information_date,
            reported_date=claim.reported_date,
            created_at=claim.created_at,
            page=bisect_right(pages, content.fragments[0][0]) or None,
        )

    def _document(self, layer: TextLayer) -> DocumentRecord:
        document = layer.document
        return DocumentRecord(
            uid=self.uid("document", document.pk),
            id=document.pk,
            label=document.label,
            name=document.name,
            title=document.title,
            doc_number=document.doc_number,
            case_number=document.case_number,
            author=document.author,
            recipients=document.recipients,
            media_type=document.media_type,
            classification=document.classification,
            release_mark=document.release_mark,
            information_date=document.information_date,
            document_date=document.document_date,
            release_date=document.release_date,
            sha256=document.original_id,
            collection_uid=self.uid("collection", document.collection_id),
            collection=document.collection.name,
            marking=document.collection.marking,
            layer_uid=self.uid("layer", layer.pk),
            layer_version=layer.version,
            reader=layer.reader,
            reader_version=layer.reader_version,
            created_at=document.created_at,
        )

    def _span(self, claim: Claim, role: str) -> SpanRecord | None:
        quote = getattr(claim, f"{role}_quote")
        if not quote:
            return None
        places = tuple((start, end) for start, end in getattr(claim, f"{role}_fragments"))
        return SpanRecord(quote, places, *self.beside.words.get((claim.pk, role), ("", "")))

    def _teller(self, teller: DocumentSource) -> InDocumentRecord:
        return InDocumentRecord(
            uid=self.uid("document_source", teller.pk),
            label=teller.label,
            canonical=teller.canonical,
            kind=teller.kind,
            anonymous=teller.anonymous,
            access=teller.access,
            affiliation=teller.affiliation,
            condition=teller.condition,
            knowledge=teller.knowledge,
            knowledge_level=teller.knowledge_level,
            expertise=teller.expertise,
            printed_reliability=teller.printed_reliability,
            printed_reliability_words=teller.printed_reliability_words,
            source_uid=self.uid("source", teller.source.standing_id) if teller.source else None,
        )

    def _source(self, claim: Claim) -> SourceRecord:
        """Who also speaks in collections that the reader may not see is named as here, without what is known of it
        from there: see `sources.api.serializers`."""
        source = self.beside.sources[claim.source_id or 0]
        hidden = source.is_sanitised
        return SourceRecord(
            uid=self.uid("source", source.pk),
            id=source.pk,
            name=self._name(claim, source),
            kind=source.kind,
            anonymous=source.anonymous,
            sanitised=hidden,
            access=source.access,
            placement="" if hidden else source.placement,
            motive="" if hidden else source.motive,
            expertise="" if hidden else source.expertise,
            reliability=source.reliability,
            reliability_judged=source.reliability_judged,
            created_at=source.created_at,
        )

    def _name(self, claim: Claim, source: Source) -> str:
        """What `Claim.source_name` says, of rows that are at hand already."""
        if not source.is_sanitised:
            return source.descriptor
        teller = self.beside.tellers.get(claim.document_source_id or 0)
        here = teller.canonical if teller else claim.source_quote
        return source.sanitised_name or " ".join(here.split()) or str(source.get_kind_display())

    def _proposition(self, row: Proposition) -> PropositionRecord:
        standing = self.beside.standings.get(row.pk)
        verdicts = [self._verdict(verdict) for verdict in self.beside.verdicts.get(row.pk, ())]
        return PropositionRecord(
            uid=self.uid("proposition", row.pk),
            id=row.pk,
            text=row.text,
            topic=row.topic,
            question_uid=self.uid("question", row.question_id) if row.question_id else None,
            question=row.question.text if row.question else "",
            verdict=next((verdict for verdict in verdicts if verdict.withdrawn_at is None), None),
            reports=standing.reports if standing else None,
            origins=standing.independent if standing else None,
            probability=standing.probability if standing else None,
            created_at=row.created_at,
            withdrawn=tuple(verdict for verdict in verdicts if verdict.withdrawn_at is not None),
        )

    def _verdict(self, verdict: Verdict) -> VerdictRecord:
        return VerdictRecord(
            uid=self.uid("verdict", verdict.pk),
            id=verdict.pk,
            outcome=verdict.outcome,
            decided_on=verdict.decided_on,
            evidence=verdict.evidence,
            by=self.beside.people[verdict.by_id],
            at=verdict.at,
            withdrawn_at=verdict.withdrawn_at,
        )

    def _credibility(self, judged: CredibilityAssessment) -> CredibilityRecord:
        return CredibilityRecord(
            uid=self.uid("credibility", judged.pk),
            grade=judged.grade,
            likelihood=judged.likelihood,
            likelihood_words=judged.likelihood_words,
            confidence=judged.confidence,
            basis=judged.basis,
            by=self.beside.people[judged.by_id],
            at=judged.at,
        )

    def _decision(self, review: Review) -> DecisionRecord:
        return DecisionRecord(review.decision, review.reason, self.beside.people[review.analyst_id], review.at)

    def _link(self, link: ClaimLink) -> LinkRecord:
        return LinkRecord(
            uid=self.uid("claim_link", link.pk),
            kind=link.kind,
            rule=link.rule,
            why=link.why,
            claim_uid=self.uid("claim", link.origin_id) if link.origin_id else None,
            claim_id=link.origin_id,
            source_uid=self.uid("source", link.origin_source.standing_id) if link.origin_source else None,
        )


def _each(rows: dict[int, Row], make: Callable[[Row], Record]) -> dict[int, Record]:
    return {pk: make(row) for pk, row in rows.items()}
