"""Rows of verdicts, on propositions by their number here or by the id they go by outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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

RESULTS = {"settled": Result.ADDED, "known": Result.KNOWN, "refused": Result.REFUSED}


def take_verdicts(
    rows: Iterable[tuple[int, Mapping[str, Any] | str]], *, collection: Collection, by: User
) -> Iterator[RowResult]:
    """Settle the proposition of each row that `by` may see; each row by itself, in order."""
    for line, row in rows:
        if isinstance(row, str):
            yield RowResult(line, Result.REFUSED, row)
            continue
        try:
            values = {
                "proposition": str(_proposition(row, collection, by)),
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


def _proposition(row: Mapping[str, Any], collection: Collection, by: User) -> int:
    """Raises BadRow where there is no such proposition."""
    said = fields.line(row, "proposition_uid", "proposition")
    if not said:
        raise BadRow("it names no proposition: write its number or its uid.")
    if said.isascii() and said.isdecimal():
        if len(said) > 18:
            raise BadRow(f"there is no proposition {said[:40]} that {by.username} may see")
        return int(said)
    native = KnownRow.objects.native().filter(kind=RowKind.PROPOSITION, external_id=said)
    found = native.first() or find(collection, RowKind.PROPOSITION, said)
    if found is not None:
        return found.row
    return _own(said, by)


def _own(uid: str, by: User) -> int:
    """By the id it has in our own exports. No table knows those: all that it may be are tried."""
    uids = Uids()
    for pk in Proposition.objects.visible_to(by).order_by("-pk").values_list("pk", flat=True).iterator():
        if str(uids(RowKind.PROPOSITION, pk)) == uid:
            return pk
    raise BadRow(f"there is no proposition {uid[:40]} that {by.username} may see.")
