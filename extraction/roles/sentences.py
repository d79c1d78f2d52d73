"""A parsed text as plain lists: what the role rules ask of tags and tree, with the parser's usual slips allowed for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from extraction.lexicon import role_nouns, rows, word_set

if TYPE_CHECKING:
    from spacy.tokens import Doc

NOUN_TAGS = frozenset(("NN", "NNS", "NNP", "NNPS", "CD", "PRP", "FW", "NFP", "GW", "ADD"))
BEFORE_NOUN_TAGS = NOUN_TAGS | frozenset(
    ("DT", "PDT", "JJ", "JJR", "JJS", "PRP$", "POS", "HYPH", "AFX", "VBN", "VBG", "RBS", "SYM", "$")
)
FINITE_TAGS = frozenset(("VBD", "VBZ", "VBP", "MD"))
VERB_TAGS = FINITE_TAGS | frozenset(("VB", "VBN", "VBG"))
SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj"))
RELATIVES = frozenset(("who", "which", "that", "whom", "whose"))
BE_FORMS = word_set("be_forms")
AUXILIARIES = BE_FORMS | word_set("auxiliaries")
NEGATIONS = frozenset(("not", "n't", "n’t", "never", "nor"))
DEMONSTRATIVES = word_set("demonstratives")
ADVERB_TAGS = frozenset(("RB", "RBR", "RBS"))
YEAR_DIGITS = 4
MONTHS = frozenset(row["name"] for row in rows("months"))
BEFORE_MONTHS = frozenset(("in", "during", "since", "until", "early", "mid", "late"))
DATE_WORDS = MONTHS | {"early", "mid", "late", "-", ","}
ARTICLES_IN_NAMES = frozenset(("al", "el", "as", "es", "ar", "ash", "ben", "bin", "ould"))
LONGEST_OFFICE = 10
"""Tokens of an office before a name: "Minister of Foreign Affairs and International Cooperation"."""
GENERIC_SOURCES = word_set("generic_source_nouns")
DASHES = frozenset(("-", "--", "—", "–"))


def spelled(doc: Doc, hashes: list[int]) -> list[str]:
    """What spaCy's hashes stand for, each looked up once: faster than to ask token after token."""
    strings = doc.vocab.strings
    known = {number: strings[number] for number in set(hashes)}
    return [known[number] for number in hashes]


COLUMNS: list[int | str] = ["LOWER", "TAG", "DEP", "ENT_TYPE", "HEAD", "IS_SPACE", "SENT_START", "IDX", "LENGTH"]


class Sentences:
    """Token lists of one Doc: lower-case words, tags, labels, head and children by token number."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        low, tag, dep, entity, head, space, starts, place, length = doc.to_array(COLUMNS).T
        self.low, self.tag, self.dep, self.entity = (spelled(doc, one.tolist()) for one in (low, tag, dep, entity))
        self.starts: list[int] = place.tolist()
        """The character each token starts at, and the one it ends before."""
        self.ends: list[int] = (place + length).tolist()
        self.head: list[int] = (head.astype(np.int64) + np.arange(len(doc))).tolist()
        self.space: list[bool] = space.astype(bool).tolist()
        self.kids: list[list[int]] = [[] for _ in self.low]
        for token, head in enumerate(self.head):
            if head != token:
                self.kids[head].append(token)
        self.bounds: list[tuple[int, int]] = []
        self.sentence_of = [0] * len(self.low)
        begins = [0, *(np.flatnonzero(starts[1:] == 1) + 1).tolist()] if self.low else []
        for number, (start, end) in enumerate(zip(begins, [*begins[1:], len(self.low)], strict=True)):
            self.bounds.append(self._trim(start, end))
            self.sentence_of[start:end] = [number] * (end - start)

    def _trim(self, start: int, end: int) -> tuple[int, int]:
        while end > start and self.space[end - 1]:
            end -= 1
        while start < end and self.space[start]:
            start += 1
        return start, end

    def sentence(self, token: int) -> tuple[int, int]:
        """First token and end (exclusive) of the token's sentence."""
        return self.bounds[self.sentence_of[token]]

    def left_edge(self, token: int) -> int:
        return self.doc[token].left_edge.i

    def right_edge(self, token: int) -> int:
        return self.doc[token].right_edge.i

    def child(self, token: int, *deps: str) -> int | None:
        """The first child with one of these labels."""
        return next((kid for kid in self.kids[token] if self.dep[kid] in deps), None)

    def is_finite(self, token: int) -> bool:
        return self.tag[token] in FINITE_TAGS

    def finite_tag(self, verb: int) -> str:
        """The tag that carries the tense: of the first auxiliary, else of the verb itself."""
        aux = [kid for kid in self.kids[verb] if self.dep[kid] in {"aux", "auxpass"} and self.tag[kid] in FINITE_TAGS]
        return self.tag[min(aux)] if aux and min(aux) < verb else self.tag[verb]

    def group_start(self, verb: int) -> int:
        """The first token of the verb group: auxiliaries, "to" and adverbs right before the verb belong to it."""
        at = verb
        first = self.sentence(verb)[0]
        while at > first:
            before = at - 1
            is_part = self.low[before] in AUXILIARIES or self.low[before] in NEGATIONS or self.tag[before] == "TO"
            is_adverb = self.tag[before] in ADVERB_TAGS and before > first
            if not (is_part or is_adverb):
                break
            at = before
        return at

    def is_passive(self, verb: int) -> bool:
        """ "is believed", "was told": a participle after a form of be."""
        if self.tag[verb] not in {"VBN", "VBD"}:
            return False
        start = self.group_start(verb)
        words = [self.low[token] for token in range(start, verb)]
        after_be = any(word in BE_FORMS and word != "'s" for word in words)
        return after_be or (self.child(verb, "auxpass") is not None and self.tag[verb] == "VBN")

    def negation(self, verb: int) -> int | None:
        """Where the negated verb group starts ("does not believe"), None when it is not negated."""
        start = self.group_start(verb)
        tokens = range(start, verb)
        if not any(self.low[token] in NEGATIONS for token in tokens):
            return None
        return next(token for token in tokens if self.low[token] in AUXILIARIES or self.low[token] in NEGATIONS)

    def noun_start(self, head: int, floor: int) -> int:
        """The first token of the noun phrase with this head, not before `floor`."""
        at = head
        while at > floor:
            before = at - 1
            tag, word = self.tag[before], self.low[before]
            if tag == "HYPH" and before > floor and self.low[before - 1] in ARTICLES_IN_NAMES:
                at = before - 1  # "el-Keib"
                continue
            joins = tag == "CC" and before > floor and self.tag[at] in {"JJ", "NN", "NNS", "VBN"} and at != head
            if joins and self.tag[before - 1] in {"JJ", "NN"} and self._above(before - 1, head):
                at = before
                continue
            modifies = (
                self._above(before, head) or self.head[before] == at or word in {"the", "a", "an", *DEMONSTRATIVES}
            )
            adverb = tag in ADVERB_TAGS and self.tag[at] in {"JJ", "VBN", "RB", "CD"} and self._above(before, head)
            if adverb or (tag in BEFORE_NOUN_TAGS and tag != "PRP" and modifies):
                at = before
                if word in {"the", "a", "an", *DEMONSTRATIVES} and self.tag[before - 1] != "PDT":
                    break
                continue
            break
        return self._skip_date(at, head)

    def office_start(self, start: int, first: int) -> int:
        """ "Chief of Staff General Mangoush", "Minister of Trade Lund": where the office before a name begins."""
        if self.tag[start] not in {"NNP", "NNPS"}:
            return start
        at = start - 1
        while at > max(first, start - LONGEST_OFFICE) and (self._is_capitalised(at) or self.low[at] in {"and", "the"}):
            at -= 1
        office = at - 1
        if at <= first or self.low[at] != "of" or office < first or not self._is_capitalised(office):
            return start
        return self.noun_start(office, first) if role_nouns().get(self.low[office]) == "person" else start

    def _is_capitalised(self, token: int) -> bool:
        return self.doc[token].text[:1].isupper()

    def _above(self, token: int, head: int) -> bool:
        """Does the token hang on `head`, through tokens that stand before it?"""
        for _ in range(6):
            if token == head:
                return True
            token = self.head[token]
        return False

    def _skip_date(self, start: int, head: int) -> int:
        """ "On January 19, 2013 Algerian troops": the year is not part of the noun phrase."""
        while start < head and self.low[start].isdigit() and start > 0 and self.low[start - 1] in {",", "in", "of"}:
            start += 1
        while start < head and self.tag[start] in {"HYPH", "POS", "SYM"}:
            start += 1
        return self._after_month(start, head)

    def _after_month(self, start: int, head: int) -> int:
        """ "As of early February 2012 Supreme Guide Badie": nor is the month before it."""
        if start < head and self.low[start] in MONTHS and self._is_dated(start) and self._is_named(start + 1):
            return start + 1
        for at in range(start, min(start + 4, head)):
            if self.low[at].isdigit() and len(self.low[at]) == YEAR_DIGITS and at > start:
                return at + 1
            if self.low[at].isdigit() and self.low[at - 1] in MONTHS and self.low[at + 1].islower():
                return at + 1
            if self.low[at] not in DATE_WORDS and not self.low[at].isdigit():
                break
        return start

    def _is_dated(self, month: int) -> bool:
        """ "Also in December Lund", "10 February Lund": the month is told from a person called April."""
        return month > 0 and (self.low[month - 1] in BEFORE_MONTHS or self.low[month - 1].isdigit())

    def is_date(self, token: int) -> bool:
        """ "19 February", "May 3": a month with its day, nobody's name."""
        beside = self.low[max(0, token - 1) : token + 2]
        return self.low[token] in MONTHS and any(word.isdigit() for word in beside)

    def _is_named(self, token: int) -> bool:
        return self._is_capitalised(token) or self.low[token] in ARTICLES_IN_NAMES

    def top_noun(self, token: int, floor: int) -> int:
        """The head of the noun phrase that ends at `token`: up through "of", "with", "to" to the leftmost noun."""
        at = token
        verb = self.head[token]
        above = self.head[verb]
        if verb == token + 1 and self.dep[token] == "compound" and floor <= above < token and self.tag[above] == "IN":
            at = above  # "his sources in Rome report": the parser may join the place to the verb.
        part_of = at
        for _ in range(12):
            up = self.head[at]
            if up == at or up < floor or up > token or self.tag[up] in VERB_TAGS:
                break
            if self.low[at] == "of" and part_of > at and role_nouns().get(self.low[up]) == "person":
                part_of = up
            at = up
        if self.tag[at] in {"IN", "TO"} or self.dep[at] == "prep":
            at = part_of
        return at

    def is_demonstrative_source(self, start: int, end: int) -> int | None:
        """ "this very sensitive source": where a phrase of demonstrative and role noun ends, None for other phrases."""
        if start >= end or self.low[start] not in DEMONSTRATIVES | {"the", "his", "her", "their"}:
            return None
        for at in range(start + 1, min(end, start + 6)):
            unnamed = self.low[at] in GENERIC_SOURCES and at + 1 < end and self.tag[at + 1] == "NNS"
            if self.low[at] in role_nouns() and (unnamed or not (at + 1 < end and self.low[at + 1] in role_nouns())):
                followed = self.low[at + 1] if at + 1 < end else ""
                demonstrative = self.low[start] in DEMONSTRATIVES
                return (
                    at + 1
                    if demonstrative and followed not in {"of", "with", "in", "from", "who", "at", "inside", "close"}
                    else None
                )
            if self.tag[at] not in {"JJ", "RB", "RBS", "NN", "NNP", "VBN", "HYPH", "CD", "JJS", "JJR"}:
                return None
        return None

    def strip(self, start: int, end: int) -> tuple[int, int]:
        """Free a stretch from punctuation, conjunctions and white space that do not belong to a clause at its edges."""
        edges = {",", ";", ":", ".", "!", "?", "•", "·", "...", '"', "”", "“", "''", "``", *DASHES}
        while start < end and (self.space[start] or self.low[start] in edges):
            start += 1
        while end > start and (
            self.space[end - 1] or (self.low[end - 1] in edges and self.low[end - 1] not in {"?", "!"})
        ):
            end -= 1
        while end > start and self.low[end - 1] in {")", "]"} and not self._opened(start, end - 1):
            end -= 1
            while end > start and self.low[end - 1] in {".", ",", ";"}:
                end -= 1
        return start, end

    def _opened(self, start: int, end: int) -> bool:
        depth = 0
        for token in range(start, end):
            depth += self.low[token] in {"(", "["}
            depth -= self.low[token] in {")", "]"}
        return depth > 0
