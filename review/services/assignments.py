"""Whose task a document is."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import User
from documents.models import Document
from documents.models import DocumentQuerySet as Documents
from review.models import Assignment

BATCH = 2_000
"""Rows written in one statement."""


@dataclass(frozen=True, slots=True)
class Given:
    """What came of giving documents to somebody, in documents. hidden: not given, because they may not see them."""

    new: int
    had: int
    hidden: int


def assign(document: Document, *, to: User | Group, by: User) -> Assignment:
    """Give a document to a person or a team, beside whoever has it already. Given twice, the first time stands."""
    assignment, _ = Assignment.objects.get_or_create(document=document, **_whom(to), defaults={"by": by})
    return assignment


@transaction.atomic
def assign_all(documents: Documents, *, to: User | Group, by: User) -> Given:
    """Give all of these documents to a person or a team. A person gets only those they may see."""
    wanted = list(documents.order_by("pk").values_list("pk", flat=True))
    seen = wanted
    if isinstance(to, User):
        visible = set(documents.visible_to(to).order_by().values_list("pk", flat=True))
        seen = [pk for pk in wanted if pk in visible]
    had = set(
        Assignment.objects.filter(document__in=documents.order_by(), **_whom(to)).values_list("document", flat=True)
    )
    new = [Assignment(document_id=pk, by=by, **_whom(to)) for pk in seen if pk not in had]
    Assignment.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
    return Given(new=len(new), had=len(had), hidden=len(wanted) - len(seen))


def unassign(document: Document, *, to: User | Group) -> None:
    """Take a document from a person or a team."""
    Assignment.objects.filter(document=document, **_whom(to)).delete()


def unassign_all(documents: Documents, *, to: User | Group) -> int:
    """Take all of these documents from a person or a team. How many they had."""
    taken, _ = Assignment.objects.filter(document__in=documents.order_by(), **_whom(to)).delete()
    return taken


def may_give(giver: User, *, to: User | Group | None) -> bool:
    """Reviewers give to anybody and take from anybody; analysts take documents for themselves and give them back."""
    return giver.has_perm("review.add_assignment") or (to == giver and giver.has_perm("claims.review_claim"))


def _whom(to: User | Group) -> dict[str, User | Group]:
    return {"person": to} if isinstance(to, User) else {"team": to}
