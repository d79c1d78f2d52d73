"""Extractions as plain dictionaries in the shape of the annotation files, and as a table for people."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from extraction.spans import Attribution, DocumentSource, Extraction, PrintedGrade, Quantity, Span, TimeExpression

NEIGHBOURS = 30
"""Attributions before and after one, in text order, that may hold it in their content."""


def as_record(identifier: str, text: str, extraction: Extraction, *, outermost: bool = False) -> dict[str, Any]:
    """One line of an output file. `outermost` leaves out attributions nested in another one's content, and what each
    content commits to, which is not read then."""
    found = extraction.attributions
    attributions = [a for number, a in enumerate(found) if not (outermost and _is_nested(number, found))]
    return {
        "id": identifier,
        "text": text,
        "sources": [_source(source) for source in extraction.sources],
        "attributions": [
            _attribution(attribution) | ({} if outermost else _commitment(attribution)) for attribution in attributions
        ],
    }


def _is_nested(number: int, attributions: tuple[Attribution, ...]) -> bool:
    """Does the attribution's cue lie in the content of a neighbour? In text order, neighbours are enough."""
    cue = attributions[number].cue
    near = attributions[max(0, number - NEIGHBOURS) : number] + attributions[number + 1 : number + 1 + NEIGHBOURS]
    return any(all(_lies_in(part.start, part.end, other.content) for part in cue.fragments) for other in near)


def _lies_in(start: int, end: int, span: Span) -> bool:
    return any(fragment.start <= start and end <= fragment.end for fragment in span.fragments)


def _source(source: DocumentSource) -> dict[str, Any]:
    return {
        "id": source.id,
        "canonical": source.canonical,
        "kind": source.kind,
        "anonymous": source.anonymous,
        "mentions": [mention.offsets for mention in source.mentions],
        "members": list(source.members),
        "access": source.access,
        "affiliation": source.affiliation,
        "condition": source.condition,
        "knowledge": source.knowledge,
        "knowledge_level": source.knowledge_level,
        "placement": source.placement,
        "expertise": source.expertise,
        "printed_reliability": grade_record(source.printed_reliability),
    }


def _attribution(attribution: Attribution) -> dict[str, Any]:
    return {
        "id": attribution.id,
        "source_id": attribution.source_id,
        "source": attribution.source.offsets if attribution.source else [],
        "cue": attribution.cue.offsets,
        "content": attribution.content.offsets,
        "type": attribution.type,
        "chain": list(attribution.chain),
        "hedge": attribution.hedge or None,
        "modality": attribution.modality,
        "circumstance": attribution.circumstance.offsets if attribution.circumstance else [],
        "scope": attribution.scope.offsets if attribution.scope else [],
        "resolution_uncertain": attribution.resolution_uncertain,
        "score": attribution.score,
    }


def _commitment(attribution: Attribution) -> dict[str, Any]:
    day = attribution.information_date
    return {"information_date": day.isoformat() if day else None, **commitment_record(attribution)}


def commitment_record(attribution: Attribution) -> dict[str, Any]:
    """Quantities, times, polarity and printed grading of an attribution as JSON values; the database keeps the same."""
    return {
        "negated_cue": attribution.negated_cue,
        "negated": attribution.negated,
        "quantities": [quantity_record(quantity) for quantity in attribution.quantities],
        "times": [time_record(time) for time in attribution.times],
        "reported": time_record(attribution.reported) if attribution.reported else None,
        "printed_credibility": grade_record(attribution.printed_credibility),
    }


def quantity_record(quantity: Quantity) -> dict[str, Any]:
    return {
        "low": quantity.low,
        "high": quantity.high,
        "unit": quantity.unit,
        "comparator": quantity.comparator,
        "words": " ".join(quantity.span.quote.split()),
        "fragments": quantity.span.offsets,
    }


def time_record(time: TimeExpression) -> dict[str, Any]:
    return {
        "earliest": time.earliest.isoformat() if time.earliest else None,
        "latest": time.latest.isoformat() if time.latest else None,
        "granularity": time.granularity,
        "words": " ".join(time.span.quote.split()),
        "fragments": time.span.offsets,
    }


def grade_record(printed: PrintedGrade | None) -> dict[str, str] | None:
    return {"grade": printed.grade, "words": printed.words} if printed else None


def as_table(title: str, extraction: Extraction) -> Table:
    """Source, cue and content of each attribution, with chain and score."""
    names = {source.id: source.canonical for source in extraction.sources}
    table = Table(title=title, title_justify="left", show_lines=True)
    for heading, share in (("Source", 3), ("Cue", 2), ("Content", 6), ("Chain", 2)):
        table.add_column(heading, ratio=share, overflow="fold")
    table.add_column("Score", justify="right")
    for attribution in extraction.attributions:
        words = _one_line(attribution.source)
        named = names.get(attribution.source_id or "", "")
        source = f"{words} (= {named})" if named and named.lower() != words.lower() else words
        chain = " > ".join(attribution.chain)
        table.add_row(
            source, _one_line(attribution.cue), _one_line(attribution.content), chain, f"{attribution.score:.2f}"
        )
    return table


def _one_line(span: Span | None) -> str:
    return " … ".join(" ".join(fragment.text.split()) for fragment in span.fragments) if span else ""
