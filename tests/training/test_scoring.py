"""The measures of spans and relations, on an invented text."""

from __future__ import annotations

from typing import Any

import pytest

from training.scripts.scoring import (
    Tally,
    TokenPlaces,
    added,
    kept,
    outermost,
    pairs,
    right_relations,
    span_tallies,
    token_f,
    units_of,
)

TEXT = "The pilot said the clerks believe the port, now shut, will open. A guard denied it."


def spans(*quotes: str) -> list[list[int]]:
    return [[TEXT.index(quote), TEXT.index(quote) + len(quote)] for quote in quotes]


def attribution(source: str, cue: str, *content: str) -> dict[str, Any]:
    return {"source": spans(source), "cue": spans(cue), "content": spans(*content)}


PILOT = attribution("The pilot", "said", "the clerks believe the port, now shut, will open")
CLERKS = attribution("the clerks", "believe", "the port, now shut, will open")
GUARD = attribution("A guard", "denied", "it")


def tallies(gold: list[dict[str, Any]], found: list[dict[str, Any]]) -> dict[str, Tally]:
    return span_tallies(units_of(TEXT, gold), units_of(TEXT, found))


def test_white_space_at_an_edge_changes_no_unit_and_an_empty_span_touches_nothing():
    places = TokenPlaces("no, never  said")

    assert places.under([[2, 10]]) == places.under([[2, 9]]) == {1, 2}
    assert places.under([[5, 5]]) == places.under([]) == frozenset()


def test_what_is_found_as_annotated_scores_one_in_every_measure():
    result = tallies([PILOT, CLERKS, GUARD], [PILOT, CLERKS, GUARD])

    assert {measure: tally.f for measure, tally in result.items()} == dict.fromkeys(
        ["source", "cue", "content", "content exact", "relation"], 1.0
    )


def test_nothing_found_scores_zero_and_still_counts_what_is_there():
    result = tallies([PILOT, GUARD], [])

    assert result["relation"] == Tally(0, 0, 0, 2)
    assert result["content"].f == 0


def test_a_soft_unit_earns_the_share_of_its_tokens_that_the_other_side_has():
    half = attribution("The pilot", "said", "the port, now shut")  # 5 tokens of 11

    result = tallies([PILOT], [half])

    assert result["content"] == Tally(1, 1, 5 / 11, 1)
    assert result["content"].f == pytest.approx(0.625)
    assert result["content exact"].f == 0


def test_a_source_given_twice_counts_once_as_span_and_twice_in_relations():
    again = attribution("The pilot", "believe", "now shut")

    result = tallies([PILOT, again], [PILOT])

    assert result["source"] == Tally(1, 1, 1, 1)
    assert result["relation"] == Tally(1, 1, 1, 2)


def test_a_relation_needs_half_of_source_and_content_but_no_cue():
    other_cue = PILOT | {"cue": spans("denied")}
    other_source = PILOT | {"source": spans("A guard")}

    assert tallies([PILOT], [other_cue])["relation"].f == 1
    assert tallies([PILOT], [other_source])["relation"].f == 0
    assert tallies([PILOT], [PILOT | {"content": spans("the clerks believe")}])["relation"].f == 0


def test_two_missing_sources_agree_and_a_missing_one_agrees_with_no_other():
    nobody = PILOT | {"source": []}

    assert token_f(frozenset(), frozenset()) == 1
    assert tallies([nobody], [nobody])["relation"].f == 1
    assert tallies([PILOT], [nobody])["relation"].f == 0


def test_pairs_are_one_to_one_and_the_closest_contents_go_first():
    gold, found = units_of(TEXT, [PILOT, CLERKS]), units_of(TEXT, [CLERKS, CLERKS, PILOT])

    assert pairs(gold, found) == [(0, 2), (1, 0)]
    assert len(right_relations(gold, found)) == 2


def test_outermost_leaves_out_what_has_its_cue_in_the_content_of_another():
    assert outermost(units_of(TEXT, [CLERKS, PILOT, GUARD])) == [1, 2]


def test_text_that_the_annotators_passed_over_is_not_measured_and_nested_ones_only_on_request():
    record = {"text": TEXT, "discard": spans("A guard denied it.")}

    assert kept(record, [PILOT, CLERKS, GUARD], only_outermost=False) == [PILOT, CLERKS]
    assert kept(record, [PILOT, CLERKS, GUARD], only_outermost=True) == [PILOT]


def test_documents_are_added_up_before_f_is_taken():
    total = added([{"cue": Tally(1, 1, 1, 4)}, {"cue": Tally(2, 3, 2, 2), "source": Tally(1, 1, 1, 1)}])

    assert total == {"cue": Tally(3, 4, 3, 6), "source": Tally(1, 1, 1, 1)}
    assert total["cue"].f == pytest.approx(0.6)
    assert Tally.of_share(3, 4).f == pytest.approx(0.75)
