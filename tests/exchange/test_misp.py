"""What leaves as MISP is read by pymisp, by MISP's own templates and schema."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from pymisp import MISPEvent, MISPObject

from exchange.formats.catalogue import Heading
from exchange.formats.misp import TEMPLATES, write_misp
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

PACKAGE = files("pymisp") / "data"


def event(*records, heading: Heading = HEADING) -> dict[str, Any]:
    return json.loads("".join(write_misp(stream(records), heading)))["Event"]


def assessments(*records) -> list[dict[str, Any]]:
    return [one for one in event(*records)["Object"] if one["name"] == "intelligence-source-assessment"]


def values(found: dict[str, Any]) -> dict[str, list[str]]:
    by_relation: dict[str, list[str]] = {}
    for attribute in found["Attribute"]:
        by_relation.setdefault(attribute["object_relation"], []).append(attribute["value"])
    return by_relation


def tags(found: dict[str, Any]) -> list[str]:
    return [tag["name"] for attribute in found["Attribute"] for tag in attribute.get("Tag", [])]


def test_pymisp_loads_it_and_says_the_same():
    text = "".join(write_misp(stream(several()), HEADING))

    read = MISPEvent()
    read.load(text)

    assert len(read.objects) == 8
    assert len(read.get_objects_by_name("intelligence-source-assessment")) == 5
    [proposed] = read.get_objects_by_name("annotation")
    [found] = proposed.opinions
    assert (found.opinion, found.authors) == (0, "Rita Reviewer")
    again = json.loads(read.to_json())
    assert [one["uuid"] for one in again["Object"]] == [one["uuid"] for one in event(*several())["Object"]]


def test_the_schema_of_misp_finds_nothing_wrong_with_it():
    schema = json.loads((PACKAGE / "schema-lax.json").read_text())

    jsonschema.validate(json.loads("".join(write_misp(stream(several()), HEADING))), schema)


def test_each_object_is_as_its_template_says():
    for found in event(*several())["Object"]:
        template = json.loads((PACKAGE / f"misp-objects/objects/{found['name']}/definition.json").read_text())
        assert (found["template_uuid"], found["template_version"]) == TEMPLATES[found["name"]]
        assert (template["uuid"], str(template["version"])) == TEMPLATES[found["name"]]
        for attribute in found["Attribute"]:
            wanted = template["attributes"][attribute["object_relation"]]
            assert attribute["type"] == wanted["misp-attribute"]
            assert attribute["value"] in wanted.get("values_list", [attribute["value"]])
        relations = list(values(found))
        for relation, given in values(found).items():
            assert len(given) == 1 or template["attributes"][relation].get("multiple")
        assert set(relations) & set(template["requiredOneOf"])


def test_the_strict_object_of_pymisp_takes_every_value():
    [found] = assessments(claim())
    strict = MISPObject(found["name"], strict=True)

    for attribute in found["Attribute"]:
        strict.add_attribute(attribute["object_relation"], value=attribute["value"])

    assert strict.to_dict(strict=True)["Attribute"]


def test_a_claim_says_who_what_and_by_which_grades():
    [found] = assessments(claim())

    assert values(found) == {
        "source-id": [str(uid("source", 1))],
        "source-summary": ["Source close to the cabinet; with access to the cabinet; direct access"],
        "source-reliability": ["B - Usually reliable"],
        "information-credibility": ["2 - Probably true"],
        "confidence": ["medium"],
        "evaluation": ["Two cables say the same."],
        "collection-time": ["2013-01-16T00:00:00.000Z"],
        "related-report": ["C05771"],
        "comment": ["the talks “have failed”", "asserts: The talks have failed."],
    }
    assert tags(found) == [
        'admiralty-scale:source-reliability="b"',
        'admiralty-scale:information-credibility="2"',
        'estimative-language:likelihood-probability="very-likely"',
        'estimative-language:confidence-in-analytic-judgment="moderate"',
        'misp:automation-level="reviewed"',
    ]


def test_what_nobody_judged_has_no_grade():
    [found] = assessments(candidate())

    assert not {"source-reliability", "information-credibility", "confidence"} & values(found).keys()
    assert tags(found) == ['misp:automation-level="unsupervised"']


def test_an_object_without_anybody_to_name_says_that_nobody_judged():
    [found] = assessments(candidate(source_span=None))

    assert values(found)["information-credibility"] == ["6 - Truth cannot be judged"]


def test_a_doubtful_claim_is_worded_as_the_template_lists_it():
    [found] = assessments(claim(credibility=credibility(grade="4")))

    assert values(found)["information-credibility"] == ["4 - Doubtfully true"]


@pytest.mark.parametrize(("outcome", "opinion"), [("true", 100), ("partly", 50), ("false", 0), ("unverifiable", 50)])
def test_a_verdict_is_an_opinion_of_a_hundred(outcome, opinion):
    found = event(claim(proposition=proposition(verdict=verdict(outcome=outcome))))["Object"][1]

    [said] = found["Opinion"]
    assert said["opinion"] == opinion
    assert said["comment"].startswith(f"{outcome} since 2013-02-01: ")


def test_what_nobody_holds_any_more_is_deleted_or_neutral():
    withdrawn = verdict(1, outcome="true", withdrawn_at=LATER)
    settled = proposition(verdict=verdict(2), withdrawn=(withdrawn,))
    _report, proposed, stands, rejected = event(claim(1, proposition=settled), claim(2, state="rejected"))["Object"]

    assert [(one["opinion"], one["comment"].partition(" since")[0]) for one in proposed["Opinion"]] == [
        (50, "withdrawn: true"),
        (0, "false"),
    ]
    assert ("deleted" in stands, rejected["deleted"]) == (False, True)
    read = MISPEvent()
    read.load("".join(write_misp(stream([claim(2, state="rejected")]), HEADING)))
    assert read.objects[-1].deleted


def test_claims_lead_to_their_report_their_proposition_and_where_they_were_had_from():
    references = [
        (each["relationship_type"], each["object_uuid"], each["referenced_uuid"])
        for found in assessments(*several())
        for each in found["ObjectReference"]
    ]

    named = {str(uid("document", number)): f"document {number}" for number in (1, 2)}
    named |= {str(uid("claim", number)): f"claim {number}" for number in range(1, 6)}
    named |= {str(uid("proposition", 1)): "proposition 1"}
    assert [(kind, named[of], named[to]) for kind, of, to in references] == [
        ("extracted-from", "claim 5", "document 1"),
        ("supports", "claim 5", "proposition 1"),
        ("derived-from", "claim 5", "claim 1"),
        ("extracted-from", "claim 4", "document 1"),
        ("supports", "claim 4", "proposition 1"),
        ("extracted-from", "claim 3", "document 1"),
        ("extracted-from", "claim 2", "document 2"),
        ("weakens", "claim 2", "proposition 1"),
        ("supersedes", "claim 2", "claim 5"),
        ("extracted-from", "claim 1", "document 1"),
        ("supports", "claim 1", "proposition 1"),
    ]


def test_every_relation_is_one_that_misp_knows():
    known = json.loads((PACKAGE / "misp-objects/relationships/definition.json").read_text())["values"]

    used = {each["relationship_type"] for found in assessments(*several()) for each in found["ObjectReference"]}
    assert used <= {each["name"] for each in known}


def test_the_event_carries_the_strictest_traffic_light_and_the_other_markings():
    marked = [
        claim(n, document=document(n, marking=text)) for n, text in enumerate(("TLP:GREEN", "TLP:RED", 'My "x"'), 1)
    ]

    assert [tag["name"] for tag in event(*marked)["Tag"]] == ["tlp:red", "hearsay:marking=\"My 'x'\""]


def test_the_same_selection_is_the_same_event_and_another_is_another():
    other = Heading(NAMESPACE, "Ana Analyst", LATER, {"source": "7"})

    assert event(claim()) == event(claim())
    assert event(claim())["uuid"] != event(claim(), heading=other)["uuid"]
    assert event(claim(), heading=other)["Object"] == event(claim())["Object"]


def test_nothing_is_shared_or_published_by_itself():
    found = event(*several())

    assert (found["distribution"], found["published"]) == ("0", False)
    assert {each["distribution"] for each in found["Object"]} == {"5"}


def test_a_source_the_reader_may_not_know_is_summed_up_by_its_shown_name_alone():
    [found] = assessments(claim(source=source(name="A diplomat", sanitised=True, placement="", access="unknown")))

    assert values(found)["source-summary"] == ["A diplomat; unknown access"]
