"""The wording to parse: capitals and misreadings taken back, every letter in its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction import extract
from extraction.reading import reading_view
from extraction.reading.wording import wording

SCAN = "Tbe rcports thaf camc fron tbe sonthern distriot werc nof rcad."
"""A sentence as a bad scan has it: enough to tell that its document is one."""


def worded(text: str) -> str:
    return wording(text, [(0, len(text))])


def worded_in_a_scan(text: str) -> str:
    both = f"{text}\n\n{SCAN}"
    return wording(both, [(0, len(text)), (len(text) + 2, len(both))])[: len(text)]


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
    ],
)
def test_a_word_misread_in_one_letter_is_read_aright_in_a_scan(misread: str, meant: str):
    assert worded_in_a_scan(misread) == meant


def test_a_transcribers_apostrophe_is_one_in_any_text():
    assert worded("the President\u02bcs letter") == worded_in_a_scan("the President\u02bcs letter")
    assert worded("the President\u02bcs letter") == "the President’s letter"


@pytest.mark.parametrize(
    "text",
    [
        "They vied to deport the king. His zeal was no lever. ",
        "Zeal is no lever. " * 20,
        "ABC's show, This week, was phony. ",
    ],
)
def test_rare_words_of_a_printed_text_are_no_misreadings(text: str):
    printed = text + "The minister told reporters that he would return to the capital with the others in March. " * 45

    assert worded(printed) == printed


def test_one_misread_word_is_not_enough_to_take_a_text_for_a_scan():
    assert worded("The source satd that he knew.") == "The source satd that he knew."
    assert worded("The source satd that tbe man knew.") == "The source said that the man knew."


def test_what_a_text_in_capitals_has_misread_does_not_make_the_rest_a_scan():
    text = "THE SOURCE SATD THAT TBE MAN WERT HOME FRON WORK.\n\nHe showed zeal."

    assert wording(text, [(0, 49), (51, len(text))]).endswith("He showed zeal.")


@pytest.mark.parametrize(
    "text",
    [
        "A cold state of affairs: they don’t ask.",
        "Turnor and Barbor said in 1964 that D/G2/245 was 5ft tall.",
        "Write to thaw@state.gov or www.goverment.org/rePort.",
        "Investigaciones de la ciudad",
    ],
)
def test_names_numbers_addresses_and_foreign_words_stay_in_a_scan_too(text: str):
    assert worded_in_a_scan(text) == text


@given(st.text(st.sampled_from("aAeEsStTdD0159 .,'’‘\"\n\u0130ß-@"), max_size=60))
def test_every_letter_keeps_its_place(text: str):
    changed = worded_in_a_scan(text)

    assert len(changed) == len(text)
    assert [a.isspace() for a in changed if a == "\n"] == [a.isspace() for a in text if a == "\n"]


def test_the_view_has_a_wording_as_long_as_its_text():
    view = reading_view("1. HE SATD THAT THE MINISTER WAS ABROAD.\n\nThe source satd wbat happened.\n")

    assert view.text == "1. HE SATD THAT THE MINISTER WAS ABROAD.\n\nThe source satd wbat happened."
    assert view.wording == "1. He SATD that the Minister was abroad.\n\nThe source said what happened."


@pytest.mark.slow
def test_a_misread_cue_is_found_and_quoted_as_it_stands():
    text = "A usually reliable source satd that thc army would return to the capital on Monday."

    [attribution] = extract(text).attributions

    assert [fragment.text for fragment in attribution.cue.fragments] == ["satd"]
    assert attribution.source is not None
    assert attribution.source.fragments[0].text == "A usually reliable source"
