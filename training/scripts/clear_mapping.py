"""Universal Dependencies to the CLEAR-style trees that `en_core_web_*` gives, so that rules fit either pipeline.

The trees differ in shape (UD hangs function words on content words, CLEAR the other way round) and in labels. The
steps below change the shape one construction at a time; `clear_labels` then renames what is left. CLEAR is described
in Choi, "Guidelines for the CLEAR Style Constituent to Dependency Conversion" (2012).
"""

from __future__ import annotations

from training.scripts.clear_labels import clear_label
from training.scripts.clear_tree import Tree
from training.scripts.conllu import Document, Sentence

CLAUSE_LEVEL = {"nsubj", "csubj", "expl", "aux", "mark", "discourse", "parataxis", "vocative", "dislocated", "advcl"}
NAME_TAGS = {"PROPN", "NOUN", "X", "ADJ"}
MARKS_THAT_STAY = {"if", "while", "when", "because", "although", "though", "that", "whether", "unless", "as"}
POSSESSIVE_MARKS = {"'s", "'"}
_SPEECH = (
    "say tell state note add report claim ask reply answer warn explain argue believe think announce insist write "
    "comment declare suggest admit acknowledge observe recall stress conclude confirm deny assert guess suppose hope "
    "fear know indicate remark continue shout whisper cry exclaim respond"
)
SPEECH_VERBS = frozenset(_SPEECH.split())
# Verbs whose object is, by meaning, the subject of the infinitive: "expect [them to leave]" but "told them to leave".
_CLAUSE_AS_OBJECT = (
    "want expect believe like need see hear watch feel let make have help know consider allow cause enable require get "
    "find prefer love hate wish intend mean permit think assume suspect report deem understand"
)
VERBS_WITH_CLAUSE_AS_OBJECT = frozenset(_CLAUSE_AS_OBJECT.split())


def clear_sentence(sentence: Sentence) -> Sentence | None:
    """The sentence with a CLEAR-style tree, or None where the tree did not survive (a few in ten thousand)."""
    tree = Tree(sentence)
    for step in (
        head_names_last,
        head_clauses_by_their_copula,
        chain_conjuncts,
        head_phrases_by_their_preposition,
        head_gerunds_by_their_preposition,
        give_infinitives_their_subject,
        subordinate_reported_speech,
    ):
        step(tree)
    if not tree.is_sound():
        return None
    labels = [clear_label(tree, word) for word in range(len(tree))]
    return sentence.with_tree(tree.heads, labels)


def clear_document(document: Document) -> Document:
    """The document with CLEAR-style trees; sentences that cannot be mapped are left out."""
    paragraphs = [[clear_sentence(sentence) for sentence in paragraph] for paragraph in document.paragraphs]
    kept = [[sentence for sentence in paragraph if sentence] for paragraph in paragraphs]
    return Document(document.name, [paragraph for paragraph in kept if paragraph])


def head_names_last(tree: Tree) -> None:
    """ "Sidney <- flat - Blumenthal" becomes "Sidney - compound -> Blumenthal"."""
    for first in range(len(tree)):
        rest = tree.children(first, "flat")
        if not rest:
            continue
        if tree.upos[first] not in NAME_TAGS or rest[0] < first:
            for word in rest:
                tree.labels[word] = "compound" if tree.upos[word] in NAME_TAGS else "dep"
            continue
        last = rest[-1]
        others = [child for child in tree.children(first) if child != last]
        tree.replace(first, last)
        tree.hang(first, last, "compound")
        for child in others:
            tree.hang(child, last, "compound" if child in rest else None)


def head_clauses_by_their_copula(tree: Tree) -> None:
    """ "is" becomes the head of "he is late", with "late" as its complement."""
    for copula in range(len(tree)):
        if tree.relation(copula) == "cop" and tree.heads[copula] != copula:
            _promote_copula(tree, copula, tree.heads[copula])


def _promote_copula(tree: Tree, copula: int, predicate: int) -> None:
    outer = any(tree.labels[child].endswith(":outer") for child in tree.children(predicate))
    belongs_to_clause = _outer_clause_child if outer else _clause_child
    moving = [c for c in tree.children(predicate) if c != copula and belongs_to_clause(tree, c, copula, predicate)]
    tree.replace(predicate, copula)
    for child in moving:
        tree.heads[child] = copula
    tree.hang(predicate, copula, _complement_label(tree, predicate, outer=outer))


def _outer_clause_child(tree: Tree, child: int, copula: int, predicate: int) -> bool:
    """Whether a child of a clausal predicate ("the problem is that he left") belongs to the outer clause."""
    if tree.labels[child].endswith(":outer"):
        return True
    relation = tree.relation(child)
    if relation == "punct":
        return child < copula or child == tree.last_word_below(predicate)
    before = relation in {"advmod", "aux", "mark", "cc", "discourse", "expl", "advcl", "obl", "vocative"}
    return before and (child < copula or (relation == "advmod" and child == copula + 1 and tree.lemmas[child] == "not"))


def _clause_child(tree: Tree, child: int, copula: int, predicate: int) -> bool:
    """Whether a child of a nominal or adjectival predicate belongs to the clause and not to the predicate's phrase."""
    relation = tree.relation(child)
    adjectival = tree.upos[predicate] in {"ADJ", "ADV", "VERB"}
    if relation in CLAUSE_LEVEL:
        return True
    if relation == "advmod":
        if child < copula:
            return not (child + 1 == predicate and tree.xpos[child] == "WRB")
        return tree.lemmas[child] in {"not", "n't"} or (not adjectival and child > predicate)
    if relation == "obl":
        # "how big is it in Rome": the subject parts the predicate from what follows
        asked = any(predicate < subject < child for subject in tree.children(predicate, "nsubj"))
        return child < min(copula, predicate) or not adjectival or asked
    if relation == "punct":
        return child < copula or child == tree.last_word_below(predicate)
    if relation == "cc":
        return child < copula
    if relation == "ccomp":
        return tree.has_child(predicate, "expl")
    if relation != "conj":
        return False
    return tree.upos[child] in {"VERB", "AUX"} or tree.has_child(child, "nsubj", "csubj", "cop", "expl")


def _complement_label(tree: Tree, predicate: int, *, outer: bool) -> str:
    if outer:
        finite = any(tree.lower[mark] != "to" for mark in tree.children(predicate, "mark"))
        return "ccomp" if finite or tree.has_child(predicate, "nsubj") else "xcomp"
    if any(tree.upos[mark] == "ADP" and mark < predicate for mark in tree.children(predicate, "case")):
        return "obl"
    if tree.upos[predicate] in {"ADJ", "VERB"}:
        return "acomp"
    return "advmod" if tree.upos[predicate] == "ADV" else "attr"


def chain_conjuncts(tree: Tree) -> None:
    """ "a, b and c": each conjunct hangs on the one before, and so do the comma and the "and" between them."""
    for first in range(len(tree)):
        previous = first
        for conjunct in [c for c in tree.children(first, "conj") if c > first]:
            tree.heads[conjunct] = previous
            for child in tree.children(conjunct):
                between = previous < child < conjunct
                if between and (tree.relation(child) == "cc" or _is_separator(tree, child, conjunct)):
                    tree.heads[child] = previous
            previous = conjunct


def _is_separator(tree: Tree, mark: int, conjunct: int) -> bool:
    if tree.relation(mark) != "punct" or tree.lower[mark] in {'"', "``", "“", "("}:
        return False
    return all(tree.relation(child) in {"punct", "cc"} for child in tree.children(conjunct) if child < mark)


def head_phrases_by_their_preposition(tree: Tree) -> None:
    """ "in <- case - Paris" becomes "in - pobj -> Paris", and "in" takes the phrase's place."""
    preposition_of: dict[int, int] = {}
    for noun in range(len(tree)):
        prepositions = [
            word
            for word in tree.children(noun, "case")
            if word < noun and tree.upos[word] != "PART" and tree.lower[word] not in POSSESSIVE_MARKS
        ]
        if not prepositions or tree.labels[noun] in {"nmod:poss", "compound", "amod"}:
            continue
        if tree.relation(noun) in {"nsubj", "csubj", "obj", "iobj", "nummod", "det", "expl", "advmod"}:
            for word in prepositions:  # "about 20 people came", "over half the men": no phrase of its own
                tree.labels[word] = "advmod"
            continue
        preposition_of[noun] = prepositions[0]
        _promote_prepositions(tree, noun, prepositions, preposition_of)


def _promote_prepositions(tree: Tree, noun: int, prepositions: list[int], preposition_of: dict[int, int]) -> None:
    first = prepositions[0]
    label = tree.labels[noun]
    parts = tree.children(first, "fixed")
    if label == "root" or tree.heads[noun] == noun:
        tree.replace(noun, first)
    elif tree.relation(noun) == "conj":
        tree.hang(first, preposition_of.get(tree.heads[noun], tree.heads[noun]), "conj")
        for child in tree.children(tree.heads[noun], "cc"):
            if tree.heads[noun] < child < first:
                tree.heads[child] = tree.heads[first]
    else:
        tree.hang(first, tree.heads[noun], "agent" if label == "obl:agent" and tree.lower[first] == "by" else "prep")
    last = first
    for word in [*parts, *prepositions[1:]]:  # "according to", "because of", "from behind": one on the other
        tree.hang(word, last, "prep" if tree.upos[word] in {"ADP", "SCONJ"} else "dep")
        last = word if tree.labels[word] == "prep" else last
    for child in tree.children(noun):
        if child < first:
            tree.heads[child] = first
    tree.hang(noun, last, "pobj")


def head_gerunds_by_their_preposition(tree: Tree) -> None:
    """ "after <- mark - meeting him" becomes "after - pcomp -> meeting him"."""
    for gerund in range(len(tree)):
        if tree.relation(gerund) not in {"advcl", "acl"} or tree.xpos[gerund] != "VBG":
            continue
        marks = [
            word
            for word in tree.children(gerund, "mark")
            if word < gerund and tree.xpos[word] == "IN" and tree.lower[word] not in MARKS_THAT_STAY
        ]
        if not marks or any(marks[0] < subject < gerund for subject in tree.children(gerund, "nsubj")):
            continue
        preposition = marks[0]
        tree.hang(preposition, tree.heads[gerund], "prep")
        for child in tree.children(gerund):
            if child < preposition:
                tree.heads[child] = preposition
        tree.hang(gerund, preposition, "pcomp")


def give_infinitives_their_subject(tree: Tree) -> None:
    """ "they expect him to go": "him" is the subject of "go", and the clause is what they expect."""
    for verb in range(len(tree)):
        objects = [word for word in tree.children(verb, "obj") if word > verb]
        clauses = [word for word in tree.children(verb, "xcomp") if tree.upos[word] in {"VERB", "AUX"}]
        if tree.lemmas[verb] not in VERBS_WITH_CLAUSE_AS_OBJECT or len(objects) != 1:
            continue
        for clause in [c for c in clauses if c > objects[0]][:1]:
            passive = any(tree.labels[child] == "aux:pass" for child in tree.children(clause))
            tree.hang(objects[0], clause, "nsubj:pass" if passive else "nsubj")
            tree.labels[clause] = "ccomp"


def subordinate_reported_speech(tree: Tree) -> None:
    """ "It works, he said": "said" heads the sentence and "works" is its complement.

    Where "he said" interrupts what is said ("this, he said, works") it stays a parataxis, as in CLEAR.
    """
    for verb in range(len(tree)):
        reported = tree.heads[verb]
        if tree.relation(verb) != "parataxis" or tree.lemmas[verb] not in SPEECH_VERBS or reported == verb:
            continue
        if not tree.has_child(verb, "nsubj") or tree.has_child(verb, "ccomp", "obj", "xcomp"):
            continue
        if tree.relation(reported) in {"root", "ccomp", "conj", "parataxis"} and not _interrupts(tree, verb, reported):
            closing = [mark for mark in tree.children(reported, "punct") if mark > tree.last_word_below(verb)]
            tree.replace(reported, verb)
            tree.hang(reported, verb, "ccomp")
            for mark in closing:
                if mark == tree.last_word_below(reported) or reported < verb:
                    tree.heads[mark] = verb


def _interrupts(tree: Tree, verb: int, reported: int) -> bool:
    inside = tree.below(verb)
    others = [w for w in tree.below(reported) if w not in inside and tree.relation(w) != "punct"]
    return others[0] < inside[0] and others[-1] > inside[-1]
