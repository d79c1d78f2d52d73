"""`make evaluate`: which sets it measures, what it keeps, and how it sorts what went wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.scripts import evaluate_engine
from training.scripts.evaluate_engine import GoldSet, Result, gold_sets, measure, remarks, table, write
from training.scripts.gold import load_samples
from training.scripts.misses import ALARM, CONTENT, MISSED, SOURCE, Misses, faults
from training.scripts.scoring import Tally, Units


def units(source: int, cue: int, *content: int) -> Units:
    return Units(frozenset([source]), frozenset([cue]), frozenset(content))


@pytest.fixture
def bare_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEARSAY_SHARED", raising=False)


@pytest.mark.usefixtures("bare_clone")
def test_a_bare_clone_measures_the_samples_and_says_what_it_leaves_out():
    assert [gold_set.name for gold_set in gold_sets()] == ["samples"]
    assert [remark for remark in remarks() if "HEARSAY_SHARED" in remark]


def test_sums_add_up_counts_and_times_of_their_parts():
    one = Result(1, 4, {"relation": Tally(1, 2, 1, 4), "chains": Tally()}, engine_seconds=1.5, parse_seconds=1)
    other = Result(2, 2, {"relation": Tally(2, 2, 2, 2), "chains": Tally.of_share(1, 2)}, 0.5, 1)

    assert (one + other).figures() == {
        "documents": 3, "attributions": 6, "relation": 60.0, "chains": 50.0, "chains of": 2, "times parse": 1.0,
    }  # fmt: skip
    assert one.figures()["chains"] is None


def test_a_figure_stands_beside_the_one_last_committed():
    figures = {"documents": 1, "attributions": 2, "relation": 81.04, "chains": 50.0, "chains of": 4, "times parse": 1.1}

    found = table({"samples": figures}, {"samples": {"relation": 79.5, "times parse": 1.2}})

    cells = [next(iter(column.cells)) for column in found.columns]
    assert cells[0] == "samples"
    assert cells[3] == "81.0 [dim](79.5)[/dim]"
    assert "50.0 of 4" in cells
    assert cells[-1] == "1.10 [dim](1.20)[/dim]"


def test_writing_keeps_the_figures_of_sets_that_were_not_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "engine-metrics.json"
    monkeypatch.setattr(evaluate_engine, "METRICS", path)
    monkeypatch.setattr(evaluate_engine, "engine_version", lambda: ("engine", "2"))
    older = {"engine": "engine 1", "relation": 50.0}

    write({"samples": {"relation": 80.0}}, {"samples": older, "PolNeAR dev": older})

    assert json.loads(path.read_text(encoding="utf-8")) == {
        "samples": {"engine": "engine 2", "relation": 80.0}, "PolNeAR dev": older,
    }  # fmt: skip


def test_each_fault_is_named_once_on_the_side_of_the_gold():
    gold = [units(1, 2, 3, 4), units(11, 12, 13, 14), units(21, 22, 23, 24), units(31, 32, 33, 34)]
    found = [units(1, 2, 3, 4), units(19, 12, 13, 14), units(21, 22, 29), units(41, 42, 43)]

    verdicts, alarms = faults(gold, found)

    assert verdicts == ["", SOURCE, CONTENT, MISSED]
    assert alarms == [False, False, False, True]


@pytest.mark.slow
def test_the_engine_is_measured_and_its_misses_are_quoted_only_from_texts_that_may_be():
    record = next(record for record in load_samples() if record["id"] == "C05797165")
    result, found = measure(GoldSet("samples", (record,)))
    misses = Misses()
    for family, may_quote in (("samples", True), ("others", False)):
        misses.note(record, [], family=family, may_quote=may_quote)
        misses.note(record | {"attributions": []}, found[0]["attributions"], family=family, may_quote=may_quote)

    cues, kinds, silent, _ = misses.tables(50)

    figures = result.figures()
    assert (figures["documents"], figures["attributions"]) == (1, 11)
    assert figures["relation"] > 80
    assert figures["times parse"] > 0.5
    stated = [row for row in zip(*(column.cells for column in cues.columns), strict=True) if row[1] == "state"]
    assert {row[0]: row[2] for row in stated} == {MISSED: "2", ALARM: "2"}
    assert all("stated | " in str(row[3]) for row in stated)
    assert not any(silent.columns[3].cells)
    assert "form: nested" in kinds.columns[0].cells
