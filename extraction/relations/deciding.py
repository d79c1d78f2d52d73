"""The relation of two statements: whether they can be compared, then the rules in their order; the first that fires."""

from __future__ import annotations

from extraction.relations.alignment import align
from extraction.relations.pair import Pair
from extraction.relations.rules import RULES
from extraction.relations.statement import Relation, Statement


def relate(a: Statement, b: Statement) -> Relation:
    """How two read statements stand to each other. Pure; well below a millisecond once their words are known."""
    pair = Pair(a, b, align(a, b))
    if not pair.is_comparable:
        return Relation("neither", "not comparable", similarity=pair.alignment.similarity)
    for rule in RULES:
        found = rule(pair)
        if found is not None:
            return found
    return Relation("neither", "not alike", similarity=pair.alignment.similarity)
