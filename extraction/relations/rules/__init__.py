"""The rules, in the order in which they are asked. Each takes a Pair and returns a Relation where it fires."""

from collections.abc import Callable

from extraction.relations.pair import Pair
from extraction.relations.rules.amounts import quantifier, quantity
from extraction.relations.rules.dates import later_change, other_time, time, time_of_day
from extraction.relations.rules.fillers import different_entity, functional_role, only, role_swap
from extraction.relations.rules.likeness import similarity
from extraction.relations.rules.polarity import polarity
from extraction.relations.rules.views import attitude, cancelled_plan
from extraction.relations.statement import Relation

RULES: tuple[Callable[[Pair], Relation | None], ...] = (
    cancelled_plan,
    attitude,
    other_time,
    role_swap,
    functional_role,
    only,
    different_entity,
    later_change,
    quantifier,
    polarity,
    quantity,
    time,
    time_of_day,
    similarity,
)
