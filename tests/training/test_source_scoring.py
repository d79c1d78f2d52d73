"""The measures of sources within a document: chains, anaphora, clusters."""

from __future__ import annotations

from typing import Any

import pytest

from training.scripts.scoring import Tally
from training.scripts.source_scoring import b_cubed, is_anaphoric, same_sources, source_tallies

TEXT = (
    "A pilot said the port is shut. This pilot added that it will open. "
    "Clerk Ann Rowe told him that they say the mayor left. She denied the rest."
)


def span(quote: str) -> list[list[int]]:
    return [[TEXT.index(quote), TEXT.index(quote) + len(quote)]]


def record(sources: dict[str, list[str]], attributions: list[tuple[str, str, str, list[str]]]) -> dict[str, Any]:
    """sources: mentions by id. attributions: source words, cue, content, chain."""
    return {
        "text": TEXT,
        "sources": [{"id": i, "mentions": [span(m) for m in mentions]} for i, mentions in sources.items()],
        "attributions": [
            {"source_id": chain[-1], "source": span(s), "cue": span(cue), "content": span(content), "chain": chain}
            for s, cue, content, chain in attributions
        ],
    }


def attributions(pilot: str, again: str, rowe: str, they: list[str], she: str) -> list[tuple[str, str, str, list[str]]]:
    return [
        ("A pilot", "said", "the port is shut", [pilot]),
        ("This pilot", "added", "it will open", [again]),
        ("Clerk Ann Rowe", "told", "they say the mayor left", [rowe]),
        ("they", "say", "the mayor left", they),
        ("She", "denied", "the rest", [she]),
    ]


GOLD = record(
    {"S1": ["A pilot", "This pilot"], "S2": ["Clerk Ann Rowe", "She"], "S3": ["they"]},
    attributions("S1", "S1", "S2", ["S2", "S3"], "S2"),
)


def test_other_ids_for_the_same_clusters_are_as_good():
    found = record(
        {"X": ["Clerk Ann Rowe", "She"], "Y": ["they"], "Z": ["A pilot", "This pilot"]},
        attributions("Z", "Z", "X", ["X", "Y"], "X"),
    )

    result = source_tallies(GOLD, found)

    assert result["chains"] == Tally.of_share(1, 1)
    assert result["anaphora"] == Tally.of_share(2, 3)  # "they" is named nowhere, so nobody can be right about it
    assert result["clusters"].f == 1


def test_a_pronoun_in_a_cluster_of_its_own_is_not_resolved():
    found = record(
        {"S1": ["A pilot", "This pilot"], "S2": ["Clerk Ann Rowe"], "S3": ["they"], "S4": ["She"]},
        attributions("S1", "S1", "S2", ["S2", "S3"], "S4"),
    )

    result = source_tallies(GOLD, found)

    assert result["anaphora"] == Tally.of_share(1, 3)
    assert result["one to one"] == Tally.of_share(4, 5)
    assert result["clusters"].precision == 1
    assert result["clusters"].recall == pytest.approx((2 * 1 + 2 * 0.5 + 1) / 5)


def test_a_pronoun_with_the_wrong_antecedent_is_not_resolved_although_nothing_else_claims_its_source():
    gold = record({"S1": ["A pilot"], "S2": ["Clerk Ann Rowe", "She"]}, [("She", "denied", "the rest", ["S2"])])
    found = record({"F1": ["A pilot", "She"]}, [("She", "denied", "the rest", ["F1"])])

    assert source_tallies(gold, found)["anaphora"] == Tally.of_share(0, 1)


def test_the_last_name_elsewhere_in_the_text_is_an_antecedent_too():
    gold = record({"S2": ["Clerk Ann Rowe", "She"]}, [("She", "denied", "the rest", ["S2"])])
    found = record({"F1": ["Rowe", "She"]}, [("She", "denied", "the rest", ["F1"])])

    assert source_tallies(gold, found)["anaphora"] == Tally.of_share(1, 1)


def test_a_chain_without_its_outer_teller_is_wrong_and_a_nested_one_not_found_does_not_count():
    flat = record(
        {"S1": ["A pilot", "This pilot"], "S2": ["Clerk Ann Rowe", "She"], "S3": ["they"]},
        attributions("S1", "S1", "S2", ["S3"], "S2"),
    )
    missed = flat | {"attributions": [a for a in flat["attributions"] if a["source_id"] != "S3"]}

    assert source_tallies(GOLD, flat)["chains"] == Tally.of_share(0, 1)
    assert source_tallies(GOLD, missed)["chains"] == Tally.of_share(0, 0)


def test_where_the_text_leaves_the_antecedent_open_nothing_is_counted():
    open_question = GOLD | {"attributions": [a | {"resolution_uncertain": True} for a in GOLD["attributions"]]}

    result = source_tallies(open_question, GOLD)

    assert result == {"chains": Tally(), "anaphora": Tally(), "one to one": Tally(), "clusters": Tally()}


def test_pronouns_and_repeated_definite_phrases_are_anaphoric_and_first_mentions_are_not():
    assert [is_anaphoric(GOLD, a) for a in GOLD["attributions"]] == [False, True, False, True, True]
    first = record({"S1": ["This pilot"]}, [("This pilot", "added", "it will open", ["S1"])])
    assert not is_anaphoric(first, first["attributions"][0])


def test_sources_are_paired_so_that_most_mentions_meet():
    a, b, c = frozenset([1]), frozenset([2, 3]), frozenset([4])

    assert same_sources({"G1": {a, b}, "G2": {c}}, {"F1": {a, c}, "F2": {b}}) == {"F1": "G2", "F2": "G1"}
    assert same_sources({"G1": {a}}, {"F1": {c}}) == {}
    assert same_sources({}, {"F1": {a}}) == {}


def test_b_cubed_of_one_cluster_for_all_has_full_recall():
    result = b_cubed([("G1", "F"), ("G1", "F"), ("G2", "F"), ("G3", "F")])

    assert result.recall == 1
    assert result.precision == pytest.approx((2 * 2 / 4 + 1 / 4 + 1 / 4) / 4)
