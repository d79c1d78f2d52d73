"""A source's record as its page shows it: in words, over time, and as it would be after a merge or a split."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from claims.judged import Judged, each_counted_once, judged_claims, judged_claims_at, links_around
from claims.records import PriorsSoFar, PriorUsed, SourceRecord, columns_of, figures_on, record_of, spread
from grading.beta import Beta
from grading.columns import Claims
from grading.record import Outcome, TrackRecord, track_record
from grading.suggestion import Suggestion, evidence_in_words, suggest
from review import charts
from sources.models import Source

MOST_POINTS = 48
"""Days in the picture and in the table behind it."""


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """The record on one day."""

    on: date
    record: TrackRecord
    suggestion: Suggestion

    @classmethod
    def of(cls, record: SourceRecord) -> SeriesPoint:
        return cls(record.as_of, record.record, record.suggestion)

    @classmethod
    def today(cls, record: TrackRecord) -> SeriesPoint:
        return cls(timezone.localdate(), record, suggest(record))

    @property
    def moment(self) -> charts.Moment:
        low, high = self.record.interval_80
        return charts.Moment(self.on, self.record.mean, low, high)

    @property
    def letters(self) -> str:
        return str(self.suggestion)

    @property
    def words(self) -> str:
        """ "8 of 10 verdicts confirmed; 80 % interval 58-90 %; B"."""
        return evidence_in_words(self.record)

    @property
    def mean_percent(self) -> str:
        return f"{100 * self.record.mean:.0f}"

    @property
    def low_percent(self) -> str:
        return f"{100 * self.record.interval_80[0]:.0f}"

    @property
    def high_percent(self) -> str:
        return f"{100 * self.record.interval_80[1]:.0f}"


@dataclass(frozen=True, slots=True)
class RecordView:
    """now: the record on the day asked for. series: that day and the days before, oldest first. verdicts: likewise."""

    now: SeriesPoint
    series: list[SeriesPoint]
    verdicts: list[charts.Judged]
    prior: PriorUsed
    unverifiable: int

    @property
    def words_without_letter(self) -> str:
        return self.now.words.rpartition("; ")[0]

    @property
    def prior_in_words(self) -> str:
        beta = self.prior.beta
        values = {"mean": f"{100 * beta.mean:.0f}", "worth": f"{beta.strength:.0f}", "families": self.prior.families}
        if self.prior.fitted_on is None or not self.prior.families:
            return _("Before any verdict: %(mean)s %%, worth %(worth)s verdicts, because nothing is known.") % values
        values["day"] = date_format(self.prior.fitted_on, "j M Y")
        return (
            _(
                "Before any verdict: %(mean)s %%, worth %(worth)s verdicts, learnt on %(day)s from %(families)s "
                "families of sources."
            )
            % values
        )

    @property
    def suggestions(self) -> list[SeriesPoint]:
        """The days from which another letter was suggested, newest first."""
        runs = [next(points) for _letters, points in groupby(self.series, key=lambda point: point.letters)]
        return runs[::-1]

    @property
    def table(self) -> list[SeriesPoint]:
        return self.series[::-1]


def record_view(
    source: Source, *, as_of: date | None = None, known_on: date | None = None, topic: str = ""
) -> RecordView:
    """The record on `as_of` by what is known now, or with `known_on` by what was known at the end of that day.

    The figures are those of `claims.records.record_of`, to the last bit, from claims that are loaded once.
    """
    known = end_of(known_on) if known_on and known_on < timezone.localdate() else None
    day = as_of or known_on or timezone.localdate()
    rows = judged_claims_at(source.pk, known) if known else judged_claims(source.pk)
    priors = PriorsSoFar.of(source.kind, known)
    prior = priors.on(day)
    counted = [row for row in rows if not row.derived and row.decided_on <= day and (not topic or row.topic == topic)]
    claims = columns_of(counted)
    record, weightless = figures_on(day, claims, prior.beta, half_life_days=settings.HEARSAY_HALF_LIFE_DAYS)
    now = SeriesPoint(day, record, suggest(record))
    verdicts = marks(counted)
    before = series(claims, priors, until=day) if verdicts else []
    return RecordView(now, [*before, now] if verdicts else [], verdicts, prior=prior, unverifiable=weightless)


def end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))


def series(claims: Claims, priors: PriorsSoFar, *, until: date) -> list[SeriesPoint]:
    """The record on days before `until` on which a verdict came, evenly thinned out, oldest first."""
    days = sorted(date.fromordinal(day) for day in set(claims.decided.tolist()) if day < until.toordinal())
    return [_on(day, claims, priors.on(day).beta) for day in spread(days, MOST_POINTS)]


def _on(day: date, claims: Claims, prior: Beta) -> SeriesPoint:
    record, _ = figures_on(day, claims, prior, half_life_days=settings.HEARSAY_HALF_LIFE_DAYS)
    return SeriesPoint(day, record, suggest(record))


def marks(rows: Iterable[Judged]) -> list[charts.Judged]:
    """One for each verdict that counts, oldest first: what counts once is one mark, that of the earliest claim."""
    once: dict[object, charts.Judged] = {}
    for row in sorted(rows, key=lambda row: (row.claimed_on or date.max, row.claim)):
        outcome = row.outcome
        if not row.derived and outcome is not Outcome.UNVERIFIABLE:
            once.setdefault(row.counts_once_as, charts.Judged(row.decided_on, outcome.value))
    return sorted(once.values(), key=lambda mark: mark.on)


def record_today(source: Source) -> SeriesPoint:
    return SeriesPoint.of(record_of(source))


def amounts_to(rows: Sequence[Judged], prior: Beta) -> SeriesPoint:
    """What these claims would amount to today if one source had made them all."""
    counted = each_counted_once(rows, links_around([row.claim for row in rows]))
    record = track_record(
        (row.for_grading for row in counted),
        as_of=timezone.localdate(),
        half_life_days=settings.HEARSAY_HALF_LIFE_DAYS,
        prior=prior,
    )
    return SeriesPoint.today(record)


def apart(source: Source, claims: set[int], into: Source | None) -> tuple[SeriesPoint, SeriesPoint]:
    """The records of a source without these claims, and of the one that they would go to (None: a new one)."""
    prior = record_of(source).prior.beta
    rows = judged_claims(source.pk)
    going = [row for row in rows if row.claim in claims]
    there = judged_claims(into.pk) if into else []
    stays = amounts_to([row for row in rows if row.claim not in claims], prior)
    return stays, amounts_to([*there, *going], record_of(into).prior.beta if into else prior)
