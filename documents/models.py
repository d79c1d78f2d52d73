"""What arrived: collections, documents, the bytes as they came, the text read from them, and the work still to do."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, HashIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length, Lower, Substr
from django.utils import timezone

from accounts.tags import tag_of

if TYPE_CHECKING:
    from accounts.models import User


def sees_everything(user: User) -> bool:
    """Whether no collection is closed to the user: nothing need be compared with what they may see."""
    return user.is_active and user.limited_by is None and user.has_perm("documents.view_all_collections")


class CollectionQuerySet(models.QuerySet["Collection"]):
    def visible_to(self, user: User) -> Self:
        """The one rule of who sees what: members see a collection and everything inside; so do administrators.

        Who calls with a key that is limited to some collections sees only those of them.
        Documents, claims, sources and propositions all ask here.
        """
        if not user.is_active:
            return self.none()
        seen = self if user.has_perm("documents.view_all_collections") else self.filter(members=user)
        return seen.filter(keys=user.limited_by) if user.limited_by else seen

    def ids_visible_to(self, user: User) -> list[int]:
        """Their ids, asked for beforehand: only with the values at hand does PostgreSQL choose the right index.

        Measured at 300,000 claims, for a member of one small collection: a page of claims 3.0 s with a subquery.
        """
        if user.is_asked_once:
            return self.ids_by_sight(user)[0]
        return list(self.visible_to(user).order_by("pk").values_list("pk", flat=True))

    def ids_by_sight(self, user: User) -> tuple[list[int], list[int]]:
        """`ids_visible_to` and `ids_hidden_from`, in one query; in none for who came with both."""
        if user.sight and user.is_active and not user.limited_by:
            member_of, there = user.sight
            if user.has_perm("documents.view_all_collections"):
                return there, []
            return [pk for pk in there if pk in member_of], [pk for pk in there if pk not in member_of]
        seen = Exists(self.visible_to(user).order_by().filter(pk=OuterRef("pk")))
        rows = user.once("collections", lambda: list(self.order_by("pk").values_list("pk", seen)))
        return [pk for pk, visible in rows if visible], [pk for pk, visible in rows if not visible]

    def ids_hidden_from(self, user: User) -> list[int]:
        """The ids of all others, asked for beforehand for the same reason."""
        if sees_everything(user):
            return []
        if user.is_asked_once:
            return self.ids_by_sight(user)[1]
        visible = self.visible_to(user).values("pk")
        return list(self.exclude(pk__in=visible).order_by("pk").values_list("pk", flat=True))


def sight_of(user: User) -> Hashable:
    """All that decides what a user is shown of rows: two with the same see the same."""
    granted = None if user.is_superuser else frozenset(user.get_all_permissions())
    key = user.limited_by and user.limited_by.pk
    visible, hidden = Collection.objects.ids_by_sight(user)
    return user.pk, user.is_active, granted, key, tuple(visible), tuple(hidden)


@pghistory.track()
class Collection(models.Model):
    """Documents that belong together and that the same people may see."""

    name = models.CharField(max_length=200, unique=True)
    marking = models.CharField(max_length=100, blank=True, help_text="Protection marking shown on every page, if any.")
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="collections", blank=True)
    keys = models.ManyToManyField(
        "accounts.ApiKey", related_name="collections", blank=True, help_text="API keys that are limited to it."
    )
    second_review_share = models.FloatField(
        default=0.0, help_text="0 to 1: the share of claims that get a blind second review after the first decision."
    )
    parties_adjudicate = models.BooleanField(
        default=False, help_text="Whether a reviewer who gave one of two opinions may also decide between them."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        permissions = [("view_all_collections", "Can see every collection")]
        constraints = [
            models.CheckConstraint(name="collection_name_not_empty", condition=~Q(name="")),
            models.CheckConstraint(
                name="collection_second_review_share_between_0_and_1",
                condition=Q(second_review_share__gte=0, second_review_share__lte=1),
                violation_error_message="Give a share between 0 (none) and 1 (every claim).",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def edit_tag(self) -> str:
        return tag_of(self.name, self.marking)


class Original(models.Model):
    """The bytes as they arrived, once for each content, kept in the database so that every host can read them."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()
    size = models.PositiveIntegerField(help_text="Bytes.")

    class Meta:
        triggers = [pgtrigger.Protect(name="original_never_edited", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.sha256[:12]


class DocumentState(models.TextChoices):
    RECEIVED = "received", "Waiting to be read"
    READ = "read", "Read, waiting for extraction"
    EXTRACTED = "extracted", "Ready"
    FAILED = "failed", "Failed"


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(collection__in=Collection.objects.ids_visible_to(user))

    def failed(self) -> Self:
        return self.filter(state=DocumentState.FAILED)

    def unfinished(self) -> Self:
        return self.filter(state__in=[DocumentState.RECEIVED, DocumentState.READ])

    def matching(self, words: str) -> Self:
        """Documents with each of the words in their name, title or one of their numbers."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(name__icontains=word)
                | Q(title__icontains=word)
                | Q(doc_number__icontains=word)
                | Q(case_number__icontains=word)
            )
        return found

    def for_list(self) -> Self:
        """With what a row of a list shows; newest first."""
        return self.select_related("collection").order_by("-id")


@pghistory.track()
class Document(models.Model):
    """One file in one collection, and the facts printed on it. The three dates mean different things."""

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="documents")
    original = models.ForeignKey(Original, on_delete=models.PROTECT, related_name="documents")
    name = models.CharField(max_length=255, help_text="The file's name as it arrived.")
    media_type = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=500, blank=True)
    doc_number = models.CharField(max_length=100, blank=True)
    case_number = models.CharField(max_length=100, blank=True)
    author = models.CharField(max_length=500, blank=True, help_text="As printed.")
    recipients = models.TextField(blank=True, help_text="As printed.")
    information_date = models.DateField(null=True, blank=True, help_text="When what is reported was known.")
    document_date = models.DateField(null=True, blank=True, help_text="When the document was written or sent.")
    release_date = models.DateField(null=True, blank=True, help_text="When it was released to the public.")
    classification = models.CharField(max_length=200, blank=True, help_text="As printed.")
    release_mark = models.CharField(max_length=100, blank=True)
    exemptions = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    state = models.CharField(max_length=12, choices=DocumentState, default=DocumentState.RECEIVED)
    failure_code = models.CharField(max_length=50, blank=True)
    failure_reason = models.TextField(blank=True, help_text="What went wrong and what to do about it.")
    near_duplicate_of = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="near_duplicates",
        help_text="The first stored document with nearly the same text, in whatever collection: show it to those who "
        "may see it.",
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        permissions = [("retry_document", "Can have a failed document read again")]
        constraints = [
            models.UniqueConstraint(name="document_once_per_collection", fields=["collection", "original"]),
            models.CheckConstraint(name="document_state_known", condition=Q(state__in=DocumentState.values)),
            models.CheckConstraint(
                name="document_failed_has_reason",
                condition=Q(state=DocumentState.FAILED, failure_reason__gt="")
                | (~Q(state=DocumentState.FAILED) & Q(failure_reason="")),
                violation_error_message="A failed document carries a reason, any other none.",
            ),
        ]
        indexes = [
            models.Index(name="document_collection_newest", fields=["collection", "-id"]),
            models.Index(name="document_state_newest", fields=["state", "-id"]),
            models.Index(name="document_number", fields=["doc_number"]),
            models.Index(F("collection"), Lower("name"), F("id"), name="document_by_name"),
            models.Index(name="document_by_date", fields=["collection", "document_date", "id"]),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="document_stays_where_it_is", fields=["collection", "original"]),
            pgtrigger.Trigger(
                name="document_found_by_its_heading",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("name", "title", "doc_number", "case_number", "author"),  # type: ignore[no-untyped-call]
                func="PERFORM documents_index_heading(NEW.id); RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """How people call it: its number, else its title, else the file's name."""
        return self.doc_number or self.title or self.name


class TextLayerQuerySet(models.QuerySet["TextLayer"]):
    def newest_first(self) -> Self:
        return self.order_by("-version")

    def without_text(self) -> Self:
        """With `characters`, how long the text is, and without what is long itself."""
        heavy = ("text", "page_starts", "segments", "furniture")
        return self.defer(*heavy).annotate(characters=Length("text"))

    def cut(self, start: int, end: int | None) -> Self:
        """With `characters` and `piece`, the code points `[start, end)` of the text. No more is loaded of it."""
        length = () if end is None else (max(0, end - start),)
        return self.defer("text").annotate(characters=Length("text"), piece=Substr("text", start + 1, *length))


class TextLayer(models.Model):
    """The text read from a document: what every offset counts in. Never edited; a better reader adds a layer."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="layers")
    version = models.PositiveIntegerField()
    reader = models.CharField(max_length=50)
    reader_version = models.CharField(max_length=20)
    text = models.TextField(help_text="Code points; NUL characters of the file stand as U+FFFD.")
    page_starts = ArrayField(
        models.PositiveIntegerField(), default=list, help_text="Offset of each page's first character."
    )
    segments = models.JSONField(
        default=list, help_text="Messages of a forwarded chain: start, end, author, recipients, subject, sent_on."
    )
    furniture = models.JSONField(default=list, help_text="[start, end, kind] of banners, margin codes, headers.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TextLayerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="text_layer_version_once", fields=["document", "version"]),
            models.CheckConstraint(name="text_layer_version_positive", condition=Q(version__gt=0)),
        ]
        triggers = [
            pgtrigger.Protect(name="text_layer_never_edited", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="text_layer_is_searched",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="PERFORM documents_index_layer(NEW.id); RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} v{self.version}"


class TextPart(models.Model):
    """About a page of a document's newest text, and the words it is found by: written by a trigger, never by hand.

    Parts of about 3,000 characters, so that a text of any length can be indexed and a snippet cut quickly. Each has the
    first 200 characters of the next one as well: a phrase that runs over the end is found. The first one is also found
    by what the document is called. Migration 0005 has the functions that cut a text and fill this table.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="parts")
    layer = models.ForeignKey(TextLayer, on_delete=models.CASCADE, related_name="parts", db_index=False)
    start = models.PositiveIntegerField(help_text="In code points of the text.")
    end = models.PositiveIntegerField()
    search = SearchVectorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="text_part_once", fields=["layer", "start"]),
            models.CheckConstraint(name="text_part_not_empty", condition=Q(start__lt=F("end"))),
        ]
        indexes = [GinIndex(name="text_part_search", fields=["search"])]

    def __str__(self) -> str:
        return f"characters {self.start} to {self.end} of layer {self.layer_id}"


class Fingerprint(models.Model):
    """One of the five-word shingles by which other documents with the same passage are found (documents/reuse.py)."""

    pk = models.CompositePrimaryKey("number", "document_id")
    number = models.BigIntegerField(help_text="A hash of the five words.")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="fingerprints", db_index=False)

    class Meta:
        # No b-tree: before there are statistics, PostgreSQL would read one in the order of documents for each number.
        indexes = [HashIndex(name="fingerprint_of_document", fields=["document"])]

    def __str__(self) -> str:
        return f"{self.number} in document {self.document_id}"


class SharedPassageQuerySet(models.QuerySet["SharedPassage"]):
    def visible_to(self, user: User) -> Self:
        """Those of which the user may see both documents."""
        visible = Collection.objects.ids_visible_to(user)
        return self.filter(layer__document__collection__in=visible, other_layer__document__collection__in=visible)

    def of_document(self, document: Document) -> Self:
        return self.filter(Q(layer__document=document) | Q(other_layer__document=document))

    def for_list(self) -> Self:
        """With both documents, in the order of the text, and without the texts."""
        heavy = [f"{side}__{field}" for side in ("layer", "other_layer") for field in ("text", "furniture", "segments")]
        return (
            self.select_related("layer__document", "other_layer__document")
            .defer(*heavy)
            .order_by("layer_id", "start", "other_layer_id")
        )


class SharedPassage(models.Model):
    """The same words in two documents: in `layer.text[start:end]` and `other_layer.text[other_start:other_end]`.

    Which of them had it from the other, or both from a third, it does not say. Found by documents/reuse.py.
    """

    layer = models.ForeignKey(
        TextLayer, on_delete=models.CASCADE, related_name="passages", help_text="Of the document stored later."
    )
    other_layer = models.ForeignKey(
        TextLayer, on_delete=models.CASCADE, related_name="passages_elsewhere", help_text="Of the one stored first."
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    other_start = models.PositiveIntegerField()
    other_end = models.PositiveIntegerField()
    shingles = models.PositiveIntegerField(help_text="Five-word shingles in both. The rest differs, by a misread word.")

    objects = SharedPassageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="shared_passage_once", fields=["layer", "other_layer", "start", "end", "other_start", "other_end"]
            ),
            models.CheckConstraint(
                name="shared_passage_not_empty", condition=Q(start__lt=F("end"), other_start__lt=F("other_end"))
            ),
            models.CheckConstraint(name="shared_passage_in_two_texts", condition=~Q(layer=F("other_layer"))),
        ]

    def __str__(self) -> str:
        return f"{self.shingles} shingles of layers {self.layer_id} and {self.other_layer_id}"


class DispatchState(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    DEAD = "dead", "Given up"


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    def due(self) -> Self:
        """Rows whose bell must be rung again: the message was lost, or the worker died with its lease."""
        now = timezone.now()
        return self.filter(
            Q(state=DispatchState.QUEUED, next_attempt_at__lte=now)
            | Q(state=DispatchState.RUNNING, lease_until__lte=now)
        )


class Dispatch(models.Model):
    """Work a document still needs. This row is the queue; the message broker is only the bell (ADR 0002).

    queued: nobody has it; `next_attempt_at` is when the sweep rings again. running: a worker holds it until
    `lease_until` and renews that while it lives. done and dead end it.
    """

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="dispatch")
    state = models.CharField(max_length=8, choices=DispatchState, default=DispatchState.QUEUED)
    holder = models.UUIDField(null=True, blank=True, help_text="Which run holds the lease.")
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0, help_text="Runs begun, the present one counted in.")
    next_attempt_at = models.DateTimeField(default=timezone.now)
    last_error = models.CharField(max_length=500, blank=True)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "dispatches"
        constraints = [
            models.CheckConstraint(name="dispatch_state_known", condition=Q(state__in=DispatchState.values)),
            models.CheckConstraint(
                name="dispatch_running_has_lease",
                condition=Q(state=DispatchState.RUNNING, lease_until__isnull=False, holder__isnull=False)
                | ~Q(state=DispatchState.RUNNING),
            ),
        ]
        indexes = [
            models.Index(name="dispatch_waiting", fields=["next_attempt_at"], condition=Q(state=DispatchState.QUEUED)),
            models.Index(name="dispatch_leased", fields=["lease_until"], condition=Q(state=DispatchState.RUNNING)),
        ]

    def __str__(self) -> str:
        return f"document {self.document_id}: {self.state}"
