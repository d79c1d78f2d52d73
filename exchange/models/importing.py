from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from documents.models import Collection

if TYPE_CHECKING:
    from accounts.models import User

KEPT_DAYS = 7
"""A file that was looked at and never taken in is forgotten after so long."""


class ImportFileQuerySet(models.QuerySet["ImportFile"]):
    def visible_to(self, user: User) -> Self:
        """A file is its sender's, as long as they see the collection it is for."""
        return self.filter(by=user, collection__in=Collection.objects.ids_visible_to(user))

    def outdated(self) -> Self:
        return self.filter(created_at__lt=timezone.now() - timedelta(KEPT_DAYS))


class ImportFile(models.Model):
    """A file on its way in: kept until its rows are stored, in the database as all that arrives (ADR 0003)."""

    kind = models.CharField(max_length=20, help_text="What it holds: claims, sources, verdicts ...")
    name = models.CharField(max_length=255)
    content = models.BinaryField()
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    decides = models.BooleanField(default=True, help_text="False: sent with a key that may only propose.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ImportFileQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(name="import_file_age", fields=["created_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
