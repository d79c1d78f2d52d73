"""A share of claims is judged a second time by somebody who is not told that it was judged before."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from claims.errors import CannotAdjudicate, CannotUndo, ClaimAlreadyDecided, ClaimChanged, ReasonMissing
from claims.models import Claim, ClaimState, Difference, Review, Round, SecondReview, SecondReviewState
from claims.models.second_review import is_drawn
from claims.services import accept, adjudicate, drop_third, edit, reject, undo, undo_last, word_third
from documents.errors import BadShare
from documents.models import Collection
from documents.services import set_second_reviews
from sources.models import Source, SourceAlias
from tests.factories import ClaimFactory, CollectionFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def first() -> User:
    return UserFactory(username="first")


@pytest.fixture
def second() -> User:
    return UserFactory(username="second")


@pytest.fixture
def reviewer() -> User:
    return UserFactory(username="reviewer", groups=["reviewer"])


@pytest.fixture
def collection(first: User, second: User, reviewer: User) -> Collection:
    return CollectionFactory(members=[first, second, reviewer], second_review_share=1.0)


@pytest.fixture
def claim(collection: Collection) -> Claim:
    return ClaimFactory(layer__document__collection=collection)


def test_the_draw_is_the_same_every_time_and_a_larger_share_keeps_what_a_smaller_one_drew():
    some = {number for number in range(1, 5_001) if is_drawn(number, 0.2)}

    assert some == {number for number in range(1, 5_001) if is_drawn(number, 0.2)}
    assert 850 < len(some) < 1150
    assert some < {number for number in range(1, 5_001) if is_drawn(number, 0.5)}
    assert not any(is_drawn(number, 0.0) for number in range(1, 500))
    assert all(is_drawn(number, 1.0) for number in range(1, 500))


def test_a_share_outside_0_to_1_is_refused_and_by_the_database_too(collection: Collection):
    with pytest.raises(BadShare):
        set_second_reviews(collection, share=1.2)
    with pytest.raises(IntegrityError, match="collection_second_review_share_between_0_and_1"), transaction.atomic():
        Collection.objects.filter(pk=collection.pk).update(second_review_share=-0.1)


def test_only_the_share_of_the_collection_is_drawn_and_nothing_that_a_person_added(first: User):
    collection = CollectionFactory(members=[first], second_review_share=0.0)
    undrawn = ClaimFactory(layer__document__collection=collection)
    accept(undrawn, by=first)
    set_second_reviews(collection, share=1.0)
    by_hand = ClaimFactory(layer__document__collection=collection, run=None, document_source=None)
    reject(by_hand, by=first, reason="not a claim")

    assert not SecondReview.objects.exists()


def test_a_claim_that_another_analyst_had_corrected_before_is_not_drawn(claim: Claim, first: User, second: User):
    edit(claim, by=second, modality="belief")

    accept(claim, by=first)

    assert not SecondReview.objects.exists()


def test_the_second_analyst_has_the_claim_as_found_and_leaves_it_as_the_first_decided(
    claim: Claim, first: User, second: User
):
    end = claim.content_fragments[0][1]
    edit(claim, by=first, spans={"content": [[claim.content_fragments[0][0], end - 7]]}, modality="belief")
    accept(claim, by=first, wording="Talks failed.")

    [seen] = Claim.objects.for_second_review(second)
    assert (seen.state, seen.version, seen.content_quote) == ("candidate", 1, claim.content_quote)
    assert (seen.source, seen.proposition, seen.stance, seen.modality) == (None, None, "", "fact")

    step = reject(seen, by=second, reason="Not a claim", expected_version=1)

    now = Claim.objects.get(pk=claim.pk)
    assert (step.round, step.version, now.state, now.version) == (Round.SECOND, 2, "accepted", 3)
    row = SecondReview.objects.get(claim=claim)
    assert (row.first_analyst, row.analyst, row.state, row.differs) == (first, second, "differs", ["decision"])


def test_a_form_opened_before_the_first_decision_gives_the_second_opinion(claim: Claim, first: User, second: User):
    opened = Claim.objects.get(pk=claim.pk)
    accept(claim, by=first)

    step = accept(opened, by=second, expected_version=opened.version)

    assert step.round == Round.SECOND
    assert SecondReview.objects.get(claim=claim).state == SecondReviewState.AGREES


def test_an_opinion_is_edited_and_decided_beside_the_claim_and_undone_step_by_step(
    claim: Claim, first: User, second: User
):
    accept(claim, by=first)
    source = SourceFactory(created_by=second)
    edit(claim, by=second, source=source, type="direct", expected_version=1)
    accept(claim, by=second, expected_version=2, wording="It failed.")
    row = SecondReview.objects.get(claim=claim)
    assert (row.state, row.differs) == ("differs", ["source", "type"])
    assert row.second["wording"] == "It failed."
    with pytest.raises((ClaimAlreadyDecided, ClaimChanged)):
        accept(claim, by=second)

    undo_last(by=second)
    row.refresh_from_db()
    assert (row.state, row.second["state"], row.second["type"], row.given_at) == ("open", "candidate", "direct", None)
    undo_last(by=second)
    row.refresh_from_db()

    assert {**row.second, "version": 1} == row.found
    assert Claim.objects.get(pk=claim.pk).type == "indirect"
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.ACCEPTED


def test_whoever_takes_a_step_has_the_item_and_a_third_person_is_told_that_it_changed(
    claim: Claim, first: User, second: User, reviewer: User
):
    accept(claim, by=first)
    edit(claim, by=second, type="direct")

    with pytest.raises((ClaimAlreadyDecided, ClaimChanged)):
        accept(claim, by=reviewer, expected_version=1)

    assert not Claim.objects.for_second_review(reviewer).exists()
    assert Claim.objects.for_second_review(second).get() == claim


def test_the_database_refuses_a_second_opinion_of_the_first_analyst_and_a_second_row(
    claim: Claim, first: User, second: User
):
    accept(claim, by=first)
    row = SecondReview.objects.get(claim=claim)

    with pytest.raises(IntegrityError, match="second_review_by_another"), transaction.atomic():
        SecondReview.objects.filter(pk=row.pk).update(analyst=first)
    with pytest.raises(IntegrityError, match="unique"), transaction.atomic():
        SecondReview.objects.create(claim=claim, first_analyst=second, first={}, found={})
    with pytest.raises(IntegrityError, match="second_review_given_is_complete"), transaction.atomic():
        SecondReview.objects.filter(pk=row.pk).update(state="agrees")


def test_the_first_analyst_cannot_give_the_second_opinion(claim: Claim, first: User):
    accept(claim, by=first)

    with pytest.raises(ClaimAlreadyDecided):
        accept(claim, by=first)
    assert not Claim.objects.for_second_review(first).exists()


def test_a_drawn_claim_ties_its_documents_source_only_when_both_agree(claim: Claim, first: User, second: User):
    sibling = ClaimFactory(
        layer=claim.layer,
        run=claim.run,
        document_source=claim.document_source,
        words=("A source close to the cabinet", "stated", "talks have failed"),
    )
    accept(claim, by=first)
    claim.document_source.refresh_from_db()
    assert claim.document_source.source is None
    assert not SourceAlias.objects.exists()

    accept(sibling, by=first)
    claims = Claim.objects.filter(pk__in=[claim.pk, sibling.pk])
    assert len(set(claims.values_list("source", flat=True))) == 1

    accept(claim, by=second)
    claim.document_source.refresh_from_db()
    assert claim.document_source.source == claims[0].source
    assert SourceAlias.objects.get().wording == "A source close to the cabinet"

    undo_last(by=second)
    claim.document_source.refresh_from_db()
    assert SecondReview.objects.get(claim=claim).state == SecondReviewState.OPEN


def test_undoing_the_first_decision_takes_an_untouched_draw_away_and_keeps_an_opinion(
    claim: Claim, first: User, second: User
):
    step = accept(claim, by=first)
    undo(step, by=first)
    assert not SecondReview.objects.exists()

    step = accept(claim, by=first)
    reject(claim, by=second, reason="Not a claim")
    undo(step, by=first)
    row = SecondReview.objects.get(claim=claim)
    assert (row.state, row.first_analyst, row.first, row.differs) == ("given", None, None, [])
    assert not Claim.objects.visible_to(second).awaiting_review().exists()

    reject(claim, by=first, reason="Wrong content")
    row.refresh_from_db()
    assert (row.state, row.first_analyst) == ("agrees", first)


def test_nobody_undoes_the_second_opinion_but_who_gave_it(claim: Claim, first: User, second: User, reviewer: User):
    accept(claim, by=first)
    step = reject(claim, by=second, reason="Not a claim")

    with pytest.raises(CannotUndo):
        undo(step, by=reviewer)


@pytest.mark.parametrize(
    ("how", "differs"),
    [
        ({}, []),
        ({"type": "mixed"}, [Difference.TYPE]),
        ({"modality": "fear"}, [Difference.MODALITY]),
        ({"spans": {"content": [[46, 50]]}}, [Difference.CONTENT]),
        ({"spans": {"cue": []}}, [Difference.WORDS]),
        ({"new_source": "A liaison officer"}, [Difference.SOURCE]),
        ({"type": "mixed", "modality": "plan"}, [Difference.TYPE, Difference.MODALITY]),
    ],
)
def test_two_acceptances_differ_in_what_they_hold(
    claim: Claim, first: User, second: User, how: dict, differs: list[str]
):
    accept(claim, by=first)
    if how:
        edit(claim, by=second, **how)
    accept(claim, by=second)

    row = SecondReview.objects.get(claim=claim)
    assert row.differs == differs
    assert row.state == ("differs" if differs else "agrees")


def test_two_who_name_the_same_new_source_agree(claim: Claim, first: User, second: User):
    accept(claim, by=first, new_source="A liaison officer")
    accept(claim, by=second, new_source="a liaison  officer")

    assert SecondReview.objects.get(claim=claim).state == SecondReviewState.AGREES


def test_two_rejections_agree_whatever_the_reasons(claim: Claim, first: User, second: User):
    reject(claim, by=first, reason="Not a claim")
    reject(claim, by=second, reason="Duplicate")

    assert SecondReview.objects.get(claim=claim).state == SecondReviewState.AGREES


def differing(claim: Claim, first: User, second: User) -> SecondReview:
    """Accepted by the first; the second says that somebody else said less."""
    accept(claim, by=first)
    edit(claim, by=second, new_source="A liaison officer", spans={"content": [[46, 50]]})
    accept(claim, by=second, wording="The talks.", stance="denies")
    return SecondReview.objects.get(claim=claim)


def test_an_adjudicator_chooses_the_second_version_and_an_undo_brings_back_the_first(
    claim: Claim, first: User, second: User, reviewer: User
):
    row = differing(claim, first, second)
    was = Claim.objects.values().get(pk=claim.pk)

    step = adjudicate(claim, choose="second", by=reviewer, reason="The officer said it.")

    now = Claim.objects.select_related("source").get(pk=claim.pk)
    assert (now.state, now.source.descriptor, now.stance) == ("accepted", "A liaison officer", "denies")
    assert now.content_fragments == [[46, 50]]
    assert now.given_source == now.source
    assert now.proposition_id == was["proposition_id"]
    row.refresh_from_db()
    assert (row.state, row.adjudicator, step.round) == ("adjudicated", reviewer, Round.ADJUDICATION)
    with pytest.raises(CannotUndo):
        undo_last(by=second)

    undo(step, by=reviewer)
    back = Claim.objects.values().get(pk=claim.pk)
    row.refresh_from_db()
    assert {**back, "version": 0} == {**was, "version": 0}
    assert (row.state, row.adjudicator) == ("differs", None)


def test_an_adjudicator_chooses_the_first_version(claim: Claim, first: User, second: User, reviewer: User):
    differing(claim, first, second)
    was = Claim.objects.values().get(pk=claim.pk)

    adjudicate(claim, choose="first", by=reviewer, reason="As printed.")

    now = Claim.objects.values().get(pk=claim.pk)
    assert {**now, "version": 0} == {**was, "version": 0}
    assert SecondReview.objects.get(claim=claim).state == SecondReviewState.ADJUDICATED


def test_an_adjudicator_makes_a_rejected_claim_an_accepted_one_and_back(
    claim: Claim, first: User, second: User, reviewer: User
):
    reject(claim, by=first, reason="Not a claim")
    accept(claim, by=second, wording="The talks failed.")

    adjudicate(claim, choose="second", by=reviewer, reason="It is one.")

    now = Claim.objects.select_related("proposition", "source").get(pk=claim.pk)
    assert (now.state, now.proposition.text) == ("accepted", "The talks failed.")
    assert now.source.descriptor == "A source close to the cabinet"
    undo_last(by=reviewer)
    now = Claim.objects.get(pk=claim.pk)
    assert (now.state, now.proposition, now.source) == ("rejected", None, None)
    assert not Source.objects.exists()


def test_an_adjudicator_makes_an_accepted_claim_a_rejected_one(claim: Claim, first: User, second: User, reviewer: User):
    accept(claim, by=first)
    reject(claim, by=second, reason="Not a claim")

    adjudicate(claim, choose="second", by=reviewer, reason="Indeed not.")

    assert Claim.objects.get(pk=claim.pk).state == ClaimState.REJECTED
    undo_last(by=reviewer)
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.ACCEPTED


def test_an_adjudicator_words_a_third_version_that_only_they_see_before_it_is_decided(
    claim: Claim, first: User, second: User, reviewer: User
):
    differing(claim, first, second)

    word_third(claim, by=reviewer, reason="Both are off.", start="second")
    mine = Claim.objects.seen_by(reviewer).get(pk=claim.pk)
    assert (mine.state, mine.content_fragments) == ("candidate", [[46, 50]])
    assert Claim.objects.seen_by(first).get(pk=claim.pk).state == ClaimState.ACCEPTED
    edit(claim, by=reviewer, type="mixed", expected_version=mine.version)
    undo_last(by=reviewer)
    edit(claim, by=reviewer, modality="belief")
    step = accept(claim, by=reviewer, stance="asserts")

    now = Claim.objects.get(pk=claim.pk)
    assert (now.type, now.modality, now.stance) == ("indirect", "belief", "asserts")
    assert (step.round, step.reason) == (Round.ADJUDICATION, "Both are off.")
    undo(step, by=reviewer)
    assert Claim.objects.get(pk=claim.pk).modality == "fact"


def test_a_third_version_is_given_up(claim: Claim, first: User, second: User, reviewer: User):
    row = differing(claim, first, second)
    word_third(claim, by=reviewer, reason="Both are off.")

    drop_third(claim, by=reviewer)

    row.refresh_from_db()
    assert (row.third, row.adjudicator, row.state) == (None, None, "differs")
    assert Claim.objects.seen_by(reviewer).get(pk=claim.pk).state == ClaimState.ACCEPTED


def test_neither_party_adjudicates_unless_the_collection_lets_them(claim: Claim, first: User, collection: Collection):
    party = UserFactory(groups=["reviewer"])
    collection.members.add(party)
    differing(claim, first, party)

    with pytest.raises(CannotAdjudicate):
        adjudicate(claim, choose="second", by=party, reason="Mine.")
    set_second_reviews(collection, parties_adjudicate=True)
    adjudicate(claim, choose="second", by=party, reason="Mine.")

    assert SecondReview.objects.get(claim=claim).adjudicator == party


def test_an_adjudication_has_a_reason_and_something_to_adjudicate(claim: Claim, first: User, reviewer: User):
    accept(claim, by=first)

    with pytest.raises(ReasonMissing):
        adjudicate(claim, choose="first", by=reviewer, reason=" ")
    with pytest.raises(CannotAdjudicate):
        adjudicate(claim, choose="first", by=reviewer, reason="Why not.")
    assert not Review.objects.filter(round=Round.ADJUDICATION).exists()


def test_an_opinion_in_endless_words_can_be_searched_by_whose_it_is(claim: Claim, first: User, second: User):
    accept(claim, by=first)
    edit(claim, by=second, type="direct")
    row = SecondReview.objects.get(claim=claim)
    row.second["content_quote"] = " ".join(["envoys", *(f"word{number}" for number in range(120_000))])
    row.save()

    assert list(Claim.objects.seen_matching("envoys", second)) == [claim]
    assert not Claim.objects.seen_matching("word119999", second).exists()
