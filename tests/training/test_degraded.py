"""Texts made worse on purpose: every character keeps its place, so that annotations still fit."""

from training.scripts.degraded import in_capitals, misread

TEXT = "From: A\nTo: B\nSubject: C\n\nThe minister said that the straße is closed.\n"
RECORD = {"id": "X", "text": TEXT, "attributions": []}


def test_capitals_take_every_character_s_place_and_leave_headers_alone():
    changed = in_capitals(RECORD)["text"]

    assert changed == "From: A\nTo: B\nSubject: C\n\nTHE MINISTER SAID THAT THE STRAßE IS CLOSED.\n"


def test_misreading_is_the_same_each_time_and_changes_letters_only():
    once, again = misread(RECORD, 0.3)["text"], misread(RECORD, 0.3)["text"]

    assert once == again != TEXT
    assert len(once) == len(TEXT)
    assert [c for c in once if c in " .:\n"] == [c for c in TEXT if c in " .:\n"]
    assert misread(RECORD, 0)["text"] == TEXT
