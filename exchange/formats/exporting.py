"""One way out for all formats: from a selection of claims to the pieces of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils import timezone

from accounts.models import User
from exchange.formats import plain
from exchange.formats.catalogue import Format, Heading
from exchange.formats.rows import stream
from exchange.models import Instance

FORMATS = {
    form.name: form
    for form in (
        Format("jsonl", "JSON Lines", "application/jsonl", "jsonl", plain.write_jsonl),
        Format("csv", "CSV", "text/csv; charset=utf-8", "csv", plain.write_csv),
        Format("csv-bom", "CSV for spreadsheets", "text/csv; charset=utf-8", "csv", plain.write_csv_with_bom),
    )
}
"""By name. A new one is a line here."""
PIECE = 64 * 1024
"""Characters that are gathered before they are sent."""


def export(form: Format, user: User, wanted: Mapping[str, str] | None = None) -> Iterator[str]:
    """The file, piece by piece. wanted: as the list of claims is asked for. Raises BadSelection, at once."""
    chosen = dict(wanted or {})
    heading = Heading(Instance.own_namespace(), user.display_name, timezone.now(), chosen)
    return _in_pieces(form.write(stream(user, chosen, origins=form.origins, context=form.context), heading))


def file_name(form: Format) -> str:
    return f"claims-{timezone.localdate().isoformat()}.{form.suffix}"


def _in_pieces(texts: Iterator[str]) -> Iterator[str]:
    """Fewer and larger ones: each that is sent by itself costs a write to the network."""
    waiting: list[str] = []
    size = 0
    for text in texts:
        waiting.append(text)
        size += len(text)
        if size >= PIECE:
            yield "".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield "".join(waiting)
