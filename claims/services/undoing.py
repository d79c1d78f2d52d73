"""Taking steps back: each undo is a Review row of its own, and claims are as they were, to the letter."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import User
from claims.errors import CannotUndo, NothingToUndo
from claims.models import (
    Claim,
    Decision,
    Proposition,
    Review,
    Round,
    SecondReview,
    SecondReviewState,
    SourceSplit,
)
from claims.models.review import ReviewQuerySet
from claims.services.adjudicate import pass_candidate, reopen
from claims.services.crediting import untie
from claims.services.identity import drop_if_unused
from claims.services.records import refresh
from claims.services.second import DECIDING, first_undone, row_of, undo_beside
from claims.services.steps import close_step, snapshot


@transaction.atomic
def undo(review: Review, *, by: User) -> Review:
    """Put a claim back to what it was before one step, and take away what that step made if nothing else uses it.

    A split or merge is taken back on all its claims; of many decided at once only this one is (see `undo_steps`).
    Raises CannotUndo when the step is another analyst's (and `by` may not undo those), was undone already, or is not
    the claim's latest.
    """
    review = Review.objects.get(pk=review.pk)
    rows = [review] if review.undone_alone else _of_batch(review.batch)
    return next(step for step in _undo_all(rows or [review], by=by) if step.undoes_id == review.pk)


@transaction.atomic
def undo_last(*, by: User, among: ReviewQuerySet | None = None) -> Review:
    """Undo the analyst's own latest step that stands, on all its claims. Raises NothingToUndo, CannotUndo.

    among: the steps of which it must be one. Returns the row that undid it, on the first of its claims.
    """
    latest = (Review.objects.all() if among is None else among).undoable_by(by).first()
    if latest is None:
        raise NothingToUndo
    return undo_steps([latest], by=by, among=among)[0]


@transaction.atomic
def undo_steps(reviews: Iterable[Review], *, by: User, among: ReviewQuerySet | None = None) -> list[Review]:
    """Undo several steps, all or nothing, the latest first; a step on several claims is undone on all of them.

    among: the steps of which all must be, also those on further claims.
    Raises NothingToUndo, and CannotUndo when one cannot be undone, also once the later ones of these are; of several it
    names every claim that stands in the way.
    """
    rows: dict[int, Review] = {}
    for review in reviews:
        for row in _of_batch(review.batch) if review.batch else [review]:
            rows[row.pk] = row
    if not rows:
        raise NothingToUndo
    if among is not None:
        _check_all_seen(rows.values(), among)
    done = _undo_all(list(rows.values()), by=by)
    return sorted(done, key=lambda step: step.undoes_id or 0)


def _check_all_seen(rows: Collection[Review], among: ReviewQuerySet) -> None:
    seen = among.filter(pk__in=[row.pk for row in rows])
    if seen.count() < len(rows):
        first = min(row.pk for row in rows)
        raise CannotUndo(first, "it is on claims that you may not see, too; ask a reviewer who sees them all.")


def _of_batch(batch: UUID | None) -> list[Review]:
    return list(Review.objects.standing().filter(batch=batch).order_by("pk"))


def _undo_all(reviews: list[Review], *, by: User) -> list[Review]:
    """Undo these rows, all or nothing. Claims are locked in the order of their ids, undone latest step first."""
    wanted = {review.claim_id for review in reviews}
    rows = Claim.objects.select_for_update(of=("self",)).select_related("second_review").filter(pk__in=wanted)
    claims = {claim.pk: claim for claim in rows.order_by("pk")}
    batch = uuid4() if len(reviews) > 1 else None
    done: list[Review] = []
    problems: list[CannotUndo] = []
    for review in sorted(reviews, key=lambda row: -row.pk):
        try:
            _check(review, claims[review.claim_id], by=by)
        except CannotUndo as problem:
            problems.append(problem)
        else:
            done.append(_undo_one(review, claims[review.claim_id], by=by, batch=batch))
    if problems:
        raise problems[0] if len(reviews) == 1 else CannotUndo.several(problems)
    refresh({source for review in reviews for source in _counted_for(review, done)})
    return done


def _check(review: Review, claim: Claim, *, by: User) -> None:
    others = review.analyst_id != by.pk
    if others and (review.round == Round.SECOND or not by.has_perm("claims.undo_others_review")):
        raise CannotUndo(review.pk, "it is another analyst's; ask them or a reviewer.", review.claim_id)
    if review.decision == Decision.UNDO or Review.objects.filter(undoes=review).exists():
        raise CannotUndo(review.pk, "it was undone already.", review.claim_id)
    later = Review.objects.standing().filter(claim=review.claim_id, pk__gt=review.pk)
    if later.of_the_same_thing(review).exists() or not _still_concerns(review, claim):
        raise CannotUndo(review.pk, "the claim was changed since. Undo the later steps first.", review.claim_id)


def _still_concerns(review: Review, claim: Claim) -> bool:
    """Whether what a step on a version beside the claim changed has not been settled since."""
    row = row_of(claim)
    if review.round == Round.SECOND:
        return row is not None and row.state != SecondReviewState.ADJUDICATED
    if review.beside:
        return row is not None and row.state == SecondReviewState.DIFFERS
    return True


def _undo_one(review: Review, claim: Claim, *, by: User, batch: UUID | None) -> Review:
    row = row_of(claim)
    if row is not None and review.beside:
        return _undo_beside(review, row, by=by, batch=batch)
    before = snapshot(claim)
    if review.round == Round.ADJUDICATION:
        pass_candidate(claim)
    for field, value in review.before.items():
        setattr(claim, field, value)
    step = close_step(claim, before, {}, decision=Decision.UNDO, by=by, undoes=review, batch=batch, round=review.round)
    if row is not None and review.round == Round.ADJUDICATION:
        reopen(row)
    elif row is not None and review.decision in DECIDING:
        first_undone(row)
    _unmake(review.made)
    return step


def _undo_beside(review: Review, row: SecondReview, *, by: User, batch: UUID | None) -> Review:
    number = undo_beside(review, row)
    _unmake(review.made)
    return Review.objects.create(
        claim_id=review.claim_id,
        analyst=by,
        decision=Decision.UNDO,
        undoes=review,
        round=review.round,
        version=number,
        batch=batch,
    )


def _counted_for(review: Review, done: list[Review]) -> set[int]:
    """The sources whose records an undone decision had moved."""
    step = next(step for step in done if step.undoes_id == review.pk)
    if review.beside:
        return set()
    if review.round == Round.ADJUDICATION:
        return {source for source in (step.before["source_id"], review.before["source_id"]) if source}
    return {step.before["source_id"]} if review.decision == Decision.ACCEPT else set()


def _unmake(made: dict[str, int]) -> None:
    """Take away the rows a step made, but for those that something else uses by now."""
    Proposition.objects.unused().filter(pk=made.get("proposition", 0)).delete()
    untie(made)
    if "source" in made and not SourceSplit.objects.in_force().filter(into=made["source"]).exists():
        drop_if_unused(made["source"])
