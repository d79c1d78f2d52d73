"""Whom a claim's first decision is kept from: those who may be asked for the blind second opinion on it.

The rule is written here, below claims and sources, because the lists of both have to keep it. Its conditions name
columns of `claims.SecondReview`, reached over `path`, and are positive throughout, so that they also hold when the path
runs over many claims.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import User

UNDECIDED = ["open", "given", "differs"]
"""States of a second review in which its analyst has not been told how the first decided."""


def kept_blind(user: User, path: str = "") -> Q | None:
    """The second reviews that keep their claim's decision from `user`; None where there can be none.

    As long as nobody has taken the second review, all who could are kept blind but the first analyst; then only who
    took it, until both agree or somebody has adjudicated. Who cannot review is never asked, and sees what is in force.
    """
    if not user.is_active or not user.has_perm("claims.review_claim"):
        return None
    mine = Q(**{f"{path}analyst": user.pk, f"{path}state__in": UNDECIDED})
    anybodys = Q(**{f"{path}analyst__isnull": True, f"{path}state": "open"})
    by_another = Q(**{f"{path}first_analyst__lt": user.pk}) | Q(**{f"{path}first_analyst__gt": user.pk})
    return mine | (anybodys & by_another)


def told(user: User, path: str) -> Q:
    """The opposite of `kept_blind`, for rows that may have no second review: what is there is not kept from `user`."""
    if kept_blind(user) is None:
        return Q()
    over = Q(**{f"{path}isnull": True}) | Q(**{f"{path}state__in": ["agrees", "adjudicated"]})
    own = Q(**{f"{path}analyst__isnull": True, f"{path}first_analyst": user.pk})
    undone = Q(**{f"{path}analyst__isnull": True, f"{path}first_analyst__isnull": True})
    another_has_it = Q(**{f"{path}analyst__lt": user.pk}) | Q(**{f"{path}analyst__gt": user.pk})
    return over | own | undone | another_has_it
