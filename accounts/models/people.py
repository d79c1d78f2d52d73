from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db import models

if TYPE_CHECKING:
    from accounts.models.key import ApiKey


class User(AbstractUser):  # type: ignore[django-manager-missing]  # that of the keys, see ApiKey
    """A person, or the account behind a machine's keys. What it may do comes from its groups."""

    preferences = models.JSONField(
        default=dict, blank=True, help_text="What a person set for themselves, by the part of the product it is for."
    )

    limited_by: ApiKey | None = None
    """The key it calls with, where that is limited to some collections: then it sees no others, whoever it is."""

    class Meta(AbstractUser.Meta):
        permissions = [
            ("manage_keys", "Can give out and revoke API keys"),
            ("use_keys", "Can make and revoke API keys of their own"),
        ]

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.username
