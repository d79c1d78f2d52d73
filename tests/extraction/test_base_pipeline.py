"""The shipped pipeline: that it loads without our code and does what the engine builds on."""

from pathlib import Path

import pytest
import spacy

FOLDER = Path(__file__).resolve().parents[2] / "models" / "en_hearsay_base-0.1.0"
MEGABYTE = 1_000_000

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def nlp():
    return spacy.load(FOLDER)


def test_it_is_small_enough_for_the_repository():
    assert sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file()) < 20 * MEGABYTE


def test_it_names_its_licence_and_its_sources(nlp):
    assert (nlp.meta["lang"], nlp.meta["name"], nlp.meta["version"]) == ("en", "hearsay_base", "0.1.0")
    assert nlp.meta["license"] == "CC BY-SA 4.0"
    assert all(source["license"] for source in nlp.meta["sources"])


def test_lines_wrapped_and_indented_do_not_end_sentences(nlp):
    doc = nlp(
        "       3. A courier who left the capital on Monday stated that the garrison had been\n"
        "paid for the first time since March. According to this courier, two officers were\n"
        "arrested on the same day.\n"
    )

    assert [sentence.text.split()[-1] for sentence in doc.sents] == ["March.", "day."]


def test_who_said_what_stands_in_the_tree(nlp):
    doc = nlp("The deputy minister stated that the ships had left the harbour.")
    stated, left = doc[3], doc[8]

    assert (stated.dep_, stated.lemma_) == ("ROOT", "state")
    assert [(child.text, child.dep_) for child in stated.children if child.dep_ in {"nsubj", "ccomp"}] == [
        ("minister", "nsubj"),
        ("left", "ccomp"),
    ]
    assert (doc[4].dep_, doc[4].head) == ("mark", left)


def test_capitals_do_not_hide_the_subject_and_what_it_said(nlp):
    doc = nlp("THE AMBASSADOR SAID THAT THE TALKS HAD FAILED.")

    assert [(doc[i].dep_, doc[i].head.text) for i in (1, 2, 7)] == [
        ("nsubj", "SAID"),
        ("ROOT", "SAID"),
        ("ccomp", "SAID"),
    ]
    assert [doc[i].lemma_ for i in (2, 5, 7)] == ["say", "talk", "fail"]


def test_names_are_found_also_across_a_line_end(nlp):
    doc = nlp("On Friday Maria\n    Lopez of the United Nations met the governor in Nairobi.")

    assert [(entity.text.split(), entity.label_) for entity in doc.ents] == [
        (["Maria", "Lopez"], "PERSON"),
        (["United", "Nations"], "ORG"),
        (["Nairobi"], "LOC"),
    ]
