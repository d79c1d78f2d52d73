"""What merging or splitting sources would do, to be seen before it is done. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.models import User
from claims.judged import each_counted_once, judged_claims, links_around
from claims.models import Claim, DocumentSource, ExtractionRun, Stance
from claims.records import SourceRecord, record_of
from documents.models import Collection
from grading.record import TrackRecord, track_record
from grading.suggestion import evidence_in_words
from sources.models import ReliabilityAssessment, Source, SourceAlias, SourceKind
from sources.naming import same_name

MOST_SHOWN = 20
"""Wordings, claims and conflicts named; more are counted."""


@dataclass(frozen=True, slots=True)
class MergeSide:
    """One of the two, with all that was merged into it before.

    source: named for the reader (`source.shown_name`). aliases, claims: those in collections the reader sees.
    grade: the newest general one, None when never judged. followers: how many sources were merged into it before.
    """

    source: Source
    aliases: tuple[str, ...]
    claims: int
    grade: ReliabilityAssessment | None
    followers: int
    record: SourceRecord


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would do. The grade of `into` stays; that of `absorbed` is kept on its own row, in history.

    together: the record of both as one, as of today; `evidence` is the same in words.
    shared: propositions on which both have accepted claims: there, two reports become one.
    conflicts: sentences that speak against their being one.
    """

    absorbed: MergeSide
    into: MergeSide
    together: TrackRecord
    shared: int
    conflicts: tuple[str, ...]

    @property
    def evidence(self) -> str:
        return evidence_in_words(self.together)


@dataclass(frozen=True, slots=True)
class SplitPreview:
    """What a split would do. moving: ids of the claims chosen, of those the reader may move.

    staying: how many claims the source keeps. going_along: documents' own sources all of whose accepted claims move.
    divided: those of which some claims stay; they stay with the source.
    """

    source: Source
    moving: tuple[int, ...]
    staying: int
    going_along: tuple[DocumentSource, ...]
    divided: tuple[DocumentSource, ...]


def merge_preview(absorbed: Source, into: Source, *, by: User) -> MergePreview:
    """See MergePreview. The number of queries does not depend on how much the two have said."""
    sides = [_side(absorbed, by), _side(into, by)]
    families = [Source.objects.family_ids(absorbed.pk), Source.objects.family_ids(into.pk)]
    shared, opposed = _on_the_same(families, by)
    return MergePreview(
        absorbed=sides[0],
        into=sides[1],
        together=_record_together(absorbed, into, sides[1].record),
        shared=shared,
        conflicts=(*_different_names(*sides), *_told_apart(families, by), *opposed),
    )


def split_preview(source: Source, *, claims: Iterable[int], by: User) -> SplitPreview:
    """See SplitPreview. Claims that are not the source's, or that `by` may not see, are passed over."""
    family = Source.objects.family_ids(source.pk)
    theirs = Claim.objects.accepted().filter(source__in=family)
    moving = dict(theirs.visible_to(by).filter(pk__in=set(claims)).values_list("pk", "document_source"))
    tied = DocumentSource.objects.filter(pk__in=set(moving.values()) - {None}, source__in=family)
    keeps = Count("claims", filter=Q(claims__in=theirs) & ~Q(claims__in=list(moving)))
    rows = list(tied.annotate(keeps=keeps).select_related("run__layer__document").defer(*LAYER_TEXTS).order_by("pk"))
    return SplitPreview(
        source=Source.objects.named_for(by).get(pk=source.pk),
        moving=tuple(sorted(moving)),
        staying=theirs.exclude(pk__in=list(moving)).count(),
        going_along=tuple(row for row in rows if not row.keeps),
        divided=tuple(row for row in rows if row.keeps),
    )


LAYER_TEXTS = ("run__layer__text", "run__layer__furniture", "run__layer__segments", "run__layer__page_starts")


def _side(source: Source, by: User) -> MergeSide:
    family = Source.objects.family_ids(source.pk)
    aliases = SourceAlias.objects.visible_to(by).filter(source__in=family).order_by("id")
    grades = ReliabilityAssessment.objects.grades().filter(source=source.pk, topic="").newest_first()
    return MergeSide(
        source=Source.objects.named_for(by).defer("search").get(pk=source.pk),
        aliases=tuple(dict.fromkeys(aliases.values_list("wording", flat=True)[: 5 * MOST_SHOWN]))[:MOST_SHOWN],
        claims=Claim.objects.visible_to(by).accepted().filter(source__in=family).count(),
        grade=grades.select_related("by").first(),
        followers=len(family) - 1,
        record=record_of(source),
    )


def _record_together(absorbed: Source, into: Source, beside: SourceRecord) -> TrackRecord:
    """The record both would have as one: what counts once within each may count once between them as well."""
    rows = sorted(judged_claims(absorbed.pk) + judged_claims(into.pk), key=lambda row: row.claim)
    counted = each_counted_once(rows, links_around([row.claim for row in rows]))
    return track_record(
        (row.for_grading for row in counted),
        as_of=timezone.localdate(),
        half_life_days=settings.HEARSAY_HALF_LIFE_DAYS,
        prior=beside.prior.beta,
    )


def _different_names(absorbed: MergeSide, into: MergeSide) -> list[str]:
    one, other = absorbed.source, into.source
    if {one.kind, other.kind} == {SourceKind.NAMED_PERSON}:
        if not same_name(one.shown_name, other.shown_name):
            return [f"Both are named, and differently: {one.shown_name} and {other.shown_name}."]
    elif one.kind != other.kind:
        return [f"They are of different kinds: {one.get_kind_display()} and {other.get_kind_display()}."]
    return []


def _told_apart(families: Sequence[list[int]], by: User) -> list[str]:
    """Documents the reader sees that speak of both as of two."""
    ids = [set(family) for family in families]
    spoken = DocumentSource.objects.filter(source__in=ids[0] | ids[1])
    both = (
        ExtractionRun.objects.filter(layer__document__collection__in=Collection.objects.ids_visible_to(by))
        .filter(document_sources__in=spoken.filter(source__in=ids[0]))
        .filter(document_sources__in=spoken.filter(source__in=ids[1]))
        .distinct()
        .order_by("pk")[:MOST_SHOWN]
    )
    rows = spoken.filter(run__in=list(both.values_list("pk", flat=True)))
    rows = rows.select_related("run__layer__document").defer(*LAYER_TEXTS).order_by("run", "pk")
    labels: dict[str, tuple[list[str], list[str]]] = {}
    for row in rows:
        sides = labels.setdefault(row.run.layer.document.label, ([], []))
        sides[0 if row.source_id in ids[0] else 1].append(row.label)
    return [
        f"{document} tells them apart: {_and(one)} and {_and(other)}."
        for document, (one, other) in labels.items()
        if one and other
    ]


def _on_the_same(families: Sequence[list[int]], by: User) -> tuple[int, list[str]]:
    """On how many propositions both have claims the reader sees; and a sentence where one denies what one asserts."""
    claims = Claim.objects.visible_to(by).accepted()
    theirs = claims.filter(source__in=families[0]).order_by()
    others = claims.filter(source__in=families[1]).order_by()
    shared = theirs.filter(proposition__in=others.values("proposition")).values("proposition").distinct().count()
    opposed = theirs.filter(
        Q(stance=Stance.ASSERTS, proposition__in=others.filter(stance=Stance.DENIES).values("proposition"))
        | Q(stance=Stance.DENIES, proposition__in=others.filter(stance=Stance.ASSERTS).values("proposition"))
    )
    found = list(opposed.values_list("proposition__text", flat=True).annotate(of=F("proposition")).distinct()[:2])
    if not found:
        return shared, []
    return shared, [f"One denies what the other asserts: {found[0]}{' And more.' if len(found) > 1 else ''}"]


def _and(labels: list[str]) -> str:
    return ", ".join(dict.fromkeys(labels))
