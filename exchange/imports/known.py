"""What is here already, by the ids others know it by; and the digest by which a changed row is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from documents.models import Collection
from exchange.models import KnownRow


def digest(row: Mapping[str, Any]) -> str:
    """SHA-256 of what a row says; empty fields say nothing."""
    said = {name: value for name, value in row.items() if value not in (None, "", [], {})}
    return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def find(collection: Collection, kind: str, external_id: str) -> KnownRow | None:
    return KnownRow.objects.filter(collection=collection, kind=kind, external_id=external_id[:500]).first()


def note(collection: Collection, kind: str, external_id: str, row: int, said: str = "") -> KnownRow:
    return KnownRow.objects.create(
        collection=collection, kind=kind, external_id=external_id[:500], row=row, digest=said
    )
