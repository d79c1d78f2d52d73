"""Pages of a list in another order than that of the ids: by keys that are compared with those of the last row seen.

A page is found in two steps: where its rows stand, from the index alone, and then the rows. Rows without a value make a
stretch of their own behind those that have one. Nothing is skipped over, so a page far down is as quick as the first;
and since the id is the last key, rows with equal values have a fixed order, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Func, OuterRef, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.db.models.functions import Cast

from accounts.api.orders import Order, a_row_id
from accounts.models import User
from documents.models import Collection

WITH_VALUE, WITHOUT = 0, 1


@dataclass(frozen=True)
class Place:
    """Where a row stands. stretch: of those with a value, or of those without. values: of the keys; then the id."""

    stretch: int
    values: tuple[Any, ...]

    @property
    def pk(self) -> int:
        return int(self.values[-1])


@dataclass(frozen=True)
class Listed:
    """A list in some order. collections: ids of those whose rows it is about; asked for where the index needs them."""

    rows: QuerySet[Any]
    order: Order
    caller: User
    collections: Callable[[], Sequence[int]]

    def places(self, after: Place | None, *, most: int, back: bool = False) -> list[Place]:
        """The next places after one, or from the beginning; back: the places before it, the nearest first."""
        found: list[Place] = []
        for stretch in self._stretches(after, back):
            if len(found) < most:
                start = after if after is not None and after.stretch == stretch else None
                found += self._in_stretch(stretch, start, most=most - len(found), back=back)
        return found

    def rows_at(self, places: Sequence[Place]) -> list[Any]:
        """In this order. One that has gone meanwhile is left out."""
        ids = [place.pk for place in places]
        found = {row.pk: row for row in self.rows.order_by().filter(pk__in=ids)}
        return [found[pk] for pk in ids if pk in found]

    def read_place(self, stretch: Any, *values: Any) -> Place:
        """A place out of a cursor. Raises ValueError, TypeError or OverflowError for what cannot be one."""
        if stretch not in (WITH_VALUE, WITHOUT)[: 1 + self.order.nullable]:
            raise ValueError
        readers = [key.read for key in self.order.keys] if stretch == WITH_VALUE else []
        return Place(stretch, tuple(read(value) for read, value in zip([*readers, a_row_id], values, strict=True)))

    def _stretches(self, after: Place | None, back: bool) -> list[int]:
        stretches = [WITH_VALUE, WITHOUT] if self.order.nullable else [WITH_VALUE]
        begin = after.stretch if after is not None else (stretches[-1] if back else WITH_VALUE)
        return stretches[begin::-1] if back else stretches[begin:]

    def _in_stretch(self, stretch: int, after: Place | None, *, most: int, back: bool) -> list[Place]:
        falling = self.order.turned != back
        rest, other = self._parts()
        found = self._first_of(rest, stretch, after, most, falling, alongside=bool(self.order.alongside))
        if other is not None:
            found += self._first_of(other, stretch, after, most, falling, alongside=False)
            found.sort(reverse=falling)
        return [Place(stretch, values) for values in found[:most]]

    def _parts(self) -> tuple[QuerySet[Any], QuerySet[Any] | None]:
        """The rows with their keys; those that the caller sees otherwise apart, if there are any."""
        keys = {f"key{place}": key.column for place, key in enumerate(self.order.keys)}
        rows = self.rows.order_by()
        apart = self.order.otherwise(self.caller) if self.order.otherwise else None
        if apart is None or not apart.exists():
            return rows.annotate(**keys), None
        seen = {
            f"key{place}": key.seen(self.caller) if key.seen else key.column
            for place, key in enumerate(self.order.keys)
        }
        claims = apart.values("claim")
        return rows.exclude(pk__in=claims).annotate(**keys), rows.filter(pk__in=claims).annotate(**seen)

    def _first_of(
        self,
        rows: QuerySet[Any],
        stretch: int,
        after: Place | None,
        most: int,
        falling: bool,
        *,
        alongside: bool,
    ) -> list[tuple[Any, ...]]:
        names = [f"key{place}" for place in range(len(self.order.keys))]
        by = [f"-{name}" if falling else name for name in [*names, "pk"]]
        if self.order.nullable:
            rows = rows.filter(**{f"{names[0]}__isnull": stretch == WITHOUT})
        shown = [*(names if stretch == WITH_VALUE else ()), "pk"]
        if after is not None:
            beyond = TupleLessThan if falling else TupleGreaterThan
            rows = rows.filter(beyond(Tuple(*map(F, shown)), after.values))
        rows = rows.order_by(*by)
        if alongside:
            rows = self._of_each(rows, most).annotate(**self._keys()).order_by(*by)
        return list(rows.values_list(*shown)[:most])

    def _keys(self) -> dict[str, Any]:
        return {f"key{place}": key.column for place, key in enumerate(self.order.keys)}

    def _of_each(self, rows: QuerySet[Any], most: int) -> QuerySet[Any]:
        """The first `most` rows of each collection: of an index that begins with the collection PostgreSQL reads no
        more than these. Asked for all collections together it would sort all rows there are."""
        first = ArraySubquery(rows.filter(**{self.order.alongside: OuterRef("pk")}).values("pk")[:most])
        typed = Cast(first, ArrayField(BigIntegerField()))  # of a filter that nothing can fit there is only a NULL left
        each = Func(typed, function="unnest", output_field=BigIntegerField())
        ids = Collection.objects.filter(pk__in=self.collections()).order_by().values(first=each)
        return rows.model._default_manager.filter(pk__in=ids)  # type: ignore[no-any-return]
