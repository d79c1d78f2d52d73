"""Statements, relations of two of them, and the command."""

import json

import pytest

from extraction.__main__ import main
from extraction.relations import Statement, read_statement, relate
from extraction.relations.pairs import relate_many


def test_a_statement_survives_being_stored():
    statement = read_statement("At least 12 people were not arrested on 3 May in Geneva")

    assert Statement.from_json(json.loads(json.dumps(statement.to_json()))) == statement


def test_a_statement_stored_by_another_version_is_refused():
    stored = {**read_statement("the port is closed").to_json(), "format": 0}

    with pytest.raises(ValueError, match="read its text again"):
        Statement.from_json(stored)


def test_a_negated_statement_contradicts_and_says_by_which_rule():
    found = relate(
        read_statement("the guards shot two smugglers"), read_statement("the guards did not shoot two smugglers")
    )

    assert (found.relation, found.rule) == ("contradicts", "polarity")


def test_the_spans_of_a_relation_are_words_of_the_statements():
    a, b = read_statement("the envoy arrived in Geneva"), read_statement("the envoy reached Geneva")

    found = relate(a, b)

    assert "Geneva" in [a.text[start:end] for start, end in found.spans_a]
    assert "Geneva" in [b.text[start:end] for start, end in found.spans_b]


def test_the_relation_is_the_same_either_way_round():
    a, b = read_statement("about 40 prisoners escaped"), read_statement("more than 100 prisoners escaped")

    assert relate(a, b).relation == relate(b, a).relation == "contradicts"


@pytest.mark.parametrize("text", ["", " ", "no", "???", "40", "\ud83d\ude00", "No. " * 500])
def test_any_text_can_be_read_and_related(text: str):
    statement = read_statement(text)

    assert relate(statement, read_statement("the port is closed")).relation == "neither"


def test_pairs_come_out_in_order():
    pairs = [(str(number), "the port is closed", f"{number} ships left the port") for number in range(150)]

    assert [identifier for identifier, _ in relate_many(pairs)] == [str(number) for number in range(150)]


def test_the_command_writes_a_line_for_each_pair(tmp_path):
    (tmp_path / "in.jsonl").write_text('{"id": "p1", "a": "the port is closed", "b": "the port is not closed"}\n')

    assert main(["relate", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl")]) == 0

    line = json.loads((tmp_path / "out.jsonl").read_text())
    assert {name: line[name] for name in ("id", "relation", "rule")} == {
        "id": "p1", "relation": "contradicts", "rule": "polarity",
    }  # fmt: skip


def test_the_command_names_a_line_without_two_statements(tmp_path, capsys):
    (tmp_path / "in.jsonl").write_text('{"id": "p1", "a": "the port is closed"}\n')

    assert main(["relate", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl")]) == 1

    assert (
        'line 1: needs "id" (a string or whole number) and "a" (a string) and "b" (a string).'
        in capsys.readouterr().err
    )
    assert not (tmp_path / "out.jsonl").exists()
