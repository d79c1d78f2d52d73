from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.finding.wanted import Wanted

if TYPE_CHECKING:
    from accounts.models import User


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def visible_to(self, user: User) -> Self:
        """A person's own: what somebody looks for is nobody else's business."""
        return self.filter(owner=user)

    def by_name(self) -> Self:
        return self.order_by("name", "pk")


class SavedSearch(models.Model):
    """A search that somebody comes back to, and how far they have looked.

    What was stored since then is new to them: claims and texts with a higher id than the newest of that moment.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches", db_index=False
    )
    name = models.CharField(max_length=100)
    wanted: models.JSONField[Any, Any] = models.JSONField(
        help_text="Words and filters, as in the address of the search."
    )
    seen_claim = models.BigIntegerField(default=0, help_text="The newest claim when it was last opened.")
    seen_layer = models.BigIntegerField(default=0, help_text="The newest text of a document then.")
    opened_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "saved searches"
        constraints = [
            models.UniqueConstraint(
                name="saved_search_name_once",
                fields=["owner", "name"],
                violation_error_message="You have a saved search of that name.",
            ),
            models.CheckConstraint(
                name="saved_search_has_name",
                condition=Q(name__regex=r"\S"),
                violation_error_message="Give the search a name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def search(self) -> Wanted:
        return Wanted.of(self.wanted)
