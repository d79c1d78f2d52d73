"""What leaves as PROV-JSON is read by the reference library, and tells the claim's way through the house."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid5

import pytest
from prov.model import (
    ProvAgent,
    ProvAssociation,
    ProvAttribution,
    ProvDerivation,
    ProvDocument,
    ProvEntity,
    ProvGeneration,
    ProvInfluence,
)

from exchange.formats.provenance import write_prov
from tests.exchange.claims_by_hand import (
    HEADING,
    candidate,
    claim,
    proposition,
    relays,
    several,
    source,
    stream,
    uid,
    verdict,
)


def read(*records) -> ProvDocument:
    return ProvDocument.deserialize(content="".join(write_prov(stream(records), HEADING)), format="json")


def names(*records) -> dict[str, str]:
    """What each id stands for."""
    kinds = ("claim", "document", "layer", "source", "proposition", "verdict")
    known = {f"uuid:{uid(kind, number)}": f"{kind} {number}" for kind in kinds for number in range(1, 6)}
    known |= {f"uuid:{uuid5(uid('claim', number), 'decision')}": f"review of {number}" for number in range(1, 6)}
    known |= {f"uuid:{uuid5(uid('layer', 1), 'run/hearsay/1.2')}": "run"}
    known |= {f"uuid:{uuid5(uid('layer', 1), 'reading')}": "reading"}
    return known | {f"uuid:{uuid5(uid('verdict', 1), 'settling')}": "settling"}


def relations(found: ProvDocument, kind: type) -> list[tuple[str, ...]]:
    known = names()
    return [
        tuple(known.get(str(value), str(value)) for _, value in record.formal_attributes if value)
        for record in found.get_records(kind)
    ]


def test_the_library_reads_it_and_writes_the_same():
    text = "".join(write_prov(stream(several()), HEADING))

    found = ProvDocument.deserialize(content=text, format="json")

    assert len(list(found.get_records(ProvEntity))) == 11
    assert ProvDocument.deserialize(content=found.serialize(format="json"), format="json") == found


def test_a_claim_leads_back_to_its_document_and_on_to_the_verdict():
    found = read(claim(proposition=proposition(verdict=verdict())))

    assert relations(found, ProvDerivation) == [
        ("layer 1", "document 1", "reading"),
        ("claim 1", "layer 1", "run"),
        ("proposition 1", "claim 1", "review of 1"),
        ("verdict 1", "proposition 1", "settling"),
    ]
    assert relations(found, ProvGeneration) == [
        ("layer 1", "reading"),
        ("claim 1", "run"),
        ("verdict 1", "settling"),
    ]
    assert relations(found, ProvAttribution) == [("claim 1", "source 1")]


def test_engines_and_readers_are_software_and_analysts_people():
    found = read(claim(source=source(kind="organisation")))
    kinds = {
        next(iter(agent.get_attribute("prov:label"))): str(next(iter(agent.get_attribute("prov:type"))))
        for agent in found.get_records(ProvAgent)
    }

    assert kinds == {
        "text 1": "prov:SoftwareAgent",
        "hearsay 1.2": "prov:SoftwareAgent",
        "Source close to the cabinet": "prov:Organization",
        "Ana Analyst": "prov:Person",
    }
    assert len(relations(found, ProvAssociation)) == 3


def test_a_relayed_claim_has_the_earlier_one_as_primary_source_and_a_retraction_revises_it():
    found = read(
        claim(5, links=(relays(1, origin=1), relays(2, source_number=3), relays(3, origin=2, kind="retracts")))
    )

    subtypes = {
        names()[str(record.args[1])]: str(next(iter(record.get_asserted_types()), ""))
        for record in found.get_records(ProvDerivation)
        if str(record.args[0]) == f"uuid:{uid('claim', 5)}"
    }
    assert subtypes == {"layer 1": "prov:Quotation", "claim 1": "prov:PrimarySource", "claim 2": "prov:Revision"}
    assert relations(found, ProvInfluence) == [("claim 5", "source 3")]


def test_a_claim_added_by_hand_was_generated_by_no_run_and_a_candidate_led_to_nothing():
    found = read(candidate(2, engine="", engine_version=""))

    assert relations(found, ProvGeneration) == [("layer 1", "reading")]
    assert relations(found, ProvDerivation) == [("layer 1", "document 1", "reading"), ("claim 2", "layer 1")]


@pytest.mark.parametrize("records", [[], several()])
def test_nothing_is_told_twice(records):
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len({name for name, _ in pairs}) == len(pairs)
        return dict(pairs)

    json.loads("".join(write_prov(stream(records), HEADING)), object_pairs_hook=once)
