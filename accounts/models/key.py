from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from knox.models import AbstractAuthToken, AuthTokenManager


class Scope(models.TextChoices):
    READ = "read", "Read"
    PROPOSE = "propose", "Propose (upload documents)"
    REVIEW = "review", "Review (decide, settle, grade)"
    ADMIN = "admin", "Administer"


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def good(self) -> Self:
        """Those that still open something."""
        unexpired = Q(expiry__isnull=True) | Q(expiry__gt=timezone.now())
        return self.filter(unexpired, revoked_at__isnull=True, user__is_active=True)

    def manageable_by(self, user: object) -> Self:
        """All keys for those who give out keys; one's own for others."""
        return self if user.has_perm("accounts.manage_keys") else self.filter(user=user)  # type: ignore[attr-defined]

    def for_list(self) -> Self:
        """With what a row of a list shows, newest first."""
        return self.select_related("user", "revoked_by").prefetch_related("collections").order_by("-created", "digest")


class ApiKey(AbstractAuthToken):  # type: ignore[misc]  # knox has no types
    """A key for the REST API. Only its SHA-512 is stored; the key itself is shown once, when it is made.

    A key may never do more than its user, and never more than its scopes; one that is `limited` sees nothing outside
    its `collections`, which `Collection.keys` holds. A revoked one stays on record.
    """

    name = models.CharField(max_length=100, help_text="What it is for: 'newsroom CMS', 'notebook of A.'")
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope), help_text="What it may do.")
    limited = models.BooleanField(default=False, help_text="It sees only the collections it was given.")
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="To the minute.")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = AuthTokenManager.from_queryset(ApiKeyQuerySet)()

    class Meta:
        verbose_name = "API key"
        verbose_name_plural = "API keys"
        constraints = [
            models.CheckConstraint(
                name="api_key_scopes_known",
                condition=Q(scopes__contained_by=list(Scope.values)) & Q(scopes__len__gt=0),
                violation_error_message="Give the key at least one scope, out of: read, propose, review, admin.",
            ),
            models.CheckConstraint(
                name="api_key_expiry_after_creation",
                condition=Q(expiry__isnull=True) | Q(expiry__gt=F("created")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.token_key}...)"

    @property
    def prefix(self) -> str:
        """The first characters of the key, safe to show, to tell keys apart."""
        return str(self.token_key)[:8]

    @property
    def is_expired(self) -> bool:
        return self.expiry is not None and self.expiry <= timezone.now()

    @property
    def is_good(self) -> bool:
        """Whether it still opens something."""
        return self.revoked_at is None and not self.is_expired and self.user.is_active
