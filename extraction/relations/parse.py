"""A parsed statement as the rules of this package ask for it: base forms, children, fixed phrases, names, terms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from extraction.commitment.numbers import words as number_words
from extraction.commitment.units import unit_names
from extraction.relations import wordnet
from extraction.relations.negation import Negation, negations
from extraction.relations.statement import Pos, Role, Stretch, Term
from extraction.relations.words import closed_class, phrases

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

POS_OF_TAG: dict[str, Pos] = {"N": "noun", "V": "verb", "J": "adj", "R": "adv"}
CLOSED_TAGS = frozenset(
    (
        *("DT", "PDT", "WDT", "IN", "TO", "CC", "MD", "PRP", "PRP$", "WP", "WP$", "WRB", "EX", "POS", "RP", "UH", "CD"),
        *(".", ",", ":", "``", "''", "-LRB-", "-RRB-", "HYPH", "$", "SYM", "_SP", "NFP", "LS", "AFX"),
    )
)
EMPTY = closed_class("empty")
TITLES = closed_class("titles")
NAME_TAGS = frozenset(("NNP", "NNPS"))
QUANTITY_WORDS = frozenset(
    ("more", "less", "fewer", "than", "least", "most", "nearly", "about", "some", "almost", "around")
)
SMALL_TAGS = frozenset(("DT", "PRP$", "PRP", "POS", "RB"))
"""What may stand inside a fixed phrase: "opened its doors", "is still in office"."""
NEVER_INSIDE = frozenset(("no", "none", "not", "n't", "never"))


class Parse:
    """A parse with its words looked up.

    `taken`: where times stand; `counted`: where quantities stand. Neither the words
    of a time nor numbers are terms.
    """

    def __init__(self, doc: Doc, taken: Sequence[Stretch], counted: Sequence[Stretch]) -> None:
        self.tokens: list[Token] = list(doc)
        self.low = [token.lower_ for token in doc]
        self.tags = [token.tag_ for token in doc]
        self.deps = [token.dep_ for token in doc]
        self.heads = [token.head.i for token in doc]
        self.mistagged = {token.i for token in doc if _is_verb_form(token)}
        self.lemmas = [_lemma(token, self.mistagged) for token in doc]
        self.children: list[list[int]] = [[] for _ in doc]
        for at, head in enumerate(self.heads):
            if head != at:
                self.children[head].append(at)
        self.taken = {
            token.i
            for token in doc
            if any(start < token.idx + len(token) and token.idx < end for start, end in taken)
            or (token.lower_ in unit_names() and self._follows_number(token))
            or (
                token.lower_ in QUANTITY_WORDS | number_words().keys()
                and any(start <= token.idx < end for start, end in counted)
            )
        }
        self.negating: list[Negation] = negations(self.low)
        self.phrase_of: dict[int, tuple[int, ...]] = {}
        """The tokens of a fixed phrase, by the token that stands for it."""
        self.phrase_words: dict[int, str] = {}
        self._find_phrases()

    @staticmethod
    def _follows_number(token: Token) -> bool:
        """ "40 km", "$5 million", "11 per cent": the unit belongs to the number."""
        return token.i > 0 and (token.nbor(-1).tag_ == "CD" or token.nbor(-1).lower_ in {"per", "million", "billion"})

    @property
    def roots(self) -> list[int]:
        found = [at for at, head in enumerate(self.heads) if head == at and self.tags[at] not in {"_SP", "."}]
        return sorted(found, key=lambda at: self.tags[at][0] not in "VNJ")

    def below(self, head: int) -> list[int]:
        """A token and all that hangs on it, in text order."""
        found, waiting = [], [head]
        while waiting:
            at = waiting.pop()
            found.append(at)
            waiting.extend(self.children[at])
        return sorted(found)

    def child(self, head: int, *deps: str) -> int | None:
        return next((at for at in self.children[head] if self.deps[at] in deps), None)

    def is_verb(self, at: int) -> bool:
        return self.tags[at][0] == "V"

    def is_name(self, at: int) -> bool:
        word = self.tokens[at].text
        if self.tags[at] in NAME_TAGS:
            return not word.islower() or not any(True for _ in wordnet.known(self.lemmas[at]))
        if self.tags[at][0] != "N" or not word[0].isupper() or word.isupper():
            return False
        return at > 0 or not any(True for _ in wordnet.known(self.lemmas[at]))

    def is_active(self, verb: int) -> bool:
        return not any(self.deps[at] in {"auxpass", "nsubjpass"} for at in self.children[verb])

    def is_number(self, at: int) -> bool:
        return self.tags[at] == "CD" or any(self.deps[child] == "nummod" for child in self.children[at])

    def is_negating(self, at: int) -> bool:
        return any(one.position == at for one in self.negating)

    def stretch(self, first: int, last: int) -> Stretch:
        return self.tokens[first].idx, self.tokens[last].idx + len(self.tokens[last])

    def term(
        self, at: int, role: Role, *, is_head: bool = True, preposition: str = "", negated: bool = False
    ) -> Term | None:
        """The term a token stands for; None for small words and for those inside a phrase or a name."""
        if at in self.taken or at in self._swallowed:
            return None
        if at in self.phrase_of:
            start, end = self.stretch(self.phrase_of[at][0], self.phrase_of[at][-1])
            pos = POS_OF_TAG.get(self.tags[at][0], "verb")
            return Term(self.phrase_words[at], pos, role, start, end, is_head, preposition, negated)
        if self.is_name(at):
            start, end = self.stretch(self._name_start(at), at)
            return Term(self._name(at), "name", role, start, end, is_head, preposition, negated)
        if self.tags[at] in CLOSED_TAGS or self.lemmas[at] in EMPTY or not self.low[at][0].isalpha():
            return None
        start, end = self.stretch(at, at)
        pos = "verb" if at in self.mistagged else POS_OF_TAG.get(self.tags[at][0], "noun")
        return Term(self.lemmas[at], pos, role, start, end, is_head, preposition, negated, self._is_indefinite(at))

    def _is_indefinite(self, at: int) -> bool:
        return any(self.low[child] in {"a", "an", "some", "another", "several"} for child in self.children[at])

    @cached_property
    def _swallowed(self) -> frozenset[int]:
        inside = {at for head, places in self.phrase_of.items() for at in places if at != head}
        before = {at for at in range(len(self.tokens)) if self.is_name(at) and self._goes_on(at)}
        return frozenset(inside | (before - set(self.phrase_of)))

    def _goes_on(self, at: int) -> bool:
        """Does a name go on with the next token?"""
        following = at + 1
        return following < len(self.tokens) and self.is_name(following) and not {at, following} & self.taken

    def _name_start(self, at: int) -> int:
        while at and self.is_name(at - 1) and self._goes_on(at - 1):
            at -= 1
        return at

    def _name(self, at: int) -> str:
        """The name in small letters without titles."""
        words = self.low[self._name_start(at) : at + 1]
        while len(words) > 1 and words[0].rstrip(".") in TITLES:
            words = words[1:]
        return " ".join(words)

    def _find_phrases(self) -> None:
        at = 0
        while at < len(self.tokens):
            words, places = self._phrase_at(at)
            if places:
                head = self._highest(places)
                self.phrase_of[head], self.phrase_words[head] = places, " ".join(words)
                at = places[-1]
            at += 1

    def _phrase_at(self, at: int) -> tuple[tuple[str, ...], tuple[int, ...]]:
        best: tuple[tuple[str, ...], tuple[int, ...]] = ((), ())
        for first in {self.lemmas[at], self.low[at]}:
            for words in phrases().get(first, ()):
                places = self._match(words, at)
                if len(places) > len(best[1]):
                    best = words, places
        return best

    def _match(self, words: tuple[str, ...], at: int) -> tuple[int, ...]:
        places: list[int] = []
        for word in words:
            while places and at < len(self.tokens) and self._may_be_skipped(at, word):
                at += 1
            if at >= len(self.tokens) or word not in {self.low[at], self.lemmas[at]} or at in self.taken:
                return ()
            places.append(at)
            at += 1
        return tuple(places)

    def _may_be_skipped(self, at: int, wanted: str) -> bool:
        return (
            self.tags[at] in SMALL_TAGS
            and self.low[at] not in NEVER_INSIDE
            and wanted not in {self.low[at], self.lemmas[at]}
        )

    def _highest(self, places: tuple[int, ...]) -> int:
        """The token of a phrase that the others hang on, best a verb, noun or adjective."""
        inside = set(places)
        tops = [at for at in places if self.heads[at] not in inside or self.heads[at] == at]
        telling = [at for at in tops if self.tags[at][0] in "VNJ"]
        return (telling or tops or [places[0]])[0]


def _is_verb_form(token: Token) -> bool:
    """A form that only a verb has, tagged as a noun: "the rate climbed", "he owns"."""
    if token.tag_ not in {"NN", "NNS"} or not token.lower_.endswith(("ed", "s")):
        return False
    return not wordnet.base_form(token.lower_, "n") and bool(wordnet.base_form(token.lower_, "v"))


def _lemma(token: Token, verbs: set[int]) -> str:
    """The base form by WordNet where it knows the form, else the pipeline's."""
    if token.i in verbs:
        return wordnet.base_form(token.lower_, "v")
    kind = {"N": "n", "V": "v", "J": "a", "R": "r"}.get(token.tag_[0])
    if kind is None or token.tag_ == "RP":
        return token.lower_
    forms = (wordnet.base_form(token.lower_, each) for each in (kind, *"anv"))
    return next((form for form in forms if form), "") or token.lemma_.lower() or token.lower_
