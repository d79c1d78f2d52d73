"""Who is told of events by a call of ours, and what came of each call."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import ApiKey
from accounts.tags import tag_of
from exchange.models.event import Event, EventType

if TYPE_CHECKING:
    from accounts.models import User


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def visible_to(self, user: User) -> Self:
        """A webhook belongs to who made it. A key that is limited to some collections sees those made with it."""
        if not user.is_active:
            return self.none()
        own = self.filter(by=user)
        return own.filter(limited_by=user.limited_by) if user.limited_by else own

    def active(self) -> Self:
        return self.filter(active=True)

    def ready(self) -> Self:
        """Those that may be called now, and whom nobody is calling."""
        now = timezone.now()
        return self.active().filter(
            Q(retry_at__isnull=True) | Q(retry_at__lte=now), Q(lease_until__isnull=True) | Q(lease_until__lte=now)
        )

    def with_work(self) -> Self:
        """Those for which a delivery is due."""
        due = Delivery.objects.waiting().filter(webhook=models.OuterRef("pk"), next_attempt_at__lte=timezone.now())
        return self.filter(models.Exists(due))


class Webhook(models.Model):
    """A receiver's address, which events it wants, and how well it answers.

    Its secret is nowhere: it is derived from `salt` and the installation's SECRET_KEY (exchange/signing.py).
    """

    name = models.CharField(max_length=100, help_text="What it is for: 'newsroom CMS'.")
    url = models.CharField(max_length=500, help_text="Called with POST.")
    types = ArrayField(
        models.CharField(max_length=30, choices=EventType), default=list, blank=True, help_text="Empty: all."
    )
    collections = ArrayField(
        models.BigIntegerField(),
        default=list,
        blank=True,
        help_text="Ids; empty: all that its maker may see, and what belongs to none.",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="webhooks")
    limited_by = models.ForeignKey(
        ApiKey,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="webhooks",
        help_text="The key it was made with, where that is limited to some collections.",
    )
    salt = models.CharField(max_length=32, help_text="Of its secret.")
    old_salt = models.CharField(max_length=32, blank=True, help_text="Of the secret before.")
    old_salt_until = models.DateTimeField(null=True, blank=True, help_text="So long the old secret signs as well.")
    active = models.BooleanField(default=True)
    notice = models.TextField(blank=True, help_text="Why it was switched off, if nobody did.")
    position = models.PositiveBigIntegerField(default=0, help_text="Events up to here have been looked at.")
    failures = models.PositiveIntegerField(default=0, help_text="Calls that failed since the last that did not.")
    failing_since = models.DateTimeField(null=True, blank=True)
    retry_at = models.DateTimeField(null=True, blank=True, help_text="Not called before, after a failure.")
    holder = models.UUIDField(null=True, blank=True, help_text="Which run is calling it.")
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        permissions = [("manage_webhooks", "Can have others told of events")]
        constraints = [
            models.CheckConstraint(name="webhook_name_not_empty", condition=~Q(name="")),
            models.CheckConstraint(
                name="webhook_url_is_http",
                condition=Q(url__startswith="https://") | Q(url__startswith="http://"),
                violation_error_message="Give an address that begins with https://.",
            ),
            models.CheckConstraint(name="webhook_types_known", condition=Q(types__contained_by=list(EventType.values))),
        ]
        indexes = [models.Index(name="webhook_of_user", fields=["by", "-id"])]

    def __str__(self) -> str:
        return self.name

    @property
    def maker(self) -> User:
        """Who made it, seeing what the key sees that it was made with: it is told of no more."""
        self.by.limited_by = self.limited_by
        return self.by

    @property
    def edit_tag(self) -> str:
        """Names what its maker may change. How well it answers does not move it."""
        return tag_of(self.name, self.url, sorted(self.types), sorted(self.collections), self.active, self.salt)

    @property
    def failing_for(self) -> timedelta:
        return timezone.now() - self.failing_since if self.failing_since else timedelta()


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    GIVEN_UP = "given_up", "Given up"
    OUT_OF_SIGHT = "out_of_sight", "Not told: its maker may no longer see it"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> Self:
        return self.filter(state=DeliveryState.WAITING)

    def visible_to(self, user: User) -> Self:
        return self.filter(webhook__in=Webhook.objects.visible_to(user))

    def for_list(self) -> Self:
        """With the event, newest first."""
        return self.select_related("event").order_by("-id")


class Delivery(models.Model):
    """One event for one receiver: told until the receiver says it has it. What is kept of the calls is the last."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    position = models.PositiveBigIntegerField(help_text="That of the event.")
    state = models.CharField(max_length=12, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="HTTP; null: there was no answer.")
    milliseconds = models.PositiveIntegerField(null=True, blank=True, help_text="How long the last call took.")
    trouble = models.CharField(max_length=300, blank=True, help_text="What was wrong with the last call.")
    called_at = models.DateTimeField(null=True, blank=True, help_text="When it was last called.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(name="delivery_once", fields=["webhook", "event"]),
            models.CheckConstraint(name="delivery_state_known", condition=Q(state__in=DeliveryState.values)),
        ]
        indexes = [
            models.Index(name="delivery_waiting", fields=["webhook", "position"], condition=Q(state="waiting")),
            models.Index(name="delivery_newest", fields=["webhook", "-id"]),
        ]

    def __str__(self) -> str:
        return f"event {self.event_id} to webhook {self.webhook_id}"
