from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Left
from django.utils import timezone

from documents.blindness import UNDECIDED, kept_blind
from documents.models import Collection

if TYPE_CHECKING:
    from accounts.models import User

SEED = "hearsay second review"
"""Goes into the draw. It is no secret: the draw has to be the same whenever and wherever a task is repeated."""


INDEXED_CHARACTERS = 20_000
"""PostgreSQL refuses a text index entry above 1 MB; a content longer than this is found by its beginning."""


class SecondReviewState(models.TextChoices):
    OPEN = "open", "Waits for a second opinion"
    GIVEN = "given", "Waits for the first decision"
    AGREES = "agrees", "Agrees"
    DIFFERS = "differs", "Waits for adjudication"
    ADJUDICATED = "adjudicated", "Adjudicated"


class Difference(models.TextChoices):
    """In what two analysts of one claim can differ."""

    DECISION = "decision", "Decision"
    SOURCE = "source", "Who said it"
    CONTENT = "content", "Content"
    WORDS = "words", "Words of source, cue or circumstance"
    TYPE = "type", "Type"
    MODALITY = "modality", "Modality"
    STANCE = "stance", "Stance"


def is_drawn(claim_id: int, share: float) -> bool:
    """Whether a claim belongs to the share (0 to 1) that gets a second review: the same answer every time.

    A claim drawn at some share is drawn at every larger one.
    """
    number = int.from_bytes(sha256(f"{SEED} {claim_id}".encode()).digest()[:8])
    return number < share * 2**64


class Drawn(models.Func):
    """`is_drawn` of a claim's id and a share, asked of the database. Of the 64 bits the first 60 are compared."""

    template = f"(('x0' || left(encode(sha256(convert_to('{SEED} ' || %(expressions)s * {2**60})::bigint)"
    arg_joiner = ", 'UTF8')), 'hex'), 15))::bit(64)::bigint < ("
    output_field = models.BooleanField()

    def __init__(self, claim_id: str, share: str) -> None:
        super().__init__(claim_id, share)


class Side(models.TextChoices):
    """Which version beside a claim somebody works on; also the name of its field."""

    SECOND = "second"
    THIRD = "third"


class SecondReviewQuerySet(models.QuerySet["SecondReview"]):
    def keeping_blind(self, user: User) -> Self:
        """Those that keep the first decision from `user`."""
        blind = kept_blind(user)
        return self.none() if blind is None else self.filter(blind)

    def hiding(self, field: str, user: User) -> Any:
        """Ids of the claims' sources or propositions (`field`) that only claims kept from `user` are about."""
        claims = self.model._meta.get_field("claim").related_model._default_manager  # Claim imports this module
        known = claims.filter(
            collection__in=Collection.objects.visible_to(user), **{field: OuterRef(f"claim__{field}")}
        )
        known = known.exclude(pk__in=self.keeping_blind(user).values("claim"))
        blind = self.keeping_blind(user).filter(~Exists(known), **{f"claim__{field}__isnull": False})
        return blind.values(f"claim__{field}")

    def waiting_for(self, user: User) -> Self:
        """Those on which `user` can give the second opinion. Whether they may see the claim is not asked here."""
        return self.keeping_blind(user).filter(state=SecondReviewState.OPEN)

    def worked_on_by(self, user: User) -> Any:  # the checker knows no annotations
        """Those of which `user` sees a version of their own: the claim as found, or as they have it so far.

        Adds that version (`seen`) and its state (`seen_state`).
        """
        blind = kept_blind(user)
        third = Q(adjudicator=user, third__isnull=False, state=SecondReviewState.DIFFERS)
        rows = self.none() if blind is None else self.filter(blind | third)
        seen = Case(When(third, then=F("third")), default=Coalesce(F("second"), F("found")))
        return rows.annotate(seen=seen).annotate(seen_state=KeyTextTransform("state", "seen"))

    def reworded_for(self, user: User) -> Any:
        """Those of `worked_on_by` whose claim may be in other words than the user sees: these as annotations."""
        as_found = {f"first__{field}": F(f"found__{field}") for field in ("type", "cue_quote", "content_quote")}
        seen = {
            f"seen_{name}": KeyTextTransform(field, "seen")
            for name, field in (("type", "type"), ("cue", "cue_quote"), ("content", "content_quote"))
        }
        rows = self.worked_on_by(user).exclude(Q(**as_found), second__isnull=True).annotate(**seen)
        return rows.annotate(seen_search=SearchVector(Left("seen_content", INDEXED_CHARACTERS), config="english"))

    def to_adjudicate(self) -> Self:
        return self.filter(state=SecondReviewState.DIFFERS)

    def to_adjudicate_by(self, user: User) -> Self:
        """Without those on which the user gave one of the opinions, unless the collection lets them decide these."""
        party = Q(first_analyst=user) | Q(analyst=user)
        return self.to_adjudicate().exclude(party, claim__collection__parties_adjudicate=False)

    def closed(self) -> Self:
        """Those in which nothing is kept from anybody any more."""
        return self.filter(state__in=[SecondReviewState.AGREES, SecondReviewState.ADJUDICATED])

    def compared(self) -> Self:
        """Those of which both decisions are there."""
        return self.filter(
            state__in=[SecondReviewState.AGREES, SecondReviewState.DIFFERS, SecondReviewState.ADJUDICATED]
        )

    def visible_to(self, user: User) -> Self:
        """Those of claims in the user's collections, without those in which the user is a blind party."""
        rows = self.filter(claim__collection__in=Collection.objects.ids_visible_to(user))
        blind = kept_blind(user)
        return rows if blind is None else rows.exclude(blind)


@pghistory.track()
class SecondReview(models.Model):
    """A claim drawn for a blind second review, the second opinion on it, and how the two were brought together.

    The claim itself stays as the first analyst decided it. `found`, `first`, `second` and `third` are versions of its
    reviewable fields beside it: as the engine found it, as the first analyst decided it, as the second has it, and as
    the adjudicator does who agrees with neither.
    """

    claim = models.OneToOneField("claims.Claim", on_delete=models.PROTECT, related_name="second_review")
    first_analyst = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="Who decided first; empty while that decision is undone.",
    )
    analyst = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="second_reviews",
        null=True,
        blank=True,
        help_text="Who gives the second opinion; empty until somebody has taken a step.",
    )
    adjudicator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    state = models.CharField(max_length=12, choices=SecondReviewState, default=SecondReviewState.OPEN)
    first: models.JSONField[Any, Any] = models.JSONField(
        null=True, blank=True, help_text="The claim as the first analyst decided it; empty while that is undone."
    )
    found = models.JSONField(help_text="The claim as the engine found it.")
    second: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    third: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    differs = ArrayField(models.CharField(max_length=10, choices=Difference), default=list, blank=True)
    drawn_at = models.DateTimeField(default=timezone.now, editable=False)
    given_at = models.DateTimeField(null=True, blank=True, help_text="When the second opinion was given.")

    objects = SecondReviewQuerySet.as_manager()

    class Meta:
        permissions = [("adjudicate_claim", "Can adjudicate between two opinions on a claim")]
        constraints = [
            models.CheckConstraint(name="second_review_state_known", condition=Q(state__in=SecondReviewState.values)),
            models.CheckConstraint(
                name="second_review_by_another",
                condition=Q(analyst__isnull=True) | Q(first_analyst__isnull=True) | ~Q(analyst=F("first_analyst")),
                violation_error_message="The second opinion is another analyst's than the first decision.",
            ),
            models.CheckConstraint(
                name="second_review_given_is_complete",
                condition=Q(state="open", given_at__isnull=True)
                | Q(analyst__isnull=False, second__isnull=False, given_at__isnull=False),
            ),
            models.CheckConstraint(
                name="second_review_compared_with_first",
                condition=Q(state__in=["open", "given"]) | Q(first_analyst__isnull=False, first__isnull=False),
            ),
            models.CheckConstraint(
                name="second_review_says_in_what",
                condition=Q(state__in=["differs", "adjudicated"]) | Q(differs=[]),
            ),
            models.CheckConstraint(
                name="second_review_adjudicated_by_somebody",
                condition=~Q(state="adjudicated") | Q(adjudicator__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="second_review_undecided",
                fields=["analyst", "first_analyst", "claim"],
                condition=Q(state__in=["open", "given", "differs"]),
            ),
            models.Index(name="second_review_state", fields=["state", "claim"]),
        ]

    def __str__(self) -> str:
        return f"second review of claim {self.claim_id}"

    def side_of(self, user: User) -> Side | None:
        """The version that `user` works on instead of the claim: `worked_on_by`, for one row at hand."""
        if not user.has_perm("claims.review_claim"):
            return None
        if self.state == SecondReviewState.DIFFERS and self.third is not None and self.adjudicator_id == user.pk:
            return Side.THIRD
        if self.analyst_id is None:
            is_open = self.state == SecondReviewState.OPEN and self.first_analyst_id not in (None, user.pk)
            return Side.SECOND if is_open else None
        return Side.SECOND if self.analyst_id == user.pk and self.state in UNDECIDED else None

    def version_on(self, side: Side) -> dict[str, Any]:
        """The version as it is so far; a second opinion begins with the claim as found."""
        version: dict[str, Any] | None = getattr(self, side)
        return self.found if version is None else version
