"""Ids of rows inside JSON fields: found by their shape, and swapped for the ids they have elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from exchange.models import RowKind

Swap = Callable[[str, Any], Any]
"""From kind and id to the other id; None where there is no such row any more."""


@dataclass(frozen=True, slots=True)
class Named:
    """An object of which some values are ids: `{name: kind}`. only: whether all other names are left out."""

    kinds: Mapping[str, str]
    only: bool = False
    nullable: bool = True

    def swapped(self, value: Any, swap: Swap) -> Any:
        """A null stays; an id of a row that is gone becomes null, or with `only` is left out."""
        if not isinstance(value, dict):
            raise TypeError("it is no object")
        found: dict[str, Any] = {} if self.only else dict(value)
        for name, kind in self.kinds.items():
            if value.get(name) is None:
                continue
            other = swap(kind, value[name])
            if other is not None or not self.only:
                found[name] = other
        return found


@dataclass(frozen=True, slots=True)
class Keyed:
    """An object whose keys are ids, and perhaps its values or their members. Entries of rows that are gone go, too."""

    key: str
    value: str = ""

    def swapped(self, value: Any, swap: Swap) -> Any:
        found: dict[str, Any] = {}
        for key, said in value.items():
            row = swap(self.key, key)
            inner = self._value(said, swap)
            if row is not None and inner is not None:
                found[str(row)] = inner
        return found

    def _value(self, said: Any, swap: Swap) -> Any:
        if not self.value:
            return said
        if isinstance(said, list):
            members = [swap(self.value, member) for member in said]
            return None if None in members else members
        return swap(self.value, said)


@dataclass(frozen=True, slots=True)
class Ids:
    """A list of ids."""

    kind: str

    def swapped(self, value: Any, swap: Swap) -> Any:
        return [row for row in (swap(self.kind, member) for member in value) if row is not None]


@dataclass(frozen=True, slots=True)
class One:
    """An id; 0 for one of a row that is gone."""

    kind: str

    def swapped(self, value: Any, swap: Swap) -> Any:
        return swap(self.kind, value) or 0


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of objects, each of one shape."""

    each: Named

    def swapped(self, value: Any, swap: Swap) -> Any:
        return [self.each.swapped(member, swap) for member in value]


@dataclass(frozen=True, slots=True)
class Parts:
    """An object whose values have shapes of their own."""

    shapes: Mapping[str, Ids | Rows] = field(default_factory=dict)

    def swapped(self, value: Any, swap: Swap) -> Any:
        return {name: self.shapes[name].swapped(said, swap) for name, said in value.items() if name in self.shapes}


Shape = Named | Keyed | Ids | One | Rows | Parts

VERSION_OF_CLAIM = Named(
    {
        "source_id": RowKind.SOURCE,
        "document_source_id": RowKind.DOCUMENT_SOURCE,
        "proposition_id": RowKind.PROPOSITION,
        "proposition": RowKind.PROPOSITION,
    }
)
"""A claim's reviewable fields, as reviews keep them."""
MADE = Named(
    {
        "source": RowKind.SOURCE,
        "proposition": RowKind.PROPOSITION,
        "resolved": RowKind.DOCUMENT_SOURCE,
        "alias": RowKind.ALIAS,
    },
    only=True,
)
"""The rows a step made."""
SHAPES: dict[tuple[str, str], Shape] = {
    (RowKind.CALIBRATION, "newest_review"): One(RowKind.REVIEW),
    (RowKind.MERGE, "followers"): Ids(RowKind.SOURCE),
    (RowKind.SPLIT, "claims"): Keyed(RowKind.CLAIM, RowKind.SOURCE),
    (RowKind.SPLIT, "document_sources"): Keyed(RowKind.DOCUMENT_SOURCE, RowKind.SOURCE),
    (RowKind.SPLIT, "aliases"): Parts(
        {
            "made": Ids(RowKind.ALIAS),
            "taken": Rows(
                Named(
                    {
                        "source_id": RowKind.SOURCE,
                        "collection_id": RowKind.COLLECTION,
                        "document_id": RowKind.DOCUMENT,
                    }
                )
            ),
        }
    ),
    (RowKind.MOVE, "claims"): Keyed(RowKind.CLAIM),
    (RowKind.MOVE, "links"): Keyed(RowKind.PROPOSITION_LINK, RowKind.PROPOSITION),
    (RowKind.REVIEW, "before"): VERSION_OF_CLAIM,
    (RowKind.REVIEW, "made"): MADE,
    **{(RowKind.SECOND_REVIEW, name): VERSION_OF_CLAIM for name in ("first", "found", "second", "third")},
}
"""By kind of row and field."""
