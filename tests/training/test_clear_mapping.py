from tests.training.sentences import sentence
from training.scripts.clear_mapping import clear_sentence
from training.scripts.conllu import Sentence


def arcs(original: Sentence) -> list[str]:
    """The mapped tree as "word label head"."""
    mapped = clear_sentence(original)
    assert mapped is not None
    return [
        f"{word} {label} {mapped.words[head]}"
        for word, label, head in zip(mapped.words, mapped.labels, mapped.heads, strict=True)
    ]


def test_a_copula_heads_its_clause_and_a_preposition_its_phrase():
    original = sentence(
        "The the DET DT 2 det",
        "source source NOUN NN 6 nsubj",
        "was be AUX VBD 6 cop",
        "not not PART RB 6 advmod",
        "in in ADP IN 6 case",
        "Tripoli Tripoli PROPN NNP 0 root",
        ". . PUNCT . 6 punct",
    )

    assert arcs(original) == [
        "The det source",
        "source nsubj was",
        "was ROOT was",
        "not neg was",
        "in prep was",
        "Tripoli pobj in",
        ". punct was",
    ]


def test_an_adjective_after_a_copula_is_its_complement_and_the_clause_after_it_too():
    original = sentence(
        "It it PRON PRP 3 expl",
        "is be AUX VBZ 3 cop",
        "clear clear ADJ JJ 0 root",
        "that that SCONJ IN 6 mark",
        "he he PRON PRP 6 nsubj",
        "left leave VERB VBD 3 csubj",
    )

    assert arcs(original) == [
        "It nsubj is",
        "is ROOT is",
        "clear acomp is",
        "that mark left",
        "he nsubj left",
        "left ccomp is",
    ]


def test_the_teller_of_a_passive_is_an_agent():
    original = sentence(
        "They they PRON PRP 3 nsubj:pass",
        "were be AUX VBD 3 aux:pass",
        "told tell VERB VBN 0 root",
        "by by ADP IN 5 case",
        "officials official NOUN NNS 3 obl:agent",
    )

    assert arcs(original) == [
        "They nsubjpass told",
        "were auxpass told",
        "told ROOT told",
        "by agent told",
        "officials pobj by",
    ]


def test_according_to_is_a_chain_of_prepositions_that_holds_the_source():
    original = sentence(
        "According accord VERB VBG 3 case",
        "to to ADP IN 1 fixed",
        "advisors advisor NOUN NNS 5 obl",
        "he he PRON PRP 5 nsubj",
        "fled flee VERB VBD 0 root",
    )

    assert arcs(original) == [
        "According prep fled",
        "to prep According",
        "advisors pobj to",
        "he nsubj fled",
        "fled ROOT fled",
    ]


def test_a_name_is_headed_by_its_last_word():
    original = sentence(
        "Abdelaziz Abdelaziz PROPN NNP 3 nsubj",
        "Bouteflika Bouteflika PROPN NNP 1 flat",
        "agreed agree VERB VBD 0 root",
    )

    assert arcs(original) == ["Abdelaziz compound Bouteflika", "Bouteflika nsubj agreed", "agreed ROOT agreed"]


def test_conjuncts_hang_on_one_another():
    original = sentence(
        "Mali Mali PROPN NNP 0 root",
        ", , PUNCT , 3 punct",
        "Libya Libya PROPN NNP 1 conj",
        "and and CCONJ CC 5 cc",
        "Algeria Algeria PROPN NNP 1 conj",
    )

    assert arcs(original) == ["Mali ROOT Mali", ", punct Mali", "Libya conj Mali", "and cc Libya", "Algeria conj Libya"]


def test_reported_speech_before_its_verb_becomes_the_verbs_complement():
    original = sentence(
        "It it PRON PRP 2 nsubj",
        "worked work VERB VBD 0 root",
        ", , PUNCT , 5 punct",
        "he he PRON PRP 5 nsubj",
        "said say VERB VBD 2 parataxis",
        ". . PUNCT . 2 punct",
    )

    assert arcs(original) == [
        "It nsubj worked",
        "worked ccomp said",
        ", punct said",
        "he nsubj said",
        "said ROOT said",
        ". punct said",
    ]


def test_a_verb_of_saying_that_interrupts_what_is_said_stays_a_parataxis():
    original = sentence(
        "Mali Mali PROPN NNP 6 nsubj",
        ", , PUNCT , 4 punct",
        "he he PRON PRP 4 nsubj",
        "said say VERB VBD 6 parataxis",
        ", , PUNCT , 4 punct",
        "agreed agree VERB VBD 0 root",
    )

    assert "said parataxis agreed" in arcs(original)


def test_the_object_of_an_expectation_is_the_subject_of_the_infinitive():
    original = sentence(
        "Sources source NOUN NNS 2 nsubj",
        "expect expect VERB VBP 0 root",
        "him he PRON PRP 2 obj",
        "to to PART TO 5 mark",
        "attack attack VERB VB 2 xcomp",
    )

    assert arcs(original) == [
        "Sources nsubj expect",
        "expect ROOT expect",
        "him nsubj attack",
        "to aux attack",
        "attack ccomp expect",
    ]


def test_somebody_told_to_do_something_stays_an_object():
    original = sentence(
        "He he PRON PRP 2 nsubj",
        "told tell VERB VBD 0 root",
        "them they PRON PRP 2 obj",
        "to to PART TO 5 mark",
        "leave leave VERB VB 2 xcomp",
    )

    assert arcs(original)[2:] == ["them dobj told", "to aux leave", "leave xcomp told"]


def test_what_an_object_is_taken_for_is_an_object_predicate():
    original = sentence(
        "Commanders commander NOUN NNS 2 nsubj",
        "consider consider VERB VBP 0 root",
        "it it PRON PRP 2 obj",
        "a a DET DT 5 det",
        "success success NOUN NN 2 xcomp",
    )

    assert arcs(original)[4] == "success oprd consider"


def test_a_gerund_hangs_on_the_preposition_that_opens_it():
    original = sentence(
        "He he PRON PRP 2 nsubj",
        "spoke speak VERB VBD 0 root",
        "after after SCONJ IN 4 mark",
        "meeting meet VERB VBG 2 advcl",
        "them they PRON PRP 4 obj",
    )

    assert arcs(original)[2:] == ["after prep spoke", "meeting pcomp after", "them dobj meeting"]


def test_what_there_is_is_an_attribute():
    original = sentence(
        "There there PRON EX 2 expl",
        "is be VERB VBZ 0 root",
        "a a DET DT 4 det",
        "plan plan NOUN NN 2 nsubj",
    )

    assert arcs(original) == ["There expl is", "is ROOT is", "a det plan", "plan attr is"]


def test_a_tree_with_a_cycle_is_given_up():
    original = sentence("a a NOUN NN 2 dep", "b b NOUN NN 1 dep", "c c NOUN NN 0 root")

    assert clear_sentence(original) is None
