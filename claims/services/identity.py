"""Who is who: two sources found to be one, and that taken back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from claims.errors import ReasonMissing
from claims.models import Claim
from claims.services.records import refresh
from sources.errors import CannotMerge, CannotUndoMerge
from sources.models import Source, SourceMerge


@transaction.atomic
def merge(absorbed: Source, into: Source, *, by: User, reason: str) -> SourceMerge:
    """Record that `absorbed` and `into` are one source, called `into` from now on.

    No claim, wording or grade moves: the absorbed source and those merged into it before only point to `into`, so
    that an undo restores every row to the byte.
    Raises ReasonMissing; CannotMerge when the two are the same or either was merged before.
    """
    if not reason.strip():
        raise ReasonMissing("merging two sources")
    rows = locked_families(absorbed.pk, into.pk)
    _check_mergeable(rows[absorbed.pk], rows[into.pk])
    followers = [row.pk for row in rows.values() if row.merged_into_id == absorbed.pk]
    # In this order: the database accepts no pointer to, or from, a source in the middle.
    Source.objects.filter(pk__in=followers).update(merged_into=into)
    Source.objects.filter(pk=absorbed.pk).update(merged_into=into)
    made = SourceMerge.objects.create(absorbed=absorbed, into=into, followers=followers, reason=reason.strip(), by=by)
    refresh([absorbed.pk, into.pk])
    absorbed.refresh_from_db(fields=["merged_into"])
    return made


@transaction.atomic
def undo_merge(merge: SourceMerge, *, by: User, reason: str) -> SourceMerge:
    """Let the absorbed source stand by itself again, with those that had come along.

    Raises ReasonMissing; CannotUndoMerge when it was undone before, or a later merge builds upon it.
    """
    if not reason.strip():
        raise ReasonMissing("undoing a merge")
    locked_families(merge.absorbed_id, merge.into_id)
    won = (
        SourceMerge.objects.in_force()
        .filter(pk=merge.pk)
        .update(undone_at=timezone.now(), undone_by=by, undone_reason=reason.strip())
    )
    if not won:
        raise CannotUndoMerge(merge.pk, "it was undone already.")
    later = SourceMerge.objects.in_force().filter(absorbed=merge.into_id).first()
    if later is not None:
        raise CannotUndoMerge(
            merge.pk,
            f"source {merge.into_id} was itself merged into source {later.into_id} since. Undo merge {later.pk} first.",
        )
    Source.objects.filter(pk=merge.absorbed_id).update(merged_into=None)
    Source.objects.filter(pk__in=merge.followers).update(merged_into=merge.absorbed_id)
    refresh([merge.absorbed_id, merge.into_id])
    return SourceMerge.objects.select_related("absorbed", "into").get(pk=merge.pk)


def drop_if_unused(source_id: int) -> None:
    """Delete a source that was made by a step taken back, unless something rests on it by now."""
    if not Claim.objects.filter(given_source=source_id).exists():
        Source.objects.unused().filter(pk=source_id).delete()


def locked_families(first: int, second: int) -> dict[int, Source]:
    """Both sources and all that were merged into either, by id, locked until the transaction ends.

    Locked in the order of their ids, so that two merges at once wait for each other instead of making a circle.
    """
    rows = Source.objects.families([first, second]).order_by("pk").select_for_update(of=("self",))
    found = {row.pk: row for row in rows}
    # Whoever held a lock before us may have added to a family: what they wrote is read now.
    rows = Source.objects.families([first, second]).order_by("pk").select_for_update(of=("self",))
    return found | {row.pk: row for row in rows}


def _check_mergeable(absorbed: Source, into: Source) -> None:
    if absorbed.pk == into.pk:
        raise CannotMerge(absorbed.pk, into.pk, "that is the same source. Choose another one.")
    if absorbed.merged_into_id is not None:
        raise CannotMerge(
            absorbed.pk, into.pk, f"it was merged into source {absorbed.merged_into_id} before. Undo that first."
        )
    if into.merged_into_id is not None:
        raise CannotMerge(
            absorbed.pk, into.pk, f"that one was itself merged into source {into.merged_into_id}. Choose that instead."
        )
