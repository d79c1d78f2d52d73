"""What STIX 2.1 has no place for: five property extensions of its own objects, each defined in every bundle."""

from __future__ import annotations

from typing import Any, Final

from exchange.formats.writing import encode

MADE = "2026-11-01T00:00:00.000Z"
"""When these definitions were made; a new version gets a new moment in `modified`."""
VERSION = "1.0.0"
HEARSAY: Final = "identity--7ada57b4-f773-439d-bc4d-c1c8b9b1113d"
CLAIM: Final = "extension-definition--5fc38df5-3ea9-48dd-9770-228efd84400c"
SOURCE: Final = "extension-definition--2fbfa0c8-9388-49bb-a858-a985c20ff5f6"
DOCUMENT: Final = "extension-definition--e51399de-d6d0-430f-80d5-3622f3a59fe2"
PROPOSITION: Final = "extension-definition--e8a79065-eb99-402b-8fa3-3d46d734e21a"
VERDICT: Final = "extension-definition--14b6ffd2-ec00-476a-aaf2-1c47da3a84e4"

Schema = dict[str, Any]
TEXT: Schema = {"type": "string", "minLength": 1}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
YES_OR_NO: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
ID: Schema = {"type": "string", "format": "uuid"}
TEXTS: Schema = {"type": "array", "items": TEXT, "minItems": 1}
SPAN: Schema = {
    "type": "object",
    "description": "The words, and where they stand: [start, end) in code points of the text layer.",
    "properties": {
        "quote": TEXT,
        "fragments": {"type": "array", "minItems": 1, "items": {"type": "array", "items": COUNT, "minItems": 2}},
    },
    "required": ["quote", "fragments"],
    "additionalProperties": False,
}
OUTCOMES = ("true", "partly", "false", "unverifiable")


def one_of(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}


PROPERTIES: dict[str, dict[str, Schema]] = {
    CLAIM: {
        "state": one_of("candidate", "accepted", "rejected", "superseded", "withdrawn"),
        "stance": one_of("asserts", "denies"),
        "proposition_ref": {"type": "string", "pattern": "^grouping--"},
        "document_ref": {"type": "string", "pattern": "^report--"},
        "source_ref": {"type": "string", "pattern": "^identity--"},
        "text_layer": ID,
        "text_layer_version": COUNT,
        "content": SPAN,
        "source": SPAN,
        "cue": SPAN,
        "circumstance": SPAN,
        "chain": TEXTS | {"description": "Who told whom, from the outermost teller to the claim's own source."},
        "type": one_of("direct", "indirect", "mixed"),
        "modality": TEXT,
        "hedge": TEXT,
        "information_date": DAY,
        "reported_date": DAY,
        "credibility": one_of(*"123456"),
        "credibility_basis": TEXT,
        "credibility_by": TEXT,
        "credibility_at": MOMENT,
        "likelihood_percent": {"type": "integer", "minimum": 1, "maximum": 99},
        "likelihood_term": TEXT | {"description": "The word of ICD 203, row 1, for the percentage."},
        "analytic_confidence": one_of("low", "moderate", "high"),
        "score": SHARE | {"description": "Of the engine that found it, not of an analyst."},
        "score_calibrated": YES_OR_NO,
        "engine": TEXT,
        "engine_version": TEXT,
        "decided_by": TEXT,
        "decided_at": MOMENT,
    },
    SOURCE: {
        "kind": one_of("named_person", "unnamed_person", "group", "organisation", "document", "author"),
        "anonymous": YES_OR_NO,
        "sanitised": YES_OR_NO | {"description": "The reader may not see all that is known of it."},
        "access": one_of("direct", "indirect", "unknown"),
        "placement": TEXT,
        "motive": TEXT,
        "expertise": TEXT,
        "reliability": one_of(*"ABCDEF"),
        "reliability_judged": YES_OR_NO,
    },
    DOCUMENT: {
        "file_name": TEXT,
        "media_type": TEXT,
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "author": TEXT,
        "recipients": TEXT,
        "information_date": DAY,
        "document_date": DAY,
        "release_date": DAY,
        "classification": TEXT | {"description": "As printed."},
        "release_mark": TEXT,
        "collection": TEXT,
        "marking": TEXT,
    },
    PROPOSITION: {
        "topic": TEXT,
        "question": TEXT,
        "question_id": ID,
        "reports": COUNT,
        "origins": COUNT,
        "probability": SHARE,
    },
    VERDICT: {"outcome": one_of(*OUTCOMES), "decided_on": DAY},
}
"""By extension, the properties it may carry; each is left out where nothing is known."""
_NAMES = {
    CLAIM: ("Hearsay claim", "On a note: what a document says a source said, at one place, and how it was judged."),
    SOURCE: ("Hearsay source", "On an identity: who speaks, and how reliable that source was judged, A to F."),
    DOCUMENT: ("Hearsay document", "On a report: the facts printed on a document, and the file it came in."),
    PROPOSITION: ("Hearsay proposition", "On a grouping of notes: what these claims assert or deny."),
    VERDICT: ("Hearsay verdict", "On an opinion: how a proposition turned out."),
}


def extension(kind: str, properties: dict[str, Any]) -> dict[str, Any]:
    """The value of `extensions` of an object. properties: those that are known."""
    return {kind: {"extension_type": "property-extension", **properties}}


def schema_of(kind: str) -> Schema:
    """What stands under the extension's id, as JSON Schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": _NAMES[kind][0],
        "type": "object",
        "properties": {"extension_type": {"const": "property-extension"}, **PROPERTIES[kind]},
        "required": ["extension_type"],
        "additionalProperties": False,
    }


def definitions() -> list[dict[str, Any]]:
    """What a bundle begins with: who defines the extensions, and the definitions, with their schemas in them."""
    common = {"spec_version": "2.1", "created": MADE, "modified": MADE}
    hearsay = {"type": "identity", "id": HEARSAY, **common, "name": "Hearsay", "identity_class": "system"}
    return [
        hearsay,
        *(
            {
                "type": "extension-definition",
                "id": kind,
                **common,
                "created_by_ref": HEARSAY,
                "name": name,
                "description": description,
                "schema": encode(schema_of(kind)),
                "version": VERSION,
                "extension_types": ["property-extension"],
            }
            for kind, (name, description) in _NAMES.items()
        ),
    ]
