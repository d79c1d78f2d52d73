"""What leaves as STIX is STIX: by the library, by the schemas of OASIS, and by our own extensions' schemas."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
import stix2
from stix2validator import ValidationOptions, validate_string

from exchange.formats.catalogue import Heading
from exchange.formats.stix import write_stix
from exchange.formats.stix_extension import PROPERTIES, extension, schema_of
from exchange.formats.stix_objects import OPINIONS
from tests.exchange.claims_by_hand import (
    HEADING,
    LATER,
    NAMESPACE,
    candidate,
    claim,
    credibility,
    document,
    proposition,
    several,
    source,
    stream,
    uid,
    verdict,
)

AMBER = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"


def bundle(*records, heading: Heading = HEADING) -> dict[str, Any]:
    return json.loads("".join(write_stix(stream(records), heading)))


def of(kind: str, found: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in found["objects"] if one["type"] == kind]


def one(kind: str, found: dict[str, Any]) -> dict[str, Any]:
    [only] = of(kind, found)
    return only


def test_the_library_reads_it_without_allowing_custom_content():
    text = "".join(write_stix(stream(several()), HEADING))

    read = stix2.parse(text, allow_custom=False, version="2.1")

    kinds = [found["type"] for found in read.objects]
    assert {kind: kinds.count(kind) for kind in ("note", "report", "grouping", "opinion", "relationship")} == {
        "note": 5,
        "report": 2,
        "grouping": 1,
        "opinion": 1,
        "relationship": 3,
    }
    assert json.loads(read.serialize())["objects"] == json.loads(text)["objects"]


def test_the_schemas_of_oasis_find_nothing_wrong_with_it():
    text = "".join(write_stix(stream(several()), HEADING))

    result = validate_string(text, ValidationOptions(version="2.1"))

    assert [error.message for error in result.errors] == []
    assert result.is_valid


def test_every_extension_is_as_its_own_definition_says():
    found = bundle(*several())
    defined = {one["id"]: json.loads(one["schema"]) for one in of("extension-definition", found)}

    used = set()
    for each in found["objects"]:
        for kind, value in each.get("extensions", {}).items():
            jsonschema.validate(value, defined[kind], format_checker=jsonschema.FormatChecker())
            used.add(kind)

    assert used == set(defined) == set(PROPERTIES)


def test_an_extension_refuses_what_it_does_not_know():
    [kind, *_] = PROPERTIES

    with pytest.raises(jsonschema.ValidationError, match="surprise"):
        jsonschema.validate(extension(kind, {"surprise": 1})[kind], schema_of(kind))


def test_a_claim_is_a_note_on_its_document_and_source():
    found = one("note", bundle(claim()))

    assert found["id"] == f"note--{uid('claim', 1)}"
    assert found["content"] == "the talks “have failed”"
    assert found["abstract"] == "Source close to the cabinet: stated"
    assert found["authors"] == ["Ana Analyst"]
    assert found["object_refs"] == [f"report--{uid('document', 1)}", f"identity--{uid('source', 1)}"]
    assert found["object_marking_refs"] == [AMBER]
    assert found["labels"] == [
        'misp:automation-level="reviewed"',
        'admiralty-scale:source-reliability="b"',
        'admiralty-scale:information-credibility="2"',
        'estimative-language:likelihood-probability="very-likely"',
        'estimative-language:confidence-in-analytic-judgment="moderate"',
    ]


@pytest.mark.parametrize(("grade", "confidence"), [("1", 90), ("2", 70), ("3", 50), ("4", 30), ("5", 10)])
def test_credibility_is_the_confidence(grade, confidence):
    assert one("note", bundle(claim(credibility=credibility(grade=grade))))["confidence"] == confidence


@pytest.mark.parametrize("judged", [None, credibility(grade="6")])
def test_no_judgement_is_no_confidence(judged):
    assert "confidence" not in one("note", bundle(claim(credibility=judged)))


def test_the_reliability_of_a_source_is_a_label_and_never_a_confidence():
    found = bundle(candidate(source=source(reliability="A")))
    speaker = next(each for each in of("identity", found) if each["id"] == f"identity--{uid('source', 1)}")

    assert speaker["labels"] == ['admiralty-scale:source-reliability="a"']
    assert "confidence" not in speaker
    assert "confidence" not in one("note", found)


def test_a_source_nobody_judged_has_no_label():
    found = bundle(claim(source=source(reliability="F", reliability_judged=False)))

    speaker = next(each for each in of("identity", found) if each["id"] == f"identity--{uid('source', 1)}")
    assert "labels" not in speaker
    assert not [label for label in one("note", found)["labels"] if "source-reliability" in label]


def test_a_document_and_a_proposition_hold_their_claims_and_are_there_once():
    found = bundle(*several())

    reports = {each["id"]: each["object_refs"] for each in of("report", found)}
    assert reports == {
        f"report--{uid('document', 1)}": [f"note--{uid('claim', number)}" for number in (5, 4, 3, 1)],
        f"report--{uid('document', 2)}": [f"note--{uid('claim', 2)}"],
    }
    assert one("grouping", found)["object_refs"] == [f"note--{uid('claim', number)}" for number in (5, 4, 2, 1)]


def test_what_claims_of_two_collections_share_carries_the_marking_of_both():
    found = bundle(*several())
    statement = next(each["id"] for each in of("marking-definition", found) if each["definition_type"] == "statement")

    assert one("grouping", found)["object_marking_refs"] == sorted([AMBER, statement])
    assert one("opinion", found)["object_marking_refs"] == sorted([AMBER, statement])
    assert len(of("marking-definition", found)) == 2


def test_amber_strict_takes_the_definition_of_tlp_2():
    text = "".join(write_stix(stream([claim(document=document(marking="TLP:AMBER+STRICT"))]), HEADING))

    stix2.parse(text, allow_custom=False, version="2.1")
    assert one("marking-definition", json.loads(text))["name"] == "TLP:AMBER+STRICT"


def test_without_a_marking_nothing_is_marked():
    found = bundle(claim(document=document(marking="")))

    assert not of("marking-definition", found)
    assert not [each for each in found["objects"] if "object_marking_refs" in each]


@pytest.mark.parametrize(("outcome", "degree"), OPINIONS.items())
def test_a_verdict_is_an_opinion_on_the_proposition(outcome, degree):
    found = one("opinion", bundle(claim(proposition=proposition(verdict=verdict(outcome=outcome)))))

    assert found["opinion"] == degree
    assert found["object_refs"] == [f"grouping--{uid('proposition', 1)}"]
    [said] = found["extensions"].values()
    assert said["outcome"] == outcome


@pytest.mark.parametrize(
    ("state", "revoked"), [("accepted", None), ("rejected", True), ("superseded", True), ("withdrawn", True)]
)
def test_a_claim_that_nobody_stands_by_any_more_is_revoked(state, revoked):
    text = "".join(write_stix(stream([claim(state=state)]), HEADING))
    found = one("note", json.loads(text))

    stix2.parse(text, allow_custom=False, version="2.1")
    for kind, said in found["extensions"].items():
        jsonschema.validate(said, schema_of(kind))
    assert found.get("revoked") is revoked


def test_a_verdict_that_was_withdrawn_is_revoked_beside_the_one_in_force():
    before = verdict(1, outcome="true", withdrawn_at=LATER)
    settled = proposition(verdict=verdict(2), withdrawn=(before,))

    found = {each["id"]: each for each in of("opinion", bundle(claim(proposition=settled)))}

    assert found[f"opinion--{uid('verdict', 1)}"]["revoked"] is True
    assert "revoked" not in found[f"opinion--{uid('verdict', 2)}"]


def test_who_had_it_from_whom_is_a_relationship():
    found = [
        (each["relationship_type"], each["source_ref"], each["target_ref"])
        for each in of("relationship", bundle(*several()))
    ]

    assert found == [
        ("derived-from", f"note--{uid('claim', 5)}", f"note--{uid('claim', 1)}"),
        ("related-to", f"note--{uid('claim', 5)}", f"identity--{uid('source', 3)}"),
        ("retracts", f"note--{uid('claim', 2)}", f"note--{uid('claim', 5)}"),
    ]


def test_a_second_export_has_the_same_ids_as_a_later_version():
    later = Heading(NAMESPACE, "Somebody else", LATER + timedelta(days=1))

    first, second = bundle(*several()), bundle(*several(), heading=later)

    assert [each["id"] for each in first["objects"]] == [each["id"] for each in second["objects"]]
    assert [each["created"] for each in first["objects"]] == [each["created"] for each in second["objects"]]
    for before, after in zip(of("note", first), of("note", second), strict=True):
        assert before["modified"] < after["modified"]


def test_the_same_moment_gives_the_same_bytes():
    assert "".join(write_stix(stream(several()), HEADING)) == "".join(write_stix(stream(several()), HEADING))


def test_no_ids_are_given_twice():
    ids = [each["id"] for each in bundle(*several())["objects"]]

    assert len(ids) == len(set(ids))


def test_no_claims_make_a_bundle_all_the_same():
    text = "".join(write_stix(stream([]), HEADING))

    assert {each["type"] for each in stix2.parse(text, version="2.1").objects} == {"identity", "extension-definition"}
