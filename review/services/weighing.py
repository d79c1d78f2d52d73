"""Having a claim decided sooner or later than its own doubt would have it."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from claims.models import Claim, ClaimState
from grading.priority import priority
from review.errors import NotWaiting, WeightOutOfRange
from review.models import Boost, Weighing
from review.models.weighing import LONGEST_REASON, MOST, USUAL


@transaction.atomic
def weigh(claim: Claim, *, weight: float, by: User, reason: str = "") -> Weighing:
    """Multiply how useful it is to decide `claim` by `weight`, 0 to 16: 1 as usual, 0 only at random or on the way.

    claim: in a collection of `by`. Raises NotWaiting where `by` has nothing to decide there, WeightOutOfRange. The
    queue knows it at once; others hear of it from the claim's page, with the reason.
    """
    if not 0 <= weight <= MOST:
        raise WeightOutOfRange(weight)
    row = Claim.objects.filter(pk=claim.pk).waiting_for(by).defer("search").first()
    if row is None:
        raise NotWaiting(claim.pk)
    words = " ".join(reason.replace("\0", " ").split())[:LONGEST_REASON]
    weighing = Weighing.objects.create(claim=row, weight=weight, reason=words, by=by)
    if row.state == ClaimState.CANDIDATE:
        _reorder(row, weight)
    return weighing


def _reorder(claim: Claim, weight: float) -> None:
    """As `refresh_boosts` would in some minutes."""
    links = Boost.objects.filter(claim=claim).values_list("links", flat=True).first() or 0
    if weight == USUAL and not links:
        Boost.objects.filter(claim=claim).delete()
        return
    chance = 0.5 if claim.score is None else claim.score
    values = {"weight": weight, "priority": priority(chance, links=links, weight=weight)}
    Boost.objects.update_or_create(
        claim=claim, defaults=values, create_defaults=values | {"collection_id": claim.collection_id}
    )
