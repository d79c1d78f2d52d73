"""From bytes to rows: CSV, JSON Lines and JSON-LD, with limits on all that a sender chooses."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from typing import Any

from exchange.formats.plain import unguarded
from exchange.imports.errors import BadFile

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 50_000
LONGEST_CELL = 100_000
"""Characters."""
DEEPEST = 20
"""Objects and lists within each other."""
KEPT_CONTROLS = {"\n", "\t", "\r"}

Row = dict[str, Any]
Problem = str


def text_of(data: bytes) -> str:
    """The file's text: UTF-8, with or without a byte order mark. Raises BadFile."""
    if len(data) > MOST_BYTES:
        raise BadFile(f"The file is too large: at most {MOST_BYTES:,} bytes are taken. Split it.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(f"The file is not UTF-8 (byte {error.start}). Save it as UTF-8 and send it again.") from None
    if not text.strip():
        raise BadFile("The file is empty.")
    return text


def csv_rows(text: str) -> Iterator[tuple[int, Row | Problem]]:
    """Line and cells by column, or what is wrong with the line. An apostrophe before what looks like a formula goes.

    Raises BadFile for a first line without columns, for one that has a column twice, and above MOST_ROWS.
    """
    csv.field_size_limit(min(sys.maxsize, MOST_BYTES))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = [column.strip().lower() for column in next(reader)]
        if len(set(columns)) < len(columns) or not all(columns):
            raise BadFile("The first line names the columns, each once and none empty.")
        line = reader.line_num + 1
        for number, cells in enumerate(reader, start=1):
            _check_number(number)
            if cells and any(cell.strip() for cell in cells):
                yield line, _csv_row(columns, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadFile(f"Line {reader.line_num} is no CSV: {error}. Check its quotation marks.") from None
    except StopIteration:
        raise BadFile("The file is empty.") from None


def _csv_row(columns: list[str], cells: list[str]) -> Row | Problem:
    if len(cells) != len(columns):
        return f"it has {len(cells)} cells, and the first line names {len(columns)} columns."
    return _checked({column: unguarded(cell).strip() for column, cell in zip(columns, cells, strict=True)})


def jsonl_rows(text: str) -> Iterator[tuple[int, Row | Problem]]:
    """Line and object, or what is wrong with the line. Raises BadFile above MOST_ROWS."""
    number = 0
    for line, said in enumerate(text.split("\n"), start=1):
        if not said.strip():
            continue
        number += 1
        _check_number(number)
        try:
            row = json.loads(said, parse_constant=_no_number)
        except (ValueError, RecursionError):
            yield line, "it is not JSON."
            continue
        yield line, _checked(row) if isinstance(row, dict) else "it is not an object."


def json_of(text: str) -> Any:
    """A whole file of JSON. Raises BadFile."""
    try:
        found = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise BadFile("The file is not JSON, or is nested too deeply.") from None
    if isinstance(problem := _checked({"": found}), str):
        raise BadFile(f"The file cannot be taken: {problem}")
    return found


def _no_number(name: str) -> None:
    raise ValueError(name)


def _check_number(number: int) -> None:
    if number > MOST_ROWS:
        raise BadFile(f"The file has more than {MOST_ROWS:,} rows. Split it.")


def _checked(row: Row) -> Row | Problem:
    return _problem(row, 0) or row


def _problem(value: Any, depth: int) -> Problem:
    """What is wrong with a value or with what is in it; "" where nothing is."""
    if depth > DEEPEST:
        return f"it is nested more than {DEEPEST} deep."
    if isinstance(value, str):
        if len(value) > LONGEST_CELL:
            return f"a text in it has {len(value):,} characters; at most {LONGEST_CELL:,} are taken."
        if strange := next((c for c in value if (c < " " and c not in KEPT_CONTROLS) or "\ud800" <= c <= "\udfff"), ""):
            return f"a text in it has the control character U+{ord(strange):04X}. Take it out."
        return ""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((problem for member in inner if (problem := _problem(member, depth + 1))), "")
