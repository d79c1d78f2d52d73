"""Claims that join, leave, split and merge propositions, and go back."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

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
    Proposition,
    PropositionLink,
    PropositionMove,
    Question,
    RelationKind,
    Verdict,
)
from claims.services import (
    accept,
    join,
    link_propositions,
    merge_propositions,
    open_new,
    reword,
    settle,
    split_proposition,
    undo,
    undo_move,
)
from documents.models import Collection
from sources.models import TrackRecord
from tests.factories import ClaimFactory, CollectionFactory, PropositionFactory, UserFactory

pytestmark = pytest.mark.django_db

WHY = {"reason": "the same event"}


@pytest.fixture
def ana() -> User:
    return UserFactory()


@pytest.fixture
def collection(ana: User) -> Collection:
    return CollectionFactory(members=[ana])


def says(collection: Collection, proposition: Proposition | None = None, **fields) -> Claim:
    return ClaimFactory(
        accepted=True,
        proposition=proposition or PropositionFactory(),
        layer__document__collection=collection,
        **fields,
    )


def places() -> dict[int, tuple[int | None, str]]:
    return {pk: (place, stance) for pk, place, stance in Claim.objects.values_list("pk", "proposition_id", "stance")}


def test_a_candidate_is_accepted_into_a_known_proposition_and_that_is_undone(ana: User, collection: Collection):
    known = says(collection).proposition
    candidate = ClaimFactory(layer__document__collection=collection)

    step = accept(candidate, by=ana, proposition=known, stance="denies")

    candidate.refresh_from_db()
    assert (candidate.proposition, candidate.stance) == (known, "denies")
    undo(step, by=ana)
    assert Proposition.objects.filter(pk=known.pk).exists()


def test_accepting_with_one_key_opens_a_proposition_that_joining_leaves_behind_and_undoing_takes_back(
    ana: User, collection: Collection
):
    known = says(collection).proposition
    candidate = ClaimFactory(layer__document__collection=collection)
    step = accept(candidate, by=ana)
    opened = Claim.objects.get(pk=candidate.pk).proposition_id
    join(candidate, known, by=ana)

    undo(step, by=ana)

    candidate.refresh_from_db()
    assert (candidate.state, candidate.proposition) == ("candidate", None)
    assert Proposition.objects.filter(pk=opened).exists()  # the move remembers it


def test_a_claim_that_joins_moves_the_records_of_its_source(ana: User, collection: Collection):
    claim, settled = says(collection), says(collection)
    settle(settled.proposition, outcome="true", decided_on=date(2013, 2, 1), evidence="cable", by=ana)

    move = join(claim, settled.proposition, by=ana)
    assert TrackRecord.objects.overall().get(source=claim.source).true == 1

    undo_move(move, by=ana)
    assert TrackRecord.objects.overall().get(source=claim.source).n_effective == 0


def test_a_claim_joins_only_another_proposition_and_once_it_is_accepted(ana: User, collection: Collection):
    claim = says(collection)

    with pytest.raises(CannotMoveClaim, match="stands there already"):
        join(claim, claim.proposition, by=ana)
    with pytest.raises(CannotMoveClaim, match="not accepted"):
        join(ClaimFactory(), claim.proposition, by=ana)
    assert not PropositionMove.objects.exists()


def test_a_split_takes_chosen_claims_to_a_new_proposition_and_its_undoing_back(ana: User, collection: Collection):
    first = says(collection, PropositionFactory(topic="talks"))
    second = says(collection, first.proposition, stance="denies")
    before = places()

    move = split_proposition(first.proposition, claims=[second.pk], text=" Other talks. ", by=ana, **WHY)

    second.refresh_from_db()
    assert (second.proposition.text, second.proposition.topic, second.stance) == ("Other talks.", "talks", "denies")
    undo_move(move, by=ana)
    assert places() == before


def test_a_split_is_refused_for_nothing_for_everything_and_for_what_is_not_there(ana: User, collection: Collection):
    claim = says(collection)
    hidden = says(CollectionFactory(), claim.proposition)
    other = says(collection)

    for chosen, problem in (
        ([], "choose the claims"),
        ([claim.pk, hidden.pk], f"no claim {hidden.pk} that you may see"),
        ([other.pk], f"no claim {other.pk}"),
    ):
        with pytest.raises(CannotSplitProposition, match=problem):
            split_proposition(claim.proposition, claims=chosen, text="Another.", by=ana, **WHY)
    with pytest.raises(CannotSplitProposition, match="no claim would be left"):
        open_new(other, by=ana)
    with pytest.raises(ReasonMissing):
        split_proposition(claim.proposition, claims=[claim.pk], text="Another.", by=ana, reason="")
    with pytest.raises(TextMissing):
        split_proposition(claim.proposition, claims=[claim.pk], text=" ", by=ana, **WHY)


def test_a_merge_takes_claims_and_links_along_and_its_undoing_restores_both(ana: User, collection: Collection):
    absorbed, into, third = says(collection), says(collection), says(collection)
    link_propositions(third.proposition, absorbed.proposition, kind=RelationKind.REFINES, by=ana)
    link_propositions(absorbed.proposition, into.proposition, kind=RelationKind.CORROBORATES, by=ana)
    before = places(), list(PropositionLink.objects.order_by("pk").values())

    move = merge_propositions(absorbed.proposition, into.proposition, by=ana, **WHY)

    absorbed.refresh_from_db()
    assert absorbed.proposition == into.proposition
    refines = PropositionLink.objects.get(kind=RelationKind.REFINES)
    assert (refines.proposition, refines.other) == (third.proposition, into.proposition)
    undo_move(move, by=ana)
    assert (places(), list(PropositionLink.objects.order_by("pk").values())) == before


def test_a_link_that_is_carried_keeps_its_sides_in_order(ana: User, collection: Collection):
    first, second, last = says(collection), says(collection), says(collection)
    link = PropositionLink.objects.create(
        proposition=first.proposition,
        other=second.proposition,
        kind=RelationKind.CONTRADICTS,
        rule="quantity",
        said="three",
        other_said="seven",
    )

    move = merge_propositions(first.proposition, last.proposition, by=ana, **WHY)

    link.refresh_from_db()
    assert (link.proposition, link.other) == (second.proposition, last.proposition)
    assert (link.said, link.other_said) == ("seven", "three")
    undo_move(move, by=ana)
    link.refresh_from_db()
    assert (link.proposition, link.said) == (first.proposition, "three")


def test_opposed_propositions_are_merged_with_their_stances_turned(ana: User, collection: Collection):
    claim, denial = says(collection), says(collection, stance="denies")
    into = says(collection).proposition

    merge_propositions(claim.proposition, into, by=ana, opposed=True, **WHY)
    merge_propositions(denial.proposition, into, by=ana, opposed=True, **WHY)

    assert (places()[claim.pk], places()[denial.pk]) == ((into.pk, "denies"), (into.pk, "asserts"))


def test_a_merge_is_refused_where_it_would_lose_something(ana: User, collection: Collection):
    claim, other = says(collection), says(collection)
    settled = says(collection)
    settle(settled.proposition, outcome="true", decided_on=date(2013, 2, 1), evidence="cable", by=ana)
    asked = [
        says(collection, PropositionFactory(question=Question.objects.create(text=text))) for text in ("Who?", "When?")
    ]

    for absorbed, into, problem in (
        (claim.proposition, claim.proposition, "same proposition"),
        (settled.proposition, claim.proposition, "has a verdict"),
        (PropositionFactory(), claim.proposition, "no claim speaks of it"),
        (asked[0].proposition, asked[1].proposition, "different questions"),
    ):
        with pytest.raises(CannotMergePropositions, match=problem):
            merge_propositions(absorbed, into, by=ana, **WHY)
    with pytest.raises(ReasonMissing):
        merge_propositions(claim.proposition, other.proposition, by=ana, reason=" ")
    assert Verdict.objects.count() == 1


def test_a_move_is_undone_once_and_not_under_a_later_one(ana: User, collection: Collection):
    claim, second, third = says(collection), says(collection), says(collection)
    first_move = join(claim, second.proposition, by=ana)
    later = join(claim, third.proposition, by=ana)

    with pytest.raises(CannotUndoMove, match="went on to proposition"):
        undo_move(first_move, by=ana)
    undo_move(later, by=ana)
    undo_move(first_move, by=ana)
    with pytest.raises(CannotUndoMove, match="undone already"):
        undo_move(first_move, by=ana)


def test_a_wording_is_neutral_words_and_its_history_stays(ana: User, collection: Collection):
    proposition = says(collection).proposition
    old = proposition.text

    reword(proposition, by=ana, text=" The talks failed. ", topic="talks")

    proposition.refresh_from_db()
    assert (proposition.text, proposition.topic) == ("The talks failed.", "talks")
    history = Proposition.pgh_event_model.objects.filter(pgh_obj=proposition).order_by("pgh_id")
    assert [row.text for row in history] == [old, "The talks failed."]
    with pytest.raises(TextMissing):
        reword(proposition, by=ana, text=" ")


def test_the_database_refuses_a_move_to_the_same_place_and_one_of_nothing(ana: User, collection: Collection):
    claim, other = says(collection), says(collection)
    fields = {"kind": "join", "by": ana}

    with pytest.raises(IntegrityError, match="proposition_move_of_two"), transaction.atomic():
        PropositionMove.objects.create(
            proposition=claim.proposition, into=claim.proposition, claims={"1": ["asserts", "asserts"]}, **fields
        )
    with pytest.raises(IntegrityError, match="proposition_move_moves_claims"), transaction.atomic():
        PropositionMove.objects.create(proposition=claim.proposition, into=other.proposition, claims={}, **fields)
