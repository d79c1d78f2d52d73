"""Reading a register: a folder of CSV files that say which source gave which answer to which question, and when.

claims.csv      claim_id, source, question, value, day (a date, or days since a day zero that the caller sets)
provenance.csv  claim_id, derived_from_source: claims that repeat another source. Optional.
verdicts.csv    question, true_value: what is known to be true by now. Optional.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from claims.errors import BadRegister

CLAIM_COLUMNS = ("claim_id", "source", "question", "value", "day")
PROVENANCE_COLUMNS = ("claim_id", "derived_from_source")
VERDICT_COLUMNS = ("question", "true_value")
MOST_DAYS = 1_000_000

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RegisteredClaim:
    """One row of claims.csv. The places are `[start, end)` in the file's text: of the source, of question to value."""

    identifier: str
    source: str
    question: str
    value: str
    day: date | int
    source_place: Place
    content_place: Place


@dataclass(frozen=True, slots=True)
class Register:
    """text: claims.csv as it stands. repeats: claim id to the source it was had from. true_values: by question."""

    name: str
    content: bytes
    text: str
    claims: tuple[RegisteredClaim, ...]
    repeats: dict[str, str]
    true_values: dict[str, str]

    @property
    def last_day(self) -> int:
        """The highest day that is given as a number; 0 where all are dates."""
        return max((claim.day for claim in self.claims if isinstance(claim.day, int)), default=0)

    def dates(self, day_zero: date) -> dict[str, date]:
        """The day of each claim, by claim id."""
        return {
            claim.identifier: day_zero + timedelta(claim.day) if isinstance(claim.day, int) else claim.day
            for claim in self.claims
        }


def read_register(folder: Path) -> Register:
    """Read a register's folder. Raises BadRegister, which names files and lines with what to do about them."""
    path = folder / "claims.csv"
    if not path.is_file():
        raise BadRegister([f"there is no claims.csv in {folder}; it needs the columns {', '.join(CLAIM_COLUMNS)}"])
    content = path.read_bytes()
    text = _decoded(path, content)
    mistakes: list[str] = []
    claims = tuple(_claims(text, mistakes))
    repeats = {
        row["claim_id"]: row["derived_from_source"]
        for row in _rows(folder / "provenance.csv", PROVENANCE_COLUMNS, mistakes)
    }
    verdicts = {row["question"]: row["true_value"] for row in _rows(folder / "verdicts.csv", VERDICT_COLUMNS, mistakes)}
    known = {claim.identifier for claim in claims}
    mistakes += [f"provenance.csv: claim {one} is not in claims.csv" for one in repeats if one not in known]
    if mistakes:
        raise BadRegister(mistakes)
    return Register(folder.resolve().name, content, text, claims, repeats, verdicts)


def _claims(text: str, mistakes: list[str]) -> Iterator[RegisteredClaim]:
    seen: set[str] = set()
    for line, row, places in _placed_rows(text, mistakes):
        identifier = row["claim_id"]
        day = _day(row["day"])
        if identifier in seen:
            mistakes.append(f"claims.csv line {line}: claim {identifier} stands there twice; keep one")
        elif day is None:
            mistakes.append(
                f"claims.csv line {line}: the day is '{row['day'][:40]}'; write YYYY-MM-DD or whole days since day zero"
            )
        else:
            seen.add(identifier)
            yield RegisteredClaim(
                identifier=identifier,
                source=row["source"],
                question=row["question"],
                value=row["value"],
                day=day,
                source_place=places["source"],
                content_place=_around(places["question"], places["value"]),
            )


def _around(one: Place, other: Place) -> Place:
    return min(one[0], other[0]), max(one[1], other[1])


def _placed_rows(text: str, mistakes: list[str]) -> Iterator[tuple[int, dict[str, str], dict[str, Place]]]:
    """Each complete row of claims.csv with its line number and where its cells stand in the text."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for each in lines:
        starts.append(starts[-1] + len(each))
    reader = csv.DictReader(iter(lines))
    columns = reader.fieldnames or []
    if missing := [column for column in CLAIM_COLUMNS if column not in columns]:
        mistakes.append(f"claims.csv: the first line lacks {', '.join(missing)}")
        return
    before = reader.line_num
    for row in reader:
        first, before = before, reader.line_num
        if empty := _empty(row, CLAIM_COLUMNS):
            mistakes.append(f"claims.csv line {first + 1}: {empty} is empty")
        else:
            raw = text[starts[first] : starts[before]]
            yield first + 1, row, _cell_places(raw, starts[first], columns)


def _rows(path: Path, columns: tuple[str, ...], mistakes: list[str]) -> Iterator[dict[str, str]]:
    if not path.is_file():
        return
    reader = csv.DictReader(io.StringIO(_decoded(path, path.read_bytes())))
    if missing := [column for column in columns if column not in (reader.fieldnames or [])]:
        mistakes.append(f"{path.name}: the first line lacks {', '.join(missing)}")
        return
    for row in reader:
        if empty := _empty(row, columns):
            mistakes.append(f"{path.name} line {reader.line_num}: {empty} is empty")
        else:
            yield row


def _empty(row: dict[str, str], columns: tuple[str, ...]) -> str:
    return ", ".join(column for column in columns if not row[column])


def _decoded(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadRegister([f"{path.name} is not UTF-8; save it as UTF-8"]) from None


def _day(value: str) -> date | int | None:
    if value.isdecimal() and value.isascii():
        return int(value) if int(value) <= MOST_DAYS else None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _cell_places(raw: str, start: int, columns: Sequence[str]) -> dict[str, Place]:
    """Where each cell of a row stands. A row with quotation marks gives the whole row for each."""
    row = raw.rstrip("\r\n")
    if '"' in row:
        return dict.fromkeys(columns, (start, start + len(row)))
    places: dict[str, Place] = {}
    for column, cell in zip(columns, row.split(","), strict=False):
        places[column] = start, start + len(cell)
        start += len(cell) + 1
    return places
