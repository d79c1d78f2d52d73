"""From what the engine returns to candidate claims."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256

from django.db import transaction
from django.db.models import F

from claims.models import ChainLink, Claim, ClaimState, DocumentSource, EngineScore, ExtractionRun, ScoreCalibration
from documents.models import TextLayer
from extraction.output import commitment_record
from extraction.spans import Attribution, Extraction, Span
from extraction.spans import DocumentSource as FoundSource
from sources.models import SourceKind

KINDS = {
    "anonymous_individual": SourceKind.UNNAMED_PERSON,
    "named_individual": SourceKind.NAMED_PERSON,
    "group": SourceKind.GROUP,
    "organisation": SourceKind.ORGANISATION,
    "document": SourceKind.DOCUMENT,
    "author": SourceKind.AUTHOR,
}


@transaction.atomic
def store_extraction(layer: TextLayer, extraction: Extraction, *, engine: str, engine_version: str) -> ExtractionRun:
    """Store one candidate claim for each attribution. The same engine on the same layer again changes nothing.

    A newer engine leaves alone what people have touched: an attribution whose cue overlaps that of a decided or edited
    claim makes no new candidate, so a rejected one does not come back. Candidates nobody touched that the newer engine
    no longer finds become superseded, and wait for review again if a later one finds them at the same place. Claims
    that people added, split or merged are touched; what they added and took back leaves its place free.
    """
    run, created = ExtractionRun.objects.get_or_create(
        layer=layer, engine=engine, engine_version=engine_version, defaults={"found": len(extraction.attributions)}
    )
    if not created:
        return run
    sources = _store_sources(run, extraction.sources)
    present = {claim.fingerprint: claim for claim in Claim.objects.filter(layer=layer).prefetch_related("reviews")}
    touched = [claim for claim in present.values() if _keeps_place(claim)]
    found = {fingerprint(attribution): attribution for attribution in extraction.attributions}
    new = {
        key: attribution
        for key, attribution in found.items()
        if key not in present and not any(_same_place(attribution, claim) for claim in touched)
    }
    untouched = {key: claim.pk for key, claim in present.items() if claim not in touched}
    _move([pk for key, pk in untouched.items() if key not in found], ClaimState.CANDIDATE, ClaimState.SUPERSEDED)
    _move([pk for key, pk in untouched.items() if key in found], ClaimState.SUPERSEDED, ClaimState.CANDIDATE)
    _store_claims(run, new, sources)
    return run


def _move(claims: list[int], before: ClaimState, after: ClaimState) -> None:
    Claim.objects.filter(pk__in=claims, state=before, reviews__isnull=True).update(
        state=after, version=F("version") + 1
    )


def fingerprint(attribution: Attribution) -> str:
    """SHA-256 over where the roles stand: two attributions of one layer are the same if all their spans are."""
    return fingerprint_of(attribution.source, attribution.cue, attribution.content)


def fingerprint_of(source: Span | None, cue: Span | None, content: Span) -> str:
    return fingerprint_of_places(*(span.offsets if span else [] for span in (source, cue, content)))


def fingerprint_of_places(source: list[list[int]], cue: list[list[int]], content: list[list[int]]) -> str:
    return sha256(json.dumps([source, cue, content]).encode()).hexdigest()


def freed_fingerprint(claim_id: int) -> str:
    """That of a claim added by hand and taken back: its place is free again, for people and for engines."""
    return sha256(f"taken back: {claim_id}".encode()).hexdigest()


def _keeps_place(claim: Claim) -> bool:
    """Whether people have touched it and not taken it back altogether."""
    return bool(claim.reviews.all()) and claim.fingerprint != freed_fingerprint(claim.pk)


def _same_place(attribution: Attribution, claim: Claim) -> bool:
    """By the cue; a claim that has none, as analysts may leave it, by its content."""
    found, there = attribution.cue, claim.cue_fragments
    if not there:
        found, there = attribution.content, claim.content_fragments
    return any(fragment.start < end and start < fragment.end for fragment in found.fragments for start, end in there)


def _store_sources(run: ExtractionRun, found: tuple[FoundSource, ...]) -> dict[str, DocumentSource]:
    rows = DocumentSource.objects.bulk_create(
        DocumentSource(
            run=run,
            label=source.id,
            canonical=source.canonical,
            kind=KINDS[source.kind],
            anonymous=source.anonymous,
            access=source.access,
            affiliation=source.affiliation,
            condition=source.condition,
            knowledge=source.knowledge,
            knowledge_level=source.knowledge_level,
            expertise=source.expertise,
            printed_reliability=source.printed_reliability.grade if source.printed_reliability else "",
            printed_reliability_words=source.printed_reliability.words if source.printed_reliability else "",
            mentions=[mention.offsets for mention in source.mentions],
        )
        for source in found
    )
    by_label = {row.label: row for row in rows}
    for source in found:
        if source.members:
            by_label[source.id].members.set([by_label[member] for member in source.members])
    return by_label


def _store_claims(run: ExtractionRun, new: dict[str, Attribution], sources: dict[str, DocumentSource]) -> None:
    document = run.layer.document
    calibration = ScoreCalibration.objects.in_use(engine=run.engine, engine_version=run.engine_version)
    claims = Claim.objects.bulk_create(
        Claim(
            layer=run.layer,
            collection=document.collection,
            run=run,
            fingerprint=key,
            start=min(span.start for span in (found.source, found.cue, found.content) if span),
            type=found.type,
            hedge=found.hedge,
            modality=found.modality,
            score=calibration.probability(found.score) if calibration else found.score,
            score_calibrated=found.calibrated or calibration is not None,
            resolution_uncertain=found.resolution_uncertain,
            document_source=sources[found.source_id] if found.source_id else None,
            commitment=commitment_record(found),
            information_date=found.information_date or document.information_date,
            reported_date=_reported_on(found) or document.document_date,
            **role_fields("source", found.source),
            **role_fields("cue", found.cue),
            **role_fields("content", found.content),
            **role_fields("circumstance", found.circumstance),
        )
        for key, found in new.items()
    )
    if calibration is not None:
        EngineScore.objects.bulk_create(
            EngineScore(claim=claim, score=found.score, calibration=calibration)
            for claim, found in zip(claims, new.values(), strict=True)
        )
    ChainLink.objects.bulk_create(
        ChainLink(claim=claim, position=position, document_source=sources[label])
        for claim, found in zip(claims, new.values(), strict=True)
        for position, label in enumerate(found.chain)
    )


def _reported_on(found: Attribution) -> date | None:
    """The day the source spoke or its report is dated, where its sentence names one."""
    reported = found.reported
    return reported.earliest if reported and reported.earliest == reported.latest else None


def role_fields(role: str, span: Span | None) -> dict[str, object]:
    """The two fields of Claim that keep one role: its quote and its fragments."""
    return {f"{role}_quote": span.quote if span else "", f"{role}_fragments": span.offsets if span else []}
