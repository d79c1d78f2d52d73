"""One shape for a claim's row, whether it comes as a row of CSV or as a nested record of our JSON Lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NESTED = {
    "document": ("document", "label"),
    "document_uid": ("document", "uid"),
    "document_name": ("document", "name"),
    "document_title": ("document", "title"),
    "doc_number": ("document", "doc_number"),
    "document_date": ("document", "document_date"),
    "classification": ("document", "classification"),
    "source_quote": ("source_span", "quote"),
    "cue_quote": ("cue", "quote"),
    "content_quote": ("content", "quote"),
    "source": ("source", "name"),
    "source_uid": ("source", "uid"),
    "source_kind": ("source", "kind"),
    "source_anonymous": ("source", "anonymous"),
    "source_access": ("source", "access"),
    "source_placement": ("source", "placement"),
    "reliability": ("source", "reliability"),
    "reliability_judged": ("source", "reliability_judged"),
    "proposition": ("proposition", "text"),
    "proposition_uid": ("proposition", "uid"),
    "topic": ("proposition", "topic"),
    "credibility": ("credibility", "grade"),
    "likelihood": ("credibility", "likelihood"),
    "confidence": ("credibility", "confidence"),
    "credibility_basis": ("credibility", "basis"),
    "verdict": ("proposition", "verdict", "outcome"),
    "verdict_decided_on": ("proposition", "verdict", "decided_on"),
    "verdict_evidence": ("proposition", "verdict", "evidence"),
}
"""Where a record of ours holds what a row of CSV has under the first name."""


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with what its objects hold under the names of the CSV. Other objects and lists are left out."""
    found = {name: value for name, value in row.items() if not isinstance(value, dict | list)}
    for name, path in NESTED.items():
        if name not in found and isinstance(row.get(path[0]), dict):
            value = _at(row, path)
            if not isinstance(value, dict | list):
                found[name] = value
    return found


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value
