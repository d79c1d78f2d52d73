from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

KEPT = timedelta(hours=24)
"""How long an answer is kept for those who ask again."""


class StoredAnswerQuerySet(models.QuerySet["StoredAnswer"]):
    def outdated(self) -> Self:
        return self.filter(at__lte=timezone.now() - KEPT)


class StoredAnswer(models.Model):
    """What a POST with an Idempotency-Key was answered, for the same call sent again.

    Written in the transaction of what the call did: there are both, or neither.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    api_key = models.ForeignKey(
        "accounts.ApiKey", on_delete=models.CASCADE, related_name="+", null=True, help_text="Empty: a session."
    )
    name = models.CharField(max_length=255, help_text="The Idempotency-Key.")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of address and content.")
    status = models.PositiveSmallIntegerField(default=0, help_text="0 while the call is being answered.")
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    at = models.DateTimeField(default=timezone.now)

    objects = StoredAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="stored_answer_once", fields=["user", "api_key", "name"], nulls_distinct=False
            ),
        ]
        indexes = [models.Index(name="stored_answer_oldest", fields=["at"])]

    def __str__(self) -> str:
        return f"{self.name} of user {self.user_id}: {self.status}"
