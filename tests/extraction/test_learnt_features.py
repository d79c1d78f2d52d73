import numpy as np
import pytest
import spacy
from spacy.tokens import Doc

from extraction import pipeline
from extraction.learnt.features import ROW_BITS, CueFeatures, RoleFeatures, branches, mixed, subjects, windows
from extraction.learnt.settings import COLON, DEEP_BITS
from extraction.learnt.tokens import Tokens

VOCAB = spacy.blank("en").vocab
WORDS = ["Officials", "said", "the", "talks", "failed", ".", '"', "It", "is", "over", ",", '"', "he", "added", "."]
DEPS = [
    "nsubj",
    "ROOT",
    "det",
    "nsubj",
    "ccomp",
    "punct",
    "punct",
    "nsubj",
    "ccomp",
    "acomp",
    "punct",
    "punct",
    "nsubj",
    "ROOT",
    "punct",
]
TAGS = ["NNS", "VBD", "DT", "NNS", "VBD", ".", "``", "PRP", "VBZ", "RB", ",", "''", "PRP", "VBD", "."]
POS = [
    "NOUN",
    "VERB",
    "DET",
    "NOUN",
    "VERB",
    "PUNCT",
    "PUNCT",
    "PRON",
    "VERB",
    "ADV",
    "PUNCT",
    "PUNCT",
    "PRON",
    "VERB",
    "PUNCT",
]


@pytest.fixture
def tokens() -> Tokens:
    heads = [1, 1, 3, 4, 1, 1, 8, 8, 13, 8, 8, 8, 13, 13, 13]
    doc = Doc(
        VOCAB,
        words=WORDS,
        heads=heads,
        deps=DEPS,
        tags=TAGS,
        pos=POS,
        lemmas=[word.upper() for word in WORDS],
        sent_starts=[number in {0, 6} for number in range(len(WORDS))],
    )
    doc.tensor = np.zeros((len(doc), 4), dtype=np.float32)
    return Tokens.of(doc)


def test_only_what_stands_between_quotation_marks_is_quoted(tokens):
    assert np.flatnonzero(tokens.quoted).tolist() == [6, 7, 8, 9, 10, 11]


def test_a_quotation_left_open_ends_with_its_paragraph():
    doc = Doc(VOCAB, words=["“", "Never", "\n\n", "He", "left", "“", "early", "”"])
    doc.tensor = np.zeros((len(doc), 4), dtype=np.float32)

    assert Tokens.of(doc).quoted.tolist() == [True, True, False, False, False, True, True, True]


def test_lemmas_in_capitals_count_as_the_same_words(tokens):
    assert tokens.lemma[1] == tokens.low[1]


def test_a_row_number_is_the_same_in_every_process():
    assert mixed(2, np.array([123456789], dtype=np.uint64)).tolist() == [198609]


def test_row_numbers_fit_the_table_and_depend_on_every_value():
    values = np.arange(1000, dtype=np.uint64)

    rows = mixed(1, values, values[::-1])

    assert rows.min() >= 0
    assert rows.max() < 2**ROW_BITS
    assert len(set(rows.tolist())) > 990
    assert not np.array_equal(rows, mixed(2, values, values[::-1]))


def test_the_branch_of_a_token_is_told_from_the_cue(tokens):
    said, officials, the, failed = 1, 0, 2, 4

    seen = branches(tokens, np.array([said, said, failed, said]), np.array([the, officials, officials, said]))

    assert seen.up.tolist() == [0, 0, 1, 0]
    assert seen.down.tolist() == [3, 1, 1, 0]
    assert seen.branch.tolist() == [failed, officials, officials, said]
    assert seen.via.tolist() == [said, said, failed, said]


def test_tokens_of_other_sentences_have_no_branch(tokens):
    assert branches(tokens, np.array([1]), np.array([12])).up.tolist() == [-1]


def test_a_window_grows_into_a_quotation_only(tokens):
    both = windows(tokens, np.array([1, 13]), COLON)

    assert both.start.tolist() == [0, 6]
    assert both.end.tolist() == [15, 15]


def test_every_instance_has_its_features(tokens):
    certainty = np.zeros(len(tokens), dtype=np.float32)
    seen = windows(tokens, np.array([1, 13]), COLON)
    cue, token = seen.pairs()

    features = RoleFeatures(tokens, certainty, 0).of(cue, token, DEEP_BITS)

    assert token.tolist() == [*range(15), *range(6, 15)]
    assert features.deep.shape == (24, 2**DEEP_BITS)
    assert features.wide.shape == (24, 2**ROW_BITS)
    assert all(len(which) == 24 for which in features.gathers)


def test_every_candidate_has_its_features(tokens):
    which = np.array([0, 1, 3, 13])

    assert CueFeatures(tokens, 0).of(which, DEEP_BITS).wide.shape[0] == len(which)


def test_the_relations_of_a_tokens_children_tell_its_frame(tokens):
    kinds = CueFeatures(tokens, 0)._children_kinds()

    said, added, is_over = kinds[1], kinds[13], kinds[8]
    assert said == added != 0
    assert is_over not in {0, said}
    assert kinds[0] == 0


def test_the_subject_and_the_complement_of_a_cue_are_seen(tokens):
    features = CueFeatures(tokens, 0).of(np.array([1, 13]), DEEP_BITS)

    assert [which.tolist() for which in features.gathers[-2:]] == [[0, 12], [4, 8]]


def test_who_does_something_is_found_by_way_of_what_shares_the_subject():
    words = ["His", "aides", "objected", "and", "pledged", "to", "ask", "the", "man", "leading", "talks"]
    deps = ["poss", "nsubj", "ROOT", "cc", "conj", "aux", "xcomp", "det", "dobj", "acl", "dobj"]
    doc = Doc(VOCAB, words=words, heads=[1, 2, 2, 2, 2, 6, 4, 8, 6, 8, 9], deps=deps)
    doc.tensor = np.zeros((len(doc), 4), dtype=np.float32)

    found = subjects(Tokens.of(doc))

    subject = {word: words[at] if at >= 0 else "" for word, at in zip(words, found.tolist(), strict=True)}
    assert subject["aides"] == "His"
    assert subject["objected"] == subject["pledged"] == subject["ask"] == "aides"
    assert subject["leading"] == "man"
    assert subject["His"] == ""


def test_lemmas_asked_for_later_are_those_of_the_parse():
    text = "The Ministers SAID they were leaving; sources told us of “better” men's reports."
    parsed, asked = pipeline.load()(text), pipeline.load()(text, disable=pipeline.not_for_labeller())

    assert not asked[0].lemma
    assert Tokens.of(asked).lemma.tolist() == Tokens.of(parsed).lemma.tolist()
