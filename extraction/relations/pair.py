"""Two statements side by side, with what the rules ask about them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from extraction.relations.alignment import Alignment, Match, term_weight
from extraction.relations.statement import Relation, RelationName, Statement, Stretch, Term
from extraction.relations.words import is_rare

PARTICIPANTS = frozenset(("agent", "patient", "oblique"))


@dataclass(frozen=True)
class Pair:
    a: Statement
    b: Statement
    alignment: Alignment

    def result(self, relation: RelationName, rule: str, narrower: Literal["", "a", "b"] = "") -> Relation:
        return Relation(
            relation,
            rule,
            tuple((self.a.terms[match.a].start, self.a.terms[match.a].end) for match in self.alignment.matches),
            tuple((self.b.terms[match.b].start, self.b.terms[match.b].end) for match in self.alignment.matches),
            round(self.alignment.similarity, 3),
            narrower,
        )

    def terms(self, match: Match) -> tuple[Term, Term]:
        return self.a.terms[match.a], self.b.terms[match.b]

    @cached_property
    def event_matches(self) -> tuple[Match, ...]:
        """Matches of what happens: an event on one side at least."""
        return tuple(match for match in self.alignment.matches if "event" in {one.role for one in self.terms(match)})

    @cached_property
    def is_comparable(self) -> bool:
        """The same event, or a shared participant and a rare word besides (GRADING.md, relation rules)."""
        if any(all(one.role == "event" for one in self.terms(match)) for match in self.alignment.matches):
            return len(self.alignment.matches) > 1 or not self._participants("a") or not self._participants("b")
        shared = [match for match in self.alignment.matches if self.terms(match)[0].role in PARTICIPANTS]
        rare = [
            match for match in self.alignment.matches if is_rare(self.terms(match)[0].lemma, self.terms(match)[0].pos)
        ]
        return bool(shared) and bool(rare) and len(self.alignment.matches) > 1

    def _participants(self, side: str) -> list[int]:
        terms = self.a.terms if side == "a" else self.b.terms
        return [at for at, term in enumerate(terms) if term.role in PARTICIPANTS and term.is_head]

    @cached_property
    def opposites(self) -> tuple[Match, ...]:
        """Matches of opposite words of which one says what happens or how."""
        return tuple(
            match
            for match in self.alignment.matches
            if match.kind == "opposite" and {one.role for one in self.terms(match)} & {"event", "adjunct"}
        )

    @cached_property
    def polarity_differs(self) -> bool:
        return (self.a.negated + self.b.negated + len(self.opposites)) % 2 == 1

    def shared_participants(self) -> float:
        """The share of the participants' weight, on the side with less of it, that is matched by the other side."""
        shares = []
        for side, terms, found in (
            ("a", self.a.terms, self.alignment.of_a),
            ("b", self.b.terms, self.alignment.of_b),
        ):
            places = self._participants(side)
            total = sum(term_weight(terms[at]) for at in places)
            shared = sum(term_weight(terms[at]) for at in places if at in found and found[at].agrees)
            shares.append(shared / total if total else 1.0)
        return max(shares)

    def unmatched(self, side: str, role: str) -> list[Term]:
        terms, found = (self.a.terms, self.alignment.of_a) if side == "a" else (self.b.terms, self.alignment.of_b)
        return [
            term
            for at, term in enumerate(terms)
            if term.role == role and term.is_head and term.pos in {"noun", "name"} and at not in found
        ]


def stretch(term: Term) -> Stretch:
    return term.start, term.end
