"""A candidate becomes an accepted claim. An analyst waits for this one: it takes few ways to the database."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

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
from claims.services.attributing import Given, attribute
from claims.services.awaited import ring
from claims.services.beside import accept_beside, or_beside
from claims.services.crediting import taken_for
from claims.services.flags import flag_confirmed
from claims.services.locks import lock_propositions
from claims.services.records import count_one_more, first_record, refresh
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
    step = accept_unsettled(
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
    settle_accepted([step])
    return step


def accept_unsettled(
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
) -> Review:
    """Accept a claim as `accept` does, but for what many accepted at once need once: `settle_accepted`."""
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
    _note_first_record(claim, given, writes)
    step = close_step(claim, before, made, beside=writes, decision=Decision.ACCEPT, by=by, **review)
    if blind:
        note_first(claim, step)
    return step


def settle_accepted(steps: Sequence[Review]) -> None:
    """After accepting: the workers are told what waits to be compared, and the sources' records are as they must be."""
    if not steps:
        return
    transaction.on_commit(partial(ring, [step.claim_id for step in steps]))
    if len(steps) > 1 or not _counted(steps[0]):
        refresh({source for step in steps if (source := step.claim.source_id)})


def _counted(step: Review) -> bool:
    """Whether the record of an accepted claim's source is as it must be with one claim more in it."""
    if "proposition" not in step.made:
        return False  # it joined one on which verdicts may rest
    if "source" in step.made:
        return True  # a new one, whose first record says so already
    source = step.claim.source_id
    return source is not None and count_one_more(source, reported=step.claim.reported_date)


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


def _note_first_record(claim: Claim, given: Given, writes: Together) -> None:
    if given.new is None:
        return
    record = first_record(given.new, reported=claim.reported_date)
    record.source_id = given.source_id
    writes.insert(record)
