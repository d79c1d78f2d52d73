"""A full dump's way into an empty installation: all of it or nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, models, transaction

from accounts.models import User
from claims.models import Claim
from documents.models import Dispatch, Document, DocumentState, Original
from documents.reuse import note_fingerprints
from exchange.dump.errors import BadDump, NotEmpty
from exchange.dump.inner import SHAPES
from exchange.dump.tables import BY_KIND, TABLES, Table
from exchange.dump.writing import FORMAT, VERSION
from exchange.models import KnownRow, RowKind

BATCH = 500
HEAVY_BATCH = 5
"""Of originals and texts, which are up to 20 MB large."""
LONGEST_LINE = 64 * 1024 * 1024
"""Bytes. A file of 20 MB takes 27 MB as base64; a text of as many characters, each escaped, at most 6 times itself."""
EARNED_ELSEWHERE = "claims.CredibilityAssessment:credibility_one_is_earned"
"""A grade 1 was earned when it was given; what it rested on may have been withdrawn since."""

Row = dict[str, Any]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """rows: of each kind, how many were added; empty when all were there from an earlier load of the same dump."""

    rows: Counter[str]
    known: int = 0


def load(lines: Iterable[bytes], *, progress: Progress | None = None) -> Loaded:
    """Take in a full dump. All in one transaction: a mistake anywhere leaves nothing.

    Rows keep their ids, so that a dump of this installation is the same as the one it came from. Users are found by
    their names; those who are not there are added without a password, inactive. Records are for the caller to compute.
    The same dump again adds nothing. Raises BadDump; NotEmpty where there is anything that did not come with this dump.
    """
    reading = _Reading(lines, progress)
    with transaction.atomic():
        if what := _what_there_is():
            return _only_known(reading, what)
        with pgtrigger.ignore(EARNED_ELSEWHERE):
            loading = _Loading()
            for line, row in reading.rows():
                loading.take(line, row)
            loading.finish()
        _what_follows()
    return Loaded(loading.counts)


def _what_there_is() -> str:
    """The first kind of row, users aside, of which there is one; "" in an empty installation."""
    tables = (table for table in TABLES if table.kind != RowKind.USER)
    found = next((table for table in tables if table.model._base_manager.exists()), None)
    return str(found.model._meta.verbose_name_plural) if found else ""


def _only_known(reading: _Reading, what: str) -> Loaded:
    """Raises NotEmpty at the first row that is not here under its id."""
    known, waiting = 0, dict[str, set[str]]()

    def check() -> None:
        for kind, ids in waiting.items():
            if KnownRow.objects.native().filter(kind=kind, external_id__in=ids).count() != len(ids):
                raise NotEmpty(what)
        waiting.clear()

    for line, row in reading.rows():
        known += 1
        table = _table_of(line, row)
        if table.named and table.kind != RowKind.USER:
            waiting.setdefault(table.kind, set()).add(_uid(line, row.get("uid")))
        if known % BATCH == 0:
            check()
    check()
    return Loaded(Counter(), known)


class _Reading:
    """The rows between heading and end, with the number of their line."""

    def __init__(self, lines: Iterable[bytes], progress: Progress | None) -> None:
        self.lines, self.progress = lines, progress

    def rows(self) -> Iterator[tuple[int, Row]]:
        number, ended = 0, False
        for number, raw in enumerate(self.lines, start=1):
            if ended:
                raise BadDump(number, "there is more after the last line. Two files were put together, it seems.")
            row = _parsed(number, raw)
            if number == 1:
                _check_heading(row)
            elif row.get("row") == "end":
                self._check_end(number, row)
                ended = True
            else:
                yield number, row
            if self.progress and number % BATCH == 0:
                self.progress(number)
        if not ended:
            raise BadDump(number, "the file ends before its last line. It was cut off; have it written again.")

    def _check_end(self, number: int, row: Row) -> None:
        if row.get("rows") != number - 2:
            raise BadDump(number, f"the last line speaks of {row.get('rows')} rows, and there are {number - 2}.")


def _parsed(number: int, raw: bytes) -> Row:
    if len(raw) > LONGEST_LINE:
        raise BadDump(number, f"it is longer than {LONGEST_LINE:,} bytes.")
    try:
        row = json.loads(raw.decode())
    except UnicodeDecodeError:
        raise BadDump(number, "it is not UTF-8.") from None
    except (ValueError, RecursionError):
        raise BadDump(number, "it is not JSON.") from None
    if not isinstance(row, dict):
        raise BadDump(number, "it is not an object.")
    return row


def _check_heading(row: Row) -> None:
    if row.get("format") != FORMAT:
        raise BadDump(1, "this is no full dump. Write one with dump_everything.")
    if row.get("version") != VERSION:
        raise BadDump(1, f"it is of version {row.get('version')}, and version {VERSION} can be read here.")


def _table_of(line: int, row: Row) -> Table:
    table = BY_KIND.get(str(row.get("row")))
    if table is None:
        raise BadDump(line, f"there is no kind of row '{str(row.get('row'))[:40]}'.")
    return table


def _uid(line: int, value: Any) -> str:
    try:
        return str(UUID(value))
    except (ValueError, AttributeError, TypeError):
        raise BadDump(line, f"'{str(value)[:40]}' is no UUID.") from None


class _Loading:
    """Rows on their way into the database, in batches of one kind."""

    def __init__(self) -> None:
        self.counts = Counter[str]()
        self.ids: dict[str, dict[str, Any]] = {}
        self.at = 0
        self.batch: list[tuple[int, str, Any]] = []
        self.pending: set[str] = set()
        self.later: list[tuple[int, Table, Any, str, Any]] = []
        self.many: list[tuple[int, Table, Any, str, list[Any]]] = []

    def take(self, line: int, row: Row) -> None:
        table = _table_of(line, row)
        place = TABLES.index(table)
        if place < self.at:
            raise BadDump(line, f"a {table.kind} stands after a {TABLES[self.at].kind}; write the file in its order.")
        if place > self.at:
            self.finish()
            self.at = place
        if table.kind == RowKind.USER:
            self._user(line, row)
            return
        uid = _uid(line, row.get("uid")) if table.named else ""
        if uid and (uid in self.pending or uid in self.ids.get(table.kind, {})):
            raise BadDump(line, f"the {table.kind} {uid} is there twice.")
        made = self._made(line, table, row)
        self.batch.append((line, uid, made))
        self.pending.add(uid)
        if len(self.batch) >= (HEAVY_BATCH if table.kind in ("original", RowKind.LAYER) else BATCH):
            self._flush()

    def finish(self) -> None:
        """Store what waits: the batch, and what names rows that came after."""
        self._flush()
        for line, table, made, name, said in self.later:
            other = self._id(line, table.references[name], said)
            if getattr(made, f"{name}_id") != other:
                table.model._base_manager.filter(pk=made.pk).update(**{f"{name}_id": other})
        for line, table, made, name, members in self.many:
            getattr(made, name).set([self._id(line, table.lists[name], member) for member in members])
        self.later, self.many = [], []

    def _user(self, line: int, row: Row) -> None:
        name = row.get("username")
        if not isinstance(name, str) or not name:
            raise BadDump(line, "a user has a username.")
        given = {field: str(row.get(field) or "")[:150] for field in ("first_name", "last_name")}
        user, created = User.objects.get_or_create(
            username=name, defaults={**given, "is_active": False, "password": "!"}
        )
        self.ids.setdefault(RowKind.USER, {})[name] = user.pk
        self.counts[RowKind.USER] += created

    def _made(self, line: int, table: Table, row: Row) -> Any:
        values: dict[str, Any] = {field.name: self._value(line, table, field, row) for field in table.plain}
        for name, kind in table.references.items():
            said = row.get(name)
            if name not in table.later:
                values[f"{name}_id"] = self._id(line, kind, said)
        if table.model is Claim:
            # The trigger notes the source of an accepted claim as the given one; a split since comes by an update.
            values["source_id"] = values["given_source_id"]
        if table.model is Original and sha256(values["content"]).hexdigest() != values["sha256"]:
            raise BadDump(line, "its content is not what sha256 says.")
        made = table.model(**values)
        self.later += [(line, table, made, name, row.get(name)) for name in table.later if row.get(name) is not None]
        self.many += [(line, table, made, name, row.get(name) or []) for name in table.lists if row.get(name)]
        return made

    def _value(self, line: int, table: Table, field: models.Field[Any, Any], row: Row) -> Any:
        if field.name not in row:
            if field.has_default() or field.null or field.empty_strings_allowed:
                return field.get_default()
            raise BadDump(line, f"a {table.kind} has a {field.name}.")
        value = row[field.name]
        shape = SHAPES.get((table.kind, field.name))
        try:
            if shape is not None and value is not None:
                value = shape.swapped(value, lambda kind, said: self._id(line, kind, said))
            return field.to_python(value)
        except (ValidationError, ValueError, TypeError, AttributeError) as error:
            raise BadDump(
                line, f"{field.name} cannot be read: {' '.join(getattr(error, 'messages', [str(error)]))}"
            ) from error

    def _id(self, line: int, kind: str, said: Any) -> Any:
        if said is None:
            return None
        if self._is_pending(kind, said):
            self._flush()
        if kind == "original":
            return said
        found = self.ids.get(kind, {}).get(said) if isinstance(said, str) else None
        if found is None:
            raise BadDump(line, f"it names the {kind} '{str(said)[:40]}', which does not stand before it.")
        return found

    def _is_pending(self, kind: str, said: Any) -> bool:
        return TABLES[self.at].kind == kind and said in self.pending

    def _flush(self) -> None:
        if not self.batch:
            return
        table = TABLES[self.at]
        lines, uids, rows = zip(*self.batch, strict=True)
        try:
            with transaction.atomic():
                table.model._base_manager.bulk_create(rows)
                if table.named:
                    KnownRow.objects.bulk_create(
                        KnownRow(kind=table.kind, row=row.pk, external_id=uid)
                        for row, uid in zip(rows, uids, strict=True)
                    )
        except (IntegrityError, DatabaseError, ValueError) as error:
            said = str(error).partition("\n")[0]
            raise BadDump(lines[0], f"this or one of the {len(lines) - 1} after it is refused: {said}") from error
        if table.named:
            self.ids.setdefault(table.kind, {}).update(zip(uids, (row.pk for row in rows), strict=True))
        self.counts[table.kind] += len(rows)
        self.batch, self.pending = [], set()


def _what_follows() -> None:
    """Documents that were still to be worked on are queued, and can be found by their words."""
    Dispatch.objects.bulk_create(Dispatch(document=row) for row in Document.objects.unfinished())
    for document in Document.objects.filter(state=DocumentState.EXTRACTED).only("pk").iterator(chunk_size=BATCH):
        note_fingerprints(document)
