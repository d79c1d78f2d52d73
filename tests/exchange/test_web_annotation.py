"""What leaves as Web Annotations points to the words: by the rules of the W3C's data model."""

from __future__ import annotations

import json
from typing import Any

import jsonschema

from exchange.formats.catalogue import Heading
from exchange.formats.records import SpanRecord
from exchange.formats.web_annotation import annotation, parts, write_annotations
from tests.exchange.claims_by_hand import (
    HEADING,
    LATER,
    NAMESPACE,
    TEXT,
    candidate,
    claim,
    document,
    several,
    span,
    stream,
    uid,
)

IRI = {"type": "string", "pattern": "^urn:uuid:[0-9a-f-]{36}(#page)?$"}
BODY = {
    "type": "object",
    "required": ["type", "value", "purpose"],
    "properties": {
        "type": {"const": "TextualBody"},
        "value": {"type": "string", "minLength": 1},
        "purpose": {"enum": ["identifying", "describing", "classifying", "tagging"]},
        "format": {"const": "text/plain"},
    },
    "additionalProperties": False,
}
QUOTE = {
    "type": "object",
    "required": ["type", "exact"],
    "properties": {
        "type": {"const": "TextQuoteSelector"},
        **{name: {"type": "string", "minLength": 1} for name in ("exact", "prefix", "suffix")},
    },
    "additionalProperties": False,
}
POSITION = {
    "type": "object",
    "required": ["type", "start", "end"],
    "properties": {
        "type": {"const": "TextPositionSelector"},
        "start": {"type": "integer", "minimum": 0},
        "end": {"type": "integer", "minimum": 0},
    },
    "additionalProperties": False,
}
TARGET = {
    "type": "object",
    "required": ["type", "source", "selector"],
    "properties": {
        "type": {"const": "SpecificResource"},
        "source": IRI,
        "scope": IRI,
        "selector": {"type": "array", "prefixItems": [QUOTE, POSITION], "minItems": 2, "maxItems": 2},
    },
    "additionalProperties": False,
}
NAMED = {"type": "object", "required": ["type", "name"], "properties": {"type": {"enum": ["Person", "Software"]}}}
ANNOTATION = {
    "type": "object",
    "required": ["id", "type", "target"],
    "properties": {
        "id": IRI,
        "type": {"const": "Annotation"},
        "motivation": {"const": "identifying"},
        "created": {"type": "string", "format": "date-time"},
        "creator": NAMED,
        "generator": NAMED,
        "body": {"type": "array", "items": BODY, "minItems": 1},
        "target": {"type": "array", "items": TARGET, "minItems": 1},
    },
    "additionalProperties": False,
}
COLLECTION = {
    "type": "object",
    "required": ["@context", "id", "type", "total", "first"],
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/anno.jsonld"},
        "id": IRI,
        "type": {"const": "AnnotationCollection"},
        "first": {
            "type": "object",
            "required": ["id", "type", "partOf", "items", "startIndex"],
            "properties": {"type": {"const": "AnnotationPage"}, "items": {"type": "array", "items": ANNOTATION}},
        },
    },
}
"""What sections 3.2, 3.3, 4.2.4, 4.2.5, 5.1 and 5.2 of the recommendation ask of what we write."""


def written(*records, heading: Heading = HEADING) -> dict[str, Any]:
    return json.loads("".join(write_annotations(stream(records), heading)))


def test_it_is_a_collection_as_the_recommendation_has_it():
    found = written(*several())

    jsonschema.validate(found, COLLECTION, format_checker=jsonschema.FormatChecker())
    assert (found["total"], len(found["first"]["items"])) == (5, 5)
    assert found["first"]["partOf"] == found["id"]


def test_what_an_analyst_rejected_marks_nothing():
    assert written(claim(1), claim(2, state="rejected"))["total"] == 1


def test_nothing_chosen_is_an_empty_page():
    found = written()

    assert (found["total"], found["first"]["items"]) == (0, [])


def test_both_selectors_lead_to_the_words():
    [target] = annotation(claim())["target"]
    quote, position = target["selector"]

    assert TEXT[position["start"] : position["end"]] == quote["exact"] == "the talks “have failed”"
    assert TEXT.count(quote["prefix"] + quote["exact"] + quote["suffix"]) == 1
    assert target["source"] == f"urn:uuid:{uid('layer', 1)}"
    assert target["scope"] == f"urn:uuid:{uid('document', 1)}"


def test_words_in_two_pieces_are_two_targets():
    first, second = span("the talks"), span("said")
    both = SpanRecord(
        f"{first.quote} {second.quote}", (*first.fragments, *second.fragments), first.before, second.after
    )

    pieces = [target["selector"] for target in annotation(claim(content=both))["target"]]

    assert [TEXT[position["start"] : position["end"]] for _, position in pieces] == ["the talks", "said"]
    assert [quote["exact"] for quote, _ in pieces] == ["the talks", "said"]
    assert [("prefix" in quote, "suffix" in quote) for quote, _ in pieces] == [(True, False), (False, True)]


def test_pieces_count_code_points():
    quote = "🙂é 🙂b"

    assert [part.quote for part in parts(SpanRecord(quote, ((10, 12), (20, 22))))] == ["🙂é", "🙂b"]


def test_bodies_say_who_how_what_and_by_which_grades():
    bodies = [(body["purpose"], body["value"]) for body in annotation(claim())["body"]]

    assert bodies[:3] == [
        ("identifying", "Source close to the cabinet"),
        ("describing", "stated"),
        ("classifying", "asserts: The talks have failed."),
    ]
    assert {purpose for purpose, _ in bodies[3:]} == {"tagging"}


def test_what_no_analyst_has_seen_has_no_creator_but_the_engine_that_made_it():
    found = annotation(candidate())

    assert "creator" not in found
    assert found["generator"] == {"type": "Software", "name": "hearsay 1.2"}


def test_the_same_selection_is_the_same_collection():
    chosen = Heading(NAMESPACE, "Ana Analyst", LATER, {"source": "7"})

    assert written(claim())["id"] == written(candidate())["id"] != written(claim(), heading=chosen)["id"]


def test_the_document_gives_no_more_of_its_text_than_the_words_and_what_is_around_them():
    text = "".join(write_annotations(stream([claim(document=document())]), HEADING))

    assert "two</b> aides" not in text
