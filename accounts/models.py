"""Who works here: people, their roles (groups, see roles.py), and the keys that machines call with."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from knox.models import AbstractAuthToken


class User(AbstractUser):  # type: ignore[django-manager-missing]  # that of the keys, for the same reason as below
    """A person, or the account behind a machine's keys. What it may do comes from its groups."""

    class Meta(AbstractUser.Meta):
        permissions = [("manage_keys", "Can give out and revoke API keys")]

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.username


class Scope(models.TextChoices):
    READ = "read", "Read"
    PROPOSE = "propose", "Propose (upload documents)"
    REVIEW = "review", "Review (decide, settle, grade)"
    ADMIN = "admin", "Administer"


class ApiKey(AbstractAuthToken):  # type: ignore[misc]  # knox has no types
    """A key for the REST API. Only its SHA-512 is stored; the key itself is shown once, when it is made.

    A key may never do more than its user, and never more than its scopes.
    """

    name = models.CharField(max_length=100, help_text="What it is for: 'newsroom CMS', 'notebook of A.'")
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope), help_text="What it may do.")

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
                condition=Q(expiry__isnull=True) | Q(expiry__gt=models.F("created")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.token_key}...)"

    @property
    def prefix(self) -> str:
        """The first characters of the key, safe to show, to tell keys apart."""
        return str(self.token_key)[:8]
