"""Whose task a document is."""

from __future__ import annotations

from django.contrib.auth.models import Group

from accounts.models import User
from documents.models import Document
from review.models import Assignment


def assign(document: Document, *, to: User | Group, by: User) -> Assignment:
    """Give a document to a person or a team, beside whoever has it already. Given twice, the first time stands."""
    whom = {"person": to} if isinstance(to, User) else {"team": to}
    assignment, _ = Assignment.objects.get_or_create(document=document, **whom, defaults={"by": by})
    return assignment


def unassign(document: Document, *, to: User | Group) -> None:
    """Take a document from a person or a team."""
    whom = {"person": to} if isinstance(to, User) else {"team": to}
    Assignment.objects.filter(document=document, **whom).delete()
