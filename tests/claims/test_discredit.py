"""What rests on a source, a claim or a document; that it is not believed any more; grades to look at again."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from claims.errors import AlreadyDiscredited, AlreadyWithdrawn, FlagAlreadyCleared, ReasonMissing
from claims.impact import if_discredited, impact_of
from claims.models import Claim, Discrediting, GradeFlag, RelationKind
from claims.origins import origins_of
from claims.services import (
    assess_credibility,
    clear_flag,
    discredit,
    link_claims,
    link_propositions,
    settle,
    withdraw_discrediting,
)
from documents.models import Collection
from tests.factories import ClaimFactory, CollectionFactory, PropositionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return UserFactory()


@pytest.fixture
def collection(user: User) -> Collection:
    return CollectionFactory(members=[user])


def says(collection: Collection, proposition=None, **fields) -> Claim:
    return ClaimFactory(
        accepted=True,
        proposition=proposition or PropositionFactory(),
        layer__document__collection=collection,
        **fields,
    )


def chain_of_three(user: User, collection: Collection) -> list[Claim]:
    """One said it, another had it from there, a third from the second, on propositions of their own."""
    claims = [says(collection) for _ in range(3)]
    for repeater, origin in zip(claims[1:], claims, strict=False):
        link_claims(repeater, origin=origin, by=user)
    return claims


def test_a_claim_and_a_document_have_an_impact_over_however_many_relays(user: User, collection: Collection):
    first, second, third = chain_of_three(user, collection)

    for subject in (first, first.layer.document, first.source):
        impact = impact_of(subject, user)
        assert (impact.claims, impact.relayed, impact.propositions) == (1, 2, 3)
    assert impact_of(third, user).relayed == 0
    assert {change.proposition for change in if_discredited(first, user)} == {
        first.proposition,
        second.proposition,
        third.proposition,
    }


def test_a_discredited_document_counts_no_more_and_its_grades_are_flagged_not_changed(
    user: User, collection: Collection
):
    claim = says(collection)
    other = says(collection, claim.proposition)
    grade = assess_credibility(claim, grade="2", basis="photographs", by=user)
    before = origins_of(claim.proposition, user)

    row = discredit(claim.layer.document, by=user, reason="Forged letterhead.")

    after = origins_of(claim.proposition, user)
    assert (before.reports, after.reports) == (2, 1)
    assert [term.claim for term in after.terms if term.counted] == [other]
    assert GradeFlag.objects.open().get().assessment == grade
    assert Claim.objects.with_grades().get(pk=claim.pk).credibility == "2"

    withdraw_discrediting(row, by=user, reason="The letterhead is genuine.")

    assert origins_of(claim.proposition, user).probability == before.probability


def test_what_repeats_a_discredited_source_falls_with_it(user: User, collection: Collection):
    proposition = PropositionFactory()
    origin = says(collection, proposition)
    repeater = says(collection, proposition)
    link_claims(repeater, origin=origin, by=user)

    discredit(origin.source, by=user, reason="A fabricator.")

    found = origins_of(proposition, user)
    assert (found.reports, found.probability) == (0, None)
    assert all(term.why.endswith("discredited, or had from what is, not counted") for term in found.terms)


def test_a_grade_that_rests_on_what_was_discredited_is_flagged_too(user: User, collection: Collection):
    claim = says(collection)
    support = says(collection, claim.proposition)
    assess_credibility(claim, grade="2", basis="a second report", by=user)

    discredit(support, by=user, reason="Taken from the first.")

    assert GradeFlag.objects.open().get().assessment.claim == claim


def test_discrediting_needs_a_reason_and_happens_once(user: User, collection: Collection):
    source = says(collection).source

    with pytest.raises(ReasonMissing):
        discredit(source, by=user, reason=" ")
    row = discredit(source, by=user, reason="A fabricator.")
    with pytest.raises(AlreadyDiscredited):
        discredit(source, by=user, reason="A fabricator, again.")
    withdraw_discrediting(row, by=user, reason="Somebody else.")
    with pytest.raises(AlreadyWithdrawn):
        withdraw_discrediting(row, by=user, reason="Somebody else.")
    assert discredit(source, by=user, reason="He after all.").pk != row.pk


def test_the_database_refuses_a_discrediting_of_two_things(user: User, collection: Collection):
    claim = says(collection)

    with pytest.raises(IntegrityError, match="discrediting_of_one"), transaction.atomic():
        Discrediting.objects.create(claim=claim, source=claim.source, reason="both", by=user)


def test_a_newer_grade_answers_a_flag_and_so_does_a_look(user: User, collection: Collection):
    claim, other = says(collection), says(collection)
    for each in (claim, other):
        assess_credibility(each, grade="2", basis="photographs", by=user)
        discredit(each, by=user, reason="Forged.")
    assert GradeFlag.objects.open().count() == 2

    assess_credibility(claim, grade="5", basis="forged", by=user)
    flag = GradeFlag.objects.open().get()
    clear_flag(flag, by=user, reason="It stands by the photographs.")

    assert not GradeFlag.objects.open().exists()
    with pytest.raises(FlagAlreadyCleared):
        clear_flag(flag, by=user)


@pytest.mark.parametrize(
    ("grade", "stance", "outcome", "flags"),
    [
        ("2", "asserts", "false", 1),
        ("2", "asserts", "true", 0),
        ("5", "asserts", "true", 1),
        ("2", "denies", "true", 1),
        ("6", "asserts", "false", 0),
        ("2", "asserts", "partly", 0),
    ],
)
def test_a_verdict_flags_the_grades_it_is_at_odds_with(
    user: User, collection: Collection, grade: str, stance: str, outcome: str, flags: int
):
    claim = says(collection, stance=stance)
    assess_credibility(claim, grade=grade, basis="because", by=user)

    settle(claim.proposition, outcome=outcome, decided_on=date(2013, 2, 1), evidence="cable", by=user)

    assert GradeFlag.objects.open().count() == flags


def test_what_contradicts_the_discredited_gains(user: User, collection: Collection):
    claim, rival = says(collection), says(collection)
    for _ in range(3):
        right = says(collection, source=claim.source)
        settle(right.proposition, outcome="true", decided_on=date(2013, 2, 1), evidence="cable", by=user)
    link_propositions(claim.proposition, rival.proposition, kind=RelationKind.CONTRADICTS, by=user)

    changes = {change.proposition: change for change in if_discredited(claim, user)}

    assert changes[claim.proposition].after is None
    assert changes[rival.proposition].after > changes[rival.proposition].before
