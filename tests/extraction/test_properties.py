"""What holds of every text, whatever stands in it. The long run over such texts is `make fuzz`."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extraction import extract, extract_many, lexicon
from tests.extraction.checks import broken_links, faults, wrong_spans
from tests.extraction.texts import LINEAR, SURVIVED, lexicon_words

QUIET = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)
pytestmark = [pytest.mark.slow, pytest.mark.no_cover]
any_text = st.text(max_size=300)
words = st.lists(st.sampled_from(sorted(set(lexicon_words()))), max_size=40).map(" ".join)
lines = st.lists(st.one_of(any_text, words), max_size=8).map("\n".join)
seeds = st.integers(0, 10_000)


@QUIET
@given(st.one_of(any_text, words, lines), st.booleans())
def test_no_text_fails_and_every_span_is_the_texts_own_words(text, outermost):
    assert faults(text, outermost=outermost) == []


@QUIET
@given(st.sampled_from(sorted(SURVIVED)), seeds)
def test_neither_noise_nor_torn_sentences_fail(kind, seed):
    assert faults(SURVIVED[kind](random.Random(seed), 400)) == []


@pytest.mark.parametrize("subject", ["He", "These officers, who know him,", ""])
def test_every_cue_may_be_the_last_word_of_a_text(subject):
    cues = sorted(
        {*lexicon.verbs(), *lexicon.nouns(), *lexicon.adjectives(), *lexicon.role_nouns(), *lexicon.phrases()}
    )
    texts = [f"{subject} {cue}" for cue in cues]

    for text, found in zip(texts, extract_many(texts), strict=True):
        assert [*wrong_spans(text, found), *broken_links(found)] == []


@pytest.mark.parametrize("name", ["verbs", "nouns", "adjectives", "phrases"])
def test_an_example_may_break_off_after_any_word(name):
    examples = [str(row["example"]).split() for row in lexicon.rows(name)]
    texts = [" ".join(example[:end]) for example in examples for end in range(1, len(example))]

    for text, found in zip(texts, extract_many(texts), strict=True):
        assert [*wrong_spans(text, found), *broken_links(found)] == []


@pytest.mark.parametrize("kind", sorted(LINEAR))
def test_what_might_take_long_is_survived_in_small(kind):
    assert faults(LINEAR[kind](random.Random(0), 3_000)) == []


def test_every_sign_before_and_after_a_sentence_leaves_its_words_in_place():
    for sign in SIGNS:
        text = f"{sign}The colonel said that it rained.{sign}"

        found = extract(text)

        assert [*wrong_spans(text, found), *broken_links(found)] == [], repr(sign)


SIGNS = [chr(code) for code in (*range(0x30), 0x85, 0xA0, 0xAD, 0x200B, 0x2028, 0x2029, 0xFEFF, 0xFFFD, 0x1F469)]
