from __future__ import annotations

from collections.abc import Iterable
from typing import Self
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from documents.models import Collection


class RowKind(models.TextChoices):
    """What has an id that other systems see."""

    COLLECTION = "collection", "Collection"
    DOCUMENT = "document", "Document"
    LAYER = "layer", "Text layer"
    RUN = "run", "Extraction run"
    DOCUMENT_SOURCE = "document_source", "Source in a document"
    SOURCE = "source", "Source"
    ALIAS = "alias", "Source alias"
    MERGE = "merge", "Source merge"
    RELIABILITY = "reliability", "Reliability grade"
    QUESTION = "question", "Question"
    PROPOSITION = "proposition", "Proposition"
    CLAIM = "claim", "Claim"
    CLAIM_LINK = "claim_link", "Link between claims"
    PROPOSITION_LINK = "proposition_link", "Link between propositions"
    INDEPENDENCE = "independence", "Independent origin"
    CREDIBILITY = "credibility", "Credibility grade"
    VERDICT = "verdict", "Verdict"
    REVIEW = "review", "Review"
    USER = "user", "User"
    SPLIT = "split", "Source split"
    MOVE = "move", "Move between propositions"
    NOTICE = "notice", "Suspected common origin"
    FLAG = "flag", "Grade to be looked at again"
    DISCREDITING = "discrediting", "Discrediting"
    SECOND_REVIEW = "second_review", "Blind second review"
    CALIBRATION = "calibration", "Calibration of scores"
    NOTE = "note", "Note to colleagues"


class Instance(models.Model):
    """This installation, as other systems tell it from others. There is one row; `namespace` is never changed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    namespace = models.UUIDField(default=uuid4, editable=False, help_text="Of the ids that other systems see.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(name="instance_only_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.namespace)

    @classmethod
    def own_namespace(cls) -> UUID:
        """Made when it is asked for first."""
        return cls.objects.get_or_create(id=1)[0].namespace


class KnownRowQuerySet(models.QuerySet["KnownRow"]):
    def native(self) -> Self:
        """Those that came with a full dump of another installation: their ids there stay theirs here."""
        return self.filter(collection__isnull=True)

    def of(self, collection: Collection | None, kind: str, external_ids: Iterable[str]) -> dict[str, KnownRow]:
        """By external id, those of these rows that came before."""
        rows = self.filter(collection=collection, kind=kind, external_id__in=list(external_ids))
        return {row.external_id: row for row in rows}


class KnownRow(models.Model):
    """A row that came from elsewhere, under the id it has there: the same file again changes nothing."""

    kind = models.CharField(max_length=20, choices=RowKind)
    row = models.BigIntegerField(help_text="Its id here.")
    external_id = models.CharField(max_length=500, help_text="Its id there.")
    collection = models.ForeignKey(
        Collection,
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        help_text="Into which it was imported; empty: it came with a full dump, and its id there is a UUID.",
    )
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of what the file said of it.")
    at = models.DateTimeField(default=timezone.now)

    objects = KnownRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="known_row_kind_known", condition=Q(kind__in=RowKind.values)),
            models.CheckConstraint(name="known_row_id_not_empty", condition=~Q(external_id="")),
            models.UniqueConstraint(
                name="known_row_once", fields=["kind", "collection", "external_id"], nulls_distinct=False
            ),
            models.UniqueConstraint(
                name="known_row_one_native_id", fields=["kind", "row"], condition=Q(collection__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row} is {self.external_id[:80]}"
