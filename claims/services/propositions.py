"""Where claims meet: a claim joins a proposition or opens its own; propositions are split, merged and reworded.

Every move is a row that can be undone. Locks are taken in one order: claims, propositions, sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from claims.errors import (
    CannotMergePropositions,
    CannotMoveClaim,
    CannotSplitProposition,
    CannotUndoMove,
    ReasonMissing,
    TextMissing,
)
from claims.models import (
    Claim,
    ClaimState,
    MoveKind,
    Proposition,
    PropositionLink,
    PropositionMove,
    Stance,
    Verdict,
)
from claims.services.awaited import await_comparison
from claims.services.flags import flag_confirmed
from claims.services.locks import lock_propositions, locked_claims, locked_whole
from claims.services.records import refresh

OPPOSITE = {Stance.ASSERTS.value: Stance.DENIES.value, Stance.DENIES.value: Stance.ASSERTS.value}


@transaction.atomic
def join(claim: Claim, proposition: Proposition, *, by: User, stance: str = "", reason: str = "") -> PropositionMove:
    """Have an accepted claim assert or deny another proposition; the one it leaves stays, should it come back.

    stance: by default the one it has.
    Raises CannotMoveClaim when it is not accepted or stands there already.
    """
    claim = locked_claims(Q(pk=claim.pk))[0]
    if claim.state != ClaimState.ACCEPTED or claim.proposition_id is None:
        raise CannotMoveClaim(claim.pk, "it is not accepted. Accept it first.")
    if claim.proposition_id == proposition.pk:
        raise CannotMoveClaim(claim.pk, "it stands there already.")
    lock_propositions([claim.proposition_id, proposition.pk])
    return _move(
        [claim], claim.proposition_id, proposition.pk, {claim.pk: stance}, kind=MoveKind.JOIN, by=by, reason=reason
    )


@transaction.atomic
def open_new(
    claim: Claim, *, by: User, text: str = "", reason: str = "it is said of something else"
) -> PropositionMove:
    """Have an accepted claim open a proposition of its own, worded as in the text by default.

    Raises CannotMoveClaim when it is not accepted, CannotSplitProposition when it stands alone already.
    """
    claim = locked_claims(Q(pk=claim.pk))[0]
    if claim.proposition is None:
        raise CannotMoveClaim(claim.pk, "it is not accepted. Accept it first.")
    return split_proposition(claim.proposition, claims=[claim.pk], text=text or claim.wording, by=by, reason=reason)


@transaction.atomic
def split_proposition(
    proposition: Proposition, *, claims: Iterable[int], text: str, by: User, reason: str, topic: str | None = None
) -> PropositionMove:
    """Have the claims with these ids assert or deny a new proposition, worded `text`, as they did the old one.

    topic: by default the old one's. A verdict stays with the old one.
    Raises ReasonMissing, TextMissing; CannotSplitProposition for claims that do not stand there or that `by` may not
    see, and for all of its claims at once.
    """
    if not reason.strip():
        raise ReasonMissing("splitting a proposition")
    if not text.strip():
        raise TextMissing("the new proposition")
    chosen = set(claims)
    visible = Claim.objects.visible_to(by).filter(pk__in=chosen)
    moved = locked_claims(Q(proposition=proposition.pk, pk__in=visible.values("pk")))
    lock_propositions([proposition.pk])
    if not chosen:
        raise CannotSplitProposition(proposition.pk, "choose the claims that say something else.")
    if missing := sorted(chosen - {claim.pk for claim in moved}):
        named = ", ".join(str(number) for number in missing[:10])
        raise CannotSplitProposition(proposition.pk, f"it has no claim {named} that you may see.")
    if not Claim.objects.filter(proposition=proposition.pk).exclude(pk__in=chosen).exists():
        raise CannotSplitProposition(proposition.pk, "no claim would be left. Reword it instead.")
    made = Proposition.objects.create(text=text.strip(), topic=proposition.topic if topic is None else topic.strip())
    return _move(moved, proposition.pk, made.pk, {}, kind=MoveKind.SPLIT, by=by, reason=reason.strip())


@transaction.atomic
def merge_propositions(
    absorbed: Proposition, into: Proposition, *, by: User, reason: str, opposed: bool = False
) -> PropositionMove:
    """Have all claims on `absorbed` speak of `into`, and its links lead there. `absorbed` stays as an empty row.

    opposed: one says what the other denies, so every stance turns round.
    Raises ReasonMissing; CannotMergePropositions for one and the same, when `absorbed` has a verdict or no claims,
    and when they answer different questions.
    """
    if not reason.strip():
        raise ReasonMissing("merging two propositions")
    if absorbed.pk == into.pk:
        raise CannotMergePropositions(absorbed.pk, into.pk, "that is the same proposition. Choose another one.")
    moved = locked_whole(absorbed.pk, into.pk)
    _check_mergeable(absorbed, into, moved)
    turned = {claim.pk: OPPOSITE[claim.stance] for claim in moved} if opposed else {}
    links = _carry_links(absorbed.pk, into.pk, opposed=opposed)
    return _move(moved, absorbed.pk, into.pk, turned, kind=MoveKind.MERGE, by=by, reason=reason.strip(), links=links)


@transaction.atomic
def undo_move(move: PropositionMove, *, by: User, reason: str = "") -> PropositionMove:
    """Put the claims of a join, split or merge back, with the stances they had, and the links a merge took along.

    A claim whose acceptance was undone since stays as it is.
    Raises CannotUndoMove when it was undone before, or one of the claims has moved on since.
    """
    move = PropositionMove.objects.get(pk=move.pk)
    claims = locked_claims(Q(pk__in=[int(pk) for pk in move.claims]))
    lock_propositions([move.proposition_id, move.into_id])
    won = (
        PropositionMove.objects.in_force()
        .filter(pk=move.pk)
        .update(undone_at=timezone.now(), undone_by=by, undone_reason=reason.strip())
    )
    if not won:
        raise CannotUndoMove(move.pk, "it was undone already.")
    accepted = [claim for claim in claims if claim.state == ClaimState.ACCEPTED]
    if gone := next((claim for claim in accepted if claim.proposition_id != move.into_id), None):
        raise CannotUndoMove(
            move.pk, f"claim {gone.pk} went on to proposition {gone.proposition_id} since. Undo that first."
        )
    for before in OPPOSITE:
        back = [claim.pk for claim in accepted if move.claims[str(claim.pk)][0] == before]
        _set(back, move.proposition_id, before)
    _put_links_back(move)
    flag_confirmed([move.proposition_id, move.into_id], by=by, reason="claims were put back to another proposition")
    refresh({claim.source_id for claim in accepted if claim.source_id})
    return PropositionMove.objects.select_related("proposition", "into").get(pk=move.pk)


@transaction.atomic
def reword(proposition: Proposition, *, by: User, text: str | None = None, topic: str | None = None) -> Proposition:
    """Give a proposition a neutral wording or a topic; what is not given stays. The history keeps the old ones.

    Raises TextMissing for an empty wording.
    """
    if text is not None and not text.strip():
        raise TextMissing("a proposition")
    row = Proposition.objects.select_for_update().defer("search").get(pk=proposition.pk)
    row.text = row.text if text is None else text.strip()
    row.topic = row.topic if topic is None else topic.strip()
    row.save(update_fields=["text", "topic"])
    return row


def _move(
    claims: list[Claim],
    proposition: int,
    into: int,
    stances: Mapping[int, str],
    *,
    kind: MoveKind,
    by: User,
    reason: str,
    links: dict[int, list[int]] | None = None,
) -> PropositionMove:
    """stances: by claim, the one it gets where that is not the one it has."""
    given = {claim.pk: [claim.stance, stances.get(claim.pk) or claim.stance] for claim in claims}
    for stance in OPPOSITE:
        _set([pk for pk, (_, after) in given.items() if after == stance], into, stance)
    made = PropositionMove.objects.create(
        kind=kind,
        proposition_id=proposition,
        into_id=into,
        claims=given,
        links=links or {},
        reason=reason.strip(),
        by=by,
    )
    flag_confirmed([proposition, into], by=by, reason="claims were moved from or to its proposition")
    await_comparison(given)
    refresh({claim.source_id for claim in claims if claim.source_id})
    return made


def _set(claims: list[int], proposition: int, stance: str) -> None:
    Claim.objects.filter(pk__in=claims).update(proposition=proposition, stance=stance, version=F("version") + 1)


def _check_mergeable(absorbed: Proposition, into: Proposition, moved: list[Claim]) -> None:
    if not moved:
        raise CannotMergePropositions(absorbed.pk, into.pk, "no claim speaks of it. Choose another one.")
    if Verdict.objects.in_force().filter(proposition=absorbed.pk).exists():
        raise CannotMergePropositions(
            absorbed.pk, into.pk, "it has a verdict. Merge the other way round, or withdraw that verdict first."
        )
    questions = set(Proposition.objects.filter(pk__in=[absorbed.pk, into.pk]).values_list("question", flat=True))
    if len(questions - {None}) > 1:
        raise CannotMergePropositions(absorbed.pk, into.pk, "they answer different questions.")


def _carry_links(absorbed: int, into: int, *, opposed: bool) -> dict[int, list[int]]:
    """Have the links of one proposition lead to the other, but for those between the two and those it has already.

    When the two are opposed, what a link says of the one is not true of the other: none is carried.
    Returns what the links were.
    """
    if opposed:
        return {}
    known = {
        link.seen_from(into) for link in PropositionLink.objects.touching([into]).only("proposition_id", "other_id")
    }
    carried = {}
    for link in PropositionLink.objects.touching([absorbed]).select_for_update(of=("self",)).order_by("pk"):
        far = link.seen_from(absorbed)
        if far == into or far in known:
            continue
        carried[link.pk] = [link.proposition_id, link.other_id]
        if link.proposition_id == absorbed:
            link.proposition_id = into
        else:
            link.other_id = into
        link.put_in_order()
        link.save()
    return carried


def _put_links_back(move: PropositionMove) -> None:
    """Those that still lead from where the merge took them to where they led before."""
    for link in PropositionLink.objects.filter(pk__in=[int(pk) for pk in move.links]).select_for_update(of=("self",)):
        before = move.links[str(link.pk)]
        far = link.seen_from(move.into_id)
        if move.into_id not in (link.proposition_id, link.other_id) or far not in before:
            continue
        if before.index(far) != [link.proposition_id, link.other_id].index(far):
            link.turn()
        link.proposition_id, link.other_id = before
        link.put_in_order()
        link.save()
