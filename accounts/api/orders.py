"""`order=`: the orders in which a list can be asked for. A view names them; config/api/ordering.py makes the pages.

Only orders that an index stands behind: each has the columns that are compared, with the id after them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import Combinable

from accounts.ids import LARGEST_ID
from accounts.models import User

LARGEST_PLACE = 2**31 - 1
"""PostgreSQL's largest integer."""


@dataclass(frozen=True)
class Key:
    """What rows are compared by.

    column: an index begins with it, after `Order.alongside`. read: the value as it stands in a cursor; raises
    ValueError, TypeError or OverflowError for what is none. seen: how a caller sees it who sees some rows otherwise
    than they are (see `Order.otherwise`).
    """

    column: Combinable
    read: Callable[[Any], Any]
    nullable: bool = False
    seen: Callable[[User], Combinable] | None = None


@dataclass(frozen=True)
class Order:
    """says: what comes first, for the description. turned: from the largest value down.

    Rows without a value come last, whichever way. alongside: the column that the index has before the keys; pages are
    put together from the first rows of each of its values. within: a filter without which there is no such order.
    otherwise: by caller, what has a `claim` for each row that this caller sees otherwise than it is.
    """

    says: str
    keys: tuple[Key, ...] = ()
    turned: bool = False
    alongside: str = ""
    within: str = ""
    otherwise: Callable[[User], QuerySet[Any]] | None = field(default=None)

    @property
    def nullable(self) -> bool:
        return any(key.nullable for key in self.keys)


Orders = Mapping[str, Order]

DEFAULT, ADDED = "-added", "added"
BY_TIME: Orders = {
    DEFAULT: Order("What was added last comes first.", turned=True),
    ADDED: Order("What was added first comes first."),
}
"""Of every list. By id, which tells of two rows of one table which was there first."""


def both_ways(name: str, order: Order, *, turned: str) -> Orders:
    """An order and its opposite. turned: what comes first in that one."""
    return {name: order, f"-{name}": replace(order, says=turned, turned=True)}


def a_number(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError
    return float(value)


def a_day(value: Any) -> date:
    return date.fromisoformat(value)


def a_place(value: Any) -> int:
    """Of a character in a text."""
    return _whole(value, LARGEST_PLACE)


def a_row_id(value: Any) -> int:
    return _whole(value, LARGEST_ID)


def words(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value or len(value) > 1000:
        raise ValueError
    return value


def _whole(value: Any, largest: int) -> int:
    if type(value) is not int or not 0 <= value <= largest:
        raise ValueError
    return value
