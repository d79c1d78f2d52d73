"""Two people never get the same claim: handing one out, holding it while its page is open, giving it back, taking over.

The constraint `lease_one_per_claim` decides between two that come at once. One person has one claim before them, and
one that comes next (`ahead`): taking another gives the last ones back. Who writes about a claim is decided elsewhere,
by its version: a lease saves people from doing the same work twice, not from writing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from accounts.models import User
from claims.models import ClaimState
from review.models.lease import LASTS, Lease

TRIES = 4
"""How often another claim is tried when somebody is faster; each time more are looked at."""

Pool = tuple[str, Sequence[object]]
"""A query for the ids of claims, the best first, and its parameters."""

_HOLD = """
INSERT INTO review_lease AS lease (claim_id, analyst_id, since, until, ahead)
SELECT id, %(analyst)s, statement_timestamp(), statement_timestamp() + %(lasts)s, %(ahead)s FROM chosen
ON CONFLICT ON CONSTRAINT lease_one_per_claim DO UPDATE SET
    analyst_id = excluded.analyst_id, until = excluded.until,
    since = CASE WHEN lease.analyst_id = excluded.analyst_id AND NOT lease.ahead THEN lease.since
        ELSE excluded.since END,
    ahead = excluded.ahead AND (lease.ahead OR lease.analyst_id <> excluded.analyst_id)
WHERE lease.analyst_id = excluded.analyst_id OR lease.until <= statement_timestamp() OR %(over)s
    OR (lease.ahead AND NOT excluded.ahead)
RETURNING claim_id
"""
# What somebody else is just taking over is theirs: two people whose time ran out, and who are given each other's claim,
# would wait for one another.
_LEAVE = """
DELETE FROM review_lease WHERE id IN (
    SELECT id FROM review_lease
    WHERE analyst_id = %(analyst)s AND claim_id NOT IN (SELECT id FROM chosen) AND (ahead OR NOT %(ahead)s)
    FOR UPDATE SKIP LOCKED
)"""
_CHOOSE = """
WITH wanted AS MATERIALIZED ({pools}),
chosen AS MATERIALIZED (
    SELECT claim.id, wanted.pool FROM wanted JOIN claims_claim claim ON claim.id = wanted.id
    WHERE NOT EXISTS (
        SELECT FROM review_lease lease
        WHERE lease.claim_id = claim.id AND lease.analyst_id <> %(analyst)s AND lease.until > statement_timestamp()
        AND NOT (lease.ahead AND %(spare)s)
    )
    ORDER BY wanted.pool, wanted.place LIMIT 1{lock}
)
"""
_LOOK = f"""
{_CHOOSE}
SELECT (SELECT count(*) FROM wanted), (SELECT id FROM chosen), (SELECT pool FROM chosen)
"""  # noqa: S608 -- made of the words above
_HAND_OUT = f"""
{_CHOOSE},
left_behind AS ({_LEAVE}),
held AS ({_HOLD})
SELECT (SELECT count(*) FROM wanted), (SELECT claim_id FROM held), (SELECT pool FROM chosen)
"""  # noqa: S608 -- made of the words above
_TAKE = f"""
WITH chosen AS MATERIALIZED (
    SELECT id FROM claims_claim WHERE id = %(claim)s AND (state = %(open)s OR EXISTS (
        SELECT FROM claims_secondreview asked WHERE asked.claim_id = %(claim)s AND asked.state IN ('open', 'differs')
    ))
)
{_HOLD}
"""  # noqa: S608 -- the same


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A claim that comes before an analyst. pool: the number of the query that found it."""

    claim_id: int
    pool: int


def hand_out(pools: Sequence[Pool], *, to: User, ahead: bool = False, spare: bool = False) -> HandedOut | None:
    """Lease the first claim of the first of these queries that has one nobody else holds. None: there is none.

    ahead: it comes next, and they keep the one they have. spare: also what somebody else only has next.
    One statement, as long as nobody else takes the same one at the same moment.
    """
    wanted = {"lasts": LASTS, "over": False, "ahead": ahead, "spare": spare}
    return _first_free(pools, to, _HAND_OUT, wanted, lock=" FOR UPDATE OF claim SKIP LOCKED")


def look(pools: Sequence[Pool], *, by: User) -> HandedOut | None:
    """The claim that `hand_out` would give them now, for who only reads. It stays free for everybody."""
    return _first_free(pools, by, _LOOK, {"spare": True}, lock="")


def _first_free(
    pools: Sequence[Pool], user: User, statement: str, wanted: dict[str, Any], *, lock: str
) -> HandedOut | None:
    for attempt in range(TRIES):
        selects: list[str] = []
        parameters = wanted | {"analyst": user.pk}
        for number, (sql, values) in enumerate(pools):
            names = {f"p{number}_{place}": value for place, value in enumerate(values)}
            named = sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in names)
            selects.append(
                f"(SELECT {number} AS pool, row_number() OVER () AS place, id "  # noqa: S608 -- our own query
                f"FROM ({named}) AS pool{number} LIMIT {1 + 4 * attempt})"
            )
            parameters |= names
        with connection.cursor() as cursor:
            cursor.execute(statement.format(pools=" UNION ALL ".join(selects), lock=lock), parameters)
            found, claim_id, pool = cursor.fetchone()
        if claim_id is not None:
            return HandedOut(claim_id, pool)
        if not found:
            break
    return None


def take(claim_id: int, *, by: User, over: bool = False) -> bool:
    """Hold an open claim that was chosen directly. Whether it is held now.

    over: also when somebody else has it before them, which only a clear choice of the analyst may mean.
    """
    held = keep(claim_id, by=by, over=over)
    # By itself: two people who change places would each wait for the other's row.
    Lease.objects.filter(analyst=by).exclude(claim=claim_id).delete()
    return held


def keep(claim_id: int, *, by: User, over: bool = False) -> bool:
    """Go on holding a claim. Whether it is held now.

    Gives nothing back: such a sign of life may be overtaken by the decision after which the analyst has the next claim.
    """
    wanted: dict[str, Any] = {"claim": claim_id, "open": ClaimState.CANDIDATE}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, wanted | {"analyst": by.pk, "lasts": LASTS, "over": over, "ahead": False})
        return bool(cursor.rowcount == 1)


def release(claim_id: int, *, by: User) -> None:
    """Give a claim back, if it is held, and what would have come next."""
    Lease.objects.filter(Q(claim=claim_id) | Q(ahead=True), analyst=by).delete()
