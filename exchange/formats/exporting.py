"""One way out for all formats: from a selection of claims to the pieces of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from django.utils import timezone

from accounts.models import User
from exchange.formats import (
    annex_html,
    annex_markdown,
    claim_review,
    misp,
    plain,
    provenance,
    stix,
    web_annotation,
)
from exchange.formats.catalogue import Format, Heading
from exchange.formats.records import ClaimRecord
from exchange.formats.rows import stream
from exchange.models import Instance

FORMATS = {
    form.name: form
    for form in (
        Format("jsonl", "JSON Lines", "application/jsonl", "jsonl", plain.write_jsonl),
        Format("csv", "CSV", "text/csv; charset=utf-8", "csv", plain.write_csv),
        Format("csv-bom", "CSV for spreadsheets", "text/csv; charset=utf-8", "csv", plain.write_csv_with_bom),
        Format("stix", "STIX 2.1", "application/stix+json;version=2.1", "stix.json", stix.write_stix),
        Format("misp", "MISP event", "application/json", "misp.json", misp.write_misp),
        Format(
            "claimreview",
            "ClaimReview (schema.org)",
            "application/ld+json",
            "claimreview.jsonld",
            claim_review.write_claim_reviews,
            by_proposition=True,
        ),
        Format(
            "annotations",
            "Web Annotations (W3C)",
            'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
            "annotations.jsonld",
            web_annotation.write_annotations,
            context=web_annotation.CONTEXT_CHARACTERS,
        ),
        Format("prov", "PROV-JSON", "application/provenance+json", "prov.json", provenance.write_prov),
        Format(
            "annex-md",
            "Sourcing annex (ICD 206), Markdown",
            "text/markdown; charset=utf-8",
            "annex.md",
            annex_markdown.write_annex_markdown,
            origins=True,
            by_proposition=True,
        ),
        Format(
            "annex-html",
            "Sourcing annex (ICD 206), to print",
            "text/html; charset=utf-8",
            "annex.html",
            annex_html.write_annex_html,
            origins=True,
            by_proposition=True,
        ),
    )
}
"""By name. A new one is a line here."""
COUNTED_BY = 100
"""Claims between two words on how far an export is."""
PIECE = 64 * 1024
"""Characters that are gathered before they are sent."""


def export(
    form: Format,
    user: User,
    chosen: Mapping[str, str] | None = None,
    *,
    progress: Callable[[int], None] | None = None,
    address: str = "",
) -> Iterator[str]:
    """The file, piece by piece. chosen: as the list of claims is asked for. progress: told how many claims are through.

    address: see Heading. Raises BadSelection, at once.
    """
    heading = Heading(Instance.own_namespace(), user.display_name, timezone.now(), dict(chosen or {}), address)
    records = stream(user, chosen, origins=form.origins, context=form.context, by_proposition=form.by_proposition)
    return _in_pieces(form.write(_counted(records, progress) if progress else records, heading))


def _counted(records: Iterator[ClaimRecord], progress: Callable[[int], None]) -> Iterator[ClaimRecord]:
    for number, record in enumerate(records, start=1):
        yield record
        if number % COUNTED_BY == 0:
            progress(number)


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
