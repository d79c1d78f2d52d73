import pytest

from extraction import lexicon
from extraction.relaying import names_alike, relayings


@pytest.mark.parametrize("row", [*lexicon.rows("relaying")], ids=lambda row: row["example"][:40])
def test_every_entry_is_found_in_its_example(row):
    found = [each for each in relayings(row["example"]) if each.kind == row["kind"]]

    assert found
    assert all(row["example"][each.start : each.end] == each.words for each in found)
    assert {each.whom for each in found} <= {"Colonel Haddad", "a usually reliable source"}


@pytest.mark.parametrize(
    "text",
    [
        "The minister told him that the talks had failed.",
        "The spokesman told that story twice.",
        "They moved from Bechar to Oran.",
        "The colonel was told.",
    ],
)
def test_what_names_nobody_is_not_taken_for_relaying(text):
    assert relayings(text) == ()


def test_namings_are_alike_by_what_tells_them_apart():
    assert names_alike("a usually reliable source", "usually reliable source")
    assert names_alike("Colonel Haddad", "Col. Haddad of the 4th brigade")
    assert not names_alike("a usually reliable source", "a source close to the cabinet")
    assert not names_alike("Colonel Haddad", "Colonel Mansour")
    assert not names_alike("the", "a")
