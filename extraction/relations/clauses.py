"""The main clause of a parsed statement: its terms with their parts, what negates it, its tense."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from extraction.lexicon import word_set
from extraction.relations import wordnet
from extraction.relations.attitudes import SUBJECTS, view
from extraction.relations.parse import Parse
from extraction.relations.statement import Attitude, Role, Stretch, Tense, Term
from extraction.relations.words import closed_class

CLAUSES = frozenset(("advcl", "relcl", "acl", "ccomp", "parataxis", "csubj"))
MODIFIERS = frozenset(("advmod", "npadvmod", "amod", "compound", "nmod", "poss", "nummod", "appos"))
LIGHT = closed_class("light")
DUMMIES = frozenset(("it", "there"))


class Clauses:
    """One walk over a parse, from the clause that is told downwards."""

    def __init__(self, parse: Parse) -> None:
        self.parse = parse
        self.found: dict[int, Term] = {}
        self.view = view(parse, parse.roots[0]) if parse.roots else None
        self.used = self.view.used if self.view else set[int]()
        self.attitude: Attitude = self.view.attitude if self.view else ""
        if self.view is None:
            return
        verb = self._unseen_verb()
        if verb is not None:
            self._by_place(verb)
            return
        for head in self.view.passed:
            self._subject_of(head, self.view.head)
        self._event(self.view.head)
        for other in parse.roots[1:]:
            self._subtree(other)
        for at in range(len(parse.tokens)):
            if at not in self.view.outside:
                self._add(at, "beside")
        if any(term.role == "event" and term.lemma in closed_class("inverted") for term in self.found.values()):
            self._invert()

    # What the words say of the whole.

    @property
    def terms(self) -> tuple[Term, ...]:
        return tuple(self.found[at] for at in sorted(self.found))

    @property
    def negations(self) -> list[Stretch]:
        """Of the main clause."""
        return [
            self.parse.stretch(one.position, one.last) for one in self.parse.negating if one.position not in self.used
        ]

    @cached_property
    def tense(self) -> Tense:
        at = self._verb_words()
        words, tags = {self.parse.low[one] for one in at}, {self.parse.tags[one] for one in at}
        if words & {"will", "shall", "'ll", "wo"} or (words & closed_class("due") and "VBD" not in tags):
            return "future"
        if "VBD" in tags or ("VBN" in tags and words & {"have", "has", "had", "'ve"}):
            return "past"
        if "VBZ" in tags or "VBP" in tags or words & word_set("be_forms"):
            return "present"
        return "past"

    @cached_property
    def is_state(self) -> bool:
        """Is something so, rather than happening: "is closed", "has two runways", "supports the plan"?"""
        if self.view is None:
            return False
        head = self.view.head
        return self.parse.lemmas[head] in {"be", "have"} or self.parse.lemmas[head] in closed_class("states")

    def says(self, name: str) -> bool:
        """Does a word of a closed class stand in the text?"""
        return bool(closed_class(name) & {*self.parse.low, *self.parse.lemmas})

    def _verb_words(self) -> list[int]:
        """The verbs that carry the tense, with their auxiliaries."""
        if self.view is None:
            return []
        head = (*self.view.passed, self.view.head)[0]
        below = [
            at for at in self.parse.children[head] if self.parse.deps[at] in {"aux", "auxpass", "cop", "acomp", "prep"}
        ]
        return [head, *below]

    def _invert(self) -> None:
        """ "the port is in the hands of the navy": by the navy, to the port."""
        turned: dict[Role, Role] = {"agent": "patient", "patient": "agent", "oblique": "agent"}
        self.found = {at: replace(term, role=turned.get(term.role, term.role)) for at, term in self.found.items()}

    def _unseen_verb(self) -> int | None:
        """The verb of a clause in which the parser has seen none."""
        tags = self.parse.tags
        if self.view is None or self.parse.is_verb(self.view.head) or set(tags) & {"VBD", "VBZ", "VBP", "MD"}:
            return None
        reduced = [
            at for at in self.parse.children[self.view.head] if tags[at] == "VBN" and self.parse.deps[at] == "acl"
        ]
        return next(iter([*sorted(self.parse.mistagged), *reduced]), None)

    def _by_place(self, verb: int) -> None:
        """Without a tree: who stands before the verb, whom or what behind it, and behind a preposition the rest."""
        preposition = ""
        self._add(verb, "event")
        for at in range(len(self.parse.tokens)):
            if self.parse.tags[at] in {"IN", "TO"}:
                preposition = self.parse.low[at]
            if at < verb:
                self._add(at, "agent")
            elif preposition:
                self._add(at, "oblique", preposition=preposition)
            else:
                self._add(at, "patient")

    # The walk.

    def _subject_of(self, head: int, inner: int) -> None:
        """The subject of "failed" is that of "to arrive"."""
        for child in self.parse.children[head]:
            dep = self.parse.deps[child]
            if dep in SUBJECTS:
                self._phrase(child, "agent" if self.parse.is_active(inner) else "patient")
            elif dep in {"advmod", "npadvmod"}:
                self._phrase(child, "adjunct")

    def _event(self, head: int) -> None:
        """Take the terms of the clause a head governs."""
        is_copula = self.parse.lemmas[head] == "be" and head not in self.parse.phrase_of
        if not is_copula:
            self._add(head, "event")
        passive = not self.parse.is_active(head)
        for child in self.parse.children[head]:
            self._argument(head, child, passive=passive, is_copula=is_copula)

    def _argument(  # noqa: C901  (a list of cases, one after the other)
        self, head: int, child: int, *, passive: bool, is_copula: bool
    ) -> None:
        dep = self.parse.deps[child]
        if dep == "aux" and self.parse.low[child] in closed_class("possible") and not self.attitude:
            self.attitude = "possible"
        if dep in {"nsubj", "csubj", "expl"}:
            dummy = self._has_dummy(head) and is_copula and self.parse.low[child] not in DUMMIES
            self._phrase(child, "event" if dummy else "patient" if passive else "agent")
        elif dep == "nsubjpass":
            self._phrase(child, "patient")
        elif dep == "dobj" and self.parse.lemmas[head] in LIGHT and not self._is_thing(child):
            self._nominal(child)
        elif dep in {"dobj", "dative"}:
            self._phrase(child, "patient")
        elif dep in {"attr", "acomp", "oprd"}:
            self._nominal(child)
        elif dep in {"prep", "agent"}:
            self._prepositional(child, passive=passive, is_copula=is_copula)
        elif dep == "xcomp":
            self._event(child)
        elif dep in CLAUSES or (dep == "conj" and self.parse.is_verb(child)):
            self._subtree(child)
        elif dep in MODIFIERS:
            self._phrase(child, "patient" if self.parse.tags[head][0] == "N" else "adjunct")

    def _has_dummy(self, head: int) -> bool:
        return any(self.parse.low[at] in DUMMIES for at in self.parse.children[head])

    def _is_thing(self, noun: int) -> bool:
        """Is it a thing that can be had or taken, not a doing: "took the airfield", not "took part"?"""
        if noun in self.parse.phrase_of:
            return False
        return not wordnet.is_doing(self.parse.lemmas[noun])

    def _nominal(self, head: int) -> None:
        """A noun or adjective that says what is the case: "the leader of the faction", "has the backing of"."""
        self._add(head, "event")
        for child in self.parse.children[head]:
            dep = self.parse.deps[child]
            if dep == "prep":
                word = self.parse.low[child]
                for inner in self.parse.children[child]:
                    self._phrase(inner, "patient" if word == "of" else "oblique", word)
            elif dep == "poss":
                self._phrase(child, "patient")
            elif dep in CLAUSES | {"xcomp"}:
                self._subtree(child)
            elif dep == "conj":
                self._nominal(child)
            elif dep in SUBJECTS:
                self._phrase(child, "agent")
            else:
                self._phrase(child, "adjunct")

    def _prepositional(self, preposition: int, *, passive: bool, is_copula: bool) -> None:
        word = self.parse.low[preposition]
        if preposition in self.parse.phrase_of:
            self._add(preposition, "event")
        for child in self.parse.children[preposition]:
            if self.parse.deps[child] == "prep":
                self._prepositional(child, passive=passive, is_copula=is_copula)
            elif self.parse.deps[child] == "pcomp" or self.parse.tags[child] == "VBG":
                self._subtree(child)
            elif word == "by" and passive and not self.parse.is_number(child):
                self._phrase(child, "agent", word)
            elif is_copula and self.parse.tags[child][0] == "N" and not self.parse.is_name(child):
                self._nominal(child)
            else:
                self._phrase(child, "oblique", word)

    def _phrase(self, head: int, role: Role, preposition: str = "", *, is_head: bool = True) -> None:
        """A noun phrase and what hangs on it."""
        self._add(head, role, is_head=is_head, preposition=preposition)
        is_empty = self.parse.term(head, role) is None
        for child in self.parse.children[head]:
            dep = self.parse.deps[child]
            if dep in CLAUSES:
                self._subtree(child)
            elif dep == "prep" and child not in self.parse.phrase_of:
                for inner in self.parse.children[child]:
                    self._phrase(inner, role, preposition or self.parse.low[child], is_head=is_head and is_empty)
            else:
                self._phrase(child, role, preposition, is_head=is_head and (is_empty or dep == "conj"))

    def _subtree(self, head: int) -> None:
        """Terms of a clause beside the main one; what negates there does not negate the main one."""
        below = set(self.parse.below(head))
        self.used.update(one.position for one in self.parse.negating if one.position in below)
        for at in sorted(below):
            self._add(at, "beside")

    def _add(self, at: int, role: Role, *, is_head: bool = True, preposition: str = "") -> None:
        if at in self.found:
            return
        negated = self._is_negated_itself(at, role)
        term = self.parse.term(at, role, is_head=is_head, preposition=preposition, negated=negated)
        if term is not None:
            self.found[at] = term

    def _is_negated_itself(self, at: int, role: Role) -> bool:
        """ "without a fight", "with no resistance": negated by itself, not the clause."""
        if self.parse.low[self.parse.heads[at]] == "without":
            return True
        if role not in {"oblique", "adjunct"}:
            return False
        own = {child for child in self.parse.children[at] if self.parse.low[child] == "no"}
        self.used |= own
        return bool(own)
