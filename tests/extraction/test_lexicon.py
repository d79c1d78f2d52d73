"""The lexicon: well-formed, and each entry's example does what the entry is for."""

import re

import pytest

from extraction import extract, lexicon
from extraction.spans import Extraction

CUE_FILES = ("verbs", "adjectives", "nouns", "phrases")


def examples(name: str) -> list[dict[str, str]]:
    return list(lexicon.rows(name))


def cue_words(extraction: Extraction) -> str:
    return " | ".join(attribution.cue.quote.lower() for attribution in extraction.attributions)


@pytest.mark.parametrize("name", CUE_FILES)
def test_no_cue_stands_twice(name: str):
    cues = [row["cue"] for row in examples(name)]

    assert sorted(set(cues)) == sorted(cues)


def test_a_line_that_is_no_json_is_named(tmp_path, monkeypatch):
    (tmp_path / "verbs.jsonl").write_text('{"cue": "say"}\n{"cue": \n')
    monkeypatch.setattr(lexicon, "FOLDER", tmp_path)

    with pytest.raises(ValueError, match=r"verbs\.jsonl, line 2: not a JSON object"):
        list(lexicon.rows("verbs"))


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("report", ["report", "reports", "reported", "reporting"]),
        ("believe", ["believe", "believes", "believed", "believing"]),
        ("deny", ["deny", "denies", "denied", "denying"]),
        ("stress", ["stress", "stresses", "stressed", "stressing"]),
        ("agree", ["agree", "agrees", "agreed", "agreeing"]),
        ("convey", ["convey", "conveys", "conveyed", "conveying"]),
    ],
)
def test_regular_verbs_are_inflected(verb: str, forms: list[str]):
    assert lexicon.inflections(verb) == forms


def test_an_irregular_verb_is_found_by_its_past():
    assert [cue.words for cue in lexicon.verbs()["told"]] == ["tell"]
    assert [cue.words for cue in lexicon.verbs()["pointed"]] == ["point out"]


def test_the_kind_of_a_plural_role_noun_is_that_of_its_singular():
    kinds = lexicon.role_nouns()

    assert (kinds["spokesmen"], kinds["officers"], kinds["ministries"], kinds["polls"]) == (
        "person", "person", "organisation", "document",
    )  # fmt: skip


def test_the_year_is_no_hedge_but_up_to_a_number_is():
    assert lexicon.hedges().findall("up to 30 men may arrive, up to the bridge") == ["up to", "may"]


def test_some_hedges_are_hedges_only_with_what_follows_them():
    text = (
        "about 30 men appeared to rest, appeared at noon, spoke about peace; they could see that it could lead to war"
    )

    assert lexicon.hedges().findall(text) == ["about", "appeared", "could"]


@pytest.mark.slow
@pytest.mark.parametrize("row", [row for name in CUE_FILES for row in examples(name)], ids=lambda row: row["cue"])
def test_the_example_of_a_cue_yields_an_attribution_with_that_cue(row):
    words = row["cue"].replace("* ", "").split()
    forms = row.get("forms") or lexicon.inflections(words[0])

    found = cue_words(extract(row["example"]))

    assert any(re.search(rf"\b{re.escape(form)}\b", found) for form in [words[0], *forms]), (row["example"], found)
    assert all(word in found for word in words[1:])


@pytest.mark.slow
@pytest.mark.parametrize("row", examples("hedges"), ids=lambda row: row["hedge"])
def test_the_example_of_a_hedge_yields_that_hedge(row):
    (attribution,) = extract(row["example"]).attributions[:1]

    assert row["hedge"] in attribution.hedge.split("; ")


@pytest.mark.slow
@pytest.mark.parametrize("row", examples("conditions"), ids=lambda row: row["example"][:30])
def test_the_example_of_a_condition_yields_a_circumstance(row):
    attribution = extract(row["example"]).attributions[0]

    assert attribution.circumstance is not None
    assert re.match(row["pattern"], attribution.circumstance.quote, re.IGNORECASE)


@pytest.mark.slow
@pytest.mark.parametrize("row", examples("access"), ids=lambda row: row["example"][:30])
def test_the_example_of_an_access_phrase_yields_a_source_with_access(row):
    source = extract(row["example"]).sources[0]

    assert re.match(row["pattern"], source.access, re.IGNORECASE), source
