"""Several inserts and updates as one statement: a step that an analyst waits for takes one way to the database.

PostgreSQL runs them as parts of one query (`WITH row0 AS (INSERT ... RETURNING id), row1 AS (UPDATE ...) SELECT ...`).
All parts see the rows as they were before; a part may name the id of a row that an earlier one inserts.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BigIntegerField, Func, JSONField, Model, QuerySet
from django.db.models.constants import OnConflict
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.db.models.sql import InsertQuery, UpdateQuery


class IdOf(RawSQL):
    """Stands for the id of a row that is only noted down, wherever an id may stand in a later part."""

    def __init__(self, row: Model, name: str) -> None:
        self.row = row
        super().__init__(f"SELECT id FROM {name}", [], output_field=BigIntegerField())  # noqa: S608 -- our own word

    @property
    def known(self) -> int | None:
        """The id, once it is written; None for a row that was left out."""
        return self.row.pk  # type: ignore[no-any-return]  # our keys are numbers


Id = int | IdOf


class Together:
    """What is to be written: `insert` and `update` note it down, `write` does it."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, tuple[Any, ...]]] = []
        self._inserted: dict[int, Model] = {}

    def insert(self, row: Model, *, unless_there: bool = False) -> IdOf:
        """A new row; gives what stands for its id.

        unless_there: a row that breaks a unique constraint is left out, and has no id.
        """
        query = InsertQuery(type(row), on_conflict=OnConflict.IGNORE if unless_there else None)
        fields = [field for field in row._meta.local_concrete_fields if not field.generated]
        query.insert_values([field for field in fields if not (field.primary_key and row.pk is None)], [row])
        [(sql, params)] = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        number = len(self._parts)
        self._inserted[number] = row
        self._note_down(sql, params, row)
        return IdOf(row, f"row{number}")

    def update(self, row: Model, **values: Any) -> None:
        """New values of a row that is there; the object itself is left as it is."""
        query: UpdateQuery = QuerySet(type(row)).filter(pk=row.pk).query.chain(UpdateQuery)  # type: ignore[assignment]
        query.add_update_values(values)
        sql, params = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        self._note_down(sql, params, row)

    def write(self) -> None:
        """Write it all, and give the inserted rows their ids."""
        parts = ", ".join(f"row{number} AS ({sql})" for number, (sql, _) in enumerate(self._parts))
        ids = ", ".join(f"(SELECT id FROM row{number})" for number in range(len(self._parts)))  # noqa: S608 -- our words
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {parts} SELECT {ids}", [value for _, values in self._parts for value in values])
            found = list(cursor.fetchone())
        for number, row in self._inserted.items():
            row._state.adding = found[number] is None
            if row.pk is None:
                row.pk = found[number]

    def _note_down(self, sql: str, params: tuple[Any, ...], row: Model) -> None:
        meta = row._meta
        key = meta.pk.column or meta.local_concrete_fields[0].column  # of several that make up the key, the first
        self._parts.append((f'{sql} RETURNING "{key}" AS id', params))


def ids_in_json(ids: dict[str, Id]) -> Any:
    """The ids as a value for a JSON field; those of rows that were left out are left out."""
    if not any(isinstance(each, IdOf) for each in ids.values()):
        return ids
    return Func(JSONObject(**ids), function="jsonb_strip_nulls", output_field=JSONField())


def known_ids(ids: dict[str, Id]) -> dict[str, int]:
    """The same as numbers, once all is written."""
    found = {name: each.known if isinstance(each, IdOf) else each for name, each in ids.items()}
    return {name: each for name, each in found.items() if each is not None}
