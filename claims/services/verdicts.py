"""Verdicts by the table: one row, one proposition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from accounts.ids import row_id
from accounts.models import User
from claims.errors import ClaimError
from claims.models import Outcome, Proposition, Verdict
from claims.services.judge import settle

COLUMNS = ("proposition", "outcome", "decided_on", "evidence")


@dataclass(frozen=True, slots=True)
class RowReport:
    """line: 2 is the first row under the headings. detail: why a row was refused."""

    line: int
    result: Literal["settled", "known", "refused"]
    detail: str = ""


def import_verdicts(rows: Iterable[Mapping[str, str | None]], *, by: User) -> Iterator[RowReport]:
    """Settle the proposition (its id) of each row that `by` may see; each row by itself, in order.

    A row that says what the verdict in force says already is known; one that says otherwise is refused.
    """
    for line, row in enumerate(rows, start=2):
        values = {column: (row.get(column) or "").strip() for column in COLUMNS}
        try:
            known = _settle(values, by=by)
        except (ValueError, ClaimError) as error:
            yield RowReport(line, "refused", str(error))
        else:
            yield RowReport(line, "known" if known else "settled")


def _settle(values: dict[str, str], *, by: User) -> bool:
    """Returns whether nothing was to be done. Raises ValueError with what is wrong with the row, ClaimError."""
    number = values["proposition"]
    if not (number.isascii() and number.isdecimal()):
        raise ValueError(f"the proposition is '{number[:40]}'; write its number")
    if values["outcome"] not in Outcome.values:
        raise ValueError(f"the outcome is '{values['outcome'][:40]}'; write one of {', '.join(Outcome.values)}")
    try:
        decided_on = date.fromisoformat(values["decided_on"])
    except ValueError:
        raise ValueError(f"decided_on is '{values['decided_on'][:40]}'; write a day as YYYY-MM-DD") from None
    proposition = Proposition.objects.visible_to(by).filter(pk=row_id(number) or 0).first()
    if proposition is None:
        raise ValueError(f"there is no proposition {number[:40]} that {by.username} may see")
    in_force = Verdict.objects.in_force().filter(proposition=proposition).first()
    if in_force and (in_force.outcome, in_force.decided_on) == (values["outcome"], decided_on):
        return True
    settle(proposition, outcome=values["outcome"], decided_on=decided_on, evidence=values["evidence"], by=by)
    return False
