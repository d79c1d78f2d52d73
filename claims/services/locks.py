"""The one order in which rows are locked: claims, propositions, links, sources; within each by id."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from claims.models import Claim, Proposition


def lock_propositions(propositions: Iterable[int]) -> None:
    """Nobody settles these, grades a claim on them 1, or moves claims to them, until the transaction ends."""
    rows = Proposition.objects.select_for_update().filter(pk__in=set(propositions))
    list(rows.order_by("pk").values_list("pk"))


def locked_claims(where: Q) -> list[Claim]:
    """Claims, locked until the transaction ends, without what is long."""
    return list(Claim.objects.select_for_update(of=("self",)).filter(where).order_by("pk").defer("search"))
