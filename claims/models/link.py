from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from accounts.tags import tag_of
from claims.models.claim import Claim
from claims.models.second_review import SecondReview
from documents.models import Collection

if TYPE_CHECKING:
    from accounts.models import User


class LinkKind(models.TextChoices):
    RELAYS = "relays", "Relays"
    RETRACTS = "retracts", "Retracts"


class RelationKind(models.TextChoices):
    CONTRADICTS = "contradicts", "Contradicts"
    CORROBORATES = "corroborates", "Corroborates"
    REFINES = "refines", "Refines"


class LinkState(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    CONFIRMED = "confirmed", "Confirmed"
    DISMISSED = "dismissed", "Dismissed"


class ClaimLinkQuerySet(models.QuerySet["ClaimLink"]):
    def confirmed(self) -> Self:
        return self.filter(state=LinkState.CONFIRMED)

    def proposed(self) -> Self:
        return self.filter(state=LinkState.PROPOSED)

    def relays(self) -> Self:
        """Those by which a claim repeats what another said, and is no report of its own."""
        return self.filter(kind=LinkKind.RELAYS)

    def retractions(self) -> Self:
        """Those by which a claim takes back what its source said before."""
        return self.filter(kind=LinkKind.RETRACTS)

    def touching(self, claims: object) -> Self:
        """Those with one of these claims (ids, or a query for them) at either end."""
        return self.filter(Q(claim__in=claims) | Q(origin__in=claims))

    def visible_to(self, user: User) -> Self:
        """Those of whose claims the user may see both."""
        visible = Collection.objects.ids_visible_to(user)
        blind = SecondReview.objects.keeping_blind(user).values("claim")
        rows = self.filter(Q(origin__isnull=True) | Q(origin__collection__in=visible), claim__collection__in=visible)
        return rows.exclude(claim__in=blind).exclude(origin__isnull=False, origin__in=blind)

    def for_list(self) -> Self:
        return (
            self.select_related("by", "claim__layer__document", "origin__layer__document", "origin_source")
            .select_related("claim__source__merged_into", "origin__source__merged_into", "claim__document_source")
            .select_related("origin__document_source")
            .defer("claim__search", "origin__search", "origin_source__search")
            .defer("claim__layer__text", "claim__layer__furniture", "claim__layer__segments")
            .defer("origin__layer__text", "origin__layer__furniture", "origin__layer__segments")
            .order_by("-id")
        )


@pghistory.track()
class ClaimLink(models.Model):
    """Where a claim was had from: another claim, or a source whose own claim nobody has seen. Counts once confirmed.

    A retraction leads from the later claim to the one of the same source that it takes back.
    """

    claim = models.ForeignKey("claims.Claim", on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=10, choices=LinkKind)
    origin = models.ForeignKey(
        "claims.Claim", on_delete=models.CASCADE, related_name="repeated_by", null=True, blank=True
    )
    origin_source = models.ForeignKey(
        "sources.Source", on_delete=models.PROTECT, related_name="relayed_by", null=True, blank=True
    )
    state = models.CharField(max_length=10, choices=LinkState, default=LinkState.PROPOSED)
    rule = models.CharField(max_length=50, help_text="What proposed it: 'declared', 'text reuse', 'analyst' ...")
    why = models.TextField(blank=True, help_text="In words: what speaks for it.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = ClaimLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="claim_link_kind_known", condition=Q(kind__in=LinkKind.values)),
            models.CheckConstraint(name="claim_link_state_known", condition=Q(state__in=LinkState.values)),
            models.CheckConstraint(
                name="claim_link_one_origin",
                condition=Q(origin__isnull=False, origin_source__isnull=True)
                | Q(origin__isnull=True, origin_source__isnull=False),
                violation_error_message="Name the claim it was had from, or else the source.",
            ),
            models.CheckConstraint(
                name="claim_link_not_to_itself", condition=Q(origin__isnull=True) | ~Q(origin=F("claim"))
            ),
            models.CheckConstraint(
                name="claim_link_decided_by_somebody", condition=Q(state=LinkState.PROPOSED) | Q(by__isnull=False)
            ),
            models.UniqueConstraint(
                name="claim_link_once",
                fields=["claim", "kind", "origin", "origin_source"],
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(name="claim_link_proposed_newest", fields=["-id"], condition=Q(state="proposed")),
        ]

    def __str__(self) -> str:
        return f"claim {self.claim_id} {self.kind} {self.origin_id or self.origin_source_id}"

    @property
    def edit_tag(self) -> str:
        return tag_of(self.state, self.why)


class PropositionLinkQuerySet(models.QuerySet["PropositionLink"]):
    def confirmed(self) -> Self:
        return self.filter(state=LinkState.CONFIRMED)

    def proposed(self) -> Self:
        return self.filter(state=LinkState.PROPOSED)

    def contradictions(self) -> Self:
        return self.filter(kind=RelationKind.CONTRADICTS)

    def between(self, proposition: int, other: int) -> Self:
        """The one link that two propositions (ids, in any order) may have."""
        return self.filter(Q(proposition=proposition, other=other) | Q(proposition=other, other=proposition))

    def touching(self, propositions: object) -> Self:
        """Those with one of these propositions (ids, or a query for them) at either end."""
        return self.filter(Q(proposition__in=propositions) | Q(other__in=propositions))

    def visible_to(self, user: User) -> Self:
        """Those of whose propositions a claim that the user may see speaks, of both."""
        seen = Claim.objects.visible_to(user)
        return self.filter(
            Exists(seen.filter(proposition=OuterRef("proposition"))), Exists(seen.filter(proposition=OuterRef("other")))
        )

    def for_list(self) -> Self:
        return (
            self.select_related("proposition", "other", "by")
            .defer("proposition__search", "other__search")
            .order_by("-id")
        )


@pghistory.track()
class PropositionLink(models.Model):
    """How two propositions stand to each other. Proposed by a rule or made by an analyst; counts once confirmed.

    `proposition` refines `other`; the other kinds lead both ways, from the older row to the newer. Two propositions
    have one link: whoever corrects its kind changes this row, and its history tells the rest.
    """

    proposition = models.ForeignKey("claims.Proposition", on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey("claims.Proposition", on_delete=models.CASCADE, related_name="linked_by")
    kind = models.CharField(max_length=12, choices=RelationKind)
    state = models.CharField(max_length=10, choices=LinkState, default=LinkState.PROPOSED)
    rule = models.CharField(max_length=50, help_text="Which rule fired: 'quantity', 'time', 'analyst' ...")
    why = models.TextField(blank=True, help_text="In words: what speaks for it.")
    claim = models.ForeignKey(
        "claims.Claim",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        help_text="Whose words were compared on the side of `proposition`; empty: the proposition's own.",
    )
    said = models.TextField(blank=True, help_text="Those words, as they were.")
    spans = models.JSONField(default=list, help_text="Where in them the rule found what it rests on: [[start, end]].")
    other_claim = models.ForeignKey("claims.Claim", on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    other_said = models.TextField(blank=True)
    other_spans = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = PropositionLinkQuerySet.as_manager()

    class Meta:
        permissions = [("decide_link", "Can accept, dismiss and correct links")]
        constraints = [
            models.CheckConstraint(name="proposition_link_kind_known", condition=Q(kind__in=RelationKind.values)),
            models.CheckConstraint(name="proposition_link_state_known", condition=Q(state__in=LinkState.values)),
            models.CheckConstraint(name="proposition_link_of_two", condition=~Q(proposition=F("other"))),
            models.CheckConstraint(
                name="proposition_link_both_ways_in_order",
                condition=Q(kind=RelationKind.REFINES) | Q(proposition__lt=F("other")),
            ),
            models.CheckConstraint(
                name="proposition_link_decided_by_somebody",
                condition=Q(state=LinkState.PROPOSED) | Q(by__isnull=False),
            ),
            models.UniqueConstraint(
                Least("proposition", "other"), Greatest("proposition", "other"), name="proposition_link_once"
            ),
        ]
        indexes = [
            models.Index(name="proposition_link_newest", fields=["state", "-id"]),
            models.Index(
                name="proposition_link_contested",
                fields=["proposition", "other"],
                condition=Q(kind="contradicts", state="confirmed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposition_id} {self.kind} {self.other_id}"

    @property
    def edit_tag(self) -> str:
        return tag_of(self.proposition_id, self.other_id, self.kind, self.state, self.why)

    def turn(self) -> None:
        """Swap the sides, with what was compared on each."""
        self.proposition_id, self.other_id = self.other_id, self.proposition_id
        self.claim_id, self.other_claim_id = self.other_claim_id, self.claim_id
        self.said, self.other_said = self.other_said, self.said
        self.spans, self.other_spans = self.other_spans, self.spans

    def put_in_order(self) -> None:
        """A link that leads both ways begins at the older proposition."""
        if self.kind != RelationKind.REFINES and self.proposition_id > self.other_id:
            self.turn()

    def seen_from(self, proposition_id: int) -> int:
        """The proposition at the other end."""
        return self.other_id if proposition_id == self.proposition_id else self.proposition_id


class AwaitedComparison(models.Model):
    """An accepted claim that is still to be compared with what is known. The row is the queue; a message only rings."""

    claim = models.OneToOneField("claims.Claim", on_delete=models.CASCADE, related_name="awaited_comparison")
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"claim {self.claim_id} since {self.since:%Y-%m-%d %H:%M}"
