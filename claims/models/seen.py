"""Claims as one user may see them: where the first decision is kept from them, as found, or as they have it so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models.query import ModelIterable

if TYPE_CHECKING:
    from claims.models.claim import Claim

NEVER_GRADED = {"given_reliability": None, "given_credibility": None, "source_worded_elsewhere": False}
"""What annotations of a claim read before anybody has judged."""


class AsSeen(ModelIterable):  # type: ignore[type-arg]  # generic in the stubs only
    """Rows annotated with `seen`, each turned into what its user sees."""

    def __iter__(self) -> Iterator[Claim]:
        return map(self.finished, super().__iter__())

    @staticmethod
    def finished(claim: Claim) -> Claim:
        """The claim as its user sees it. Also asked by `KeptQuery`, which loads rows by itself."""
        if claim.seen is not None:  # type: ignore[attr-defined]  # an annotation
            show_version(claim, claim.seen)  # type: ignore[attr-defined]  # the same
        return claim


def show_version(claim: Claim, version: Mapping[str, Any]) -> None:
    """Give a claim in memory the values of a version kept beside it. It has no proposition and no grade there."""
    fields = {field.attname for field in claim._meta.concrete_fields}
    for field, value in version.items():
        if field in fields:
            setattr(claim, field, value)
    day = version.get("information_date")
    claim.information_date = date.fromisoformat(day) if day else None
    claim.proposition_id = claim.given_source_id = None
    claim.start = claim.first_character
    for name, value in NEVER_GRADED.items():
        if name in claim.__dict__:
            setattr(claim, name, value)
