"""Claims as W3C Web Annotations, streamed: each marks the words claimed in the text layer they stand in.

Web Annotation Data Model, W3C Recommendation of 23 February 2017. Offsets count code points, as there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid5

from exchange.formats.catalogue import Heading
from exchange.formats.records import ClaimRecord, SpanRecord
from exchange.formats.tags import labels
from exchange.formats.writing import encode, moment, said, separated

Json = dict[str, Any]
CONTEXT = "http://www.w3.org/ns/anno.jsonld"
CONTEXT_CHARACTERS = 32
"""Of the text before and after the words, so that they are found in a text whose offsets have moved."""


def write_annotations(records: Iterator[ClaimRecord], heading: Heading) -> Iterator[str]:
    """One collection with one page; how many there are is known, and said, at its end. Dropped claims are left out."""
    label = ", ".join(f"{name} {value}" for name, value in sorted(heading.chosen.items()))
    collection = {
        "@context": CONTEXT,
        "id": f"urn:uuid:{uuid5(heading.namespace, f'annotations/{label}')}",
        "type": "AnnotationCollection",
        "label": f"Attributed claims from Hearsay ({label or 'all'})",
        "created": moment(heading.at),
    }
    page = {"id": f"{collection['id']}#page", "type": "AnnotationPage", "partOf": collection["id"], "startIndex": 0}
    yield f'{encode(collection)[:-1]},"first":{encode(page)[:-1]},"items":['
    count = 0
    for text in separated(encode(annotation(record)) for record in records if not record.is_dropped):
        count += 1
        yield text
    yield f']}},"total":{count}}}\n'


def annotation(record: ClaimRecord) -> Json:
    """The claim on the words claimed. Its bodies: who said it and how, what it asserts or denies, and its grades."""
    who = record.source.name if record.source else record.source_span.quote if record.source_span else ""
    by = record.decision.by if record.decision else ""
    engine = f"{record.engine} {record.engine_version}".strip()
    return said(
        {
            "id": f"urn:uuid:{record.uid}",
            "type": "Annotation",
            "motivation": "identifying",
            "created": moment(record.created_at),
            "creator": {"type": "Person", "name": by} if by else None,
            "generator": {"type": "Software", "name": engine} if engine else None,
            "body": [
                *([_text(who, "identifying")] if who else []),
                *([_text(record.cue.quote, "describing")] if record.cue else []),
                *([_text(f"{record.stance}: {record.proposition.text}", "classifying")] if record.proposition else []),
                *(_text(label, "tagging") for label in (*labels(record), record.document.marking) if label),
            ],
            "target": [_target(record, part) for part in parts(record.content)],
        }
    )


def _text(value: str, purpose: str) -> Json:
    return {"type": "TextualBody", "value": value, "purpose": purpose, "format": "text/plain"}


def _target(record: ClaimRecord, part: SpanRecord) -> Json:
    """One unbroken piece of the words, by the words and by their place, in one version of the document's text."""
    [(start, end)] = part.fragments
    document = record.document
    return {
        "type": "SpecificResource",
        "source": f"urn:uuid:{document.layer_uid}",
        "scope": f"urn:uuid:{document.uid}",
        "selector": [
            said({"type": "TextQuoteSelector", "exact": part.quote, "prefix": part.before, "suffix": part.after}),
            {"type": "TextPositionSelector", "start": start, "end": end},
        ],
    }


def parts(span: SpanRecord) -> list[SpanRecord]:
    """A span's unbroken pieces. What stands before is known of the first, and what stands after of the last."""
    found, at, last = [], 0, len(span.fragments) - 1
    for number, (start, end) in enumerate(span.fragments):
        words = span.quote[at : at + end - start]
        before, after = span.before if number == 0 else "", span.after if number == last else ""
        found.append(SpanRecord(words, ((start, end),), before, after))
        at += end - start + 1
    return found
