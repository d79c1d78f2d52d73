"""The sourcing annex: what it says of claims, and that nothing in them becomes markup."""

from __future__ import annotations

from datetime import date

import pytest

from exchange.formats.annex import section, sections
from exchange.formats.annex_html import write_annex_html
from exchange.formats.annex_markdown import plain, write_annex_markdown
from tests.exchange.claims_by_hand import (
    HEADING,
    candidate,
    claim,
    credibility,
    document,
    proposition,
    relays,
    source,
    span,
    stream,
    verdict,
)

INJECTED = "<script>alert(1)</script> [x](javascript:alert(1)) **b** `c` # d | e"


def test_a_citation_says_what_icd_206_asks_for():
    [cited] = section([claim()]).citations

    assert cited.identifier == "C05771"
    assert cited.originator == "Sidney B."
    assert cited.title == "Hostage crisis"
    assert cited.information_date == date(2013, 1, 15)
    assert cited.publication_date == date(2013, 1, 16)
    assert cited.marking == "CONFIDENTIAL · RELEASE IN PART · TLP:AMBER"
    assert cited.place == "characters 49–72 of text version 1"
    assert cited.tellers == ["two aides"]
    assert cited.grade == "B2"
    assert cited.found_by == "found by software (hearsay 1.2), decided on by Ana Analyst"


def test_a_document_with_pages_is_cited_by_its_page():
    [cited] = section([claim(page=3)]).citations

    assert cited.place == "page 3, characters 49–72 of text version 1"


def test_what_nobody_judged_is_no_f6():
    [cited] = section([candidate()]).citations

    assert cited.grade == "––"
    assert cited.said_by == "A source close to the cabinet"
    assert cited.found_by == "found by software (hearsay 1.2), not reviewed"


def test_the_oldest_report_is_cited_first_and_each_source_described_once():
    found = section(
        [claim(3), claim(2, document=document(2, document_date=date(2012, 5, 1))), claim(1, source=source(2, name="X"))]
    )

    assert [cited.record.id for cited in found.citations] == [2, 1, 3]
    assert [(one.source.name, one.cited) for one in found.descriptors] == [
        ("Source close to the cabinet", (1, 3)),
        ("X", (2,)),
    ]
    assert (found.descriptors[0].first, found.descriptors[0].last) == (date(2012, 5, 1), date(2013, 1, 16))


def test_the_summary_says_how_much_from_how_many_origins_what_conflicts_and_how_it_turned_out():
    weighed = proposition(reports=2, origins=1, verdict=verdict())

    found = section(
        [
            claim(1, proposition=weighed),
            claim(2, proposition=weighed, links=(relays(1, origin=1),)),
            claim(3, proposition=weighed, stance="denies", links=(relays(2, origin=1, kind="retracts"),)),
        ]
    )

    assert found.summary == (
        "3 reports by 1 known source in 1 document.",
        "Those that count come from 1 independent origin.",
        "Conflict: denied in [3], asserted in [1], [2].",
        "Had from another report or source, and no report of their own: [2].",
        "Take back what their source said before: [3].",
        "It turned out false (2013-02-01, Rita Reviewer): Joint communiqué of 1 February",
    )
    assert "All that count go back to a single origin." in found.weaknesses


def test_strengths_and_weaknesses_are_told_apart():
    strong = section(
        [
            claim(1, proposition=proposition(origins=2), chain=()),
            claim(2, source=source(2, name="Envoy", anonymous=False), chain=()),
        ]
    )
    weak = section(
        [
            claim(
                source=source(access="unknown", reliability="E", motive="Paid by a rival"),
                credibility=credibility(grade="5"),
            )
        ]
    )

    assert strong.strengths == (
        "Corroborated by more than one independent origin.",
        "Direct access to the information: Source close to the cabinet; Envoy.",
        "Judged usually or completely reliable: Source close to the cabinet; Envoy.",
        "Judged confirmed or probably true: [1], [2].",
    )
    assert strong.weaknesses == ()
    assert weak.strengths == ()
    assert weak.weaknesses == (
        "It rests on a single report.",
        "No source is named or could be identified by the documents.",
        "Indirect access, or none that is known: Source close to the cabinet.",
        "Judged not usually reliable, or unreliable: Source close to the cabinet.",
        "A motive or bias is on record: Source close to the cabinet.",
        "Judged doubtful or improbable: [1].",
        "Passed on by others before it was written down: [1].",
    )


def test_an_origin_that_denies_corroborates_nothing():
    weighed = proposition(origins=2)

    found = section([claim(1, proposition=weighed), claim(2, proposition=weighed, stance="denies")])

    assert not [one for one in found.strengths if one.startswith("Corroborated")]


def test_an_f_that_somebody_gave_is_no_judgement_of_the_source():
    found = section([claim(source=source(reliability="F"))])

    assert "Reliability not judged, or cannot be: Source close to the cabinet." in found.weaknesses


def test_each_proposition_has_a_section_and_claims_on_none_come_document_by_document():
    elsewhere = candidate(6, document=document(2, label="Cable 2"))
    on_two = [claim(1), claim(2), claim(3, proposition=proposition(2, text="Other"))]

    found = list(sections([*on_two, candidate(4), candidate(5), elsewhere]))

    assert [(one.title, len(one.citations)) for one in found] == [
        ("The talks have failed.", 2),
        ("Other", 1),
        ("Claims on no proposition: C05771", 2),
        ("Claims on no proposition: Cable 2", 1),
    ]


@pytest.mark.parametrize("state", ["rejected", "superseded", "withdrawn"])
def test_a_claim_that_nobody_stands_by_is_not_cited(state):
    assert list(sections([claim(1, state=state)])) == []


def _injected():
    return claim(
        source=source(name=INJECTED, placement=INJECTED, motive=INJECTED, expertise=INJECTED),
        document=document(
            doc_number="", label=INJECTED, name=INJECTED, title=INJECTED, author=INJECTED, marking=INJECTED
        ),
        content=span("the talks", f"the talks {INJECTED}"),
        proposition=proposition(text=INJECTED, verdict=verdict(evidence=INJECTED, by=INJECTED)),
    )


def test_nothing_that_was_said_becomes_markup_in_html():
    page = "".join(write_annex_html(stream([_injected()]), HEADING))

    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 7
    assert page.startswith("<!doctype html>")
    assert page.rstrip().endswith("</html>")


def test_nothing_that_was_said_becomes_markup_in_markdown():
    page = "".join(write_annex_markdown(stream([_injected()]), HEADING))

    assert "<script" not in page
    assert "](javascript" not in page
    assert "\\*\\*b\\*\\*" in page
    assert plain("a\n# b\n- c") == "a \\# b \\- c"


def test_the_markdown_has_the_parts_of_an_annex_in_order():
    page = "".join(write_annex_markdown(stream([claim()]), HEADING))

    parts = ["# Sourcing annex", "## The talks have failed", "### Source summary statement", "### Source references"]
    places = [page.index(part) for part in [*parts, "### Source descriptors"]]
    assert places == sorted(places)
    assert "1. **B2** two aides ← Source close to the cabinet: “the talks “have failed””" in page


def test_a_file_without_claims_is_still_a_page():
    page = "".join(write_annex_html(stream([]), HEADING))

    assert "Sourcing annex" in page
    assert 'annex-section"' not in page
