"""The CLEAR-style label of each word, once the tree has its CLEAR-style shape."""

from __future__ import annotations

from training.scripts.clear_tree import Tree

FULL_LABELS = {
    "nsubj:pass": "nsubjpass",
    "csubj:pass": "csubjpass",
    "aux:pass": "auxpass",
    "nmod:poss": "poss",
    "nmod:desc": "compound",
    "nmod:unmarked": "npadvmod",
    "compound:prt": "prt",
    "acl:relcl": "relcl",
    "advcl:relcl": "relcl",
    "det:predet": "predet",
    "cc:preconj": "preconj",
}
RELATIONS = {
    "root": "ROOT",
    "obj": "dobj",
    "iobj": "dative",
    "vocative": "npadvmod",
    "cop": "aux",
    "list": "dep",
    "orphan": "dep",
    "goeswith": "dep",
    "reparandum": "dep",
    "dislocated": "dep",
    "flat": "dep",
}
NEGATIONS = {"not", "n't", "nt"}
NOMINAL = {"NOUN", "PROPN", "PRON", "NUM", "DET"}


def clear_label(tree: Tree, word: int) -> str:
    """The label of one word; "ROOT" for the root."""
    if tree.heads[word] == word:
        return "ROOT"
    by_construction = {
        "nsubj": _subject,
        "csubj": _clausal_subject,
        "expl": _expletive,
        "fixed": _part_of_fixed_expression,
        "mark": _mark,
        "advmod": _adverb,
        "obl": _oblique,
        "xcomp": _predicate_complement,
        "case": _case,
        "discourse": _interjection,
    }
    relation = tree.relation(word)
    if relation in by_construction:
        return by_construction[relation](tree, word)
    return FULL_LABELS.get(tree.labels[word]) or RELATIONS.get(relation, relation)


def _subject(tree: Tree, word: int) -> str:
    head = tree.heads[word]
    introduced = any(tree.lower[other] == "there" for other in tree.children(head, "expl"))
    if introduced and word > head and tree.lemmas[head] == "be":
        return "attr"  # "there is a plan"
    return "nsubjpass" if tree.labels[word] == "nsubj:pass" else "nsubj"


def _clausal_subject(tree: Tree, word: int) -> str:
    head = tree.heads[word]
    if word > head and tree.has_child(head, "expl"):
        infinitive = any(tree.lower[mark] == "to" for mark in tree.children(word, "mark"))
        return "xcomp" if infinitive else "ccomp"  # "it is hard to say", "it was reported that he left"
    return "csubjpass" if tree.labels[word] == "csubj:pass" else "csubj"


def _expletive(tree: Tree, word: int) -> str:
    if tree.lower[word] == "there":
        return "expl"
    if word > tree.heads[word] and tree.has_child(tree.heads[word], "nsubj"):
        return "dobj"  # "I take it that he left"
    passive = any(tree.labels[other] == "aux:pass" for other in tree.children(tree.heads[word]))
    return "nsubjpass" if passive else "nsubj"


def _part_of_fixed_expression(tree: Tree, word: int) -> str:
    return {"ADP": "prep", "ADV": "advmod"}.get(tree.upos[word], "dep")


def _mark(tree: Tree, word: int) -> str:
    return "aux" if tree.upos[word] == "PART" and tree.lower[word] in {"to", "na"} else "mark"


def _adverb(tree: Tree, word: int) -> str:
    return "neg" if tree.lower[word] in NEGATIONS else "advmod"


def _oblique(tree: Tree, word: int) -> str:
    return "prep" if tree.upos[word] == "ADP" else "npadvmod"  # a preposition left alone: "the ocean we swim in"


def _predicate_complement(tree: Tree, word: int) -> str:
    """ "seems happy": acomp; "became president": attr; "called him a liar", "was named chief": oprd."""
    head = tree.heads[word]
    if tree.upos[word] not in NOMINAL | {"ADJ"}:
        return "xcomp"
    if tree.has_child(head, "obj") or any(tree.labels[other] == "aux:pass" for other in tree.children(head)):
        return "oprd"
    return "acomp" if tree.upos[word] == "ADJ" else "attr"


def _interjection(tree: Tree, word: int) -> str:
    return "meta" if tree.xpos[word] == "LS" else "intj"  # "1." before a paragraph


def _case(tree: Tree, word: int) -> str:
    return "case" if tree.upos[word] == "PART" or tree.lower[word] in {"'s", "'"} else "prep"
