"""Who is at the workbench and what they may see, asked for once in a request."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from accounts.models import User
from claims.models import Claim, ClaimState, SecondReview
from claims.models.claim import ClaimQuerySet
from claims.models.second_review import SecondReviewState
from documents.models import Collection
from review.models import Lease


@dataclass(frozen=True, slots=True)
class Reader:
    user: User
    collections: list[int]
    """The ids of those they may see."""
    hidden: list[int]
    """The ids of all others."""

    @classmethod
    def of(cls, request: HttpRequest) -> Reader:
        assert isinstance(request.user, User)  # noqa: S101 -- LoginRequiredMiddleware lets nobody else in
        return cls(request.user, *Collection.objects.ids_by_sight(request.user))

    @property
    def may_review(self) -> bool:
        return self.user.has_perm("claims.review_claim")

    @property
    def claims(self) -> ClaimQuerySet:
        """All in their collections, as they are: show them `as_seen_by` the user only."""
        return Claim.objects.filter(collection__in=self.collections)

    @property
    def free(self) -> ClaimQuerySet:
        """Theirs but those that somebody else has before them."""
        return self.left_by_others(self.claims)

    @property
    def waiting(self) -> ClaimQuerySet:
        """What of that they can decide."""
        return self.free.waiting_for(self.user)

    @property
    def second(self) -> ClaimQuerySet:
        """What waits for their second opinion."""
        waiting = SecondReview.objects.waiting_for(self.user).values("claim")
        return self.free.exclude(state=ClaimState.CANDIDATE).filter(pk__in=waiting)

    def undecided(self, claims: ClaimQuerySet) -> ClaimQuerySet:
        """Candidates that nobody else has before them, and on which they gave no second opinion."""
        given = SecondReview.objects.filter(analyst=self.user, state=SecondReviewState.GIVEN).values("claim")
        return self.left_by_others(claims.awaiting_review().exclude(pk__in=given))

    def left_by_others(self, claims: ClaimQuerySet) -> ClaimQuerySet:
        taken = Lease.objects.of_others(self.user).filter(claim=OuterRef("pk"))
        return claims.filter(~Exists(taken))
