"""Which terms of two statements mean the same or the opposite, each matched once, and how much is shared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from extraction.relations.statement import Statement, Term
from extraction.relations.words import STRENGTHS, Kind, kinship, weight

AMOUNT = 0.8
BESIDE = 0.5
"""What a term outside the main clause counts, as a share."""


@dataclass(frozen=True, slots=True)
class Match:
    """Term number `a` of the first statement and `b` of the second; `kind`: what the second is to the first."""

    a: int
    b: int
    kind: Kind

    @property
    def agrees(self) -> bool:
        return self.kind != "opposite"


@dataclass(frozen=True)
class Alignment:
    a: Statement
    b: Statement
    matches: tuple[Match, ...]

    @cached_property
    def of_a(self) -> dict[int, Match]:
        return {match.a: match for match in self.matches}

    @cached_property
    def of_b(self) -> dict[int, Match]:
        return {match.b: match for match in self.matches}

    def covered(self, side: str) -> float:
        """The share of what one statement says that the other says, too, opposites included; 0 to 1."""
        terms, found = (self.a.terms, self.of_a) if side == "a" else (self.b.terms, self.of_b)
        total = sum(term_weight(term) for term in terms)
        shared = sum(term_weight(terms[at]) * STRENGTHS[match.kind] for at, match in found.items())
        if self.share_an_amount:
            total, shared = total + AMOUNT, shared + AMOUNT
        return shared / total if total else 0.0

    @cached_property
    def share_an_amount(self) -> bool:
        """The same number of the same kind of thing is as telling as a word."""
        return any(
            one.unit == other.unit and (one.low, one.high) == (other.low, other.high)
            for one in self.a.counts
            for other in self.b.counts
        )

    @cached_property
    def similarity(self) -> float:
        a, b = self.covered("a"), self.covered("b")
        return 2 * a * b / (a + b) if a + b else 0.0


def term_weight(term: Term) -> float:
    return weight(term.lemma, term.pos) * (BESIDE if term.role == "beside" else 1.0)


def align(a: Statement, b: Statement) -> Alignment:
    """Match the terms one to one, the most telling first, those in the same part before others."""
    pairs = []
    for i, one in enumerate(a.terms):
        for j, other in enumerate(b.terms):
            kind = term_kinship(one, other)
            if kind != "none":
                fit = 0.1 * (one.role == other.role) + 0.01 * (one.is_head == other.is_head)
                pairs.append((STRENGTHS[kind] * (1 + fit), min(term_weight(one), term_weight(other)), -i, -j, kind))
    pairs.sort(reverse=True)
    found: list[Match] = []
    taken_a: set[int] = set()
    taken_b: set[int] = set()
    for _, _, i, j, kind in pairs:
        if -i not in taken_a and -j not in taken_b:
            taken_a.add(-i)
            taken_b.add(-j)
            found.append(Match(-i, -j, kind))
    return Alignment(a, b, tuple(sorted(found, key=lambda match: match.a)))


def term_kinship(one: Term, other: Term) -> Kind:
    if one.pos == "name" and other.pos == "name":
        return "same" if _is_one_name(one.lemma, other.lemma) else "none"
    if one.pos == "name" or other.pos == "name":
        return "same" if one.lemma == other.lemma else "none"
    return kinship(one.lemma, one.pos, other.lemma, other.pos)


def _is_one_name(one: str, other: str) -> bool:
    """ "tahir osman" and "osman"; not "anna keller" and "peter keller"."""
    if one == other:
        return True
    first, second = one.split(), other.split()
    shorter, longer = (first, second) if len(first) < len(second) else (second, first)
    return len(shorter) < len(longer) and set(shorter) <= set(longer)
