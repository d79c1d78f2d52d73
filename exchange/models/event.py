"""What happened, in an order that can be read on from: the change feed's and the webhooks' source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Now

from claims.models import SecondReview
from documents.models import Collection, sees_everything

if TYPE_CHECKING:
    from accounts.models import User


class EventType(models.TextChoices):
    """What is told. `object` below is what the event is about, and what events are in order for."""

    DOCUMENT_RECEIVED = "document.received", "A document arrived"
    DOCUMENT_EXTRACTED = "document.extracted", "A document was read and its claims are there"
    DOCUMENT_FAILED = "document.failed", "A document could not be used"
    CLAIM_ACCEPTED = "claim.accepted", "A claim was accepted"
    CLAIM_REJECTED = "claim.rejected", "A claim was rejected"
    CLAIM_REOPENED = "claim.reopened", "A decision on a claim was undone"
    CLAIM_SUPERSEDED = "claim.superseded", "A candidate was not found again"
    CLAIM_WITHDRAWN = "claim.withdrawn", "A claim added by hand was taken back"
    CLAIM_CHANGED = "claim.changed", "A claim was edited, or has another source or proposition"
    CLAIM_GRADED = "claim.graded", "The credibility of a claim was judged"
    CLAIM_DISCREDITED = "claim.discredited", "A claim was discredited"
    CLAIM_BELIEVED = "claim.believed", "A claim is no longer discredited"
    DOCUMENT_DISCREDITED = "document.discredited", "A document was discredited"
    DOCUMENT_BELIEVED = "document.believed", "A document is no longer discredited"
    SOURCE_DISCREDITED = "source.discredited", "A source was discredited"
    SOURCE_BELIEVED = "source.believed", "A source is no longer discredited"
    SOURCE_GRADED = "source.graded", "A source has a new reliability grade"
    SOURCE_MERGED = "source.merged", "A source was found to be another one"
    SOURCE_UNMERGED = "source.unmerged", "The merge of a source was undone"
    SOURCE_SPLIT = "source.split", "Claims of a source were given to another"
    SOURCE_UNSPLIT = "source.unsplit", "The split of a source was undone"
    PROPOSITION_SETTLED = "proposition.settled", "A proposition got a verdict"
    PROPOSITION_CONTESTED = "proposition.contested", "Some speak for a proposition and now some against it"
    VERDICT_WITHDRAWN = "verdict.withdrawn", "The verdict on a proposition was withdrawn"
    LINK_ACCEPTED = "link.accepted", "A link between propositions counts"
    LINK_DISMISSED = "link.dismissed", "A link between propositions was dismissed"
    CLAIM_LINK_ACCEPTED = "claim_link.accepted", "A link between claims counts"
    CLAIM_LINK_DISMISSED = "claim_link.dismissed", "A link between claims was dismissed"
    WEBHOOK_DISABLED = "webhook.disabled", "A webhook was switched off, its receiver failing for too long"


class ObjectKind(models.TextChoices):
    """What an event can be about: the resource of the API that has it."""

    DOCUMENT = "document", "Document"
    CLAIM = "claim", "Claim"
    SOURCE = "source", "Source"
    PROPOSITION = "proposition", "Proposition"
    LINK = "link", "Link between propositions"
    CLAIM_LINK = "claim_link", "Link between claims"
    WEBHOOK = "webhook", "Webhook"


NAMES_OF_CLAIMS = ("claim", "origin", "against")
"""Under which the data of events about something else have ids of claims (exchange/models/watched.py)."""


class EventQuerySet(models.QuerySet["Event"]):
    def numbered(self) -> Self:
        """Those that have their place, in order."""
        return self.filter(position__isnull=False).order_by("position")

    def unnumbered(self) -> Self:
        return self.filter(position__isnull=True)

    def after(self, position: int) -> Self:
        return self.numbered().filter(position__gt=position)

    def not_closed_to(self, user: User) -> Self:
        """Without those of collections the user may not see, and what names a claim whose first decision is kept from
        them.

        What belongs to no collection is left in: whether the user may see that, `exchange.feed.seen_by` knows.
        """
        blind = SecondReview.objects.keeping_blind(user).values("claim")
        told = self.exclude(object_kind=ObjectKind.CLAIM, object_id__in=blind)
        for name in NAMES_OF_CLAIMS:
            told = told.alias(**{name: Cast(KeyTextTransform(name, "data"), models.BigIntegerField())})
            told = told.filter(Q(**{f"{name}__isnull": True}) | ~Q(**{f"{name}__in": blind}))
        if sees_everything(user):
            return told
        return told.filter(collections__contained_by=Collection.objects.ids_visible_to(user))

    def of_types(self, types: list[str]) -> Self:
        """Those of one of the types; of none named, all."""
        return self.filter(type__in=types) if types else self

    def in_collections(self, collections: list[int]) -> Self:
        """Those of one of the collections (ids); of none named, all."""
        return self.filter(collections__overlap=collections) if collections else self


class Event(models.Model):
    """That something happened to one object. Written by database triggers (exchange/models/watched.py), never changed.

    `position` is given after the transaction that wrote the row has ended (exchange/services/numbering.py): who read up
    to a position has missed nothing, however late another transaction commits.
    """

    uuid = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    position = models.PositiveBigIntegerField(null=True, unique=True, help_text="1, 2, 3 ... without gaps.")
    type = models.CharField(max_length=30, choices=EventType)
    object_kind = models.CharField(max_length=12, choices=ObjectKind)
    object_id = models.BigIntegerField()
    collections = ArrayField(
        models.BigIntegerField(),
        default=list,
        help_text="Ids; who may not see each of them is not told. Empty: of no collection, as sources are.",
    )
    data = models.JSONField(default=dict, help_text="Ids and states, never words of a document.")
    at = models.DateTimeField(db_default=Now(), help_text="When it was done, by the clock of the database.")

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="event_type_known", condition=Q(type__in=EventType.values)),
            models.CheckConstraint(name="event_object_known", condition=Q(object_kind__in=ObjectKind.values)),
        ]
        indexes = [
            models.Index(name="event_unnumbered", fields=["id"], condition=Q(position__isnull=True)),
            models.Index(name="event_expiry", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.object_id}"
