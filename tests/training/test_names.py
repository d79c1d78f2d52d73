import random

import spacy

from training.scripts.entity_corpora import (
    NamedSentence,
    guess_spaces,
    gum_mentions,
    name_within,
    outermost,
    spans_of_tags,
)
from training.scripts.entity_examples import make_example
from training.scripts.passages import hard_wrap


def test_nested_mentions_close_in_any_order():
    misc = ["Entity=(1-organization-new-a-b-1,3-c", "_", "Entity=(2-place-new-a-b-1-c)1)"]

    assert [(start, end, fields[1]) for start, end, fields in gum_mentions(misc)] == [
        (2, 3, "place"),
        (0, 3, "organization"),
    ]


def test_of_overlapping_names_the_longest_stays():
    assert outermost([(2, 3, "LOC"), (0, 3, "ORG"), (5, 6, "PERSON")]) == [(0, 3, "ORG"), (5, 6, "PERSON")]


def test_tags_without_a_beginning_count_and_other_types_do_not():
    tags = ["I-PER", "I-PER", "O", "B-LOC", "B-LOC", "I-MISC"]

    assert spans_of_tags(tags, {"PER": "PERSON", "LOC": "LOC"}) == [(0, 2, "PERSON"), (3, 4, "LOC"), (4, 5, "LOC")]


def test_a_mention_is_a_name_when_it_is_capitalised_throughout():
    words = ["the", "Ministry", "of", "Defence", "met", "the", "rebels"]

    assert name_within(words, 0, 4) == (1, 4)
    assert name_within(words, 5, 7) == (6, 6)


def test_guessed_spaces_print_as_english_does():
    words = ["He", "said", ",", '"', "Go", '"', "(", "twice", ")", "."]

    text = "".join(word + (" " if space else "") for word, space in zip(words, guess_spaces(words), strict=True))

    assert text == 'He said, "Go" (twice). '


def test_a_name_broken_over_two_lines_is_one_name():
    sentence = NamedSentence(["President", "Abdelaziz", "Bouteflika"] * 20, [True] * 60, [(58, 60, "PERSON")])

    reference = make_example(
        spacy.blank("en"), [sentence], lambda passage: hard_wrap(passage, random.Random(2))
    ).reference

    assert [entity.text.split() for entity in reference.ents] == [["Abdelaziz", "Bouteflika"]]
    assert reference.text.count("\n") > 3
