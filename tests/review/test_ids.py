"""Ids in addresses and forms."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.ids import row_id, row_ids
from documents.models import Collection


@pytest.mark.parametrize("words", ["", "-1", "1.0", " 1", "²", "one", "9" * 19, "9" * 5_000])
def test_what_is_no_id_of_a_row_is_none(words: str):
    assert row_id(words) is None


def test_ids_are_taken_out_of_what_was_ticked():
    assert row_ids(["3", "x", "12", "3", "9" * 5_000]) == {3, 12}


@pytest.mark.parametrize(
    ("name", "field"), [("undo_last", "here"), ("steps", "step")], ids=["the claim before me", "a step that was ticked"]
)
def test_a_number_of_thousands_of_digits_is_no_error(
    browser_of_analyst: Client, collection: Collection, name: str, field: str
):
    answer = browser_of_analyst.post(reverse(f"review:{name}"), {field: "9" * 5_000})

    assert answer.status_code == 302


@pytest.mark.parametrize("address", ["ingest:bring_in", "import:upload", "import:look"])
def test_a_collection_of_thousands_of_digits_is_not_there(
    browser_of_analyst: Client, collection: Collection, address: str
):
    given = {"collection": "9" * 5_000, "kind": "claims"}

    assert browser_of_analyst.post(reverse(address), given).status_code == 404
