"""Whether a source, a claim or a document is discredited, for the pages that show what rests on it."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from claims.impact import Subject
from claims.models import Claim, Discrediting
from documents.models import Document
from sources.models import Source


def discredit_part(subject: Subject, user: User) -> dict[str, Any]:
    """What `_discredit.html` needs: who may, of what, and what is in force. One query."""
    kind = kind_of(subject)
    rows = Discrediting.objects.in_force().filter(**{kind: subject}).select_related("by")
    return {
        "kind": kind,
        "subject": subject,
        "discrediting": rows.first(),
        "may_discredit": user.has_perm("claims.discredit"),
    }


def kind_of(subject: Subject) -> str:
    return "source" if isinstance(subject, Source) else "claim" if isinstance(subject, Claim) else "document"


def find_subject(kind: str, pk: int, user: User) -> Subject | None:
    """What the user may see of that kind; for a merged source the one that stands."""
    if kind == "source":
        found = Source.objects.visible_to(user).defer("search").select_related("merged_into").filter(pk=pk).first()
        return found.standing if found else None
    if kind == "claim":
        return Claim.objects.visible_to(user).accepted().defer("search").filter(pk=pk).first()
    return Document.objects.visible_to(user).filter(pk=pk).first() if kind == "document" else None
