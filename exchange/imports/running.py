"""One way in for all files: the page, the API, the command and the job call this."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from documents.models import Collection
from exchange.imports import claim_reviews
from exchange.imports.claims import ClaimImport
from exchange.imports.errors import BadFile
from exchange.imports.files import MOST_ROWS, csv_rows, json_of, jsonl_rows, text_of
from exchange.imports.report import ImportReport, RowResult
from exchange.imports.sources import take_sources
from exchange.imports.verdicts import take_verdicts

CLAIMS, SOURCES, VERDICTS, REVIEWS = "claims", "sources", "verdicts", "claimreview"
KINDS = {
    CLAIMS: _("Claims (CSV or JSON Lines)"),
    SOURCES: _("Sources (CSV or JSON Lines)"),
    VERDICTS: _("Verdicts (CSV or JSON Lines)"),
    REVIEWS: _("ClaimReview (JSON-LD)"),
}
"""What a file may hold."""
PERMISSIONS = {
    CLAIMS: "documents.add_document",
    SOURCES: "sources.add_source",
    VERDICTS: "claims.settle_proposition",
    REVIEWS: "claims.settle_proposition",
}
"""What storing each takes; a row that decides or settles takes the permission for that as well."""

Row = tuple[int, Mapping[str, Any] | str]


def take_in(
    kind: str,
    data: bytes,
    *,
    collection: Collection,
    by: User,
    decides: bool = True,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Store what a file holds, and say what became of each row. The same file again changes nothing.

    Each row for itself: one that is refused leaves nothing behind and stops none of the others. dry_run: store nothing,
    and say what would become of them. decides: whether a row may be accepted, rejected or settled. progress: told how
    many rows of how many are through.
    Raises BadFile, and then nothing of the file was stored.
    """
    rows = rows_of(kind, data)
    report = ImportReport()
    with transaction.atomic() if dry_run else nullcontext():
        for result in _taken(kind, rows, collection=collection, by=by, decides=decides):
            report.rows.append(result)
            if progress:
                progress(len(report.rows), len(rows))
        if dry_run:
            transaction.set_rollback(True)
    report.rows.sort(key=lambda row: row.line)
    return report


def rows_of(kind: str, data: bytes) -> list[Row]:
    """The rows of a file with their lines, or what is wrong with one. Raises BadFile."""
    rows = list(_rows(kind, data))
    if not rows:
        raise BadFile("The file has no rows.")
    return rows


def _rows(kind: str, data: bytes) -> Iterator[Row]:
    text = text_of(data)
    if kind == REVIEWS:
        reviews = claim_reviews.reviews_in(json_of(text))
        if len(reviews) > MOST_ROWS:
            raise BadFile(f"The file has more than {MOST_ROWS:,} reviews. Split it.")
        for number, review in enumerate(reviews, start=1):
            yield from claim_reviews.rows_of(number, review)
    elif text.lstrip().startswith("{"):
        yield from jsonl_rows(text)
    else:
        yield from csv_rows(text)


def _taken(kind: str, rows: Iterable[Row], *, collection: Collection, by: User, decides: bool) -> Iterator[RowResult]:
    if kind == SOURCES:
        return take_sources(rows, collection=collection, by=by)
    if kind == VERDICTS:
        return take_verdicts(rows, collection=collection, by=by)
    return ClaimImport(collection, by, decides=decides).take(rows)
