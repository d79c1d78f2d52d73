from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Result(StrEnum):
    """What became of a row. known: it was here already; differs: it was, and the file says something else now."""

    ADDED = "added"
    KNOWN = "known"
    DIFFERS = "differs"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowResult:
    """line: in the file, from 1. detail: what is wrong and what to do, or what was left out of a row that was added."""

    line: int
    result: Result
    detail: str = ""
    external_id: str = ""


@dataclass(slots=True)
class ImportReport:
    rows: list[RowResult] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(str(row.result) for row in self.rows)
        return {result: found[result] for result in Result}

    @property
    def problems(self) -> list[RowResult]:
        """Rows that are not in the archive as the file has them, and those that were added with something left out."""
        return [row for row in self.rows if row.result in (Result.REFUSED, Result.DIFFERS) or row.detail]

    @property
    def words(self) -> str:
        return ", ".join(f"{count} {result}" for result, count in self.counts.items())
