from __future__ import annotations

import pytest

from accounts.models import User
from claims.impact import if_discredited, impact_of
from claims.models import ChainLink, Claim, ClaimLink, LinkKind, LinkState, Outcome, Question, Stance, Verdict
from documents.models import Collection
from grading.scales import Credibility
from sources.models import Source
from tests.factories import (
    ClaimFactory,
    CollectionFactory,
    DocumentSourceFactory,
    PropositionFactory,
    SourceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return UserFactory()


@pytest.fixture
def collection(user: User) -> Collection:
    return CollectionFactory(members=[user])


def says(source: Source, proposition, collection: Collection, **fields) -> Claim:
    return ClaimFactory(
        accepted=True, source=source, proposition=proposition, layer__document__collection=collection, **fields
    )


def repeats(claim: Claim, *, by: User, origin: Claim | None = None, source: Source | None = None) -> ClaimLink:
    return ClaimLink.objects.create(
        claim=claim,
        origin=origin,
        origin_source=source,
        kind=LinkKind.RELAYS,
        state=LinkState.CONFIRMED,
        rule="analyst",
        by=by,
    )


def test_nothing_rests_on_a_source_that_said_nothing(user: User):
    assert impact_of(SourceFactory(), user).nothing
    assert if_discredited(SourceFactory(), user) == []


def test_own_claims_repeated_ones_and_those_passed_on_are_told_apart(user: User, collection: Collection):
    source, other = SourceFactory(), SourceFactory()
    own = says(source, PropositionFactory(), collection)
    repeats(says(other, own.proposition, collection), origin=own, by=user)
    repeats(says(other, PropositionFactory(), collection), source=source, by=user)
    passed_on = says(other, PropositionFactory(), collection)
    teller = DocumentSourceFactory(run=passed_on.run, source=source)
    ChainLink.objects.create(claim=passed_on, position=0, document_source=teller)
    Verdict.objects.create(
        proposition=own.proposition, outcome=Outcome.TRUE, decided_on="2020-01-01", evidence="cable", by=user
    )

    impact = impact_of(source, user)

    assert (impact.claims, impact.relayed, impact.passed_on) == (1, 2, 1)
    assert (impact.propositions, impact.settled, impact.graded) == (2, 1, 0)


def test_what_lies_in_another_collection_is_not_told(user: User):
    source = SourceFactory()
    says(source, PropositionFactory(), CollectionFactory())

    assert impact_of(source, user).nothing
    assert if_discredited(source, user) == []


def test_a_proposition_that_only_this_source_reports_is_left_without_a_report(user: User, collection: Collection):
    source = SourceFactory()
    claim = says(source, PropositionFactory(), collection)

    (change,) = if_discredited(source, user)

    assert change.proposition == claim.proposition
    assert (change.reports, change.left, change.after) == (1, 0, None)


def test_a_repeater_falls_with_its_origin_and_an_independent_report_stays(user: User, collection: Collection):
    source, repeater, independent = SourceFactory(), SourceFactory(), SourceFactory()
    proposition = PropositionFactory()
    own = says(source, proposition, collection)
    repeats(says(repeater, proposition, collection), origin=own, by=user)
    stays = says(independent, proposition, collection)

    (change,) = if_discredited(source, user)

    assert (change.reports, change.left) == (3, 1)
    assert [each.claim for each in change.suggestions] == [stays]
    (suggestion,) = change.suggestions
    assert suggestion.after.grade == Credibility.CANNOT_BE_JUDGED


def test_discrediting_the_repeater_takes_nothing_from_the_origin(user: User, collection: Collection):
    origin, repeater = SourceFactory(), SourceFactory()
    proposition = PropositionFactory()
    own = says(origin, proposition, collection)
    repeats(says(repeater, proposition, collection), origin=own, by=user)

    (change,) = if_discredited(repeater, user)

    assert (change.reports, change.left) == (2, 1)
    assert change.after == change.before


def test_a_repeater_of_what_the_source_said_elsewhere_falls_too(user: User, collection: Collection):
    source, repeater = SourceFactory(), SourceFactory()
    repeats(says(repeater, PropositionFactory(), collection), source=source, by=user)

    (change,) = if_discredited(source, user)

    assert (change.reports, change.left) == (1, 0)


def test_another_answer_to_the_same_question_gains(user: User, collection: Collection):
    source, rival = SourceFactory(), SourceFactory()
    question = Question.objects.create(text="Who commands?")
    mine, other = PropositionFactory(question=question), PropositionFactory(question=question)
    says(source, mine, collection)
    says(rival, other, collection)

    changes = {change.proposition: change for change in if_discredited(source, user)}

    assert changes[mine].after is None
    assert changes[other].after > changes[other].before


def test_settled_propositions_do_not_depend_on_anybody_any_more(user: User, collection: Collection):
    source = SourceFactory()
    claim = says(source, PropositionFactory(), collection)
    Verdict.objects.create(
        proposition=claim.proposition, outcome=Outcome.FALSE, decided_on="2020-01-01", evidence="cable", by=user
    )

    assert if_discredited(source, user) == []


def test_a_merged_source_falls_with_the_one_it_is_merged_into(user: User, collection: Collection):
    source = SourceFactory()
    absorbed = SourceFactory(merged_into=source)
    says(absorbed, PropositionFactory(), collection)

    assert impact_of(source, user).claims == 1
    assert len(if_discredited(source, user)) == 1


def test_a_denial_counts_against(user: User, collection: Collection):
    source, denier = SourceFactory(), SourceFactory()
    proposition = PropositionFactory()
    says(source, proposition, collection)
    denial = says(denier, proposition, collection, stance=Stance.DENIES)

    (change,) = if_discredited(source, user)

    assert (change.reports, change.left) == (2, 1)
    assert [each.claim for each in change.suggestions] == [denial]


@pytest.mark.parametrize("many", [1, 3])
def test_the_queries_do_not_grow_with_what_rests_on_it(
    user: User, collection: Collection, many: int, django_assert_max_num_queries
):
    source = SourceFactory()
    for _ in range(many):
        proposition = PropositionFactory()
        own = says(source, proposition, collection)
        repeats(says(SourceFactory(), proposition, collection), origin=own, by=user)
        says(SourceFactory(), proposition, collection)

    with django_assert_max_num_queries(11):
        assert impact_of(source, user).claims == many
    with django_assert_max_num_queries(24):
        assert len(if_discredited(source, user)) == many
