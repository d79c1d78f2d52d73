"""Rows of verdicts, on propositions by their number here or by the id they go by outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from django.db import DatabaseError, transaction

from accounts.models import User
from claims.models import Proposition
from claims.services.verdicts import import_verdicts
from documents.models import Collection
from exchange.imports import fields
from exchange.imports.errors import BadRow
from exchange.imports.known import find
from exchange.imports.report import Result, RowResult
from exchange.models import KnownRow, RowKind
from exchange.uids import Uids

NAMES = ("proposition_uid", "proposition")
LONGEST_NUMBER = 18
"""Digits of an id that the database can hold."""
RESULTS = {"settled": Result.ADDED, "known": Result.KNOWN, "refused": Result.REFUSED}


def take_verdicts(
    rows: Iterable[tuple[int, Mapping[str, Any] | str]], *, collection: Collection, by: User
) -> Iterator[RowResult]:
    """Settle the proposition of each row that `by` may see; each row by itself, in order."""
    rows = list(rows)
    propositions = _Propositions(collection, by, [row for _, row in rows if not isinstance(row, str)])
    for line, row in rows:
        if isinstance(row, str):
            yield RowResult(line, Result.REFUSED, row)
            continue
        try:
            values = {
                "proposition": str(propositions.named_by(row)),
                "outcome": fields.line(row, "outcome", "verdict").lower(),
                "decided_on": fields.line(row, "decided_on", "verdict_decided_on"),
                "evidence": fields.text(row, "evidence", "verdict_evidence"),
            }
            with transaction.atomic():
                [report] = import_verdicts([values], by=by)
        except (BadRow, DatabaseError) as error:
            yield RowResult(line, Result.REFUSED, str(error).partition("\n")[0])
        else:
            yield RowResult(line, RESULTS[report.result], report.detail)


class _Propositions:
    """Finds the propositions that rows name: by number, by the id they came with, or by that of our own exports."""

    def __init__(self, collection: Collection, by: User, rows: list[Mapping[str, Any]]) -> None:
        self.collection, self.by, self.rows = collection, by, rows

    def named_by(self, row: Mapping[str, Any]) -> int:
        """Raises BadRow where there is no such proposition."""
        said = fields.line(row, *NAMES)
        if not said:
            raise BadRow("it names no proposition: write its number or its uid.")
        if said.isascii() and said.isdecimal() and len(said) <= LONGEST_NUMBER:
            return int(said)
        native = KnownRow.objects.native().filter(kind=RowKind.PROPOSITION, external_id=said)
        found = native.first() or find(self.collection, RowKind.PROPOSITION, said)
        if found is not None:
            return found.row
        if said not in self._own:
            raise BadRow(f"there is no proposition {said[:40]} that {self.by.username} may see.")
        return self._own[said]

    @cached_property
    def _own(self) -> dict[str, int]:
        """By the ids of our own exports. No table knows those: all that they may be are tried, once for the file."""
        wanted = {str(row.get(name)).strip() for row in self.rows for name in NAMES}
        uids, found = Uids(), dict[str, int]()
        for pk in Proposition.objects.visible_to(self.by).order_by("pk").values_list("pk", flat=True).iterator():
            if (uid := str(uids(RowKind.PROPOSITION, pk))) in wanted:
                found[uid] = pk
        return found
