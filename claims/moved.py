"""Whose record the verdicts of the last days moved, and how far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models.functions import Coalesce

from accounts.models import User
from claims.columns import judged_columns
from claims.models import Claim, Verdict
from grading.columns import sums_of
from grading.record import TrackRecord as Figures
from grading.record import VerdictCounts
from grading.suggestion import Suggestion, suggest
from sources.models import Source, TrackRecord

VERDICTS_READ = 60
"""The newest; who is behind them is looked at."""
MOST_CLAIMS = 5_000
"""Of all sources looked at together. Those with the longest records are left out first: a verdict moves them least."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A standing source (id), its record with the verdicts known before, and with those of now."""

    source: int
    before: Figures
    now: Figures
    verdicts: int
    """Of the newest ones, those that its claims are about."""

    @property
    def by(self) -> float:
        """How far the expected accuracy went up or, below zero, down."""
        return self.now.mean - self.before.mean

    @property
    def suggested_before(self) -> Suggestion:
        return suggest(self.before)

    @property
    def suggested_now(self) -> Suggestion:
        return suggest(self.now)


def records_moved(user: User, *, since: datetime, on: date, most: int) -> list[Moved]:
    """The sources that the verdicts given since then moved furthest, of those the user may see.

    Both records are aged to the same day `on`, so that the verdicts alone make the difference. The same queries,
    however many sources there are.
    """
    newest = list(Verdict.objects.in_force().order_by("-pk").values_list("proposition_id", "at")[:VERDICTS_READ])
    about = [proposition for proposition, at in newest if at >= since]
    spoken = Claim.objects.visible_to(user).accepted().filter(proposition__in=about).order_by()
    behind = spoken.annotate(standing=Coalesce("source__merged_into_id", "source_id"))
    verdicts: dict[int, set[int]] = {}
    for standing, proposition in behind.values_list("standing", "proposition_id"):
        verdicts.setdefault(standing, set()).add(proposition)
    records = _short_records(list(verdicts))
    merged = Source.objects.filter(merged_into__in=records).values_list("pk", "merged_into_id")
    families = {source: source for source in records} | {pk: into for pk, into in merged if into}
    then, now = _figures(families, records, on, known=since), _figures(families, records, on, known=None)
    moved = [Moved(pk, then[pk], now[pk], len(verdicts[pk])) for pk in records]
    return sorted((row for row in moved if row.before != row.now), key=lambda row: -abs(row.by))[:most]


def _short_records(sources: list[int]) -> dict[int, TrackRecord]:
    found = {}
    claims = 0
    for record in TrackRecord.objects.overall().filter(source__in=sources).order_by("claims", "source_id"):
        claims += record.claims
        if claims > MOST_CLAIMS:
            break
        found[record.source_id] = record
    return found


def _figures(
    families: dict[int, int], records: dict[int, TrackRecord], on: date, *, known: datetime | None
) -> dict[int, Figures]:
    """By standing source, with the prior that its kept record has."""
    columns = judged_columns(families, verdicts_known_at=known)
    sums = sums_of(columns, as_of=on, half_life_days=settings.HEARSAY_HALF_LIFE_DAYS)
    found = {pk: Figures(prior=record.prior) for pk, record in records.items()}
    for place, owner in enumerate(sums.owner.tolist()):
        found[owner] = Figures(
            confirmed=float(sums.confirmed[place]),
            refuted=float(sums.refuted[place]),
            counts=VerdictCounts(
                true=int(sums.true[place]),
                partly=int(sums.partly[place]),
                false=int(sums.false[place]),
                undated=int(sums.undated[place]),
            ),
            prior=records[owner].prior,
        )
    return found
