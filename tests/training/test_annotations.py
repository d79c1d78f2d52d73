"""The annotation tool and the gold loader, on an invented document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.scripts.annotate import build, dump, share_out
from training.scripts.annotation_faults import faults
from training.scripts.furniture import furniture
from training.scripts.gold import ANNOTATIONS, SAMPLES, GoldMismatch, join, load, load_samples
from training.scripts.marks import Marks, MarksError, read_marks

BANNER = "  UNCLASSIFIED U.S. Department of State Case No. F-2014-00001 Doc No. C00000001 Date: 01/07/2016\n"
TEXT = (
    "A source close to the harbour master stated in\n"
    "confidence that the pilots believe the channel will be   B6\n"
    f"closed\n\n{BANNER}\f{BANNER}\n"
    "for a week. This source said that the pilots said nothing.\n"
)
MARKS = """
document: toy/C00000001.txt
kind: memo
source S1 | anonymous_individual | anonymous | a source close to the harbour master
source S2 | group | anonymous | the pilots
@ A source
S1 | A source ... harbour master | stated | the pilots believe ... a week | circumstance: in confidence
S1>S2 | the pilots | believe | the channel ... a week | hedge: believe
@ This source
S1 | This source | said#1 | the pilots ... nothing
"""


@pytest.fixture
def marks(tmp_path: Path) -> Marks:
    return marks_from(tmp_path, MARKS)


def marks_from(folder: Path, words: str) -> Marks:
    path = folder / "marks.txt"
    path.write_text(words, encoding="utf-8")
    return read_marks(path)


def words(fragments: list[list[int]]) -> list[str]:
    return [TEXT[start:end] for start, end in fragments]


def test_words_are_found_over_line_breaks_and_come_out_as_fragments_around_page_furniture(marks):
    record, remarks = build(marks, TEXT.encode(), TEXT)

    outer, inner, last = record["attributions"]
    assert remarks == []
    assert words(outer["content"]) == ["the pilots believe the channel will be", "closed", "for a week"]
    assert words(outer["circumstance"]) == ["in\nconfidence"]
    assert words(inner["content"]) == ["the channel will be", "closed", "for a week"]
    assert (inner["chain"], inner["source_id"], inner["hedge"]) == (["S1", "S2"], "S2", "believe")
    assert words(last["source"]) == ["This source"]
    assert words(record["sources"][0]["mentions"]) == ["A source close to the harbour master", "This source"]


def test_words_that_stand_there_twice_are_remarked_on_until_the_marks_say_which(tmp_path):
    marks = marks_from(tmp_path, MARKS.replace("said#1", "said"))

    _, remarks = build(marks, TEXT.encode(), TEXT)

    assert [remark for remark in remarks if "more than once" in remark] == [
        "A3 (line 10): the cue 'said' stands there more than once, say which"
    ]


def test_words_that_are_not_in_the_text_are_refused_with_their_line(tmp_path):
    marks = marks_from(tmp_path, MARKS.replace("the channel ...", "the canal ..."))

    with pytest.raises(MarksError, match=r"line 8: not in the text after .*: 'the canal'"):
        build(marks, TEXT.encode(), TEXT)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("source S3 | group", "line 11: a source needs"),
        ("source S3 | group | secret | somebody", "line 11: say anonymous or known"),
        ("S1 | This source | said", "line 11: an attribution needs"),
        ("S1 | This source | said | nothing | loudly", "line 11: unknown option 'loudly'"),
        ("a stray remark", "line 11: neither a header nor a mark"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_with_its_number(tmp_path, line, complaint):
    with pytest.raises(MarksError, match=complaint):
        marks_from(tmp_path, MARKS + line)


def test_faults_names_a_nested_attribution_that_lies_in_no_outer_one(marks):
    record, _ = build(marks, TEXT.encode(), TEXT)
    record["attributions"][2]["chain"] = ["S2", "S1"]

    assert faults(record, TEXT, furniture(TEXT)) == ["A3: no attribution of S2 holds its cue"]


def test_faults_names_spans_with_white_space_page_furniture_or_nothing_in_them(marks):
    record, _ = build(marks, TEXT.encode(), TEXT)
    first, second, third = record["attributions"]
    first["source"] = [[0, 9]]
    second["content"] = [[second["content"][0][0], second["content"][-1][1]]]
    third["cue"] = []

    assert faults(record, TEXT, furniture(TEXT)) == [
        "A1 source: white space at an end",
        "A2 content: page furniture inside",
        "A3 cue: empty",
    ]


def test_one_document_in_three_of_each_kind_is_for_tests_and_a_split_once_given_stays():
    records = [{"kind": "memo", "sha256": f"{n}", "split": ""} for n in range(6)]
    share_out(records)
    assert [record["split"] for record in records] == ["train", "test", "train", "train", "test", "train"]

    later = {"kind": "memo", "sha256": "00", "split": ""}
    changed = share_out([later, *records])

    assert changed == [later]
    assert later["split"] == "train"


def test_load_joins_annotation_and_text_into_a_record_of_the_convention(marks, tmp_path):
    write_annotation(marks, tmp_path, split="test")

    assert list(load(tmp_path / "documents", split="train", annotations=tmp_path / "annotations")) == []
    (record,) = load(tmp_path / "documents", split="test", annotations=tmp_path / "annotations")

    assert record["text"] == TEXT
    assert set(record) == {"id", "file", "kind", "split", "metadata", "text", "sources", "attributions"}
    assert set(record["attributions"][2]) == {"id", "source_id", "source", "cue", "content", "type", "chain", "hedge"}
    assert words(record["attributions"][2]["content"]) == ["the pilots said nothing"]


def test_load_refuses_a_text_that_is_not_the_annotated_one(marks, tmp_path):
    write_annotation(marks, tmp_path, split="test")
    (tmp_path / "documents" / "toy" / "C00000001.txt").write_text(TEXT.replace("week", "year"), encoding="utf-8")

    with pytest.raises(GoldMismatch, match=r"toy/C00000001\.txt: the file has SHA-256"):
        list(load(tmp_path / "documents", annotations=tmp_path / "annotations"))


def test_join_refuses_offsets_that_were_moved(marks):
    record, _ = build(marks, TEXT.encode(), TEXT)
    record["attributions"][0]["cue"] = [[0, 8]]

    with pytest.raises(GoldMismatch, match="A1 has other words as its cue"):
        join(record, TEXT.encode(), TEXT)


def write_annotation(marks: Marks, folder: Path, *, split: str) -> None:
    record, _ = build(marks, TEXT.encode(), TEXT, split=split)
    (folder / "annotations").mkdir()
    (folder / "annotations" / "C00000001.json").write_text(dump(record), encoding="utf-8")
    (folder / "documents" / "toy").mkdir(parents=True)
    (folder / "documents" / "toy" / "C00000001.txt").write_text(TEXT, encoding="utf-8")


def test_load_samples_reads_records_with_text_and_refuses_a_sample_that_was_changed(marks, tmp_path):
    record, _ = build(marks, TEXT.encode(), TEXT, split="test")
    gold = tmp_path / "gold"
    gold.mkdir()
    (gold / "C00000001.json").write_text(dump(join(record, TEXT.encode(), TEXT)), encoding="utf-8")
    sample = tmp_path / "toy" / "C00000001.txt"
    sample.parent.mkdir()
    sample.write_bytes(TEXT.encode())

    (loaded,) = load_samples(gold, repository=tmp_path)
    sample.write_bytes(TEXT.replace("week", "year").encode())

    assert words(loaded["attributions"][2]["content"]) == ["the pilots said nothing"]
    with pytest.raises(GoldMismatch, match=r"toy/C00000001\.txt is not the text that C00000001\.json annotates"):
        list(load_samples(gold, repository=tmp_path))


@pytest.mark.parametrize("record", list(load_samples()), ids=lambda record: record["id"])
def test_gold_of_the_sample_documents_is_whole_and_only_for_tests(record):
    assert record["attributions"]
    assert (record["split"], record["file"].split("/")[0]) == ("test", "samples")
    assert faults(record, record["text"], furniture(record["text"])) == []


def test_every_sample_text_has_gold():
    texts = {path.stem for path in (SAMPLES.parents[2] / "samples").glob("*.txt")}

    assert texts <= {record["id"] for record in load_samples()}


@pytest.mark.parametrize("path", sorted(ANNOTATIONS.glob("*.json")), ids=lambda path: path.stem)
def test_annotations_in_the_repository_are_whole_and_hold_no_text(path):
    record = json.loads(path.read_text(encoding="utf-8"))
    known = {source["id"] for source in record["sources"]}

    assert record["split"] in ("train", "test")
    assert "text" not in record
    for attribution in record["attributions"]:
        assert attribution["source_id"] == attribution["chain"][-1]
        assert set(attribution["chain"]) <= known
        assert all(attribution[role] for role in ("source", "cue", "content"))
        assert all(len(end.split()) <= 3 for ends in attribution["words"].values() for end in ends)
