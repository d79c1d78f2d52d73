"""Rows of sources: who they are, and the wordings under which they are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import DatabaseError, transaction

from accounts.models import User
from documents.models import Collection
from exchange.imports import fields
from exchange.imports.errors import BadRow
from exchange.imports.known import digest, find, note
from exchange.imports.report import Result, RowResult
from exchange.models import RowKind
from sources.errors import SourceError
from sources.models import Access, Source, SourceAlias, SourceKind
from sources.services import create_source, describe_source


def take_sources(
    rows: Iterable[tuple[int, Mapping[str, Any] | str]], *, collection: Collection, by: User
) -> Iterator[RowResult]:
    """Make a source of each row that is not here yet. A row that is refused leaves nothing behind."""
    for line, row in rows:
        if isinstance(row, str):
            yield RowResult(line, Result.REFUSED, row)
            continue
        try:
            with transaction.atomic():
                yield _one(line, row, collection=collection, by=by)
        except (BadRow, SourceError, DatabaseError, ValueError) as error:
            yield RowResult(line, Result.REFUSED, str(error).partition("\n")[0])


def _one(line: int, row: Mapping[str, Any], *, collection: Collection, by: User) -> RowResult:
    descriptor = fields.line(row, "descriptor", "source", "name")
    if not descriptor:
        raise BadRow("it has no descriptor. Say in a few words who the source is.")
    external_id = fields.line(row, "external_id", "uid", "source_uid") or f"name {descriptor}"
    said = digest(row)
    known = find(collection, RowKind.SOURCE, external_id)
    if known is not None and Source.objects.filter(pk=known.row).exists():
        if known.digest in ("", said):
            return RowResult(line, Result.KNOWN, external_id=external_id)
        detail = f"source {known.row} came with this id and said something else. Describe it anew in the workbench."
        return RowResult(line, Result.DIFFERS, detail, external_id)
    if known is not None:
        known.delete()
    source = create_source(
        descriptor,
        by=by,
        kind=fields.choice(row, "kind", SourceKind.values, SourceKind.UNNAMED_PERSON),
        anonymous=fields.flag(row, "anonymous", default=True),
        access=fields.choice(row, "access", Access.values, Access.UNKNOWN),
        placement=fields.text(row, "placement"),
        expertise=fields.text(row, "expertise"),
    )
    more = {"motive": fields.text(row, "motive"), "sanitised_name": fields.line(row, "sanitised_name", most=200)}
    if any(more.values()):
        describe_source(source, by=by, **more)
    SourceAlias.objects.bulk_create(
        SourceAlias(source=source, wording=wording, collection=collection)
        for wording in dict.fromkeys([descriptor, *_aliases(row)])
    )
    note(collection, RowKind.SOURCE, external_id, source.pk, said)
    left_out = "its grade was left out: grades are given by analysts here." if fields.line(row, "reliability") else ""
    return RowResult(line, Result.ADDED, left_out, external_id)


def _aliases(row: Mapping[str, Any]) -> list[str]:
    """A list, or a text with semicolons. Raises BadRow."""
    said = row.get("aliases") or []
    found = said.split(";") if isinstance(said, str) else said
    if not isinstance(found, list) or not all(isinstance(alias, str) for alias in found):
        raise BadRow("aliases is no list of texts; separate them by semicolons.")
    aliases = [" ".join(alias.split()) for alias in found]
    if any(len(alias) > 500 for alias in aliases):
        raise BadRow("an alias has more than 500 characters.")
    return [alias for alias in aliases if alias]
