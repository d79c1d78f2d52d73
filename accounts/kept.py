"""Queries that are compiled once and asked many times.

Django makes the SQL of a query anew each time, and fills each row as if a caller had given it: that was two thirds of
the processor's time for a page of fifty claims. A `KeptQuery` does it once, for a queryset in which what changes from
call to call stands as `given("its name")`. It loads the same rows, field by field (tests/accounts/test_kept.py).

All else that went into the queryset is fixed in it, so whoever keeps one keeps it under a key that says all that.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value, prefetch_related_objects
from django.db.models.base import ModelState
from django.db.models.signals import post_init, pre_init

Row = TypeVar("Row", bound=Model)

Shared = dict[tuple["_Loader", Any], Model]
"""What was joined to the rows so far."""


@dataclass(frozen=True)
class Given:
    """Stands in the parameters of compiled SQL for what is given with each call."""

    name: str


def given(name: str) -> Value:
    """An expression for what is given later, to compare a column with."""
    return Value(Given(name))


class OneOf(Func):
    """Whether a column is one of a list that is given later."""

    template, arg_joiner = "(%(expressions)s))", " = ANY("
    output_field = BooleanField()

    def __init__(self, column: str, name: str) -> None:
        super().__init__(F(column), given(name))


class AskedWhileCompiling(RuntimeError):
    """A query was sent while one to be kept was built: its SQL would hold what may be otherwise the next time."""


class KeptQueries:
    """Queries by what went into them, the latest few hundred. The builder of one may not ask the database anything."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Hashable, KeptQuery[Any]] = {}
        self._lock = Lock()

    def get(self, key: Hashable, build: Callable[[], QuerySet[Any]]) -> KeptQuery[Any]:
        """The query that this key stands for. key: all that `build` looks at."""
        with self._lock:
            found = self._kept.pop(key, None)
            if found is None:
                with connection.execute_wrapper(_refuse):
                    found = KeptQuery(build())
            self._kept[key] = found  # last, as the one that was asked for last
            if len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]
        return found


class KeptQuery(Generic[Row]):
    """What a queryset loads, with related rows, annotations and what is prefetched."""

    def __init__(self, rows: QuerySet[Row]) -> None:
        compiler: Any = rows.query.get_compiler(using=rows.db)
        self._sql, self._parameters = compiler.as_sql()
        self._converters = compiler.get_converters([column[0] for column in compiler.select])
        self._read = _Loader(compiler.klass_info, compiler.select, rows.db)
        self._annotations = list((compiler.annotation_col_map or {}).items())
        self._prefetched = rows._prefetch_related_lookups  # type: ignore[attr-defined]  # Django's own
        self._finish: Callable[[Row], Row] | None = getattr(rows._iterable_class, "finished", None)

    def ask(self, **values: Any) -> list[Row]:
        """The rows for these values of what is `given`."""
        parameters = [values[each.name] if isinstance(each, Given) else each for each in self._parameters]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, parameters)
            found = cursor.fetchall()
        shared: Shared = {}
        rows = [self._made(values, shared) for values in self._converted(found)]
        if self._prefetched:
            prefetch_related_objects(rows, *self._prefetched)
        return rows

    def _made(self, values: Sequence[Any], shared: Shared) -> Row:
        row: Row = self._read.made(values, shared)
        for name, position in self._annotations:
            setattr(row, name, values[position])
        return self._finish(row) if self._finish else row

    def _converted(self, found: list[tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
        if not self._converters:
            yield from found
            return
        for values in map(list, found):
            for position, (converters, expression) in self._converters.items():
                for convert in converters:
                    values[position] = convert(values[position], expression, connection)
            yield values


class _Loader:
    """Makes a model's instance, and those joined to it, of the columns of one row."""

    def __init__(self, about: dict[str, Any], select: Sequence[Any], db: str) -> None:
        self.model: type[Model] = about["model"]
        if not _is_made_as_any(self.model):
            raise TypeError(f"{self.model.__name__} wants to be made by its constructor.")
        columns = about["select_fields"]
        self.columns = slice(columns[0], columns[-1] + 1)
        self.names = [select[position][0].target.attname for position in columns]
        self.key = columns[self.names.index(self.model._meta.pk.attname)]
        self.db = db
        self.joined = [
            (_Loader(each, select, db), each["local_setter"], each["remote_setter"])
            for each in about.get("related_klass_infos", ())
        ]

    def made(self, values: Sequence[Any], shared: Shared) -> Any:
        row = self.model.__new__(self.model)
        row._state = state = ModelState()
        state.adding, state.db = False, self.db
        row.__dict__.update(zip(self.names, values[self.columns], strict=True))
        for joined, tie, tie_back in self.joined:
            other = joined.found(values, shared)
            tie(row, other)
            if other is not None:
                tie_back(other, row)
        return row

    def found(self, values: Sequence[Any], shared: Shared) -> Any:
        """The same instance for all rows that refer to it, such as the document of fifty claims."""
        key = values[self.key]
        if key is None:
            return None
        if (self, key) not in shared:
            shared[self, key] = self.made(values, shared)
        return shared[self, key]


def _refuse(*_query: Any) -> Any:
    raise AskedWhileCompiling


def _is_made_as_any(model: Any) -> bool:
    """Whether nothing happens when an instance is made but that it gets its values."""
    own = model.__init__ is not Model.__init__ or "from_db" in vars(model)
    return not (own or pre_init.has_listeners(model) or post_init.has_listeners(model))
