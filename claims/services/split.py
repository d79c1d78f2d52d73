"""Claims given to one source that are another's: moved, and moved back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from claims.errors import ReasonMissing
from claims.models import Claim, ClaimState, DocumentSource, SourceSplit
from claims.services.identity import drop_if_unused, locked_families
from claims.services.records import refresh
from sources.errors import CannotSplit, CannotUndoSplit
from sources.models import Source, SourceAlias
from sources.services import create_source, note_wording

KEPT_OF_ALIAS = ("source_id", "wording", "collection_id", "document_id", "created_at")


@transaction.atomic
def split(
    source: Source,
    *,
    claims: Iterable[int],
    by: User,
    reason: str,
    into: Source | None = None,
    descriptor: str = "",
) -> SourceSplit:
    """Give the accepted claims with these ids to `into`, or else to a new source worded `descriptor`.

    A document's words for the source go along when all accepted claims tied to them do. `given_source` of each claim
    still tells whose it was at first.
    Raises ReasonMissing, DescriptorMissing; CannotSplit for claims that are not the source's or that `by` may not see,
    for all of its claims at once, and for an `into` that is the same source or was merged into another.
    """
    if not reason.strip():
        raise ReasonMissing("splitting a source")
    locked_families(source.standing_id, into.pk if into else source.standing_id)
    source.refresh_from_db(fields=["merged_into"])
    family = Source.objects.family_ids(source.pk)
    moved = _moved(source, set(claims), family, by=by)
    target = _target(source, into, descriptor, family, by=by)
    belong = _belonging(moved, family)
    before = {claim.pk: claim.source_id for claim in moved}
    worded = {row.pk: row.source_id for row in belong}
    Claim.objects.filter(pk__in=before).update(source=target, version=F("version") + 1)
    DocumentSource.objects.filter(pk__in=worded).update(source=target)
    made = SourceSplit.objects.create(
        source_id=source.standing_id,
        into=target,
        made_into=into is None,
        claims=before,
        document_sources=worded,
        aliases=_move_wordings(belong, target, family),
        reason=reason.strip(),
        by=by,
    )
    refresh([source.standing_id, target.pk])
    return made


@transaction.atomic
def undo_split(split: SourceSplit, *, by: User, reason: str) -> SourceSplit:
    """Give the claims back, and take away the source the split made if nothing else rests on it by now.

    A claim whose acceptance was undone since stays as it is.
    Raises ReasonMissing; CannotUndoSplit when it was undone before, the other source was merged since, or one of the
    claims was given to a third one.
    """
    if not reason.strip():
        raise ReasonMissing("undoing a split")
    split = SourceSplit.objects.select_for_update(of=("self",)).select_related("into").get(pk=split.pk)
    if split.undone_at is not None or split.into is None:
        raise CannotUndoSplit(split.pk, "it was undone already.")
    locked_families(split.source_id, split.into.pk)
    _check_untouched(split)
    for claim_id, source_id in split.claims.items():
        given = Claim.objects.accepted().filter(pk=claim_id)
        given.update(source=source_id, version=F("version") + 1)
    for row_id, source_id in split.document_sources.items():
        DocumentSource.objects.filter(pk=row_id, source=split.into).update(source=source_id)
    SourceAlias.objects.filter(pk__in=split.aliases["made"]).delete()
    SourceAlias.objects.bulk_create((SourceAlias(**row) for row in split.aliases["taken"]), ignore_conflicts=True)
    into = split.into.pk
    SourceSplit.objects.filter(pk=split.pk).update(undone_at=timezone.now(), undone_by=by, undone_reason=reason.strip())
    refresh([split.source_id, into])
    if split.made_into:
        drop_if_unused(into)
    return SourceSplit.objects.select_related("source", "into").get(pk=split.pk)


def _moved(source: Source, chosen: set[int], family: list[int], *, by: User) -> list[Claim]:
    """The claims to move, locked."""
    theirs = Claim.objects.accepted().filter(source__in=family)
    movable = theirs.visible_to(by).filter(pk__in=chosen).order_by("pk")
    claims = list(movable.select_for_update(of=("self",)).only("pk", "source", "document_source", "collection"))
    if not chosen:
        raise CannotSplit(source.pk, "choose the claims that are another's.")
    if missing := sorted(chosen - {claim.pk for claim in claims}):
        named = ", ".join(str(number) for number in missing[:10])
        raise CannotSplit(source.pk, f"it has no accepted claim {named} that you may see.")
    if not theirs.exclude(pk__in=chosen).exists():
        raise CannotSplit(source.pk, "all its claims would go. Merge it into the other source, or describe it anew.")
    return claims


def _target(source: Source, into: Source | None, descriptor: str, family: list[int], *, by: User) -> Source:
    if into is None:
        return create_source(descriptor, by=by, kind=source.kind, anonymous=source.anonymous)
    into.refresh_from_db(fields=["merged_into"])
    if into.pk in family:
        raise CannotSplit(source.pk, "the claims would go to the same source.")
    if into.merged_into_id is not None:
        raise CannotSplit(source.pk, f"source {into.pk} was merged into {into.merged_into_id}. Choose that instead.")
    return into


def _belonging(moved: list[Claim], family: list[int]) -> list[DocumentSource]:
    """The documents' own sources that go along: all their accepted claims do."""
    going = [claim.pk for claim in moved]
    tied = {claim.document_source_id for claim in moved if claim.document_source_id}
    staying = Claim.objects.filter(document_source__in=tied, state=ClaimState.ACCEPTED, source__in=family)
    divided = staying.exclude(pk__in=going).values("document_source")
    rows = DocumentSource.objects.filter(pk__in=tied, source__in=family).exclude(pk__in=divided)
    rows = rows.select_related("run__layer__document").order_by("pk")
    return list(rows.defer("run__layer__text", "run__layer__furniture", "run__layer__segments"))


def _move_wordings(belong: list[DocumentSource], target: Source, family: list[int]) -> dict[str, Any]:
    """Note the wordings with the other source, and take them from the first where no document keeps them there."""
    noted = [note_wording(target, row.canonical, document=row.run.layer.document) for row in belong]
    staying = DocumentSource.objects.filter(source__in=family).select_related("run__layer__document")
    staying = staying.filter(run__layer__document__collection__in={alias.collection_id for alias, _ in noted})
    kept = {
        (" ".join(canonical.split())[:500], collection)
        for canonical, collection in staying.values_list("canonical", "run__layer__document__collection")
    }
    gone = [alias for alias, _ in noted if (alias.wording, alias.collection_id) not in kept]
    taken: list[dict[str, Any]] = []
    for alias in gone:
        rows = SourceAlias.objects.filter(source__in=family, wording=alias.wording, collection=alias.collection_id)
        taken += rows.values(*KEPT_OF_ALIAS)
        rows.delete()
    for row in taken:
        row["created_at"] = row["created_at"].isoformat()
    return {"made": [alias.pk for alias, new in noted if new], "taken": taken}


def _check_untouched(split: SourceSplit) -> None:
    into = split.into
    if into is not None and into.merged_into_id is not None:
        raise CannotUndoSplit(split.pk, f"source {into.pk} was merged into {into.merged_into_id}. Undo that first.")
    elsewhere = Claim.objects.accepted().filter(pk__in=split.claims).exclude(source=into)
    if moved := elsewhere.order_by("pk").values_list("pk", flat=True).first():
        raise CannotUndoSplit(split.pk, f"claim {moved} was given to another source since. Undo that first.")
