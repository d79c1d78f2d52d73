"""Gradings and descriptors printed in a text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction import lexicon
from extraction.descriptors import expertise, knowledge
from extraction.gradings import gradings, reliability
from extraction.spans import PrintedGrade

CASES = Path(__file__).parents[1] / "data" / "commitment" / "gradings.jsonl"
REPORT = """SOURCE: An official of the neighbouring country (B); from a student (F).
Appraisal of Content: 3.

1. In early January the exile leader said that money was short. (Appraisal of Content: 2)

2. He added that no date was set.
"""


@pytest.mark.parametrize(
    "case", [json.loads(line) for line in CASES.read_text().splitlines()], ids=lambda c: c["text"][:40]
)
def test_a_grading_written_before_the_code_is_read_as_a_person_did(case: dict[str, Any]):
    printed = gradings(case["text"]).reaches
    words = reliability(case["text"]) or next((one.reliability for one in printed if one.reliability), None)
    content = next((one.credibility for one in printed if one.credibility), None)

    assert (words.grade if words else None) == case.get("reliability")
    assert (content.grade if content else None) == case.get("credibility")
    assert "words" not in case or (words is not None and words.words == case["words"])


@pytest.mark.parametrize(
    "row", list(lexicon.rows("reliability")), ids=lambda row: row.get("words") or row["pattern"][:30]
)
def test_the_example_of_a_grading_has_its_letter(row: dict[str, Any]):
    found = reliability(row["example"])

    assert found is not None
    assert found.grade == row["grade"]


@pytest.mark.parametrize("row", list(lexicon.rows("knowledge")), ids=lambda row: row["example"][:40])
def test_the_example_of_knowledge_claims_its_level(row: dict[str, Any]):
    words, level = knowledge(row["example"].split(" said ")[0])

    assert level == row["level"]
    assert words in row["example"]


@pytest.mark.parametrize("row", list(lexicon.rows("expertise")), ids=lambda row: row["example"][:40])
def test_the_example_of_expertise_claims_some(row: dict[str, Any]):
    assert expertise(row["example"].split(" said ")[0]) != ""


def test_access_to_people_in_high_places_is_no_direct_knowledge():
    assert knowledge("a source with access to the highest levels of the Army") == ("", "unknown")


def test_an_appraisal_under_the_source_speaks_of_the_report_and_one_after_a_paragraph_of_that():
    found = gradings(REPORT)

    assert found.credibility_at(REPORT.index("money")) == PrintedGrade("2", "Appraisal of Content: 2")
    assert found.credibility_at(REPORT.index("no date")) == PrintedGrade("3", "Appraisal of Content: 3")
    assert found.credibility_at(0) is None


def test_the_source_line_above_a_place_is_found():
    words = gradings(REPORT).source_line_before(REPORT.index("no date"))

    assert words == "An official of the neighbouring country (B); from a student (F)."


def test_the_printed_scale_is_no_grading():
    assert gradings("APPRAISAL OF CONTENT: 1: Confirmed by other sources. 2: Probably true.").reaches == ()


@given(st.text(alphabet="SOURCE: source(AB-3)\nAppraisal of Content123.reliable usually", max_size=300))
def test_any_text_can_be_asked_for_its_gradings(text: str):
    found = gradings(text)

    assert all(0 <= one.start < one.end <= len(text) for one in found.reaches)
    assert reliability(text) is None or knowledge(text)[1] in {"direct", "indirect", "unknown"}
