"""A number of rows, counted no further than anybody reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

MOST = 10_000
"""Rows counted exactly. A page says "more than" above it, instead of reading a whole table."""


@dataclass(frozen=True, slots=True)
class Tally:
    count: int
    more: bool = False
    """There are more than `count`."""

    @classmethod
    def of(cls, rows: QuerySet[Any], *, most: int = MOST) -> Tally:
        counted = rows.order_by()[: most + 1].count()
        return cls(min(counted, most), counted > most)

    def __bool__(self) -> bool:
        return self.count > 0

    def __str__(self) -> str:
        number = number_format(self.count, use_l10n=True, force_grouping=True)
        return _("more than %s") % number if self.more else number
