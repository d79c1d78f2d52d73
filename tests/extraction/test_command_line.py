"""`python -m extraction`."""

import json
from pathlib import Path

import pytest

from extraction.__main__ import main

MEMO = "A source with access to the army stated that the commanders consider the operation a success."


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def write_lines(path: Path, *lines: str) -> Path:
    path.write_text("".join(line + "\n" for line in lines))
    return path


@pytest.mark.slow
def test_a_text_file_gives_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    memo = tmp_path / "memo.txt"
    memo.write_text(MEMO)

    assert run("extract", memo) == 0

    printed = capsys.readouterr().out
    assert "A source with access to the army" in printed
    assert "S1 > S2" in printed


@pytest.mark.slow
def test_a_file_of_texts_gives_a_line_for_each_in_order(tmp_path: Path):
    source = write_lines(tmp_path / "in.jsonl", *(json.dumps({"id": i, "text": MEMO}) for i in ("b", "a")), "")
    target = tmp_path / "out.jsonl"

    assert run("extract", source, "--out", target) == 0

    records = [json.loads(line) for line in target.read_text().splitlines()]
    assert [record["id"] for record in records] == ["b", "a"]
    assert set(records[0]) == {"id", "text", "sources", "attributions"}
    first, second = records[0]["attributions"]
    assert MEMO[slice(*first["cue"][0])] == "stated"
    assert second["chain"] == ["S1", "S2"]
    assert second["hedge"] == "consider"
    assert 0 < first["score"] < 1
    assert MEMO[slice(*records[0]["sources"][0]["mentions"][0][0])] == "A source with access to the army"


@pytest.mark.slow
def test_outermost_leaves_out_what_is_nested(tmp_path: Path):
    source = write_lines(tmp_path / "in.jsonl", json.dumps({"id": "1", "text": MEMO}))
    target = tmp_path / "out.jsonl"

    assert run("extract", source, "--out", target, "--outermost") == 0

    (attribution,) = json.loads(target.read_text())["attributions"]
    assert MEMO[slice(*attribution["cue"][0])] == "stated"
    assert not {"quantities", "times", "negated", "information_date"} & attribution.keys()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{not json", "line 2: not JSON"),
        ('["a"]', 'line 2: needs "id"'),
        ('{"id": "1"}', 'line 2: needs "id"'),
        ('{"id": 1.5, "text": "x"}', 'line 2: needs "id"'),
        ('{"id": "1", "text": "\\ud800"}', "line 2: \"text\" holds half a surrogate pair"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, complaint: str
):
    source = write_lines(tmp_path / "in.jsonl", json.dumps({"id": "1", "text": MEMO}), line)
    target = tmp_path / "out.jsonl"

    assert run("extract", source, "--out", target) == 1

    assert complaint in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl"]


def test_an_old_output_survives_a_bad_input(tmp_path: Path):
    source = write_lines(tmp_path / "in.jsonl", "{")
    target = write_lines(tmp_path / "out.jsonl", "old")

    assert run("extract", source, "--out", target) == 1

    assert target.read_text() == "old\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nowhere.txt"], "there is no file nowhere.txt"),
        (["nowhere.jsonl", "--out", "x.jsonl"], "there is no file nowhere.jsonl"),
        (["nowhere.jsonl"], "needs --out"),
        ([__file__.replace(".py", ".jsonl"), "--out", "x"], "there is no file"),
    ],
)
def test_what_is_missing_is_said(capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str):
    assert run("extract", *arguments) == 1

    assert complaint in capsys.readouterr().err


def test_a_text_in_another_encoding_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    memo = tmp_path / "memo.txt"
    memo.write_bytes("Chargé".encode("latin-1"))

    assert run("extract", memo) == 1

    assert "is not UTF-8 (byte 5)" in capsys.readouterr().err


def test_a_missing_pipeline_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    from extraction import pipeline

    memo = tmp_path / "memo.txt"
    memo.write_text(MEMO)
    monkeypatch.setenv(pipeline.SETTING, "/nowhere/model")
    pipeline.load.cache_clear()

    assert run("extract", memo) == 1

    assert "There is no spaCy pipeline at /nowhere/model." in capsys.readouterr().err
    pipeline.load.cache_clear()


def test_help_shows_both_uses(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stopped:
        run("extract", "--help")

    assert stopped.value.code == 0
    shown = capsys.readouterr().out
    assert "extract memo.txt" in shown
    assert "IN.jsonl --out OUT.jsonl" in shown


@pytest.mark.slow
def test_a_table_can_show_the_outermost_attributions_too(tmp_path, capsys):
    memo = tmp_path / "memo.txt"
    memo.write_text("Critics of the minister mocked the plan for a harbour.")

    assert main(["extract", str(memo), "--outermost"]) == 0
    assert "mocked" in capsys.readouterr().out
    assert main(["extract", str(memo)]) == 0
    assert "mocked" not in capsys.readouterr().out
