"""Track records as pages and API show them: of one source, on any day, as known then or now.

Two times are kept apart. `as_of` is about the world: verdicts decided after that day are left out, and claims are aged
to it. `known_on` is about Hearsay: what was accepted, settled, withdrawn, merged or linked later is left out as well.
A record computed today with both set to a past day is what was shown at the end of that day.
No human grade goes into any figure here; it only stands beside them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

import numpy as np
from django.conf import settings
from django.db.models import Count, Max, Q
from django.utils import timezone

from accounts.models import User
from claims.columns import judged_columns
from claims.history import rows_at
from claims.judged import Judged, family_at, judged_claims, judged_claims_at
from claims.models import Claim, ClaimState, Proposition
from grading.beta import Beta
from grading.columns import OUTCOMES, UNDATED, Claims, sums_of
from grading.record import DEFAULT_PRIOR, Outcome, TrackRecord, VerdictCounts
from grading.scales import Reliability
from grading.suggestion import Suggestion, diverges, evidence_in_words, suggest
from sources.models import PopulationPrior, ReliabilityAssessment, Source


@dataclass(frozen=True, slots=True)
class PriorUsed:
    """What was expected of the source before its first verdict, and how that is known.

    fitted_on: None before the first fit, when every chance is held equally likely. kind: of source; "" is all kinds.
    families: how many families of sources it was learnt from.
    """

    beta: Beta
    fitted_on: date | None = None
    kind: str = ""
    families: int = 0


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """What a source's verdicts amount to on one day.

    source: id of the standing source; those merged into it are counted in. topic: "" is all topics.
    known_at: None is now. record: the figures (mean, interval_80, n_effective, counts).
    unverifiable: verdicts without weight. claims: accepted claims, judged or not. last_claimed_on: the newest of them.
    grade: the newest human grade on that day, "" when never judged.
    """

    source: int
    topic: str
    as_of: date
    known_at: datetime | None
    half_life_days: float
    record: TrackRecord
    unverifiable: int
    claims: int
    last_claimed_on: date | None
    grade: str
    prior: PriorUsed

    @property
    def suggestion(self) -> Suggestion:
        """What the verdicts alone support: `str()` is "B", "B-C" or "F"; `why` is a sentence."""
        return suggest(self.record)

    @property
    def evidence(self) -> str:
        """ "8 of 10 verdicts confirmed; 80 % interval 58-90 %; B" """
        return evidence_in_words(self.record)

    @property
    def diverges(self) -> bool:
        """Whether the human grade's band and the 80 % interval have nothing in common."""
        return bool(self.grade) and diverges(Reliability(self.grade), self.record)


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """One claim with how it turned out, for a list.

    outcome: seen from the claim. counts: False for a repeated claim, an unverifiable one, and one that an earlier
    claim of the same source already counts for; `why_not` says which.
    """

    claim: Claim
    outcome: Outcome
    decided_on: date
    claimed_on: date | None
    verdict: int
    counts: bool
    why_not: str = ""


def record_of(
    source: Source,
    *,
    as_of: date | None = None,
    known_on: date | datetime | None = None,
    topic: str = "",
    half_life_days: float | None = None,
) -> SourceRecord:
    """The record of a source and of all found to be one with it.

    as_of: by default the day of `known_on`, or today. known_on: a day stands for its end; by default now.
    half_life_days: by default the setting; 0 switches ageing off.
    """
    known = _moment(known_on)
    day = as_of or (timezone.localdate(known) if known else timezone.localdate())
    said = _said(source, topic, known)
    if known:
        claims = columns_of(row for row in judged_claims_at(source.pk, known) if _is_on(topic, row))
    elif topic:
        claims = columns_of(row for row in judged_claims(source.pk) if _is_on(topic, row))
    else:
        claims = judged_columns(dict.fromkeys(said.family, said.standing))
    half_life = settings.HEARSAY_HALF_LIFE_DAYS if half_life_days is None else half_life_days
    return _record(said, claims, day, known, half_life, PriorsSoFar.of(said.kind, known))


def series_of(source: Source, *, topic: str = "", most: int = 60) -> list[SourceRecord]:
    """The record as of each day on which a verdict changed it, and today, oldest first; at most so many points.

    All by what is known now: a chart of the source, not of our knowledge of it.
    """
    said = _said(source, topic, None)
    claims = columns_of(row for row in judged_claims(source.pk) if _is_on(topic, row))
    priors = PriorsSoFar.of(said.kind, None)
    today = timezone.localdate()
    days = {date.fromordinal(day) for day in set(claims.decided.tolist())}
    return [
        _record(said, claims, day, None, settings.HEARSAY_HALF_LIFE_DAYS, priors)
        for day in spread(sorted({day for day in days if day < today} | {today}), most)
    ]


def columns_of(judged: Iterable[Judged]) -> Claims:
    """The claims of one source that are nobody's repetition as columns, for the figures of many days."""
    rows = [row for row in judged if not row.derived]
    keys = {key: place for place, key in enumerate(dict.fromkeys(row.counts_once_as for row in rows))}
    return Claims(
        owner=np.zeros(len(rows), dtype=np.int64),
        outcome=np.array([OUTCOMES.index(row.outcome) for row in rows], dtype=np.int64),
        claimed=np.array([row.claimed_on.toordinal() if row.claimed_on else UNDATED for row in rows], dtype=np.int64),
        decided=np.array([row.decided_on.toordinal() for row in rows], dtype=np.int64),
        once=np.array([keys[row.counts_once_as] for row in rows], dtype=np.int64),
    )


def figures_on(day: date, claims: Claims, prior: Beta, *, half_life_days: float) -> tuple[TrackRecord, int]:
    """The record of one source on a day, and how many of its verdicts carry no weight.

    The figures of `grading.record.track_record`, to the last bit.
    """
    sums = sums_of(claims, as_of=day, half_life_days=half_life_days)
    if not len(sums.owner):
        return TrackRecord(prior=prior), 0
    record = TrackRecord(
        confirmed=float(sums.confirmed[0]),
        refuted=float(sums.refuted[0]),
        counts=VerdictCounts(
            true=int(sums.true[0]), partly=int(sums.partly[0]), false=int(sums.false[0]), undated=int(sums.undated[0])
        ),
        prior=prior,
    )
    return record, int(sums.unverifiable[0])


def verdicts_of(source: Source, *, user: User, topic: str = "", outcome: str = "", most: int = 50) -> list[JudgedClaim]:
    """The judged claims of a source in the user's collections, the latest decided first."""
    judged = [
        row
        for row in judged_claims(source.pk)
        if (not topic or row.topic == topic) and (not outcome or row.outcome == outcome)
    ]
    counting = _counting(judged)
    visible = Claim.objects.visible_to(user).filter(pk__in=[row.claim for row in judged])
    seen = set(visible.values_list("pk", flat=True))
    shown = sorted((row for row in judged if row.claim in seen), key=_latest_decided, reverse=True)[:most]
    claims = Claim.objects.for_list().in_bulk([row.claim for row in shown])
    return [
        JudgedClaim(
            claim=claims[row.claim],
            outcome=row.outcome,
            decided_on=row.decided_on,
            claimed_on=row.claimed_on,
            verdict=row.verdict,
            counts=row.claim in counting,
            why_not=_why_not(row, counting),
        )
        for row in shown
    ]


def topics_of(source: Source) -> list[SourceRecord]:
    """The record on each topic that the source has verdicts on, as of today, the best-founded first."""
    judged = judged_claims(source.pk)
    today, half_life = timezone.localdate(), settings.HEARSAY_HALF_LIFE_DAYS
    records = []
    for topic in sorted({row.topic for row in judged if row.topic}):
        said = _said(source, topic, None)
        claims = columns_of(row for row in judged if row.topic == topic)
        records.append(_record(said, claims, today, None, half_life, PriorsSoFar.of(said.kind, None)))
    return sorted(records, key=lambda record: -record.record.n_effective)


@dataclass(frozen=True, slots=True)
class PriorsSoFar:
    """All priors for one kind of source that were ever in force, to look up many days at once."""

    kind: str
    fits: tuple[PopulationPrior, ...]

    @classmethod
    def of(cls, kind: str, known: datetime | None) -> PriorsSoFar:
        return cls(kind, tuple(PopulationPrior.objects.ever_of(kind, known=known)))

    def on(self, day: date) -> PriorUsed:
        """The newest fit until that day: of the kind where it had families enough, else of all kinds."""
        newest: dict[str, PopulationPrior] = {}
        for earlier in self.fits:
            if earlier.fitted_on <= day:
                newest[earlier.kind] = earlier
        fit = newest.get(self.kind)
        if fit is None or fit.fitted_mean is None:
            fit = newest.get("")
        if fit is None:
            return PriorUsed(DEFAULT_PRIOR)
        return PriorUsed(fit.as_prior.prior, fit.fitted_on, fit.kind, fit.families)


@dataclass(frozen=True, slots=True)
class _Said:
    """Who a source was and what stood accepted of it."""

    family: list[int]
    kind: str
    topic: str
    claims: int
    last_claimed_on: date | None
    grades: tuple[tuple[datetime, str], ...]

    @property
    def standing(self) -> int:
        return self.family[0]

    def grade_on(self, day: date) -> str:
        until = _end_of(day)
        return next((grade for at, grade in self.grades if at <= until), "")


def _said(source: Source, topic: str, known: datetime | None) -> _Said:
    if known:
        family, kind = family_at(source.pk, known)
        dates = _claim_dates_at(family, topic, known)
    else:
        family = Source.objects.family_ids(source.pk)
        kind = source.kind if family[0] == source.pk else Source.objects.get(pk=family[0]).kind
        dates = None
    grades = ReliabilityAssessment.objects.grades().filter(source=family[0], topic=topic).newest_first()
    if known:
        grades = grades.filter(at__lte=known)
    claims, last = dates if dates is not None else _claim_dates(family, topic)
    return _Said(family, kind, topic, claims, last, tuple(grades.values_list("at", "grade")))


def _claim_dates(family: list[int], topic: str) -> tuple[int, date | None]:
    """How many accepted claims there are, and when the newest was made."""
    accepted = Claim.objects.accepted().filter(source__in=family)
    if topic:
        accepted = accepted.filter(proposition__topic=topic)
    found = accepted.order_by().aggregate(claims=Count("pk"), last=Max("reported_date"))
    return found["claims"], found["last"]


def _claim_dates_at(family: list[int], topic: str, known: datetime) -> tuple[int, date | None]:
    where = Q(source__in=family, state=ClaimState.ACCEPTED)
    claims = list(rows_at(Claim, where, at=known, fields=("reported_date", "proposition_id")).values())
    if topic:
        on_topic = rows_at(
            Proposition, Q(id__in=[row["proposition_id"] for row in claims], topic=topic), at=known, fields=()
        )
        claims = [row for row in claims if row["proposition_id"] in on_topic]
    return len(claims), max((row["reported_date"] for row in claims if row["reported_date"]), default=None)


def _record(
    said: _Said, claims: Claims, day: date, known: datetime | None, half_life: float, priors: PriorsSoFar
) -> SourceRecord:
    prior = priors.on(day)
    figures, weightless = figures_on(day, claims, prior.beta, half_life_days=half_life)
    return SourceRecord(
        source=said.standing,
        topic=said.topic,
        as_of=day,
        known_at=known,
        half_life_days=half_life,
        record=figures,
        unverifiable=weightless,
        claims=said.claims,
        last_claimed_on=said.last_claimed_on,
        grade=said.grade_on(day),
        prior=prior,
    )


def _is_on(topic: str, row: Judged) -> bool:
    return not topic or row.topic == topic


def _counting(judged: Iterable[Judged]) -> set[int]:
    """The ids of the claims that count: of those that count once together, the earliest."""
    first: dict[Hashable, Judged] = {}
    for row in judged:
        if not row.derived and row.outcome is not Outcome.UNVERIFIABLE:
            first[row.counts_once_as] = min(first.get(row.counts_once_as, row), row, key=_earliest)
    return {row.claim for row in first.values()}


def _why_not(row: Judged, counting: set[int]) -> str:
    if row.claim in counting:
        return ""
    if row.derived:
        return "repeats another claim"
    if row.outcome is Outcome.UNVERIFIABLE:
        return "cannot be verified"
    return "an earlier claim counts"


def _earliest(row: Judged) -> tuple[date, str, int]:
    return row.claimed_on or date.max, row.outcome.value, row.claim


def _latest_decided(row: Judged) -> tuple[date, int]:
    return row.decided_on, row.claim


def spread(days: list[date], most: int) -> list[date]:
    """At most so many of the days, evenly, the first and the last among them."""
    if len(days) <= most:
        return days
    return [days[round(number * (len(days) - 1) / (most - 1))] for number in range(most)]


def _moment(known_on: date | datetime | None) -> datetime | None:
    """The moment until which is known; None is now, and so is any moment to come."""
    if known_on is None:
        return None
    moment = known_on if isinstance(known_on, datetime) else _end_of(known_on)
    return moment if moment < timezone.now() else None


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))
