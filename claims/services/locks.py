"""The one order in which rows are locked: claims, propositions, links, sources; within each by id."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from django.db import transaction
from django.db.models import Q

from claims.models import Claim, Proposition


def lock_propositions(propositions: Iterable[int]) -> None:
    """Nobody settles these, grades a claim on them 1, or moves claims to them, until the transaction ends."""
    rows = Proposition.objects.select_for_update().filter(pk__in=set(propositions))
    list(rows.order_by("pk").values_list("pk"))


def locked_claims(where: Q) -> list[Claim]:
    """Claims, locked until the transaction ends, without what is long."""
    return list(Claim.objects.select_for_update(of=("self",)).filter(where).order_by("pk").defer("search"))


def locked_whole(proposition: int, *others: int) -> list[Claim]:
    """All claims on a proposition, it and the `others` (ids), locked: none comes or goes until the transaction ends.

    A claim may come between the two locks, and to lock it then would be out of order: a deadlock with who holds it and
    waits for the proposition. What was locked is let go instead, and locked anew.
    """
    while True:
        with suppress(_AnotherCame), transaction.atomic():
            claims = locked_claims(Q(proposition=proposition))
            lock_propositions([proposition, *others])
            if Claim.objects.filter(proposition=proposition).count() > len(claims):
                raise _AnotherCame
            return claims


class _AnotherCame(Exception):
    """Rolls back to before the locks, which lets go of them."""
