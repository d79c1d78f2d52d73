"""The blind second opinion: which claims get one, where it is kept, and how it is compared with the first decision.

The claim stays as the first analyst decided it. Steps of the second analyst, and of an adjudicator who words a third
version, go to a version beside it (`SecondReview`) and leave Review rows of their own round.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.models import User
from claims.models import (
    Claim,
    ClaimState,
    Decision,
    Difference,
    DocumentSource,
    Review,
    Round,
    SecondReview,
    SecondReviewState,
)
from claims.models.second_review import Side, is_drawn
from claims.services.crediting import tie, untie
from claims.services.steps import ROLES
from claims.services.versions import KEPT, version_of
from sources.models import Source

DECIDING = (Decision.ACCEPT, Decision.REJECT)
ROUND_OF = {Side.SECOND: Round.SECOND, Side.THIRD: Round.ADJUDICATION}


def gets_second(claim: Claim) -> bool:
    """Whether the first decision on a claim opens a second review, or did. What people added by hand gets none.

    claim: with `collection` and `second_review` at hand, so that this asks the database nothing.
    """
    if row_of(claim) is not None:
        return True
    return claim.run_id is not None and is_drawn(claim.pk, claim.collection.second_review_share)


def row_of(claim: Claim) -> SecondReview | None:
    """The claim's second review as it was loaded with the claim."""
    row: SecondReview | None = getattr(claim, "second_review", None)
    return row


def note_first(claim: Claim, step: Review) -> None:
    """After a first decision: draw the claim for a second review, or compare with the opinion that is there already."""
    row = row_of(claim)
    first = version_of(claim) | {"reason": step.reason}
    if row is None:
        if Review.objects.filter(claim=claim).exclude(analyst=step.analyst).exists():
            return  # somebody else had it in hand: who is asked for a second opinion might know it already
        found = _as_found(step)
        SecondReview.objects.create(claim=claim, first_analyst=step.analyst, first=first, found=found)
        return
    row.first_analyst, row.first = step.analyst, first
    if row.state == SecondReviewState.GIVEN:
        _compare(row)
    row.save()


def first_undone(row: SecondReview) -> None:
    """After the first decision was taken back. An opinion that somebody began stays, and waits for the next one."""
    if row.analyst_id is None:
        row.delete()
        return
    closing = Review.objects.standing().filter(claim=row.claim_id, round=Round.SECOND, made__has_key="resolved").last()
    if closing is not None:
        untie(closing.made)
    row.first_analyst = row.first = row.third = row.adjudicator = None
    row.differs = []
    row.state = SecondReviewState.GIVEN if row.given_at else SecondReviewState.OPEN
    row.save()


def note_beside(
    row: SecondReview,
    side: Side,
    claim: Claim,
    *,
    by: User,
    decision: str,
    reason: str = "",
    said: dict[str, Any] | None = None,
) -> dict[str, int]:
    """Keep a step on a version beside the claim; the ids of the rows made when it ended the blindness.

    claim: in memory as that version has it now. said: what a decision says besides: the wording of its proposition, or
    the id of a known one.
    """
    before = row.version_on(side)
    why = {"why": before["why"]} if "why" in before else {}
    version = version_of(claim) | {"version": before["version"] + 1, "reason": reason} | why | (said or {})
    setattr(row, side, version)
    made: dict[str, int] = {}
    if side == Side.SECOND:
        row.analyst = by
        if decision in DECIDING:
            row.given_at = timezone.now()
            row.state = SecondReviewState.GIVEN
        if decision in DECIDING and row.first is not None and _compare(row):
            made = tie(Claim.objects.select_related("layer", "source").get(pk=claim.pk), by=by)
    row.save()
    return made


def undo_beside(review: Review, row: SecondReview) -> int:
    """Put a version back to what it was before one step; the number of the version it is then."""
    side = Side.SECOND if review.round == Round.SECOND else Side.THIRD
    number: int = row.version_on(side)["version"] + 1
    setattr(row, side, review.before | {"version": number})
    if side == Side.SECOND:
        row.state, row.given_at, row.differs = SecondReviewState.OPEN, None, []
        row.third = row.adjudicator = None
    else:
        row.adjudicator = review.analyst
    row.save()
    return number


def differences(first: dict[str, Any], second: dict[str, Any]) -> list[str]:
    """In what two decided versions of a claim differ. Two rejections agree, whatever else they hold."""
    if first["state"] != second["state"]:
        return [Difference.DECISION.value]
    if first["state"] == ClaimState.REJECTED:
        return []
    same = {
        Difference.SOURCE: same_source(first, second),
        Difference.CONTENT: first["content_fragments"] == second["content_fragments"],
        Difference.WORDS: all(
            first[f"{role}_fragments"] == second[f"{role}_fragments"] for role in ROLES if role != "content"
        ),
        Difference.TYPE: first["type"] == second["type"],
        Difference.MODALITY: first["modality"] == second["modality"],
        Difference.STANCE: first["stance"] == second["stance"],
    }
    return [difference.value for difference, equal in same.items() if not equal]


def same_source(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Whether both ascribe the claim to the same source, as far as is known today.

    A second opinion that leaves the document's own source as it is means whom that one is tied to, or, as long as it is
    tied to nobody, a source made from it.
    """
    accepted = Source.objects.select_related("merged_into").defer("search").get(pk=first["source_id"]).standing
    if second["source_id"]:
        chosen = Source.objects.select_related("merged_into").defer("search").get(pk=second["source_id"]).standing
        return chosen == accepted or _plain(chosen.descriptor) == _plain(accepted.descriptor)
    if first["document_source_id"] != second["document_source_id"] or not second["document_source_id"]:
        return False
    here = DocumentSource.objects.select_related("source__merged_into").get(pk=second["document_source_id"])
    if here.source is not None:
        return here.source.standing == accepted
    return _plain(here.canonical) == _plain(accepted.descriptor) and _made_here(first, second)


def _made_here(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Whether the first's source was made when a claim of the second's in-document source was accepted."""
    steps = Review.objects.filter(claim__document_source=second["document_source_id"])
    return steps.filter(made__source=first["source_id"]).exists()


def _compare(row: SecondReview) -> bool:
    """Note in what the two differ, and whether they agree."""
    row.differs = differences(row.first or {}, row.second or {})
    row.state = SecondReviewState.DIFFERS if row.differs else SecondReviewState.AGREES
    return not row.differs


def _as_found(step: Review) -> dict[str, Any]:
    """The step's claim as it was before anybody touched it."""
    earliest = Review.objects.filter(claim=step.claim_id).order_by("pk").first() or step
    kept = {field: earliest.before[field] for field in KEPT if field in earliest.before}
    return kept | {"state": ClaimState.CANDIDATE.value, "version": earliest.version - 1}


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()
