"""Claims as a stream of plain records: memory and queries for one chunk of them, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TypeVar

from accounts.models import User
from claims.models import Claim
from claims.models.claim import ClaimQuerySet
from claims.one_of import OneOf
from exchange.formats.making import Maker
from exchange.formats.records import ClaimRecord
from exchange.formats.selection import chosen_claims
from exchange.formats.surroundings import around
from exchange.uids import Uids

Item = TypeVar("Item")

CHUNK = 1_000


def stream(
    user: User,
    wanted: Mapping[str, str] | None = None,
    *,
    origins: bool = False,
    context: int = 0,
    by_proposition: bool = False,
) -> Iterator[ClaimRecord]:
    """The claims that the list of claims shows `user` for these parameters, newest first.

    origins: also say how many reports and independent origins each proposition has, which takes three times as long.
    context: characters of the text to give before and after each span. by_proposition: those on one proposition
    together, and those on none at the end.
    Raises BadSelection, at once.
    """
    chosen = chosen_claims(user, wanted or {})
    return records(chosen, user, origins=origins, context=context, by_proposition=by_proposition)


def records(
    claims: ClaimQuerySet, user: User, *, origins: bool = False, context: int = 0, by_proposition: bool = False
) -> Iterator[ClaimRecord]:
    """Those of `claims` that `user` may see, newest first. The ids are asked for once, through a cursor on the server:
    a claim that comes in meanwhile is not in the stream, and none is in it twice."""
    order = ["proposition_id", "-pk"] if by_proposition else ["-pk"]
    ids = claims.visible_to(user).order_by(*order).values_list("pk", flat=True)
    uids = Uids()
    for chunk in in_chunks(ids.iterator(chunk_size=10 * CHUNK), CHUNK):
        yield from _records_of(chunk, user, uids, origins=origins, context=context)


def in_chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    waiting = iter(items)
    while chunk := list(islice(waiting, size)):
        yield chunk


def _records_of(ids: list[int], user: User, uids: Uids, *, origins: bool, context: int) -> Iterator[ClaimRecord]:
    rows = {row.pk: row for row in Claim.objects.visible_to(user).filter(OneOf("pk", ids)).defer("search")}
    claims = [rows[pk] for pk in ids if pk in rows]
    yield from Maker(claims, around(claims, user, origins=origins, context=context), uids).records()
