"""The main clause of a parsed statement: its terms with their parts, what negates it, whose view it is, its tense."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from extraction import lexicon
from extraction.lexicon import word_set
from extraction.relations import wordnet
from extraction.relations.negation import Negation, negations
from extraction.relations.statement import Attitude, Pos, Role, Stretch, Tense, Term
from extraction.relations.words import closed_class, phrases

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

POS_OF_TAG = {"N": "noun", "V": "verb", "J": "adj", "R": "adv"}
CLOSED_TAGS = frozenset(
    ("DT", "PDT", "WDT", "IN", "TO", "CC", "MD", "PRP", "PRP$", "WP", "WP$", "WRB", "EX", "POS", "RP", "UH", "SYM",
     "CD",
     ".", ",", ":", "``", "''", "-LRB-", "-RRB-", "HYPH", "$", "_SP", "NFP", "LS", "AFX")
)  # fmt: skip
EMPTY = closed_class("empty")
LIGHT = closed_class("light")
TITLES = closed_class("titles")
ASPECT = closed_class("aspect")
ENDED = closed_class("ended")
PLANNED = closed_class("planned")
PLANS = closed_class("plans")
ASKED = closed_class("asked")
POSSIBLE = closed_class("possible")
SEEMING = closed_class("seeming")
DUE = closed_class("due")
PERSISTING = closed_class("persisting")
SHIFTED = closed_class("shifted")
UNIVERSAL = closed_class("universal")
EXCLUSIVE = closed_class("exclusive")
ATTITUDES: dict[str, Attitude] = {
    "speech": "report", "knowledge": "", "belief": "belief", "fear": "fear", "plan": "plan", "denial": "denial",
}  # fmt: skip
COMPLEMENTS = frozenset(("ccomp", "xcomp", "pcomp"))
CLAUSES = frozenset(("advcl", "relcl", "acl", "ccomp", "parataxis", "csubj"))


class Clauses:
    """One walk over a parse. `taken`: where times stand; their words are no terms."""

    def __init__(self, doc: Doc, taken: list[Stretch]) -> None:
        self.doc = doc
        self.tokens: list[Token] = list(doc)
        self.low = [token.lower_ for token in doc]
        self.lemmas = [_lemma(token) for token in doc]
        self.children: list[list[int]] = [[] for _ in doc]
        for token in doc:
            if token.head.i != token.i:
                self.children[token.head.i].append(token.i)
        self.taken = {
            token.i for token in doc if any(start < token.idx + len(token) and token.idx < end for start, end in taken)
        }
        self.attitude: Attitude = ""
        self.attitude_negated = False
        self.holder: tuple[Term, ...] = ()
        self.phrase_of: dict[int, tuple[int, ...]] = {}
        self.phrase_words: dict[int, str] = {}
        self.found: dict[int, Term] = {}
        self.negating: list[Negation] = negations(self.low)
        self.used: set[int] = set()
        self.main: list[int] = []
        self._find_phrases()
        self._walk()

    # What the words say of the whole.

    @cached_property
    def negated(self) -> bool:
        return sum(one.position in self.clause_negations for one in self.negating) % 2 == 1

    @cached_property
    def clause_negations(self) -> frozenset[int]:
        return frozenset(one.position for one in self.negating if one.position not in self.used)

    @property
    def negations(self) -> list[Stretch]:
        return [
            (self.tokens[one.position].idx, self.tokens[one.last].idx + len(self.tokens[one.last]))
            for one in self.negating
            if one.position in self.clause_negations
        ]

    @cached_property
    def tense(self) -> Tense:
        """Of the main clause; a verb to come counts before one that is past."""
        if not self.main:
            return "present"
        words = {self.low[at] for at in self._verb_words()}
        tags = {self.tokens[at].tag_ for at in self._verb_words()}
        if words & {"will", "shall", "'ll", "wo"} or (words & DUE and not tags & {"VBD"}):
            return "future"
        if tags & {"VBD"} or ("VBN" in tags and words & {"have", "has", "had", "'ve"}):
            return "past"
        if "VBN" in tags and not words & (word_set("be_forms") | {"get", "gets"}):
            return "past"
        return "present" if tags & {"VBZ", "VBP"} or words & word_set("be_forms") else "past"

    @cached_property
    def persists(self) -> bool:
        return bool(PERSISTING & {*self.low, *self.lemmas})

    @cached_property
    def shifted(self) -> bool:
        return bool(SHIFTED & set(self.low))

    @cached_property
    def universal(self) -> bool:
        return bool(UNIVERSAL & set(self.low))

    @cached_property
    def exclusive(self) -> bool:
        return bool(EXCLUSIVE & set(self.low))

    def terms(self) -> tuple[Term, ...]:
        return tuple(self.found[at] for at in sorted(self.found))

    # Fixed phrases.

    def _find_phrases(self) -> None:
        """Note the fixed phrases of our clusters; determiners and possessives may stand inside."""
        at = 0
        while at < len(self.tokens):
            match = self._phrase_at(at)
            if match is None:
                at += 1
                continue
            words, places = match
            head = self._highest(places)
            self.phrase_of[head] = places
            self.phrase_words[head] = " ".join(words)
            at = places[-1] + 1

    def _phrase_at(self, at: int) -> tuple[tuple[str, ...], tuple[int, ...]] | None:
        for first in {self.lemmas[at], self.low[at]}:
            for words in phrases().get(first, ()):
                places = self._match(words, at)
                if places:
                    return words, places
        return None

    def _match(self, words: tuple[str, ...], at: int) -> tuple[int, ...]:
        places = []
        for number, word in enumerate(words):
            while number and at < len(self.tokens) and self._may_be_skipped(at, word):
                at += 1
            if at >= len(self.tokens) or word not in {self.low[at], self.lemmas[at]}:
                return ()
            places.append(at)
            at += 1
        return tuple(places)

    def _may_be_skipped(self, at: int, wanted: str) -> bool:
        is_small = self.tokens[at].tag_ in {"DT", "PRP$", "PRP", "POS"} and self.low[at] not in {"no", "none"}
        return is_small and self.low[at] != wanted

    def _highest(self, places: tuple[int, ...]) -> int:
        inside = set(places)
        tops = [at for at in places if self.tokens[at].head.i not in inside or self.tokens[at].head.i == at]
        telling = [at for at in tops if self.tokens[at].tag_[0] in "VNJ"]
        return (telling or tops or [places[0]])[0]

    # The walk.

    def _walk(self) -> None:
        roots = [token.i for token in self.tokens if token.head.i == token.i and token.tag_ not in {"_SP", "."}]
        if not roots:
            return
        head = self._unwrapped(roots[0])
        self._event(head)
        for other in roots[1:]:
            self._subtree(other, "beside")
        self._rest()

    def _unwrapped(self, head: int) -> int:
        """Down from "X said that", "X plans to", "X failed to" to what is said, planned or failed."""
        for _ in range(4):
            self.main.append(head)
            inner = self._complement(head)
            if inner is None:
                return head
            attitude = self._attitude_of(head, inner)
            if attitude is None:
                return head
            self._note_attitude(head, inner, attitude)
            head = inner
        return head

    def _complement(self, head: int) -> int | None:
        for dep in ("ccomp", "xcomp"):
            for child in self.children[head]:
                if self.tokens[child].dep_ == dep and self.tokens[child].tag_[0] in "VNJ":
                    return child
        for child in self.children[head]:
            if self.tokens[child].dep_ in {"acomp", "attr", "dobj", "advmod"} or self.tokens[child].tag_ == "JJ":
                inner = [
                    one
                    for one in self.children[child]
                    if self.tokens[one].dep_ in CLAUSES | {"xcomp"} and self.tokens[one].tag_[0] == "V"
                ]
                if inner and self.lemmas[child] in {
                    *lexicon.adjectives(),
                    *PLANS,
                    "able",
                    "unable",
                    "ready",
                    "unwilling",
                    "likely",
                    "unlikely",
                }:
                    return inner[0]
        if self.lemmas[head] == "consider" or self.lemmas[head] == "succeed":
            return next((one for one in self.children[head] if self.tokens[one].tag_ == "VBG"), None)
        return None

    def _attitude_of(self, head: int, inner: int) -> Attitude | None:
        """The attitude of a verb with a clause below it; None where the verb itself is what happens."""
        lemma = self.lemmas[head]
        bridge = self._bridge(head, inner)
        infinitive = any(self.tokens[child].tag_ == "TO" for child in self.children[inner])
        if bridge:
            if bridge in PLANS:
                return "plan"
            cue = lexicon.adjectives().get(bridge)
            return ATTITUDES[cue.kind] if cue else ""
        if any(self.low[child] in {"whether", "if"} for child in self.children[inner]) or lemma in ASKED:
            return "question"
        if lemma in SEEMING:
            return "possible"
        if self._is_negating_verb(head) or lemma in ASPECT | ENDED:
            return ""
        if lemma in PLANNED and (infinitive or self.tokens[inner].tag_ == "VBG"):
            return "plan"
        cues = lexicon.verbs().get(self.low[head], ())
        if cues and (not infinitive or "inf" in cues[0].frames):
            return ATTITUDES[cues[0].kind]
        if lemma == "be" or infinitive:
            return "" if lemma == "be" else None
        return None

    def _bridge(self, head: int, inner: int) -> str:
        """The adjective or noun between: "afraid" in "is afraid that"."""
        parent = self.tokens[inner].head.i
        if parent != head:
            return self.lemmas[parent]
        if self.lemmas[head] in lexicon.adjectives() and self.tokens[head].tag_[0] != "V":
            return self.lemmas[head]
        return next(
            (
                self.lemmas[one]
                for one in self.children[head]
                if self.tokens[one].dep_ == "acomp" and self.lemmas[one] in lexicon.adjectives()
            ),
            "",
        )

    def _is_negating_verb(self, at: int) -> bool:
        return any(one.position == at for one in self.negating)

    def _note_attitude(self, head: int, inner: int, attitude: Attitude) -> None:
        below = set(self._below(inner))
        if attitude and (not self.attitude or self.attitude == "report"):
            self.attitude = attitude
            outside = [one for one in self.negating if one.position not in below and one.position not in self.used]
            if attitude == "denial":
                outside = [one for one in outside if one.position != head]
                self.used.update(one.position for one in self.negating if one.position == head)
            self.attitude_negated = len(outside) % 2 == 1
            self.used.update(one.position for one in outside)
            self.holder = tuple(self._holder(head))
        if self.lemmas[head] in ENDED:
            self.negating.append(Negation(head, head))
        if not attitude:
            for child in self.children[head]:
                if self.tokens[child].dep_ in {"nsubj", "nsubjpass"} and child not in below:
                    self._phrase(child, "agent" if self._is_active(inner) else "patient")
            self._adverbs(head)

    def _holder(self, head: int) -> Iterator[Term]:
        for child in self.children[head]:
            if self.tokens[child].dep_ in {"nsubj", "nsubjpass"}:
                for at in self._below(child):
                    term = self._term(at, "agent", is_head=at == child)
                    if term is not None:
                        yield term

    def _is_active(self, verb: int) -> bool:
        return not any(self.tokens[child].dep_ in {"auxpass", "nsubjpass"} for child in self.children[verb])

    def _event(self, head: int) -> None:
        """Take the terms of the clause a head governs."""
        if head not in self.main:
            self.main.append(head)
        is_copula = self.lemmas[head] == "be"
        if not is_copula:
            self._add(head, "event")
        passive = not self._is_active(head)
        for child in self.children[head]:
            self._argument(head, child, passive=passive, is_copula=is_copula)

    def _argument(  # noqa: C901  (a list of cases, one a line)
        self, head: int, child: int, *, passive: bool, is_copula: bool
    ) -> None:
        dep = self.tokens[child].dep_
        if dep == "aux" and self.low[child] in POSSIBLE and not self.attitude:
            self.attitude = "possible"
        if dep in {"nsubj", "csubj", "expl"}:
            self._phrase(child, "patient" if passive else "agent")
        elif dep == "nsubjpass":
            self._phrase(child, "patient")
        elif dep == "dobj" and self.lemmas[head] in LIGHT and not self._is_thing(child):
            self._nominal(child)
        elif dep in {"dobj", "dative"}:
            self._phrase(child, "patient")
        elif dep in {"attr", "acomp", "oprd"}:
            self._nominal(child)
        elif dep in {"prep", "agent"}:
            self._prepositional(child, dep, passive=passive, is_copula=is_copula)
        elif dep == "xcomp" or (dep == "prt" and child not in self.phrase_of):
            self._event(child)
        elif dep in CLAUSES or (dep == "conj" and self.tokens[child].tag_[0] == "V"):
            self._subtree(child, "beside")
        elif dep in {"advmod", "npadvmod", "amod", "compound", "nmod", "poss", "nummod", "appos"}:
            self._phrase(child, "adjunct" if self.tokens[head].tag_[0] != "N" else "patient")

    def _is_thing(self, noun: int) -> bool:
        """Is it a thing that can be had or taken, not a doing: "took the airfield", not "took part"?"""
        if noun in self.phrase_of:
            return False
        known = wordnet.word(self.lemmas[noun], "n")
        return known is None or not any(other.endswith("/v") for other in known.derived)

    def _nominal(self, head: int) -> None:
        """A noun or adjective that says what is the case: "the leader of the faction", "has the backing of"."""
        self._add(head, "event")
        for child in self.children[head]:
            dep = self.tokens[child].dep_
            if dep == "prep":
                inner = [one for one in self.children[child] if self.tokens[one].dep_ in {"pobj", "pcomp"}]
                for one in inner:
                    self._phrase(one, "patient" if self.low[child] == "of" else "oblique", self.low[child])
            elif dep == "poss":
                self._phrase(child, "patient")
            elif dep in CLAUSES | {"xcomp"}:
                self._subtree(child, "beside")
            elif dep == "conj":
                self._nominal(child)
            elif dep in {"nsubj", "nsubjpass"}:
                self._phrase(child, "agent")
            else:
                self._phrase(child, "adjunct")

    def _prepositional(self, preposition: int, dep: str, *, passive: bool, is_copula: bool) -> None:
        word = self.low[preposition]
        if preposition in self.phrase_of:
            self._add(preposition, "event")
        for child in self.children[preposition]:
            if child in self.taken:
                continue
            if self.tokens[child].dep_ == "pcomp" or self.tokens[child].tag_ == "VBG":
                self._subtree(child, "beside")
                continue
            if self.tokens[child].dep_ == "prep":
                self._prepositional(child, "prep", passive=passive, is_copula=is_copula)
                continue
            is_agent = word == "by" and (passive or dep == "agent") and not self._is_number(child)
            if is_agent and passive:
                self._phrase(child, "agent", word)
            elif is_copula and self.tokens[child].tag_[0] == "N" and self.tokens[child].tag_ not in {"NNP", "NNPS"}:
                self._nominal(child)
            else:
                self._phrase(child, "oblique", word)

    def _is_number(self, at: int) -> bool:
        return self.tokens[at].tag_ == "CD" or any(self.tokens[child].dep_ == "nummod" for child in self.children[at])

    def _phrase(self, head: int, role: Role, preposition: str = "") -> None:
        """A noun phrase and what hangs on it."""
        if self.tokens[head].tag_[0] == "V" and self.tokens[head].dep_ in CLAUSES:
            self._subtree(head, "beside")
            return
        self._add(head, role, preposition=preposition)
        number_word = self.tokens[head].tag_ in {"CD", "DT", "PDT"} or self.lemmas[head] in EMPTY
        for child in self.children[head]:
            dep = self.tokens[child].dep_
            if dep in CLAUSES:
                self._subtree(child, "beside")
            elif dep == "prep" and child not in self.phrase_of:
                for inner in self.children[child]:
                    self._inside(inner, role, is_head=number_word, preposition=preposition or self.low[child])
            elif dep == "conj":
                self._phrase(child, role, preposition)
            else:
                self._inside(child, role, is_head=False, preposition=preposition)

    def _inside(self, head: int, role: Role, *, is_head: bool, preposition: str) -> None:
        self._add(head, role, is_head=is_head, preposition=preposition)
        for child in self.children[head]:
            if self.tokens[child].dep_ in CLAUSES:
                self._subtree(child, "beside")
            else:
                self._inside(child, role, is_head=False, preposition=preposition)

    def _subtree(self, head: int, role: Role) -> None:
        for at in self._below(head):
            self._add(at, role)
            self._use_negations(at)

    def _use_negations(self, at: int) -> None:
        """A negation in a clause beside does not negate the main one."""
        self.used.update(one.position for one in self.negating if one.position == at)

    def _adverbs(self, head: int) -> None:
        for child in self.children[head]:
            if self.tokens[child].dep_ in {"advmod", "npadvmod"}:
                self._phrase(child, "adjunct")

    def _rest(self) -> None:
        for at in range(len(self.tokens)):
            if at not in self.found and at not in self._in_holder():
                self._add(at, "beside")

    def _in_holder(self) -> frozenset[int]:
        """Tokens above the clause that is told: who tells, and by what verb."""
        if not self.attitude or not self.main:
            return frozenset()
        inside = {at for main in self.main[-1:] for at in self._below(main)}
        return frozenset(set(range(len(self.tokens))) - inside)

    def _verb_words(self) -> list[int]:
        """The verbs that carry the tense: the outermost that is no attitude, and its auxiliaries."""
        head = self.main[-1] if self.attitude not in {"", "possible"} else self.main[0]
        return [
            head,
            *(child for child in self.children[head] if self.tokens[child].dep_ in {"aux", "auxpass", "cop", "acomp"}),
        ]

    def _below(self, head: int) -> list[int]:
        found, waiting = [], [head]
        while waiting:
            at = waiting.pop()
            found.append(at)
            waiting.extend(self.children[at])
        return sorted(found)

    # Terms.

    def _add(self, at: int, role: Role, *, is_head: bool = True, preposition: str = "") -> None:
        if at in self.found or at in self.taken or at in self._swallowed:
            return
        term = self._term(at, role, is_head=is_head, preposition=preposition)
        if term is not None:
            self.found[at] = term

    @cached_property
    def _swallowed(self) -> frozenset[int]:
        """Tokens inside a fixed phrase or a name, which stand for it at another place."""
        inside = {at for head, places in self.phrase_of.items() for at in places if at != head}
        return frozenset(inside | {at for at in range(len(self.tokens)) if self._name_end(at) > at})

    def _name_end(self, at: int) -> int:
        """The last token of the run of names a token stands in; -1 for none."""
        if self.tokens[at].tag_ not in {"NNP", "NNPS"} or at in self.taken:
            return -1
        end = at
        while end + 1 < len(self.tokens) and self.tokens[end + 1].tag_ in {"NNP", "NNPS"} and end + 1 not in self.taken:
            end += 1
        return end

    def _name_start(self, at: int) -> int:
        start = at
        while start and self.tokens[start - 1].tag_ in {"NNP", "NNPS"} and start - 1 not in self.taken:
            start -= 1
        return start

    def _term(self, at: int, role: Role, *, is_head: bool, preposition: str = "") -> Term | None:
        token = self.tokens[at]
        if at in self.phrase_of:
            places = self.phrase_of[at]
            last = self.tokens[places[-1]]
            return self._made(
                self.phrase_words[at],
                "verb",
                role,
                self.tokens[places[0]].idx,
                last.idx + len(last),
                is_head,
                preposition,
                at,
            )
        if self._name_end(at) == at:
            start = self._name_start(at)
            words = [self.low[one] for one in range(start, at + 1)]
            while len(words) > 1 and words[0].rstrip(".") in TITLES:
                words = words[1:]
            return self._made(
                " ".join(words), "name", role, self.tokens[start].idx, token.idx + len(token), is_head, preposition, at
            )
        if token.tag_ in CLOSED_TAGS or self.lemmas[at] in EMPTY or not self.low[at][0].isalpha():
            return None
        return self._made(
            self.lemmas[at], POS_OF_TAG.get(token.tag_[0], "noun"), role, token.idx, token.idx + len(token), is_head,
            preposition, at,
        )  # fmt: skip

    def _made(
        self, lemma: str, pos: str, role: Role, start: int, end: int, is_head: bool, preposition: str, at: int
    ) -> Term:
        return Term(lemma, _pos(pos), role, start, end, is_head, preposition, self._is_negated_itself(at, role))

    def _is_negated_itself(self, at: int, role: Role) -> bool:
        """ "without a fight", "with no resistance": negated by itself, not the clause."""
        head = self.tokens[at].head.i
        if self.low[head] == "without":
            return True
        if role not in {"oblique", "adjunct"}:
            return False
        own = [child for child in self.children[at] if self.low[child] == "no"]
        self.used.update(own)
        return bool(own)


def _pos(name: str) -> Pos:
    kinds: dict[str, Pos] = {"name": "name", "noun": "noun", "verb": "verb", "adj": "adj", "adv": "adv"}
    return kinds[name]


def _lemma(token: Token) -> str:
    """The base form by WordNet where it knows the form, else the pipeline's."""
    kind = {"N": "n", "V": "v", "J": "a", "R": "r"}.get(token.tag_[0])
    if kind is None:
        return token.lower_
    return wordnet.base_form(token.lower_, kind) or token.lemma_.lower() or token.lower_
