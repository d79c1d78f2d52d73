"""A claim as it is, to be kept beside it."""

from __future__ import annotations

from typing import Any

from claims.models import Claim
from claims.services.steps import REVIEWABLE, snapshot

KEPT = [field for field in REVIEWABLE if field not in ("proposition_id", "fingerprint")]
"""The fields of a version beside a claim. The place it is known by and its proposition are the claim's alone."""


def version_of(claim: Claim) -> dict[str, Any]:
    values = snapshot(claim)
    return {field: values[field] for field in KEPT} | {"version": claim.version}
