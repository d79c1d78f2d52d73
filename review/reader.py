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
from review.models.lease import LeaseQuerySet


@dataclass(frozen=True, slots=True)
class Reader:
    user: User
    collections: list[int]
    """The ids of those they may see."""
    hidden: list[int]
    """The ids of all others."""
    spare: bool = False
    """Whether the queue hands them also what somebody else only has next, when nothing else is left."""

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
        return self.claims.filter(~self._taken(Lease.objects.before_them()))

    @property
    def waiting(self) -> ClaimQuerySet:
        """What of their collections they can decide and the queue can hand to them."""
        return self._left(self.claims).waiting_for(self.user)

    @property
    def second(self) -> ClaimQuerySet:
        """What waits for their second opinion."""
        waiting = SecondReview.objects.waiting_for(self.user).values("claim")
        return self._left(self.claims).exclude(state=ClaimState.CANDIDATE).filter(pk__in=waiting)

    def undecided(self, claims: ClaimQuerySet) -> ClaimQuerySet:
        """Candidates that nobody else has before them or next, and on which they gave no second opinion."""
        given = SecondReview.objects.filter(analyst=self.user, state=SecondReviewState.GIVEN).values("claim")
        return self._left(claims.awaiting_review().exclude(pk__in=given))

    def _left(self, claims: ClaimQuerySet) -> ClaimQuerySet:
        return claims.filter(~self._taken(Lease.objects.before_them() if self.spare else Lease.objects.all()))

    def _taken(self, leases: LeaseQuerySet) -> Exists:
        return Exists(leases.of_others(self.user).filter(claim=OuterRef("pk")))
