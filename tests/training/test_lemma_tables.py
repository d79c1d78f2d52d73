import pytest
import spacy
from spacy.lookups import Lookups
from spacy.tokens import Doc

from tests.training.sentences import sentence
from training.scripts.lemma_tables import tables


@pytest.fixture(scope="module")
def lemmatizer():
    seen = [
        sentence("We we PRON PRP 2 nsubj", "Said say VERB VBD 0 root"),
        sentence("hopes hope VERB VBZ 0 root", "hopping hop VERB VBG 1 conj"),
        sentence("We we PRON PRP 2 nsubj", "hop hop VERB VBP 0 root", "hope hope VERB VBP 2 conj"),
    ]
    lookups = Lookups()
    for name, table in tables(seen, common_words={"abduct", "deny", "stop", "report"}).items():
        lookups.add_table(name, table)
    nlp = spacy.blank("en")
    component = nlp.add_pipe("lemmatizer", config={"mode": "rule"})
    component.initialize(lookups=lookups)
    return lambda word, pos: component(Doc(nlp.vocab, words=[word], pos=[pos]))[0].lemma_


@pytest.mark.parametrize(
    ("word", "pos", "lemma"),
    [
        ("SAID", "VERB", "say"),
        ("said", "VERB", "say"),
        ("We", "PRON", "we"),
        ("hoping", "VERB", "hope"),
        ("STOPPED", "VERB", "stop"),
        ("abducted", "VERB", "abduct"),
        ("denies", "VERB", "deny"),
        ("reports", "NOUN", "report"),
        ("Belmokhtar", "PROPN", "Belmokhtar"),
        ("embezzlements", "NOUN", "embezzlement"),
    ],
)
def test_a_lemma_does_not_depend_on_capitals(lemmatizer, word, pos, lemma):
    assert lemmatizer(word, pos) == lemma
