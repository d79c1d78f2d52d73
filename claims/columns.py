"""Judged claims of many sources, read from the database straight into columns.

The same claims as `claims.judged` reads for one source, hundreds of thousands at a time instead of object by object.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

from claims.judged import keys_once, links_around
from claims.models import ClaimState, LinkKind, LinkState, Stance
from grading.columns import OUTCOMES, UNDATED, Claims, Integers
from grading.origins import origin_of_each
from grading.record import Outcome

_COLUMNS = {
    "source": "member.standing",
    "claim": "claim.id",
    "proposition": "claim.proposition_id",
    "question": "coalesce(proposition.question_id, 0)",
    "denies": "(claim.stance = %(denies)s)::int",
    "settled_as": "array_position(%(outcomes)s::text[], verdict.outcome) - 1",
    "decided": "verdict.decided_on - DATE '0001-01-01' + 1",
    "claimed": "coalesce(coalesce(claim.reported_date, document.document_date, document.information_date) "
    "- DATE '0001-01-01' + 1, %(undated)s)",
}
# One value with all rows in it, eight bytes a number: as rows of their own, or by COPY, they would come one by one.
_READ = f"""
SELECT string_agg({" || ".join(f"int8send(({value})::bigint)" for value in _COLUMNS.values())}, ''::bytea)
FROM unnest(%(members)s::bigint[], %(standing)s::bigint[]) AS member(id, standing)
JOIN claims_claim claim ON claim.source_id = member.id AND claim.state = %(accepted)s
JOIN claims_verdict verdict ON verdict.proposition_id = claim.proposition_id AND verdict.withdrawn_at IS NULL
JOIN claims_proposition proposition ON proposition.id = claim.proposition_id
LEFT JOIN documents_textlayer layer ON layer.id = claim.layer_id AND claim.reported_date IS NULL
LEFT JOIN documents_document document ON document.id = layer.document_id
WHERE NOT EXISTS (
    SELECT FROM claims_claimlink link
    WHERE link.claim_id = claim.id AND link.kind = %(relays)s AND link.state = %(confirmed)s
)
"""  # noqa: S608 -- made of the expressions above
_READ_AS_KNOWN = _READ.replace(
    "verdict.withdrawn_at IS NULL",
    "verdict.at <= %(known)s AND (verdict.withdrawn_at IS NULL OR verdict.withdrawn_at > %(known)s)",
)
_ROW = np.dtype([(name, ">i8") for name in _COLUMNS])
_SAID = ("claim", "proposition", "question", "denies")
_TRUE, _FALSE = OUTCOMES.index(Outcome.TRUE), OUTCOMES.index(Outcome.FALSE)


def judged_columns(standing: Mapping[int, int], *, verdicts_known_at: datetime | None = None) -> Claims:
    """The judged claims of sources, owned by those that stand.

    standing: for each source, those merged into another among them, the id of the one it stands for.
    verdicts_known_at: by the verdicts in force at that moment, all else as it is now; by default those of now.
    """
    rows = _read(standing, verdicts_known_at)
    settled_as, denies = rows["settled_as"], rows["denies"] == 1
    turned = np.where(settled_as == _TRUE, _FALSE, np.where(settled_as == _FALSE, _TRUE, settled_as))
    return Claims(
        owner=rows["source"],
        outcome=np.where(denies, turned, settled_as),
        claimed=rows["claimed"],
        decided=rows["decided"],
        once=_once(rows),
    )


def _read(standing: Mapping[int, int], known: datetime | None) -> dict[str, Integers]:
    parameters: dict[str, Any] = {
        "members": as_array(standing.keys()),
        "standing": as_array(standing.values()),
        "denies": Stance.DENIES.value,
        "outcomes": [outcome.value for outcome in OUTCOMES],
        "undated": UNDATED,
        "accepted": ClaimState.ACCEPTED.value,
        "relays": LinkKind.RELAYS.value,
        "confirmed": LinkState.CONFIRMED.value,
        "known": known,
    }
    with connection.cursor() as cursor:
        cursor.execute(_READ_AS_KNOWN if known else _READ, parameters)
        data = bytes(cursor.fetchone()[0] or b"")
    rows = np.frombuffer(data, dtype=_ROW)
    return {name: rows[name].astype(np.int64) for name in _COLUMNS}


def _once(rows: dict[str, Integers]) -> Integers:
    """Claims of a source with the same proposition and stance count once, and answers out of one origin group."""
    once: Integers = rows["proposition"] * 2 + rows["denies"]
    rivals = _with_rivals(rows, once)
    links = links_around(rows["claim"][rivals].tolist())
    if not links:
        return once
    origins = origin_of_each({claim for link in links for claim in link}, links)
    tied = rivals & np.isin(rows["claim"], list(origins))
    rival = np.flatnonzero(rivals)
    by_source = rival[np.argsort(rows["source"][rival], kind="stable")]
    sources = rows["source"][by_source]
    for source in np.unique(rows["source"][tied]).tolist():
        places = by_source[np.searchsorted(sources, source) : np.searchsorted(sources, source, side="right")]
        theirs, about, asked, denies = (rows[name][places].tolist() for name in _SAID)
        keys = keys_once(
            zip(theirs, about, [question or None for question in asked], map(str, denies), strict=True),
            [(claim, origins[claim]) for claim in theirs if claim in origins],
        )
        once[places] = [-keys[claim] for claim in theirs]
    return once


def _with_rivals(rows: dict[str, Integers], once: Integers) -> npt.NDArray[np.bool_]:
    """Claims whose source answered the same question otherwise as well."""
    found = np.zeros(len(once), dtype=np.bool_)
    if not len(once):
        return found
    asked = np.where(rows["question"] > 0, rows["question"], -rows["proposition"])
    order = np.lexsort((once, asked, rows["source"]))
    same_question = (np.diff(rows["source"][order]) == 0) & (np.diff(asked[order]) == 0)
    other_answer = same_question & (np.diff(once[order]) != 0)
    starts = np.append(0, np.cumsum(~same_question))  # number of the (source, question) each row belongs to
    rivalled = np.zeros(len(order), dtype=np.bool_)
    rivalled[starts[1:][other_answer]] = True
    found[order] = rivalled[starts]
    return found


def as_array(values: Iterable[Any]) -> str:
    """Numbers, or texts or dates with None among them, as an array in PostgreSQL's words.

    The driver takes ten times as long over so many. A float's `repr` is the shortest text that reads back as the same
    float.
    """
    listed = list(values)
    if listed and type(listed[0]) in (int, float):
        return "{" + repr(listed)[1:-1] + "}"
    words = [_quoted(value) if type(value) is str else "NULL" if value is None else str(value) for value in listed]
    return "{" + ",".join(words) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
