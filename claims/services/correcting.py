"""What an edit changes on a claim in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from claims.errors import BadSpan
from claims.models import Claim, DocumentSource
from claims.services.commitment import read_again
from claims.services.steps import Fragments, mark


def correct(
    claim: Claim,
    *,
    spans: Mapping[str, Fragments] | None = None,
    document_source: DocumentSource | None = None,
    **fields: Any,
) -> None:
    """Give a claim new fragments by role, another source of its document, other values; None leaves a field as it is.

    Raises BadSpan.
    """
    for role, fragments in (spans or {}).items():
        mark(claim, role, fragments)
    if "content" in (spans or {}):
        claim.commitment = read_again(claim)
    if document_source is not None:
        if document_source.run.layer_id != claim.layer_id:
            raise BadSpan("source", f"{document_source.label} belongs to another document.")
        known = document_source.source
        claim.document_source, claim.source = document_source, known.standing if known else None
    for field, value in fields.items():
        if value is not None:
            setattr(claim, field, value)
