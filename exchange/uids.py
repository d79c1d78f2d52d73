"""Ids that stay: what a row of ours is called outside, the same in every format and every export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID, uuid5

from exchange.models import Instance, KnownRow


class Uids:
    """`uid(kind, row)`: a version 5 UUID in the installation's namespace, or the one it came with from elsewhere.

    A row that came with a full dump keeps the id it has where it came from, once `learn` has looked it up.
    """

    def __init__(self) -> None:
        self.namespace = Instance.own_namespace()
        self.native: dict[tuple[str, int], UUID] = {}
        self.from_elsewhere = KnownRow.objects.native().exists()

    def learn(self, rows: Mapping[str, Iterable[int]]) -> None:
        """Look up which of these rows (`{kind: ids}`) came from elsewhere, and forget the others.

        One query for each kind; none where no dump was ever taken in.
        """
        self.native.clear()
        if not self.from_elsewhere:
            return
        for kind, ids in rows.items():
            known = KnownRow.objects.native().filter(kind=kind, row__in=list(ids))
            self.native |= {(kind, row): UUID(said) for row, said in known.values_list("row", "external_id")}

    def __call__(self, kind: str, row: int) -> UUID:
        return self.native.get((kind, row)) or uuid5(self.namespace, f"{kind}/{row}")
