"""The wording to parse: capitals and misreadings taken back, every letter in its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction import extract
from extraction.reading import reading_view
from extraction.reading.wording import wording


def worded(text: str) -> str:
    return wording(text, [(0, len(text))])


def test_a_paragraph_in_capitals_gets_small_letters_but_for_names_and_sentence_starts():
    text = '2. THE MINISTER TOLD EMBOFF THAT GOB AGREES. "I DID NOT," SAID CAPRILES\' FRIEND PEREDA. HE LEFT PERU.'

    assert worded(text) == (
        '2. The Minister told Emboff that GOB agrees. "I did not," said Capriles\' friend Pereda. He left PERU.'
    )


def test_a_slip_of_the_pen_in_capitals_is_a_word_and_no_name():
    assert worded("THE PRESIDENT REINTERATED HIS DISUCSSION OF THE MATTER.").endswith(
        "reinterated his disucssion of the matter."
    )


def test_capitals_inside_ordinary_text_stay():
    text = "CASTRO, who leads the PRESIDIUM, said that SINOBAS would return to the Embassy in April of that year."

    assert worded(text) == text


@pytest.mark.parametrize(
    ("misread", "meant"),
    [
        ("The source satd that he knew.", "The source said that he knew."),
        ("It was reportcd by sources.", "It was reported by sources."),
        ("Souroe stated it, aocording to him.", "Source stated it, according to him."),
        ("The s0urce said so.", "The source said so."),
        ("many groups‘in Mexico", "many groups in Mexico"),
        ("In’a report he said so.", "In a report he said so."),
        ("He was in Cuba, He also served, and left.", "He was in Cuba. He also served, and left."),
        ("the President\u02bcs letter", "the President’s letter"),
    ],
)
def test_a_word_misread_in_one_letter_is_read_aright(misread: str, meant: str):
    assert worded(misread) == meant


@pytest.mark.parametrize(
    "text",
    [
        "A cold state of affairs: they don’t ask.",
        "Turnor and Barbor said in 1964 that D/G2/245 was 5ft tall.",
        "Write to thaw@state.gov or www.goverment.org/rePort.",
        "Investigaciones de la ciudad",
    ],
)
def test_rare_words_names_numbers_addresses_and_foreign_words_stay(text: str):
    assert worded(text) == text


@given(st.text(st.sampled_from("aAeEsStTdD0159 .,'’‘\"\n\u0130ß-@"), max_size=60))
def test_every_letter_keeps_its_place(text: str):
    changed = worded(text)

    assert len(changed) == len(text)
    assert [a.isspace() for a in changed if a == "\n"] == [a.isspace() for a in text if a == "\n"]


def test_the_view_has_a_wording_as_long_as_its_text():
    view = reading_view("1. HE SATD THAT THE MINISTER WAS ABROAD.\n\nThe source satd so.\n")

    assert view.text == "1. HE SATD THAT THE MINISTER WAS ABROAD.\n\nThe source satd so."
    assert view.wording == "1. He SATD that the Minister was abroad.\n\nThe source said so."


@pytest.mark.slow
def test_a_misread_cue_is_found_and_quoted_as_it_stands():
    text = "A usually reliable source satd that the army would return to the capital on Monday."

    [attribution] = extract(text).attributions

    assert [fragment.text for fragment in attribution.cue.fragments] == ["satd"]
    assert attribution.source is not None
    assert attribution.source.fragments[0].text == "A usually reliable source"
