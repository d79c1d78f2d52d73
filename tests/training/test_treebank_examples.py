import random

import pytest
import spacy

from tests.training.sentences import sentence
from training.scripts.conllu import Document, Sentence, sentence_from_rows
from training.scripts.passages import hard_wrap
from training.scripts.treebank_examples import make_example, mark_as_item, passage_of, units

NLP = spacy.blank("en")


@pytest.fixture
def two_sentences() -> list[tuple[Sentence, bool]]:
    first = sentence("Sources source NOUN NNS 2 nsubj", "agree agree VERB VBP 0 ROOT")
    second = sentence("He he PRON PRP 2 nsubj", "left leave VERB VBD 0 ROOT")
    return [(first, True), (second, True)]


def test_paragraphs_are_parted_by_an_empty_line(two_sentences):
    assert passage_of(two_sentences).text == "Sources agree\n\nHe left"


def test_white_space_tokens_hang_on_the_word_before_and_belong_to_its_sentence(two_sentences):
    reference = make_example(NLP, two_sentences).reference

    assert [(t.text, t.dep_, t.head.text, t.sent.text) for t in reference] == [
        ("Sources", "nsubj", "agree", "Sources agree\n\n"),
        ("agree", "ROOT", "agree", "Sources agree\n\n"),
        ("\n\n", "dep", "agree", "Sources agree\n\n"),
        ("He", "nsubj", "left", "He left"),
        ("left", "ROOT", "left", "He left"),
    ]


@pytest.mark.parametrize("seed", range(8))
def test_wrapped_examples_have_the_tokenizers_own_tokens(two_sentences, seed):
    example = make_example(NLP, two_sentences, lambda passage, tags: hard_wrap(passage, random.Random(seed)))

    assert [token.text for token in example.predicted] == [token.text for token in example.reference]
    assert [s.text.strip() for s in example.reference.sents] == ["Sources agree", "He left"]


def test_an_item_mark_opens_the_sentence_and_hangs_on_its_root(two_sentences):
    marked = mark_as_item(two_sentences[0][0], NLP, random.Random(4))

    reference = make_example(NLP, [(marked, True)]).reference

    assert reference.text.endswith(" Sources agree")
    assert len(list(reference.sents)) == 1
    assert {token.dep_ for token in reference[:-2]} <= {"meta", "punct"}
    assert {token.head.text for token in reference[:-2]} == {"agree"}


def test_units_end_where_the_next_sentence_would_be_too_much(two_sentences):
    document = Document("d", [[sentence for sentence, _ in two_sentences]])

    assert [len(unit) for unit in units([document], lambda: 3)] == [1, 1]
    assert [len(unit) for unit in units([document], lambda: 4)] == [2]


def test_a_contraction_is_cut_as_the_text_spells_it():
    rows = [
        ["1-2", "don’t", "_", "_", "_", "_", "_", "_", "_", "SpaceAfter=No"],
        ["1", "do", "do", "AUX", "VBP", "_", "3", "aux", "_", "_"],
        ["2", "not", "not", "PART", "RB", "_", "3", "advmod", "_", "_"],
        ["3", "go", "go", "VERB", "VB", "_", "0", "root", "_", "_"],
    ]

    cut = sentence_from_rows(rows)

    assert "".join(cut.words[:2]) == "don’t"
    assert cut.spaces == [False, False, True]
