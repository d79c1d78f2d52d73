from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

import pghistory
import pgtrigger
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Lower
from django.db.models.lookups import IsNull
from django.utils import timezone

from accounts.tags import tag_of
from documents.models import Collection, CollectionQuerySet, Document, sees_everything
from grading.scales import Reliability
from sources.models.reliability import ReliabilityAssessment
from sources.naming import PLAIN, SOUND_FOLDS

if TYPE_CHECKING:
    from accounts.models import User


MANY = 5_000
"""Claims of a collection from which on it is quicker to ask every source than to gather theirs."""


class SourceKind(models.TextChoices):
    NAMED_PERSON = "named_person", "Named person"
    UNNAMED_PERSON = "unnamed_person", "Unnamed person"
    GROUP = "group", "Group"
    ORGANISATION = "organisation", "Organisation"
    DOCUMENT = "document", "Document or outlet"
    AUTHOR = "author", "Author of a document"


class Access(models.TextChoices):
    DIRECT = "direct", "Direct"
    INDIRECT = "indirect", "Indirect"
    UNKNOWN = "unknown", "Unknown"


class SourceQuerySet(models.QuerySet["Source"]):
    def visible_to(self, user: User) -> Self:
        """Sources that said something in a collection the user may see, those the user recorded, or all.

        What a source merged into another said counts for both. Those of which only claims speak whose first decision
        is kept from the user are left out.
        """
        second_reviews: Any = apps.get_model("claims", "SecondReview")._default_manager  # claims stand above sources
        hidden = second_reviews.hiding("source", user)
        return self._spoken_where_seen(user).filter(Q(created_by=user) | ~Q(pk__in=hidden))

    def _spoken_where_seen(self, user: User) -> Self:
        if sees_everything(user):
            return self
        collections = dict(_with_size(Collection.objects.visible_to(user)))
        spoken = Source.objects.filter(claims__collection__in=list(collections))
        # What its user recorded elsewhere is not for a key that is limited to some collections.
        own = Source.objects.none() if user.limited_by else Source.objects.filter(created_by=user)
        if any(collections.values()):
            speaks = any_of(spoken.filter(pk=OuterRef("pk")), spoken.filter(merged_into=OuterRef("pk")))
            return self.filter(Q(speaks) if user.limited_by else Q(speaks) | Q(created_by=user))
        absorbed = spoken.filter(merged_into__isnull=False)
        return self.filter(pk__in=spoken.values("pk").union(absorbed.values("merged_into"), own.values("pk")))

    def matching(self, words: str, *, reader: User | None = None) -> Self:
        """Sources whose descriptor or an alias holds all the words (the last one may be unfinished).

        One that stands is also found by what those merged into it are called. For a reader, words that this reader
        may not see find nothing.
        """
        query = prefix_query(words)
        if query is None:
            return self
        described = Source.objects.filter(search=query)
        seen_as = SourceAlias.objects.filter(search=query)
        if reader is not None:
            described = described.worded_for(reader)
            seen_as = seen_as.visible_to(reader)
        # A union, so that each part is answered by its own index.
        found = described.values("pk").union(
            described.filter(merged_into__isnull=False).values("merged_into"),
            seen_as.values("source"),
            seen_as.filter(source__merged_into__isnull=False).values("source__merged_into"),
        )
        return self.filter(pk__in=found)

    def standing(self) -> Self:
        """Those not merged into another."""
        return self.filter(merged_into__isnull=True)

    def unused(self) -> Self:
        """Those that nothing rests on: no claim, no grade, nothing a document says, no merge or split."""
        return self.filter(
            claims__isnull=True,
            document_sources__isnull=True,
            reliability_assessments__isnull=True,
            absorbed__isnull=True,
            merges__isnull=True,
            merges_received__isnull=True,
            splits__isnull=True,
            relayed_by__isnull=True,
        )

    def families(self, ids: Iterable[int]) -> Self:
        """The sources with these ids and all that were merged into one of them."""
        ids = list(ids)
        return self.filter(Q(pk__in=ids) | Q(merged_into__in=ids))

    def family_of(self, source: Source) -> Self:
        """All sources found to be one with this one, itself among them."""
        return self.families([source.standing_id])

    def family_ids(self, source_id: int) -> list[int]:
        """The ids of all sources found to be one with this one, the standing one first.

        Asked for beforehand, like the collections: with the values at hand PostgreSQL chooses the right index.
        """
        # Compared by "=": of "in (subquery) or in (subquery)" PostgreSQL makes a scan of the whole table.
        standing = Subquery(Source.objects.filter(pk=source_id).values(standing=Coalesce("merged_into", "pk")))
        family = self.filter(Q(pk=standing) | Q(merged_into=standing)).order_by(
            F("merged_into").desc(nulls_first=True), "pk"
        )
        return list(family.values_list("pk", flat=True))

    def with_grade(self) -> Self:
        """Adds what `reliability` and `reliability_judged` need."""
        # Not with an `Exists` beside it: see `any_of`.
        judged = ReliabilityAssessment.objects.grades().filter(source=OuterRef("pk"), topic="").newest_first()
        return self.annotate(given_reliability=Subquery(judged.values("grade")[:1]))

    def named_for(self, user: User) -> Self:
        """Adds what `shown_name` needs: `worded_elsewhere` and `seen_as`.

        worded_elsewhere: it has a claim in a collection the user may not see. Its descriptor may have been worded from
        that one. seen_as: its first wording in a collection that the user may see.
        """
        hidden = Collection.objects.ids_hidden_from(user)
        if not hidden:
            return self.annotate(
                worded_elsewhere=Value(False), seen_as=Value(None, output_field=models.CharField(null=True))
            )
        heard = Source.objects.filter(claims__collection__in=hidden)
        wordings = SourceAlias.objects.visible_to(user).order_by("id").values("wording")
        return self.annotate(
            worded_elsewhere=any_of(heard.filter(pk=OuterRef("pk")), heard.filter(merged_into=OuterRef("pk"))),
            # Its own and those of the absorbed asked for apart: with an "or" PostgreSQL reads the whole table.
            seen_as=Coalesce(
                Subquery(wordings.filter(source=OuterRef("pk"))[:1]),
                Subquery(wordings.filter(source__merged_into=OuterRef("pk"))[:1]),
            ),
        )

    def worded_for(self, user: User) -> Self:
        """Those whose descriptor the user may read."""
        return self.named_for(user).filter(worded_elsewhere=False)

    def for_list(self) -> Self:
        return self.defer("search").order_by("-id")


def _with_size(collections: CollectionQuerySet) -> Iterable[tuple[int, bool]]:
    """The ids of collections, and whether each holds more than MANY claims.

    Measured at 100,000 sources, the newest 50: where there are many claims, asking each source for one takes 3 ms and
    gathering the sources of all claims 230 ms; where there are few, 480 ms and 2 ms.
    """
    one = Collection.objects.filter(pk=OuterRef("pk"), claims__isnull=False).order_by()
    beyond = Subquery(one.values("claims__pk")[MANY : MANY + 1])
    return collections.annotate(large=IsNull(beyond, False)).order_by("pk").values_list("pk", "large")


def any_of(*rows: models.QuerySet[Any]) -> Any:
    """Whether one of these correlated queries finds a row, asked anew for every row that is shown.

    Not EXISTS: expecting to ask often, PostgreSQL would read all claims of a collection into memory first.
    """
    firsts = [Subquery(found.order_by().values("pk")[:1]) for found in rows]
    return IsNull(Coalesce(*firsts), False)


def sound_of(field: str) -> Any:
    """What `sources.naming.sound` makes of each word of a field, for PostgreSQL to compute."""
    words: Any = Func(Lower(field), Value(PLAIN[0]), Value(PLAIN[1]), function="translate", output_field=TextField())
    for pattern, letter in SOUND_FOLDS:
        words = Func(
            words, Value(pattern), Value(letter), Value("g"), function="regexp_replace", output_field=TextField()
        )
    return words


def prefix_query(words: str) -> SearchQuery | None:
    """A text-index query for all `words`, each as a prefix; None when there is nothing to look for."""
    terms = ["".join(c for c in word if c.isalnum()) for word in words.split()]
    terms = [term for term in terms if term]
    if not terms:
        return None
    return SearchQuery(" & ".join(f"{term}:*" for term in terms), search_type="raw", config="simple")


@pghistory.track(exclude=["search"])
class Source(models.Model):
    """Somebody or something that makes claims, named or not, across documents."""

    descriptor = models.CharField(
        max_length=500, help_text="As an analyst words it: who this is and what they can know."
    )
    sanitised_name = models.CharField(max_length=200, blank=True, help_text="What readers without clearance see.")
    kind = models.CharField(max_length=20, choices=SourceKind, default=SourceKind.UNNAMED_PERSON)
    anonymous = models.BooleanField(default=True, help_text="The documents do not name or uniquely identify it.")
    access = models.CharField(max_length=10, choices=Access, default=Access.UNKNOWN, help_text="To the information.")
    placement = models.TextField(blank=True, help_text="Where it sits: 'with access to the highest levels of ...'.")
    motive = models.TextField(blank=True, help_text="Motive or bias that may colour what it says.")
    expertise = models.TextField(blank=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="absorbed",
        null=True,
        blank=True,
        editable=False,
        help_text="The source an analyst found this one to be. Its claims stay its own; all figures are those of both.",
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    search = models.GeneratedField(
        expression=SearchVector("descriptor", config="simple"), output_field=SearchVectorField(), db_persist=True
    )

    objects = SourceQuerySet.as_manager()

    class Meta:
        permissions = [
            ("assess_source", "Can judge the reliability of a source"),
            ("grade_source", "Gives judgements that count as the grade"),
            ("merge_source", "Can merge and split sources"),
        ]
        constraints = [
            models.CheckConstraint(
                name="source_descriptor_not_empty",
                condition=~Q(descriptor=""),
                violation_error_message="Say in a few words who the source is.",
            ),
            models.CheckConstraint(name="source_kind_known", condition=Q(kind__in=SourceKind.values)),
            models.CheckConstraint(name="source_access_known", condition=Q(access__in=Access.values)),
            models.CheckConstraint(
                name="source_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                violation_error_message="A source cannot be merged into itself.",
            ),
        ]
        indexes = [GinIndex(name="source_search", fields=["search"])]
        triggers = [
            pgtrigger.Trigger(
                name="source_merged_into_standing",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("merged_into_id"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Q(new__merged_into__isnull=False),
                # Locked first, so that of two statements at once the second sees what the first did.
                func=(
                    "PERFORM FROM sources_source WHERE id = NEW.merged_into_id FOR NO KEY UPDATE; "
                    "IF EXISTS (SELECT FROM sources_source "
                    "WHERE id = NEW.merged_into_id AND merged_into_id IS NOT NULL) "
                    "OR EXISTS (SELECT FROM sources_source WHERE merged_into_id = NEW.id) THEN "
                    "RAISE EXCEPTION 'source % can only be merged into a source that stands by itself', NEW.id "
                    "USING ERRCODE = 'check_violation', CONSTRAINT = 'source_merged_into_standing'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.descriptor

    @property
    def shown_name(self) -> str:
        """What the reader asked for by `named_for` may call it: descriptor, sanitised name, or a wording seen.

        Raises AttributeError without `named_for`: what nobody has looked into is not shown.
        """
        if not self.is_sanitised:
            return self.descriptor
        return self.sanitised_name or self.seen_as or self.get_kind_display()  # type: ignore[attr-defined]

    @property
    def is_sanitised(self) -> bool:
        """Whether the reader asked for by `named_for` sees only a part of what it said."""
        return bool(self.worded_elsewhere)  # type: ignore[attr-defined]  # an annotation

    @property
    def reliability(self) -> str:
        """A-F, the newest general grade; F as well when never judged. Raises AttributeError without `with_grade`."""
        return self.given_reliability or Reliability.F.value  # type: ignore[attr-defined]  # an annotation

    @property
    def reliability_judged(self) -> bool:
        return self.given_reliability is not None  # type: ignore[attr-defined]  # an annotation

    @property
    def description_tag(self) -> str:
        """Changes when anything people said of the source does: whoever describes it anew names the one they saw."""
        said = (self.descriptor, self.sanitised_name, self.kind, self.anonymous)
        return tag_of(*said, self.access, self.placement, self.motive, self.expertise)

    @property
    def edit_tag(self) -> str:
        return self.description_tag

    @property
    def standing(self) -> Source:
        """The source this one was found to be; itself when it was not merged into another."""
        return self.merged_into or self

    @property
    def standing_id(self) -> int:
        return self.merged_into_id or self.pk


class SourceAliasQuerySet(models.QuerySet["SourceAlias"]):
    def visible_to(self, user: User) -> Self:
        """Those seen in a collection the user may see; those without a place are for who sees everything."""
        if sees_everything(user):
            return self
        return self.filter(collection__in=Collection.objects.ids_visible_to(user))


class SourceAlias(models.Model):
    """A wording under which a source was seen, once for each collection it was seen in."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="aliases")
    wording = models.CharField(max_length=500)
    collection = models.ForeignKey(
        Collection, on_delete=models.PROTECT, related_name="+", null=True, blank=True, help_text="Where it was seen."
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="+", null=True, blank=True, help_text="The first one there."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    search = models.GeneratedField(
        expression=SearchVector("wording", config="simple"), output_field=SearchVectorField(), db_persist=True
    )
    sounds = models.GeneratedField(
        expression=SearchVector(sound_of("wording"), config="simple"), output_field=SearchVectorField(), db_persist=True
    )

    objects = SourceAliasQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "source aliases"
        constraints = [
            models.UniqueConstraint(
                name="source_alias_once", fields=["source", "wording", "collection"], nulls_distinct=False
            ),
            models.CheckConstraint(name="source_alias_not_empty", condition=~Q(wording="")),
        ]
        indexes = [
            GinIndex(name="source_alias_search", fields=["search"]),
            GinIndex(name="source_alias_sounds", fields=["sounds"]),
        ]

    def __str__(self) -> str:
        return self.wording
