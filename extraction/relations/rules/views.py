"""Whose view it is: a say-so, belief, fear, plan or denial is not the fact."""

from __future__ import annotations

from extraction.relations.alignment import term_kinship
from extraction.relations.pair import SAID, Pair
from extraction.relations.statement import Relation, Statement, Term
from extraction.relations.words import closed_class

ENOUGH = 0.5


def cancelled_plan(pair: Pair) -> Relation | None:
    """What is planned or to come, against its cancelling."""
    for side, other in ((pair.a, pair.b), (pair.b, pair.a)):
        ended = any(term.lemma in closed_class("cancelled") for term in other.terms if term.role == "event")
        ahead = side.attitude == "plan" or (side.tense == "future" and not side.attitude)
        if ended and ahead and not side.negated and not other.negated and not other.attitude:
            is_near = pair.is_close and pair.shared_participants() >= ENOUGH
            return pair.result("contradicts", "cancelled plan") if is_near else None
    return None


def attitude(pair: Pair) -> Relation | None:
    """Views of different kinds, or of different holders, say nothing about each other."""
    one, other = pair.a.attitude, pair.b.attitude
    if not one and not other:
        return _outcome(pair)
    if not (one == other or {one, other} <= SAID or {one, other} == {"belief", "denial"}):
        return pair.result("neither", "attitude")
    if pair.a.holder and pair.b.holder and not _share_holder(pair.a, pair.b):
        return pair.result("neither", "another's view")
    return None


def _outcome(pair: Pair) -> Relation | None:
    """What is to come, against what came: a plan may fail."""
    if {pair.a.tense, pair.b.tense} == {"future", "past"} and not (pair.a.is_state or pair.b.is_state):
        return pair.result("neither", "plan and outcome")
    return None


def _share_holder(a: Statement, b: Statement) -> bool:
    return any(
        term_kinship(one, other) not in {"none", "opposite"} for one in _heads(a.holder) for other in _heads(b.holder)
    )


def _heads(terms: tuple[Term, ...]) -> list[Term]:
    return [term for term in terms if term.is_head]
