"""What the engine tells the parser, and what it does not ask of it."""

import pytest
import spacy

from extraction import extract, pipeline
from extraction.engine import BEGINS, CONTINUES, LONGEST_SENTENCE, _hint_sentences
from extraction.output import as_record

BLANK = spacy.blank("en")
OPEN = 0


def hints(text: str) -> dict[str, list[int]]:
    """The hints at each word, in order."""
    doc = BLANK.make_doc(text)
    _hint_sentences(doc)
    found: dict[str, list[int]] = {}
    for word, hint in zip((token.text for token in doc), doc.to_array("SENT_START").astype("int64"), strict=True):
        found.setdefault(word, []).append(int(hint))
    return found


def test_a_sentence_begins_with_each_paragraph_and_nowhere_after_no_mark():
    found = hints("the source left.\n\nthis Army stayed")

    assert found["the"] == [BEGINS]
    assert found["this"] == [BEGINS]
    assert found["source"] == found["Army"] == found["stayed"] == [CONTINUES]


def test_the_parser_decides_after_a_mark_with_closers_behind_it_unless_a_small_letter_follows():
    assert hints('He left.") They stayed')["They"] == [OPEN]
    assert hints("He left the U.N. and the others . they stayed")["they"] == [CONTINUES]
    assert hints('He left ) " They stayed')["They"] == [CONTINUES]
    assert hints("He left . ) ) ) They")["They"] == [OPEN]
    assert hints("He left . ) ) ) ) They")["They"] == [CONTINUES]


def test_what_has_no_sentence_end_is_cut():
    found = hints("army " * (2 * LONGEST_SENTENCE + 3))["army"]

    assert [number for number, hint in enumerate(found) if hint == BEGINS] == [0, 401, 802]


def test_a_text_without_a_word_gets_no_hints():
    assert hints("") == {}
    assert hints("\n\n") == {"\n\n": [BEGINS]}


@pytest.mark.slow
def test_the_rules_find_the_same_without_lemmas_and_parts_of_speech(monkeypatch: pytest.MonkeyPatch):
    text = "A source with direct access told officers that the army may leave. He added that he feared the worst."
    assert pipeline.not_for_rules() == ["morphologizer", "lemmatizer"]
    without = extract(text)

    monkeypatch.setattr(pipeline, "not_for_rules", list)

    assert len(without.attributions) == 2
    assert as_record("1", text, extract(text)) == as_record("1", text, without)
