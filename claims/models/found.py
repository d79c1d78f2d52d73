"""What an engine found in a text besides claims: its pass over it, who speaks there, and through whom."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from documents.models import TextLayer
from grading.scales import Reliability
from sources.models import Access, Source, SourceKind


class ExtractionRun(models.Model):
    """One engine version's pass over one text layer. That it exists means its claims are stored, once."""

    layer = models.ForeignKey(TextLayer, on_delete=models.PROTECT, related_name="runs")
    engine = models.CharField(max_length=50)
    engine_version = models.CharField(max_length=100)
    found = models.PositiveIntegerField(help_text="Attributions the engine returned.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="extraction_run_once", fields=["layer", "engine", "engine_version"]),
        ]

    def __str__(self) -> str:
        return f"{self.engine} {self.engine_version} on layer {self.layer_id}"


class DocumentSource(models.Model):
    """One source as one document speaks of it; an analyst ties it to a known or new `Source`."""

    run = models.ForeignKey(ExtractionRun, on_delete=models.PROTECT, related_name="document_sources")
    label = models.CharField(max_length=10, help_text="S1, S2 ... in text order.")
    canonical = models.TextField(help_text="Its fullest naming in the document.")
    kind = models.CharField(max_length=20, choices=SourceKind)
    anonymous = models.BooleanField()
    access = models.TextField(blank=True, help_text="Words that claim access, verbatim.")
    affiliation = models.TextField(blank=True, help_text="Verbatim.")
    condition = models.TextField(blank=True, help_text="Under which condition it spoke, verbatim.")
    knowledge = models.TextField(blank=True, help_text="Words that say how it knows, verbatim.")
    knowledge_level = models.CharField(
        max_length=10, choices=Access, default=Access.UNKNOWN, help_text="What those words claim."
    )
    expertise = models.TextField(blank=True, help_text="Words that claim expertise, verbatim.")
    printed_reliability = models.CharField(
        max_length=1,
        blank=True,
        choices=[(grade.value, f"{grade.value} {grade.label}") for grade in Reliability],
        help_text="The letter the text gives it, in words or as a letter. Evidence for an analyst, not a grade.",
    )
    printed_reliability_words = models.TextField(blank=True, help_text="How the text grades it, verbatim.")
    mentions = models.JSONField(default=list, help_text="Each mention as [[start, end], ...].")
    members = models.ManyToManyField("self", symmetrical=False, blank=True, help_text="Whom a group sums up.")
    source = models.ForeignKey(
        Source, on_delete=models.SET_NULL, null=True, blank=True, related_name="document_sources"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="document_source_label_once", fields=["run", "label"]),
            models.CheckConstraint(name="document_source_kind_known", condition=Q(kind__in=SourceKind.values)),
            models.CheckConstraint(
                name="document_source_knowledge_level_known", condition=Q(knowledge_level__in=Access.values)
            ),
            models.CheckConstraint(
                name="document_source_printed_reliability_known",
                condition=Q(printed_reliability__in=["", *(grade.value for grade in Reliability)]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.canonical[:80]}"


class ChainLinkQuerySet(models.QuerySet["ChainLink"]):
    def with_sources(self) -> Self:
        """In order, each with who tells in the document's words and the known source, in one query."""
        return (
            self.select_related("document_source__source")
            .defer("document_source__source__search")
            .order_by("claim_id", "position")
        )


class ChainLink(models.Model):
    """One teller in a claim's chain: position 0 is the outermost, the last is the claim's own source."""

    claim = models.ForeignKey("claims.Claim", on_delete=models.CASCADE, related_name="chain")
    position = models.PositiveSmallIntegerField()
    document_source = models.ForeignKey(DocumentSource, on_delete=models.PROTECT, related_name="chain_links")

    objects = ChainLinkQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(name="chain_position_once", fields=["claim", "position"])]

    def __str__(self) -> str:
        return f"{self.position} of claim {self.claim_id}"
