"""A full dump: a line for each row, each after those it names, by ids that stay the same wherever it is loaded."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.utils import timezone

from accounts.models import User
from documents.models import Original, TextLayer
from exchange.dump.inner import SHAPES
from exchange.dump.tables import BY_KIND, TABLES, Table
from exchange.models import Instance, RowKind
from exchange.uids import Uids

FORMAT = "hearsay dump"
VERSION = 1
CHUNK = 500
HEAVY = {TextLayer: 10, Original: 1}
"""Rows of these are up to 20 MB large, and read so many at a time."""

Row = dict[str, Any]


def dump() -> Iterator[str]:
    """The lines of the file, each with its line end: a heading, the rows, and a last one that says how many there are.

    All as of one moment. Everything is in it but what says who may do and see what: passwords, keys, roles, members of
    collections. What is computed (records, fingerprints) is computed anew where it is loaded.
    """
    with _one_moment():
        namespace = Instance.own_namespace()
        yield _line({"format": FORMAT, "version": VERSION, "at": timezone.now(), "namespace": namespace})
        people, count = _People(), 0
        for table in TABLES:
            for row in _rows(table, people):
                yield _line(row)
                count += 1
        yield _line({"row": "end", "rows": count})


@contextmanager
def _one_moment() -> Iterator[None]:
    """What others write meanwhile is not seen. Inside another transaction that one's rules hold."""
    Instance.own_namespace()
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


class _People:
    """Users are called by their names: those that a row of the dump names, and no others."""

    def __init__(self) -> None:
        named: set[int] = set()
        for table in TABLES:
            for field, kind in table.references.items():
                if kind == RowKind.USER:
                    found = table.model._base_manager.order_by().values_list(field, flat=True).distinct()
                    named |= {pk for pk in found if pk is not None}
        self.names = dict(User.objects.filter(pk__in=named).values_list("pk", "username"))


class _Chunk:
    """Some rows of one table, and the outside ids of all that they name."""

    def __init__(self, table: Table, rows: list[Any], uids: Uids, people: _People) -> None:
        self.table, self.rows, self.uids, self.people = table, rows, uids, people
        self.members = self._members()
        inner = self._inner()
        self.there = {kind: _existing(kind, ids) for kind, ids in inner.items()}
        named = self._named()
        uids.learn({kind: named.get(kind, set()) | inner.get(kind, set()) for kind in named.keys() | inner.keys()})

    def as_lines(self) -> Iterator[Row]:
        table = self.table
        for row in self.rows:
            told: Row = {"row": table.kind}
            if table.named and table.kind != RowKind.USER:
                told["uid"] = self.uids(table.kind, row.pk)
            for field in table.plain:
                told[field.name] = self._value(field, getattr(row, field.attname))
            for name, kind in table.references.items():
                told[name] = self._uid(kind, getattr(row, f"{name}_id"))
            for name, kind in table.lists.items():
                told[name] = [self._uid(kind, pk) for pk in self.members[name].get(row.pk, ())]
            yield told

    def _value(self, field: models.Field[Any, Any], value: Any) -> Any:
        shape = SHAPES.get((self.table.kind, field.name))
        if shape is not None and value is not None:
            return shape.swapped(value, self._inner_uid)
        if isinstance(field, models.BinaryField):
            return b64encode(value).decode()
        return value

    def _uid(self, kind: str, pk: Any) -> Any:
        if pk is None or kind == "original":
            return pk
        return self.people.names[pk] if kind == RowKind.USER else self.uids(kind, pk)

    def _inner_uid(self, kind: str, pk: Any) -> str | None:
        return str(self.uids(kind, int(pk))) if int(pk) in self.there.get(kind, ()) else None

    def _inner(self) -> dict[str, set[int]]:
        """The ids in JSON fields, by kind."""
        found: dict[str, set[int]] = {}

        def note(kind: str, pk: Any) -> None:
            found.setdefault(kind, set()).add(int(pk))

        for (kind, field), shape in SHAPES.items():
            if kind == self.table.kind:
                for row in self.rows:
                    value = getattr(row, field)
                    if value is not None:
                        shape.swapped(value, note)
        return found

    def _named(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {self.table.kind: {row.pk for row in self.rows}} if self.table.named else {}
        for name, kind in self.table.references.items():
            found.setdefault(kind, set()).update(getattr(row, f"{name}_id") for row in self.rows)
        for name, kind in self.table.lists.items():
            found.setdefault(kind, set()).update(pk for members in self.members[name].values() for pk in members)
        own = {"original", RowKind.USER}
        return {kind: {pk for pk in ids if pk is not None} for kind, ids in found.items() if kind not in own}

    def _members(self) -> dict[str, dict[int, list[int]]]:
        """Of fields that name many rows: `{field: {row: members}}`."""
        found: dict[str, dict[int, list[int]]] = {}
        for name in self.table.many:
            field: Any = self.table.model._meta.get_field(name)
            mine, theirs = field.m2m_field_name(), field.m2m_reverse_field_name()
            pairs = field.remote_field.through.objects.filter(**{f"{mine}__in": [row.pk for row in self.rows]})
            of_row: dict[int, list[int]] = found.setdefault(name, {})
            for row, member in pairs.order_by(f"{mine}_id", f"{theirs}_id").values_list(f"{mine}_id", f"{theirs}_id"):
                of_row.setdefault(row, []).append(member)
        return found


def _rows(table: Table, people: _People) -> Iterator[Row]:
    rows = table.model._base_manager.order_by("pk")
    if table.kind == RowKind.USER:
        rows = rows.filter(pk__in=people.names).order_by("username")
    wanted = [field.name for field in table.plain] + [*table.references]
    uids, size = Uids(), HEAVY.get(table.model, CHUNK)
    waiting = rows.only(*wanted).iterator(chunk_size=size)
    while chunk := list(islice(waiting, size)):
        yield from _Chunk(table, chunk, uids, people).as_lines()


def _existing(kind: str, ids: Iterable[int]) -> set[int]:
    return set(BY_KIND[kind].model._base_manager.filter(pk__in=list(ids)).values_list("pk", flat=True))


def _line(row: Row) -> str:
    return _encode(row) + "\n"


def _plain(value: Any) -> str:
    return str(value) if isinstance(value, UUID) else str(value.isoformat())


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode
