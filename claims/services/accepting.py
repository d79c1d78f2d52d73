"""A candidate becomes an accepted claim. An analyst waits for this one: it takes few ways to the database."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from django.db import transaction

from accounts.models import User
from claims.models import (
    AwaitedComparison,
    Claim,
    ClaimState,
    Decision,
    DocumentSource,
    Proposition,
    Review,
    Stance,
)
from claims.models.claim import ClaimQuerySet
from claims.models.review import Picked
from claims.services.attributing import attribute, note_first_record
from claims.services.awaited import ring
from claims.services.beside import accept_beside, or_beside
from claims.services.crediting import taken_for
from claims.services.flags import flag_confirmed
from claims.services.locks import lock_propositions
from claims.services.records import count_one_more, refresh
from claims.services.second import gets_second, note_first
from claims.services.steps import WITH_STEP, check_open, close_step, snapshot, without_text
from claims.services.together import Id, Together
from sources.models import Source


@transaction.atomic
@or_beside(accept_beside)
def accept(
    claim: Claim,
    *,
    by: User,
    source: Source | None = None,
    new_source: str = "",
    wording: str = "",
    proposition: Proposition | None = None,
    stance: str = Stance.ASSERTS,
    expected_version: int | None = None,
    seconds: float | None = None,
    picked: str = Picked.DIRECT,
    among: ClaimQuerySet | None = None,
) -> Review:
    """Accept a candidate: it gets a source and a proposition, graded F6 until somebody judges.

    source: a known source; else new_source, the descriptor of one to make; else the one the claim or its in-document
    source is tied to; else a new one made from the in-document source. proposition: a known one, of which the claim
    speaks; else it opens its own, worded `wording`, the content's words by default. among: the claims of which it must
    be one.
    Raises ClaimAlreadyDecided, ClaimChanged (expected_version is not the claim's), NoSource; Claim.DoesNotExist.
    """
    step, counted = _accept(
        claim,
        by=by,
        source=source,
        new_source=new_source,
        wording=wording,
        proposition=proposition,
        stance=stance,
        expected_version=expected_version,
        among=among,
        seconds=seconds,
        picked=picked,
    )
    settle_accepted([step], counted=counted)
    return step


def accept_unsettled(claim: Claim, *, by: User, **given: Any) -> Review:
    """Accept a claim as `accept` does, but for what many accepted at once need once: `settle_accepted`."""
    return _accept(claim, by=by, **given)[0]


def settle_accepted(steps: Sequence[Review], *, counted: bool = False) -> None:
    """After accepting: the workers are told what waits to be compared, and the sources' records are as they must be.

    counted: whether the records are so already.
    """
    if not steps:
        return
    transaction.on_commit(partial(ring, [step.claim_id for step in steps]))
    if not counted:
        refresh({source for step in steps if (source := step.claim.source_id)})


def _accept(
    claim: Claim,
    *,
    by: User,
    source: Source | None = None,
    new_source: str = "",
    wording: str = "",
    proposition: Proposition | None = None,
    stance: str = Stance.ASSERTS,
    expected_version: int | None = None,
    among: ClaimQuerySet | None = None,
    **review: Any,
) -> tuple[Review, bool]:
    """The step, and whether the record of the claim's source has the claim in it already."""
    claim, in_document = _opened(claim, Claim.objects.all() if among is None else among)
    check_open(claim, expected_version, by=by)
    before = snapshot(claim)
    writes = Together()
    if source is None and not new_source and claim.source_id is None and claim.collection.second_review_share:
        source = taken_for(in_document, by=by)
    blind = gets_second(claim)
    given = attribute(claim, in_document, source=source, new_source=new_source, by=by, writes=writes, tied=not blind)
    made: dict[str, Id] = dict(given.made)
    proposition_id: Id
    if proposition is None:
        proposition = Proposition(text=wording.strip() or claim.wording)
        proposition_id = made["proposition"] = writes.insert(proposition)
    else:
        lock_propositions([proposition.pk])
        flag_confirmed([proposition.pk], by=by, reason="another claim joined its proposition")
        proposition_id = proposition.pk
    claim.source_id, claim.proposition_id = given.source_id, proposition_id
    claim.stance = stance
    claim.state = ClaimState.ACCEPTED
    writes.insert(AwaitedComparison(claim=claim), unless_there=True)
    first = note_first_record(given, writes, claims=1, reported=claim.reported_date)
    step = close_step(claim, before, made, beside=writes, decision=Decision.ACCEPT, by=by, **review)
    if blind:
        note_first(claim, step)
    if "proposition" not in step.made:
        return step, False  # verdicts may rest on the one it joined
    if first is not None:
        return step, not first._state.adding  # or somebody was faster
    return step, count_one_more(cast(int, claim.source_id), reported=claim.reported_date)


def _opened(claim: Claim, among: ClaimQuerySet) -> tuple[Claim, DocumentSource | None]:
    """The claim and its source as the document speaks of it, both locked and fresh.

    In one statement, but for a claim of nobody's: what it may not find cannot be locked. Raises Claim.DoesNotExist.
    """
    rows = without_text(among.select_related(*WITH_STEP)).filter(pk=claim.pk)
    of_somebody = rows.filter(document_source__label__isnull=False).select_related("document_source")
    found = of_somebody.select_for_update(of=("self", "document_source")).first()
    if found is not None:
        return found, found.document_source
    return rows.select_for_update(of=("self",)).get(), None
