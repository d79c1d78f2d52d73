from __future__ import annotations

from datetime import date, datetime
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from grading.beta import Beta
from grading.prior import PopulationPrior as OnePrior
from grading.prior import PopulationPriors
from grading.record import DEFAULT_PRIOR, VerdictCounts
from grading.record import TrackRecord as Figures


class TrackRecordQuerySet(models.QuerySet["TrackRecord"]):
    def overall(self) -> Self:
        """The records over all topics: one for each source that stands by itself."""
        return self.filter(topic="")

    def most_active_first(self) -> Self:
        return self.order_by("-claims", "-source_id")

    def latest_first(self) -> Self:
        """By the day of the newest claim; sources without a dated claim last."""
        return self.order_by(F("last_claimed_on").desc(nulls_last=True), "-source_id")

    def most_divergent_first(self) -> Self:
        return self.order_by("-divergence", "-source_id")

    def diverging(self) -> Self:
        """Those whose human letter and 80 % interval have nothing in common."""
        return self.filter(divergence__gt=0)


class TrackRecord(models.Model):
    """How often a source has been right, as of one day: computed from verdicts, kept so that lists can sort by it.

    One row for each source not merged into another, over all topics; on one topic a record is computed when asked for.
    Nothing here is typed in; `claims.services.records` writes the rows anew from claims and verdicts.
    """

    pk = models.CompositePrimaryKey("source_id", "topic")  # a row taken away and written anew is the same row
    source = models.ForeignKey(
        "sources.Source", on_delete=models.CASCADE, related_name="track_records", db_index=False
    )  # the primary key begins with it
    topic = models.CharField(max_length=100, blank=True, help_text="Empty: over all topics.")
    as_of = models.DateField(help_text="The day to which the verdicts are aged.")
    confirmed = models.FloatField(default=0.0, help_text="Sum of the aged weights of what was confirmed.")
    refuted = models.FloatField(default=0.0, help_text="Sum of the aged weights of what was refuted.")
    prior_confirmed = models.FloatField(default=1.0)
    prior_refuted = models.FloatField(default=1.0)
    true = models.PositiveIntegerField(default=0, help_text="Verdicts, before ageing.")
    partly = models.PositiveIntegerField(default=0)
    false = models.PositiveIntegerField(default=0)
    unverifiable = models.PositiveIntegerField(default=0, help_text="Without weight.")
    undated = models.PositiveIntegerField(default=0, help_text="How many count as new because the claim has no date.")
    n_effective = models.FloatField(default=0.0, help_text="How many fresh verdicts the record is worth.")
    mean = models.FloatField(help_text="Chance that the source's next claim is confirmed.")
    low = models.FloatField(help_text="80 % interval.")
    high = models.FloatField(help_text="80 % interval.")
    suggestion = models.CharField(max_length=3, help_text='What the verdicts alone support: "B", "B-C" or "F".')
    grade = models.CharField(max_length=1, blank=True, help_text="The newest human grade; empty when never judged.")
    divergence = models.FloatField(
        default=0.0, help_text="How far the grade's band lies from the 80 % interval; 0 where they overlap."
    )
    claims = models.PositiveIntegerField(default=0, help_text="Accepted claims.")
    last_claimed_on = models.DateField(null=True, blank=True, help_text="The newest day of report among them.")

    objects = TrackRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="track_record_chances_in_range",
                condition=Q(low__gte=0, high__lte=1, low__lte=F("high"), mean__gt=0, mean__lt=1),
            ),
        ]
        indexes = [
            models.Index(name="track_record_active", fields=["-claims", "-source"], condition=Q(topic="")),
            models.Index(
                F("last_claimed_on").desc(nulls_last=True),
                F("source").desc(),
                name="track_record_latest",
                condition=Q(topic=""),
            ),
            models.Index(name="track_record_divergent", fields=["-divergence", "-source"], condition=Q(topic="")),
        ]

    def __str__(self) -> str:
        return f"{self.suggestion} for source {self.source_id}"

    @property
    def diverges(self) -> bool:
        return self.divergence > 0

    @property
    def prior(self) -> Beta:
        return Beta(self.prior_confirmed, self.prior_refuted)

    @property
    def figures(self) -> Figures:
        return Figures(
            confirmed=self.confirmed,
            refuted=self.refuted,
            counts=VerdictCounts(true=self.true, partly=self.partly, false=self.false, undated=self.undated),
            prior=self.prior,
        )


class PopulationPriorQuerySet(models.QuerySet["PopulationPrior"]):
    def in_force(self, *, on: date, known: datetime | None = None) -> Self:
        """For each kind the newest fit of that day or before, out of those recorded until `known` (default: all)."""
        fits = self.filter(fitted_on__lte=on)
        if known is not None:
            fits = fits.filter(at__lte=known)
        return fits.order_by("kind", "-fitted_on", "-id").distinct("kind")

    def ever_of(self, kind: str, *, known: datetime | None = None) -> Self:
        """All fits for that kind and for all kinds, oldest first."""
        fits = self.filter(kind__in=["", kind])
        if known is not None:
            fits = fits.filter(at__lte=known)
        return fits.order_by("fitted_on", "id")

    def as_priors(self, *, on: date, known: datetime | None = None) -> PopulationPriors:
        """What to expect of a source of each kind; Beta(1, 1) before the first fit.

        A kind that once had families enough and lost them has a newest row without a fit, and falls back to all kinds.
        """
        found = {row.kind: row.as_prior for row in self.in_force(on=on, known=known)}
        overall = found.pop("", OnePrior(DEFAULT_PRIOR, families=0))
        return PopulationPriors(overall, {kind: prior for kind, prior in found.items() if prior.fitted})


class PopulationPrior(models.Model):
    """What was expected of a source nobody has checked, from `fitted_on` until the next fit. Rows are only added."""

    fitted_on = models.DateField(help_text="The day whose records it was learnt from.")
    kind = models.CharField(max_length=20, blank=True, help_text="Of source; empty: all kinds.")
    confirmed = models.FloatField(help_text="Pseudo-count of the prior in force.")
    refuted = models.FloatField(help_text="Pseudo-count of the prior in force.")
    families = models.PositiveIntegerField(help_text="How many families of sources with a verdict it was learnt from.")
    fitted_mean = models.FloatField(null=True, help_text="Of the best fit; empty when families were too few.")
    fitted_strength = models.FloatField(null=True, help_text="Of the best fit, before it was held between 2 and 8.")
    at = models.DateTimeField(default=timezone.now)

    objects = PopulationPriorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="prior_counts_positive", condition=Q(confirmed__gt=0, refuted__gt=0)),
            models.CheckConstraint(
                name="prior_fit_complete",
                condition=Q(fitted_mean__isnull=True, fitted_strength__isnull=True)
                | Q(fitted_mean__isnull=False, fitted_strength__isnull=False),
            ),
        ]
        indexes = [models.Index(name="prior_newest", fields=["kind", "-fitted_on", "-id"])]
        triggers = [pgtrigger.Protect(name="prior_only_added", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Beta({self.confirmed:.2f}, {self.refuted:.2f}) from {self.fitted_on}"

    @classmethod
    def of(cls, prior: OnePrior, *, kind: str, fitted_on: date) -> PopulationPrior:
        """The row, not yet stored."""
        return cls(
            kind=kind,
            fitted_on=fitted_on,
            confirmed=prior.prior.confirmed,
            refuted=prior.prior.refuted,
            families=prior.families,
            fitted_mean=prior.fitted.mean if prior.fitted else None,
            fitted_strength=prior.fitted.strength if prior.fitted else None,
        )

    def differs_from(self, other: PopulationPrior) -> bool:
        """Whether records computed with one and the other differ, or rest on another fit."""
        if self.fitted_mean is None and other.fitted_mean is None:
            return (self.confirmed, self.refuted) != (other.confirmed, other.refuted)
        fit = ("confirmed", "refuted", "families", "fitted_mean", "fitted_strength")
        return any(getattr(self, name) != getattr(other, name) for name in fit)

    @property
    def as_prior(self) -> OnePrior:
        fitted = None
        if self.fitted_mean is not None and self.fitted_strength is not None:
            fitted = Beta.of(self.fitted_mean, self.fitted_strength)
        return OnePrior(Beta(self.confirmed, self.refuted), families=self.families, fitted=fitted)
