"""What leaves as ClaimReview uses schema.org's types and properties, and says what readers of fact checks expect."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from exchange.formats.catalogue import Heading
from exchange.formats.claim_review import write_claim_reviews
from tests.exchange.claims_by_hand import (
    HEADING,
    LATER,
    NAMESPACE,
    candidate,
    claim,
    document,
    proposition,
    relays,
    source,
    stream,
    uid,
    verdict,
)

THING = {"@type", "@id", "name", "url", "identifier"}
CREATIVE_WORK = THING | {
    "author",
    "datePublished",
    "text",
    "keywords",
    "isPartOf",
    "encodingFormat",
    "conditionsOfAccess",
}
VOCABULARY = {
    "ClaimReview": CREATIVE_WORK | {"claimReviewed", "itemReviewed", "reviewRating"},
    "Claim": CREATIVE_WORK | {"appearance", "firstAppearance", "claimInterpreter"},
    "Rating": THING | {"ratingValue", "bestRating", "worstRating", "alternateName", "ratingExplanation", "author"},
    "Quotation": CREATIVE_WORK | {"spokenByCharacter"},
    "DigitalDocument": CREATIVE_WORK,
    "Person": THING,
    "Organization": THING,
}
"""Of schema.org's types those used, with such of their properties (own and inherited) as may be used."""


def graph(*records, heading: Heading = HEADING) -> list[dict[str, Any]]:
    found = json.loads("".join(write_claim_reviews(stream(records), heading)))
    assert found["@context"] == "https://schema.org"
    return found["@graph"]


def settled(outcome: str = "false"):
    return proposition(verdict=verdict(outcome=outcome))


def check(node: Any) -> None:
    if isinstance(node, list):
        for each in node:
            check(each)
    elif isinstance(node, dict):
        assert set(node) <= VOCABULARY[node["@type"]], node["@type"]
        for each in node.values():
            check(each)


def test_every_type_and_property_is_one_of_schema_org():
    check(graph(claim(1, proposition=settled()), claim(2, proposition=settled(), stance="denies"), claim(3)))


def test_a_settled_proposition_is_a_review_of_the_claim():
    [review] = graph(claim(proposition=settled()))

    assert review["@type"] == "ClaimReview"
    assert review["claimReviewed"] == review["itemReviewed"]["text"] == "The talks have failed."
    assert review["author"] == {"@type": "Person", "name": "Rita Reviewer"}
    assert review["datePublished"] == "2026-03-01"
    assert review["reviewRating"] == {
        "@type": "Rating",
        "ratingValue": 1,
        "bestRating": 5,
        "worstRating": 1,
        "alternateName": "False",
        "ratingExplanation": "Joint communiqué of 1 February",
    }


@pytest.mark.parametrize(("outcome", "value"), [("true", 5), ("partly", 3), ("false", 1), ("unverifiable", None)])
def test_what_cannot_be_known_has_no_number(outcome, value):
    [review] = graph(claim(proposition=settled(outcome)))

    assert review["reviewRating"].get("ratingValue") == value
    assert ("bestRating" in review["reviewRating"]) is (value is not None)


def test_without_a_verdict_it_is_the_claim_alone():
    [found] = graph(claim())

    assert (found["@type"], found["@id"]) == ("Claim", f"urn:uuid:{uid('proposition', 1)}")


def test_each_document_that_asserts_it_is_an_appearance_and_the_oldest_of_its_own_the_first():
    older, oldest = date(2013, 1, 2), date(2013, 1, 1)
    [found] = graph(
        claim(4, stance="denies", document=document(4, document_date=date(2012, 1, 1))),
        claim(3, document=document(3, document_date=oldest), links=(relays(1, origin=2),)),
        claim(2, document=document(2, document_date=older), source=source(2, name="Ministry", kind="organisation")),
        claim(1),
    )

    assert [each["@id"] for each in found["appearance"]] == [f"urn:uuid:{uid('claim', number)}" for number in (3, 2, 1)]
    assert found["firstAppearance"]["@id"] == f"urn:uuid:{uid('claim', 2)}"
    assert found["author"] == {"@type": "Organization", "@id": f"urn:uuid:{uid('source', 2)}", "name": "Ministry"}
    assert found["datePublished"] == "2013-01-02"


def test_an_appearance_is_the_words_their_speaker_and_their_document():
    [found] = graph(claim())

    [appearance] = found["appearance"]
    assert appearance["text"] == "the talks “have failed”"
    assert appearance["spokenByCharacter"]["name"] == "Source close to the cabinet"
    assert appearance["isPartOf"]["identifier"] == "C05771"
    assert appearance["isPartOf"]["conditionsOfAccess"] == "TLP:AMBER"


def test_where_everything_was_had_from_elsewhere_the_first_appearance_is_not_known():
    [found] = graph(claim(links=(relays(1, source_number=3),)))

    assert "firstAppearance" not in found
    assert len(found["appearance"]) == 1


def test_claims_on_no_proposition_are_left_out():
    assert graph(candidate()) == []


def test_links_lead_back_to_the_workbench_where_its_address_is_known():
    heading = Heading(NAMESPACE, "Ana Analyst", LATER, address="https://hearsay.example")

    [found] = graph(claim(), heading=heading)

    assert found["url"] == "https://hearsay.example/propositions/1/"
