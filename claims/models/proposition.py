from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.tags import tag_of
from claims.models.judgement import Verdict
from claims.models.second_review import SecondReview
from documents.blindness import told
from documents.models import Collection

if TYPE_CHECKING:
    from accounts.models import User


class PropositionQuerySet(models.QuerySet["Proposition"]):
    def visible_to(self, user: User) -> Self:
        """Propositions that a claim in one of the user's collections asserts or denies, if not one kept from them."""
        claimed = Proposition.objects.filter(
            pk=OuterRef("pk"), claims__collection__in=Collection.objects.ids_visible_to(user)
        )
        return self.filter(Exists(claimed)).exclude(pk__in=SecondReview.objects.hiding("proposition", user))

    def matching(self, words: str) -> Self:
        return self.filter(search=SearchQuery(words, search_type="websearch", config="english"))

    def settled(self, outcome: str = "") -> Self:
        """Those with a verdict in force, or with one of that outcome."""
        verdicts = Verdict.objects.in_force().filter(proposition=OuterRef("pk"))
        return self.filter(Exists(verdicts.filter(outcome=outcome) if outcome else verdicts))

    def unsettled(self) -> Self:
        return self.filter(~Exists(Verdict.objects.in_force().filter(proposition=OuterRef("pk"))))

    def contested(self, user: User) -> Self:
        """Unsettled ones that some claims assert and others, or claims on what contradicts them, deny.

        Of claims that the user may see, and by contradictions that an analyst confirmed.
        """
        seen = Collection.objects.ids_visible_to(user)

        def with_claims(stance: str, path: str = "", **link: str) -> PropositionQuerySet:
            return Proposition.objects.filter(
                told(user, f"{path}claims__second_review__"),
                **link,
                **{f"{path}claims__stance": stance, f"{path}claims__collection__in": seen},
            )

        denied = with_claims("denies")
        ahead = with_claims("asserts", "links__other__", links__kind="contradicts", links__state="confirmed")
        behind = with_claims(
            "asserts", "linked_by__proposition__", linked_by__kind="contradicts", linked_by__state="confirmed"
        )
        opposed = denied.values("pk").union(ahead.values("pk"), behind.values("pk"))
        return self.unsettled().filter(Exists(with_claims("asserts").filter(pk=OuterRef("pk"))), pk__in=opposed)

    def unused(self) -> Self:
        """Those that no claim, verdict, move or confirmation speaks of."""
        return self.filter(
            claims__isnull=True,
            verdicts__isnull=True,
            moves__isnull=True,
            moves_received__isnull=True,
            independent_origins__isnull=True,
        )

    def for_list(self) -> Self:
        return self.defer("search").prefetch_related("verdicts__by").order_by("-id")


@pghistory.track()
class Question(models.Model):
    """What is asked. Its propositions are the answers given to it, of which at most one is true."""

    text = models.TextField(help_text='In neutral words: "Who commands the unit?"')
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="question_text_not_empty",
                condition=Q(text__regex=r"\S"),
                violation_error_message="Say what is asked.",
            )
        ]

    def __str__(self) -> str:
        return self.text[:100]


@pghistory.track(exclude=["search"])
class Proposition(models.Model):
    """What is said, whoever says it, in neutral words. Claims meet here; a verdict settles it."""

    text = models.TextField(help_text="In neutral words, so that it can be true or false.")
    topic = models.CharField(max_length=100, blank=True)
    question = models.ForeignKey(
        Question,
        on_delete=models.PROTECT,
        related_name="propositions",
        null=True,
        blank=True,
        help_text="What it answers, where other answers are known that exclude it.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    search = models.GeneratedField(
        expression=SearchVector("text", config="english"), output_field=SearchVectorField(), db_persist=True
    )

    objects = PropositionQuerySet.as_manager()

    class Meta:
        permissions = [("settle_proposition", "Can record how a proposition turned out")]
        constraints = [
            models.CheckConstraint(
                name="proposition_text_not_empty",
                condition=~Q(text=""),
                violation_error_message="Say what the proposition is.",
            )
        ]
        indexes = [GinIndex(name="proposition_search", fields=["search"])]

    def __str__(self) -> str:
        return self.text[:100]

    @property
    def edit_tag(self) -> str:
        return tag_of(self.text, self.topic)

    @property
    def verdict(self) -> Verdict | None:
        """The verdict in force. Reads the prefetched rows where there are any."""
        return next((verdict for verdict in self.verdicts.all() if verdict.withdrawn_at is None), None)
