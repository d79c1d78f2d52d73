"""Track records, computed from claims and verdicts and stored so that lists can sort by them.

A stored record is a function of the rows it rests on, the day and the prior: computed for one source after a verdict
or for all at night, it is the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from claims.columns import as_array, judged_columns
from claims.models import ClaimState
from claims.services.priors import fit_prior
from grading.columns import Sums, posteriors_of, sums_of
from grading.prior import PopulationPriors
from grading.scales import Reliability
from grading.suggestion import gap
from sources.models import PopulationPrior, Source, TrackRecord

CHUNK = 25_000
"""Sources that a full recompute locks, computes and commits at a time: a verdict waits no longer than for these."""
_ONE_AT_A_TIME = 0x7265636F7264  # key of the advisory lock around a full recompute

_COUNTS = ("true", "partly", "false", "unverifiable", "undated")
_COLUMNS = {
    "source_id": "bigint",
    "confirmed": "float8",
    "refuted": "float8",
    "prior_confirmed": "float8",
    "prior_refuted": "float8",
    **dict.fromkeys(_COUNTS, "int"),
    "n_effective": "float8",
    "mean": "float8",
    "low": "float8",
    "high": "float8",
    "suggestion": "text",
    "grade": "text",
    "divergence": "float8",
    "claims": "int",
    "last_claimed_on": "date",
}
_NAMES = ", ".join(f'"{name}"' for name in _COLUMNS)


def _all_of(row: str) -> str:
    return ", ".join(f'{row}."{name}"' for name in ("as_of", *_COLUMNS))


_WRITE = f"""
WITH fresh AS MATERIALIZED (
    SELECT %(as_of)s::date AS as_of, given.* FROM
    unnest({", ".join(f"%({name})s::{kind}[]" for name, kind in _COLUMNS.items())}) AS given({_NAMES})
), gone AS (
    DELETE FROM sources_trackrecord record WHERE source_id = ANY(%(members)s::bigint[])
    AND NOT EXISTS (SELECT FROM fresh WHERE fresh.source_id = record.source_id AND record.topic = '')
    RETURNING 1
), written AS (
    INSERT INTO sources_trackrecord AS record (topic, as_of, {_NAMES}) SELECT '', fresh.* FROM fresh
    ON CONFLICT (source_id, topic) DO UPDATE SET (as_of, {_NAMES}) = ({_all_of("EXCLUDED")})
    WHERE %(always)s OR ({_all_of("record")}) IS DISTINCT FROM ({_all_of("EXCLUDED")})
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written)
"""  # noqa: S608 -- made of the names above
_FAMILIES = """
SELECT id, merged_into_id, kind FROM sources_source
WHERE id = ANY(%(sources)s::bigint[]) OR merged_into_id = ANY(%(sources)s::bigint[])
ORDER BY id
"""
# Where the row lies, and which transaction wrote it: no two states of a row have both in common.
_VERSIONS = "SELECT source_id, xmin::text || ctid::text FROM sources_trackrecord WHERE topic = ''"
_GRADES = """
SELECT DISTINCT ON (source_id) source_id, grade FROM sources_reliabilityassessment
WHERE is_grade AND topic = '' AND source_id = ANY(%s::bigint[])
ORDER BY source_id, at DESC, id DESC
"""
_SAID = """
SELECT member.standing, count(*), max(claim.reported_date)
FROM unnest(%s::bigint[], %s::bigint[]) AS member(id, standing)
JOIN claims_claim claim ON claim.source_id = member.id AND claim.state = %s
GROUP BY member.standing
"""

# The source is locked first, so that of a merge at the same time one waits; then the newest state of its record counts.
_ONE_MORE = """
WITH standing AS MATERIALIZED (
    SELECT id FROM sources_source WHERE id = %(source)s AND merged_into_id IS NULL FOR NO KEY UPDATE
)
UPDATE sources_trackrecord record
SET claims = record.claims + 1, last_claimed_on = greatest(record.last_claimed_on, %(reported)s::date)
FROM standing WHERE record.source_id = standing.id AND record.topic = ''
"""

Columns = dict[str, list[Any]]
"""One value for each record, by the name of the column."""
Standing = Mapping[int, int]
"""For each source of some families, itself included, the one that stands for it."""
Versions = Mapping[int, str]
"""By source, a text that is another one after each writing of its stored record."""


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What a full recompute did. written: records that were not as computed. refitted: whether the prior changed."""

    as_of: date
    sources: int
    written: int
    refitted: bool


@transaction.atomic(savepoint=False)
def refresh(sources: Iterable[int]) -> None:
    """Compute the stored records of these sources (ids) anew, in the caller's transaction.

    To be called last, after every change to what they rest on. A source merged into another stands for that one. Ids
    that are gone are passed over.
    """
    standing, kinds = _locked_families(set(sources))
    if standing:
        today = timezone.localdate()
        # Written even if nothing changed, so that a full recompute under way sees that something may have.
        _write(standing, kinds, _sums(standing, today), as_of=today, always=True)


def count_one_more(source: int, *, reported: date | None) -> bool:
    """One more claim of a source (its id) was accepted, on a proposition of its own: no verdict rests on it.

    All else in the record stays as it is, and as of the day it is of. reported: when the source said it.
    False, and nothing written, where there is no such record: then `refresh` makes it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ONE_MORE, {"source": source, "reported": reported})
        return bool(cursor.rowcount == 1)


def first_record(source: Source, *, claims: int, reported: date | None) -> TrackRecord:
    """The record of a source with so many claims (0 or 1), on which no verdict rests; not stored yet."""
    today = timezone.localdate()
    nobody = Sums.of_nobody()
    figures = _figures(nobody, {0: source.kind}, PopulationPrior.objects.as_priors(on=today))
    values: dict[str, Any] = {name: column[0] for name, column in figures.items() if name != "source_id"}
    return TrackRecord(as_of=today, claims=claims, last_claimed_on=reported, **values)


def recompute(
    *, as_of: date | None = None, refit: bool = True, progress: Callable[[int, int], None] | None = None
) -> Recomputed | None:
    """Learn the prior anew and compute all stored records, in steps that may be interrupted. None: it is under way.

    as_of: by default today. refit: whether to learn the prior. progress: called with the number of sources done and of
    all. A record that is already as computed is not written.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            return None
    try:
        return _recompute(as_of or timezone.localdate(), refit, progress or (lambda done, of_all: None))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_AT_A_TIME])


def _recompute(day: date, refit: bool, progress: Callable[[int, int], None]) -> Recomputed:
    """All verdicts are read and summed up once, without a lock. Then source by source the locks are taken, and only
    what was refreshed in the meantime is read again: what changes a record refreshes it in the same transaction.
    """
    versions = stored_versions()  # first: a change seen below, but not here, is merely read twice
    everybody = list(Source.objects.order_by("pk").values_list("pk", "merged_into", "kind"))
    sums = _sums({pk: merged_into or pk for pk, merged_into, _ in everybody}, day)
    all_kinds = {pk: kind for pk, merged_into, kind in everybody if merged_into is None}
    refitted = refit and fit_prior(sums, all_kinds, as_of=day)
    ids, written = list(all_kinds), 0
    for done in range(0, len(ids), CHUNK):
        progress(done, len(ids))
        with transaction.atomic():
            standing, kinds = _locked_families(set(ids[done : done + CHUNK]))
            now = stored_versions(kinds)
            touched = {source for source in kinds if versions.get(source) != now.get(source)}
            known = sums.only(np.array(list(kinds.keys() - touched), dtype=np.int64))
            anew = _sums({source: into for source, into in standing.items() if into in touched}, day)
            written += _write(standing, kinds, known.beside(anew), as_of=day)
    progress(len(ids), len(ids))
    return Recomputed(day, len(ids), written, refitted)


def _sums(standing: Standing, day: date) -> Sums:
    return sums_of(judged_columns(standing), as_of=day, half_life_days=settings.HEARSAY_HALF_LIFE_DAYS)


def stored_versions(sources: Iterable[int] | None = None) -> Versions:
    """Of the stored records of these sources, or of all."""
    with connection.cursor() as cursor:
        if sources is None:
            cursor.execute(_VERSIONS)
        else:
            cursor.execute(_VERSIONS + " AND source_id = ANY(%s::bigint[])", [as_array(sources)])
        return dict(cursor.fetchall())


def _locked_families(sources: set[int]) -> tuple[Standing, dict[int, str]]:
    """Who stands for whom among these sources and all that are one with them, and the kinds of those that stand.

    All are locked until the transaction ends, in the order of their ids: of two verdicts at once the later waits, and
    then sees what the earlier wrote. When somebody joined a family while we waited, all locks are given back and taken
    again in order: to add one later might make a circle.
    """
    wanted = sources
    while True:
        attempt = transaction.savepoint()
        rows = _families(wanted, " FOR NO KEY UPDATE")
        together = sources | {merged_into or pk for pk, merged_into, _ in rows}
        if {pk for pk, _, _ in _families(together)} <= {pk for pk, _, _ in rows}:
            transaction.savepoint_commit(attempt)
            break
        transaction.savepoint_rollback(attempt)
        wanted = together
    return (
        {pk: merged_into or pk for pk, merged_into, _ in rows},
        {pk: kind for pk, merged_into, kind in rows if merged_into is None},
    )


def _families(sources: set[int], lock: str = "") -> list[tuple[int, int | None, str]]:
    """Id, the source it was merged into, and kind of these sources and of all merged into one of them."""
    with connection.cursor() as cursor:
        cursor.execute(_FAMILIES + lock, {"sources": as_array(sorted(sources))})
        return list(cursor.fetchall())


def _write(standing: Standing, kinds: dict[int, str], sums: Sums, *, as_of: date, always: bool = False) -> int:
    """Store the records of some whole families. Returns how many were written or taken away.

    always: write those, too, that are stored as computed.
    """
    columns = _figures(sums, kinds, PopulationPrior.objects.as_priors(on=as_of))
    columns |= _said(columns, standing) | _graded(columns)
    parameters: dict[str, Any] = {name: as_array(values) for name, values in columns.items()}
    parameters |= {"as_of": as_of, "members": as_array(standing), "always": always}
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, parameters)
        return int(cursor.fetchone()[0])


def _figures(sums: Sums, kinds: dict[int, str], priors: PopulationPriors) -> Columns:
    """The records of the sources that stand; one that is not among the sums has no verdict."""
    sources = sorted(kinds)
    places = np.searchsorted(sources, sums.owner)

    def spread(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        column = np.zeros(len(sources), dtype=values.dtype)
        column[places] = values
        return column

    confirmed, refuted = spread(sums.confirmed), spread(sums.refuted)
    of_kind = {kind: priors.of(kind) for kind in set(kinds.values())}
    prior_confirmed = np.array([of_kind[kinds[source]].confirmed for source in sources], dtype=np.float64)
    prior_refuted = np.array([of_kind[kinds[source]].refuted for source in sources], dtype=np.float64)
    found = posteriors_of(confirmed, refuted, prior_confirmed, prior_refuted)
    return {
        "source_id": sources,
        "confirmed": confirmed.tolist(),
        "refuted": refuted.tolist(),
        "prior_confirmed": prior_confirmed.tolist(),
        "prior_refuted": prior_refuted.tolist(),
        **{name: spread(getattr(sums, name)).tolist() for name in _COUNTS},
        "n_effective": (confirmed + refuted).tolist(),
        "mean": found.mean.tolist(),
        "low": found.low.tolist(),
        "high": found.high.tolist(),
        "suggestion": found.suggestion,
    }


def _said(columns: Columns, standing: Standing) -> Columns:
    """How much of each source was accepted, and until when."""
    with connection.cursor() as cursor:
        cursor.execute(_SAID, [as_array(standing), as_array(standing.values()), ClaimState.ACCEPTED])
        said = {source: (claims, last) for source, claims, last in cursor.fetchall()}
    found = [said.get(source, (0, None)) for source in columns["source_id"]]
    return {"claims": [claims for claims, _ in found], "last_claimed_on": [last for _, last in found]}


def _graded(columns: Columns) -> Columns:
    """The newest human grade of each, and how far it lies from what the verdicts say."""
    with connection.cursor() as cursor:
        cursor.execute(_GRADES, [as_array(columns["source_id"])])
        grades = dict(cursor.fetchall())
    found = [grades.get(source, "") for source in columns["source_id"]]
    return {
        "grade": found,
        "divergence": [
            gap(Reliability(grade), low, high) if grade and n_effective else 0.0
            for grade, n_effective, low, high in zip(
                found, columns["n_effective"], columns["low"], columns["high"], strict=True
            )
        ],
    }
