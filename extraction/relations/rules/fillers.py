"""Who and what: functional roles, other entities, roles the other way round, and "only"."""

from __future__ import annotations

from extraction.relations.alignment import Match
from extraction.relations.pair import ACTORS, PARTICIPANTS, Pair, Side
from extraction.relations.statement import Relation, Role, Statement, Term
from extraction.relations.words import closed_class, functions, kinship

ROLES: tuple[Role, ...] = ("agent", "patient", "oblique")
EVENT: Role = "event"
WHERE = frozenset(("in", "at", "near", "outside"))


def role_swap(pair: Pair) -> Relation | None:
    """A did it to B, B did it to A: two events, unless it cannot be so both ways round."""
    if pair.is_converse or not pair.events or pair.event_is("symmetric"):
        return None
    crossed = {one.role for one, other in _actors(pair) if one.role != other.role}
    straight = any(one.role == other.role for one, other in _actors(pair))
    if straight or crossed != ACTORS:
        return None
    if pair.event_is("asymmetric") and not pair.polarity_differs:
        return pair.result("contradicts", "roles the other way round")
    return pair.result("neither", "roles the other way round")


def _actors(pair: Pair) -> list[tuple[Term, Term]]:
    pairs = [pair.terms(match) for match in pair.alignment.matches if match.agrees]
    return [(one, other) for one, other in pairs if {one.role, other.role} <= ACTORS and one.is_head and other.is_head]


def functional_role(pair: Pair) -> Relation | None:
    """Another filler for what has one at a time: leader, author, birthplace, where a trial was held."""
    if pair.polarity_differs or not pair.is_close:
        return None
    same_time = pair.a.tense == pair.b.tense and not (pair.a.shifted or pair.b.shifted)
    for match in (*pair.events, *pair.near_events):
        found = [function for term in pair.terms(match) for function in functions(term.lemma)]
        kinds = {function.filler for function in found if same_time or function.is_permanent}
        if not match.agrees or not kinds or not _share_what_is_filled(pair, match):
            continue
        for one in _fillers(pair, "a", kinds):
            for other in _fillers(pair, "b", kinds):
                if not _may_be_one(one, other):
                    spans = (((one.start, one.end),), ((other.start, other.end),))
                    return pair.result("contradicts", "functional role", spans=spans)
    return None


def _share_what_is_filled(pair: Pair, event: Match) -> bool:
    """ "the faction" in "leads the faction"."""
    shared = [pair.terms(match) for match in pair.alignment.matches if match.agrees and match != event]
    return any(one.role in PARTICIPANTS and other.role in PARTICIPANTS for one, other in shared)


def _fillers(pair: Pair, side: Side, kinds: set[str]) -> list[Term]:
    """What may fill the role in one of the two, and the other has not."""
    found: list[Term] = []
    if "place" in kinds:
        found.extend(term for term in pair.lone(side, "oblique") if term.preposition in WHERE)
    if "agent" in kinds:
        found.extend(pair.lone(side, "agent"))
    if "name" in kinds or "agent" in kinds:
        found.extend(term for role in (*ROLES, EVENT) for term in pair.lone(side, role) if term.pos == "name")
    return found


def only(pair: Pair) -> Relation | None:
    """Alone, against with others; only A, against B."""
    sides: tuple[tuple[Side, Side], ...] = (("a", "b"), ("b", "a"))
    for side, other in sides:
        alone = pair.of(side)
        if not (alone.exclusive and pair.is_close) or alone.counts or pair.of(other).exclusive or not pair.events:
            continue
        if pair.lone(other, "agent") and not pair.polarity_differs and _names_an_agent(alone):
            return pair.result("contradicts", "only")
    return None


def _names_an_agent(statement: Statement) -> bool:
    return any(term.role == "agent" and term.is_head for term in statement.terms)


def different_entity(pair: Pair) -> Relation | None:
    """Another actor, place or number in a row, where both name one."""
    for role in ROLES:
        for one in pair.lone("a", role):
            for other in pair.lone("b", role):
                if not _may_be_one(one, other) and (role != "oblique" or _same_place(one, other)):
                    spans = (((one.start, one.end),), ((other.start, other.end),))
                    return pair.result("neither", "different entity", spans=spans)
    if _modified_otherwise(pair):
        return pair.result("neither", "different entity")
    return None


def _same_place(one: Term, other: Term) -> bool:
    return one.preposition == other.preposition or {one.preposition, other.preposition} <= WHERE


def _may_be_one(one: Term, other: Term) -> bool:
    """May two terms mean the same, for all we know?"""
    if one.lemma in closed_class("generic") or other.lemma in closed_class("generic"):
        return True
    if one.pos == other.pos == "name":
        return False
    return kinship(one.lemma, one.pos, other.lemma, other.pos) not in {"none", "opposite"}


def _modified_otherwise(pair: Pair) -> bool:
    """ "the northern garrison", "the southern garrison"; "the bridge over the Drina", "... over the Sava"."""
    return bool(_telling_modifiers(pair, "a") and _telling_modifiers(pair, "b"))


def _telling_modifiers(pair: Pair, side: Side) -> list[Term]:
    found = pair.matched(side)
    return [
        term
        for at, term in enumerate(pair.of(side).terms)
        if term.role in ROLES
        and not term.is_head
        and (at not in found or not found[at].agrees)
        and (term.pos == "name" or term.lemma in closed_class("ordinals"))
    ]
