"""Which claims a reader asks for: the parameters of the list of claims, checked as strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from accounts.models import User
from claims.api.filters import ClaimFilter
from claims.models import Claim
from claims.models.claim import ClaimQuerySet
from exchange.formats.errors import BadSelection


@dataclass(frozen=True)
class _Asking:
    """As much of a request as the filters look at."""

    user: User


def chosen_claims(user: User, wanted: Mapping[str, str]) -> ClaimQuerySet:
    """The claims that `user` may see and that the list of claims shows for these parameters, without order.

    Raises BadSelection for a parameter that is not known, empty, or has an impossible value.
    """
    known = ClaimFilter.base_filters
    if unknown := sorted(wanted.keys() - known.keys()):
        said = f"There is no such parameter here. Known are: {', '.join(known)}."
        raise BadSelection(dict.fromkeys(unknown, said), unknown=True)
    if empty := sorted(name for name, value in wanted.items() if not value):
        raise BadSelection(dict.fromkeys(empty, "It is empty. Give a value, or leave it out."))
    asking: Any = _Asking(user)
    chosen = ClaimFilter(dict(wanted), queryset=Claim.objects.visible_to(user), request=asking)
    if not chosen.is_valid():
        raise BadSelection({name: " ".join(map(str, said)) for name, said in chosen.errors.items()})
    return cast(ClaimQuerySet, chosen.qs)
