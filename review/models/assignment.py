from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import User


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def of(self, user: User) -> Self:
        """The user's own and those of their teams."""
        return self.filter(Q(person=user) | Q(team__in=user.groups.all()))


class Assignment(models.Model):
    """A document is the task of a person or of a team (a group). Others may work on it, too."""

    document = models.ForeignKey(
        "documents.Document", on_delete=models.CASCADE, related_name="assignments", db_index=False
    )  # the unique constraints begin with it
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments", null=True, blank=True
    )
    team = models.ForeignKey("auth.Group", on_delete=models.CASCADE, related_name="assignments", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments_given")
    at = models.DateTimeField(default=timezone.now)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="assignment_to_person_or_team",
                condition=Q(person__isnull=False, team__isnull=True) | Q(person__isnull=True, team__isnull=False),
                violation_error_message="Give the document to a person or to a team.",
            ),
            models.UniqueConstraint(name="assignment_once_per_person", fields=["document", "person"]),
            models.UniqueConstraint(name="assignment_once_per_team", fields=["document", "team"]),
        ]

    def __str__(self) -> str:
        return f"document {self.document_id} for {self.person or self.team}"
