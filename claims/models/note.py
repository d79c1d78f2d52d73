from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Concat, JSONObject, Length, NullIf, Trim
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from accounts.tags import tag_of
from claims.models.claim import Claim
from claims.models.second_review import Drawn, SecondReview
from documents.blindness import UNDECIDED
from documents.models import Collection

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_NOTE = 2000
"""Characters: a remark to a colleague, not a report."""


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, user: User) -> Self:
        """Those on claims in the user's collections; of claims that are judged blind, whoever may judge sees their own.

        That holds from before the first decision on, so that no note disappears when somebody decides. Who adjudicates
        between two opinions sees all.
        """
        return self.filter(claim__collection__in=Collection.objects.ids_visible_to(user)).told_to(user)

    def told_to(self, user: User) -> Self:
        """`visible_to` of notes on claims in the user's collections."""
        if not user.has_perm("claims.review_claim"):
            return self
        judged = SecondReview.objects.filter(state__in=UNDECIDED)
        if user.has_perm("claims.adjudicate_claim"):
            judged = judged.exclude(pk__in=SecondReview.objects.to_adjudicate_by(user).values("pk"))
        to_be_judged = Claim.objects.awaiting_review().filter(
            Drawn("pk", "collection__second_review_share"), second_review__isnull=True, pk=OuterRef("claim")
        )
        told = ~Exists(judged.filter(claim=OuterRef("claim"))) & ~Exists(to_be_judged)
        return self.filter(Q(author=user) | told)

    def to(self, user: User) -> Self:
        return self.filter(Exists(Addressee.objects.filter(note=OuterRef("pk"), person=user)))

    def open_for(self, user: User) -> Self:
        """Addressed to the user, who has not marked them as done."""
        return self.filter(Exists(Addressee.objects.filter(note=OuterRef("pk"), person=user, done_at__isnull=True)))

    def done_by(self, user: User) -> Self:
        return self.filter(Exists(Addressee.objects.filter(note=OuterRef("pk"), person=user, done_at__isnull=False)))

    def open(self) -> Self:
        """Not done with by all whom they are for."""
        return self.filter(Exists(Addressee.objects.filter(note=OuterRef("pk"), done_at__isnull=True)))

    def done(self) -> Self:
        """Done with by all whom they are for."""
        somebody = Addressee.objects.filter(note=OuterRef("pk"))
        return self.filter(Exists(somebody), ~Exists(somebody.filter(done_at__isnull=True)))

    def with_people(self) -> Self:
        """With the author and, by name, `people`: of each addressee `{id, username, name, done_at}`. In one query."""
        return self.select_related("author").annotate(people=_people())

    def as_rows(self) -> Any:  # the checker knows no values
        """Of each, in order, an object for another query: `{id, author_id, author, text, at, edited_at, people}`."""
        told = JSONObject(
            id="pk",
            author_id="author_id",
            author=_called("author"),
            text="text",
            at="at",
            edited_at="edited_at",
            people=_people(),
        )
        return self.order_by("pk").values(told=told)


def _called(person: str) -> Coalesce:
    """What somebody is called on the screen."""
    name = Trim(Concat(f"{person}__first_name", Value(" "), f"{person}__last_name"))
    return Coalesce(NullIf(name, Value("")), f"{person}__username")


def _people() -> ArraySubquery:
    people = Addressee.objects.filter(note=OuterRef("pk")).annotate(called=_called("person"))
    told = JSONObject(id="person_id", username="person__username", name="called", done_at="done_at")
    return ArraySubquery(people.order_by("called", "person").values(told=told))


class Note(models.Model):
    """What an analyst wrote to colleagues on a claim. The notes of a claim, in order, are a conversation.

    Nobody but the author changes one; `edited_at` tells that it was. Taken back, it is gone.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="notes", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notes", db_index=False)
    text = models.TextField(max_length=LONGEST_NOTE)
    at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, help_text="When its author last changed it.")

    objects = NoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="note_not_empty",
                condition=Q(text__regex=r"\S"),
                violation_error_message="Write something first.",
            ),
            models.CheckConstraint(
                name="note_not_too_long",
                condition=LessThanOrEqual(Length("text"), LONGEST_NOTE),
                violation_error_message=f"A note has {LONGEST_NOTE} characters at most.",
            ),
            models.CheckConstraint(
                name="note_edited_after_it_was_written",
                condition=Q(edited_at__isnull=True) | Q(edited_at__gte=F("at")),
            ),
        ]
        indexes = [
            models.Index(name="note_of_claim", fields=["claim", "id"]),
            models.Index(name="note_of_author", fields=["author", "-id"]),
        ]

    def __str__(self) -> str:
        return f"note {self.pk} on claim {self.claim_id}"

    @property
    def edit_tag(self) -> str:
        """Names what the author can change; that somebody marks it as done changes nothing of it."""
        addressees = sorted(self.addressees.values_list("person_id", flat=True))
        return tag_of(self.pk, self.text, self.edited_at, addressees)


class Addressee(models.Model):
    """Somebody a note is for. It is open for them until they mark it as done."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="addressees", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    done_at = models.DateTimeField(null=True, blank=True, help_text="Empty: open.")

    class Meta:
        constraints = [models.UniqueConstraint(name="addressee_once", fields=["note", "person"])]
        indexes = [
            models.Index(name="addressee_open", fields=["person", "-note"], condition=Q(done_at__isnull=True)),
            models.Index(name="addressee_person", fields=["person", "-note"]),
        ]

    def __str__(self) -> str:
        return f"note {self.note_id} for user {self.person_id}"
