"""Rows whose column is one of many ids, asked for in one word."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Func, Value
from django.db.models.sql.compiler import SQLCompiler


class OneOf(Func):
    """`column = ANY(array)`, as a condition.

    Django turns each id of an IN or of an ArrayField into SQL by itself, which for a thousand of them takes longer than
    the query.
    """

    template = "%(expressions)s::bigint[])"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, column: str, ids: Iterable[int | None]) -> None:
        present = sorted({pk for pk in ids if pk is not None})
        self.empty = not present
        super().__init__(column, Value(f"{{{','.join(map(str, present))}}}"))

    def as_sql(  # type: ignore[override]  # the other arguments by name
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """Raises EmptyResultSet where there are no ids: Django then asks the database nothing."""
        if self.empty:
            raise EmptyResultSet
        return super().as_sql(compiler, connection, **more)
