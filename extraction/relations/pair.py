"""Two statements side by side, with what the rules ask about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from extraction.relations.alignment import Alignment, Match, term_weight
from extraction.relations.statement import Relation, RelationName, Role, Statement, Stretch, Term
from extraction.relations.words import are_converse, closed_class, is_rare

Side = Literal["a", "b"]
PARTICIPANTS: frozenset[str] = frozenset(("agent", "patient", "oblique"))
ACTORS: frozenset[str] = frozenset(("agent", "patient"))
CLOSE = 0.35
"""Similarity below which two statements only happen to share a word or two."""
SAID: frozenset[str] = frozenset(("report", "denial"))


@dataclass(frozen=True)
class Pair:
    a: Statement
    b: Statement
    alignment: Alignment

    def of(self, side: Side) -> Statement:
        return self.a if side == "a" else self.b

    def matched(self, side: Side) -> dict[int, Match]:
        return self.alignment.of_a if side == "a" else self.alignment.of_b

    def terms(self, match: Match) -> tuple[Term, Term]:
        return self.a.terms[match.a], self.b.terms[match.b]

    # The answer.

    def result(
        self,
        relation: RelationName,
        rule: str,
        narrower: Literal["", "a", "b"] = "",
        spans: tuple[tuple[Stretch, ...], tuple[Stretch, ...]] | None = None,
    ) -> Relation:
        """`spans`: the words the rule went by; without, all that the two share."""
        shared = tuple(zip(*(self._stretches(match) for match in self.alignment.matches), strict=True)) or ((), ())
        spans_a, spans_b = spans or (tuple(shared[0]), tuple(shared[1]))
        return Relation(relation, rule, spans_a, spans_b, round(self.alignment.similarity, 3), narrower)

    def _stretches(self, match: Match) -> tuple[Stretch, Stretch]:
        one, other = self.terms(match)
        return (one.start, one.end), (other.start, other.end)

    # What happens.

    @cached_property
    def events(self) -> tuple[Match, ...]:
        """Matches of what happens or is so in both."""
        return tuple(one for one in self.alignment.matches if all(term.role == "event" for term in self.terms(one)))

    @cached_property
    def near_events(self) -> tuple[Match, ...]:
        """Matches of what happens in one with what stands elsewhere in the main clause of the other."""
        found = []
        for match in self.alignment.matches:
            roles = {term.role for term in self.terms(match)}
            if "event" in roles and len(roles) == 2 and "beside" not in roles:
                found.append(match)
        return tuple(found)

    @cached_property
    def events_differ(self) -> bool:
        """Something else happens in either, as far as we know the words."""
        if self.events or self.near_events:
            return False
        return all(any(term.role == "event" for term in side.terms) for side in (self.a, self.b))

    @cached_property
    def is_converse(self) -> bool:
        """The same told from the other side: A sold to B, B bought from A."""
        return any(are_converse(one.lemma, other.lemma) for one, other in self._event_pairs()) and not self._same_agent

    @property
    def _same_agent(self) -> bool:
        return any(
            one.role == other.role == "agent" and one.is_head and other.is_head
            for one, other in (self.terms(match) for match in self.alignment.matches if match.agrees)
        )

    def _event_pairs(self) -> Iterator[tuple[Term, Term]]:
        for one in self.a.terms:
            for other in self.b.terms:
                if one.role == other.role == "event":
                    yield one, other

    def event_is(self, name: str) -> bool:
        """Does what happens in one of the two belong to a closed class?"""
        words = closed_class(name)
        return any(term.lemma in words for side in (self.a, self.b) for term in side.terms if term.role == "event")

    # Are they comparable?

    @cached_property
    def is_comparable(self) -> bool:
        """The same event, or a shared participant and a rare word besides (GRADING.md, relation rules)."""
        agreeing = [
            match for match in self.alignment.matches if "beside" not in {one.role for one in self.terms(match)}
        ]
        if self.events or self.near_events:
            return len(agreeing) > 1 or not (self._heads("a") and self._heads("b"))
        shared = [match for match in agreeing if self.terms(match)[0].role in PARTICIPANTS]
        return bool(shared) and any(
            is_rare(term.lemma, term.pos) for match in agreeing for term in self.terms(match)[:1]
        )

    def _heads(self, side: Side) -> list[int]:
        return [at for at, term in enumerate(self.of(side).terms) if term.role in PARTICIPANTS and term.is_head]

    # Polarity.

    @cached_property
    def opposites(self) -> tuple[Match, ...]:
        """Matches of opposite words of which one says what happens or how, and "without a fight" with "a fight"."""
        found = []
        for match in self.alignment.matches:
            one, other = self.terms(match)
            telling = {one.role, other.role} & {"event", "adjunct"} and "beside" not in {one.role, other.role}
            telling = telling or one.lemma in {"more", "less", "fewer"}
            is_opposite = match.kind == "opposite" and telling and not self._is_converse_match(match)
            if bool(is_opposite) != (one.negated != other.negated):
                found.append(match)
        return tuple(found)

    def _is_converse_match(self, match: Match) -> bool:
        one, other = self.terms(match)
        return self.is_converse and are_converse(one.lemma, other.lemma)

    @cached_property
    def is_turned_comparison(self) -> bool:
        """ "A holds more than B", "B holds more than A": a comparison the other way round."""
        for match in self.alignment.matches:
            one, other = self.terms(match)
            if (one.preposition == "than") != (other.preposition == "than") and match.agrees and match.kind == "same":
                return self._has_than("a") and self._has_than("b")
        return False

    def _has_than(self, side: Side) -> bool:
        return any(term.preposition == "than" for term in self.of(side).terms)

    @cached_property
    def is_close(self) -> bool:
        """Do they share enough for one to gainsay the other?"""
        return self.alignment.similarity >= CLOSE

    @cached_property
    def polarity_differs(self) -> bool:
        denials = sum(one.attitude == "denial" for one in (self.a, self.b))
        views = self.a.attitude_negated + self.b.attitude_negated
        return (
            self.a.negated + self.b.negated + len(self.opposites) + denials + views + self.is_turned_comparison
        ) % 2 == 1

    # Who and what.

    def shared_participants(self) -> float:
        """The share of the participants' weight, on the side with less of it, that is matched by the other side."""
        sides: tuple[Side, Side] = ("a", "b")
        return max(self._shared(side) for side in sides)

    def _shared(self, side: Side) -> float:
        terms, found, heads = self.of(side).terms, self.matched(side), self._heads(side)
        total = sum(term_weight(terms[at]) for at in heads)
        shared = sum(term_weight(terms[at]) for at in heads if at in found and found[at].agrees)
        return shared / total if total else 1.0

    def lone(self, side: Side, role: Role, *, heads: bool = True) -> list[Term]:
        """The nouns and names in a part that the other statement has nothing like, wherever it stands there."""
        found = self.matched(side)
        return [
            term
            for at, term in enumerate(self.of(side).terms)
            if term.role == role
            and term.is_head == heads
            and term.pos in {"noun", "name"}
            and (at not in found or not found[at].agrees)
        ]
