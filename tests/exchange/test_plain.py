"""JSONL and CSV of claims, and the command that writes them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from exchange.formats.exporting import FORMATS, export
from exchange.formats.plain import COLUMNS, READ_AS_FORMULA, guarded, unguarded
from exchange.formats.rows import stream
from tests.factories import ClaimFactory, CollectionFactory, PropositionFactory, TextLayerFactory, UserFactory


@pytest.fixture
def reader() -> Any:
    user = UserFactory(username="reader")
    layer = TextLayerFactory(document__collection=CollectionFactory(members=[user]), document__title="=1+1")
    ClaimFactory(layer=layer, accepted=True, proposition=PropositionFactory(text='"Ja", he said;\nthen left'))
    return user


def written(name: str, user: Any, **wanted: str) -> str:
    return "".join(export(FORMATS[name], user, wanted))


@pytest.mark.django_db
def test_a_line_of_jsonl_is_the_record_of_a_claim(reader):
    [record] = stream(reader)

    [line] = written("jsonl", reader).splitlines()

    told = json.loads(line)
    assert told["uid"] == str(record.uid)
    assert told["content"] == {
        "quote": "the talks have failed",
        "fragments": [list(place) for place in record.content.fragments],
        "before": "",
        "after": "",
    }
    assert told["proposition"]["text"] == '"Ja", he said;\nthen left'
    assert told["created_at"] == record.created_at.isoformat()
    assert list(told) == list(type(record).__slots__)


@pytest.mark.django_db
def test_a_row_of_csv_has_every_column_and_survives_quotes_and_line_ends(reader):
    [record] = stream(reader)

    [heading, row] = csv.reader(io.StringIO(written("csv", reader), newline=""))

    told = dict(zip(heading, row, strict=True))
    assert heading == list(COLUMNS)
    assert told["proposition"] == '"Ja", he said;\nthen left'
    assert told["content_fragments"] == " ".join(f"{start}:{end}" for start, end in record.content.fragments)
    assert (told["credibility"], told["credibility_judged"]) == ("6", "false")


@pytest.mark.django_db
def test_a_title_that_a_spreadsheet_would_compute_is_guarded(reader):
    [row] = csv.DictReader(io.StringIO(written("csv", reader), newline=""))

    assert row["document_title"] == "'=1+1"


@pytest.mark.django_db
def test_the_csv_for_spreadsheets_begins_with_a_byte_order_mark(reader):
    assert written("csv-bom", reader) == "\ufeff" + written("csv", reader)


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r＝ab,\"\n") | st.characters(codec="utf-8"), max_size=8))
def test_a_guarded_text_begins_no_formula_and_comes_back_as_it_was(text):
    assert not guarded(text).startswith(READ_AS_FORMULA)
    assert unguarded(guarded(text)) == text


@pytest.mark.django_db
def test_the_command_writes_what_a_user_sees_to_a_file(reader, tmp_path):
    ClaimFactory(accepted=True)
    file = tmp_path / "claims.jsonl"

    call_command("export_claims", "state=accepted", "--as", "reader", "--output", str(file))

    assert file.read_text(encoding="utf-8") == written("jsonl", reader)
    assert len(file.read_text().splitlines()) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["state", "--as", "reader"], "'state' is no filter"),
        (["sate=accepted", "--as", "reader"], "There is no such parameter"),
        (["state=accepted", "state=rejected", "--as", "reader"], "'state' is there twice"),
        (["--as", "nobody"], "There is no user 'nobody'"),
        (["--as", "reader", "--output", "/nowhere/claims.jsonl"], "cannot be written"),
    ],
)
def test_the_command_says_what_is_wrong(reader, arguments, said):
    with pytest.raises(CommandError, match=said):
        call_command("export_claims", *arguments)


@pytest.mark.django_db
def test_an_export_that_breaks_leaves_the_file_that_was_there(reader, tmp_path, monkeypatch):
    file = tmp_path / "claims.jsonl"
    file.write_text("yesterday's")

    def breaking(*_args: Any, **_options: Any) -> Iterator[str]:
        yield "a"
        raise OSError("no space left")

    monkeypatch.setattr("exchange.management.commands.export_claims.export", breaking)

    with pytest.raises(CommandError, match="cannot be written: no space left"):
        call_command("export_claims", "--as", "reader", "--output", str(file))
    assert [(left.name, left.read_text()) for left in tmp_path.iterdir()] == [("claims.jsonl", "yesterday's")]
