"""Links decided, independence confirmed, and grade 1 earned: by the services and by the database."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from claims.errors import (
    AlreadyConfirmed,
    AlreadyWithdrawn,
    BadLink,
    ClaimContradicted,
    IndependenceInTheWay,
    IndependentOriginMissing,
    LinkAlreadyDecided,
    NotIndependent,
    ReasonMissing,
)
from claims.models import (
    Claim,
    ClaimLink,
    CredibilityAssessment,
    GradeFlag,
    LinkKind,
    LinkState,
    OriginNotice,
    Proposition,
    PropositionLink,
    Question,
    RelationKind,
)
from claims.services import (
    accept_link,
    accept_notice,
    assess_credibility,
    confirm_independence,
    correct_link,
    discredit,
    dismiss_link,
    join,
    link_claims,
    link_propositions,
    reopen_link,
    settle,
    withdraw_independence,
)
from documents.models import Collection
from sources.models import TrackRecord
from tests.factories import ClaimFactory, CollectionFactory, PropositionFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db

KNOWN = {"basis": "Another service's own agent."}


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


def proposed(one: Claim, other: Claim, kind: str = RelationKind.CONTRADICTS) -> PropositionLink:
    return PropositionLink.objects.create(
        proposition=one.proposition, other=other.proposition, kind=kind, rule="quantity"
    )


def test_a_link_is_decided_once_and_each_step_stays_on_record(ana: User, collection: Collection):
    link = proposed(says(collection), says(collection))

    accept_link(link, by=ana)
    with pytest.raises(LinkAlreadyDecided):
        accept_link(link, by=ana)
    reopen_link(link, by=ana)
    dismiss_link(link, by=ana)
    with pytest.raises(LinkAlreadyDecided):
        dismiss_link(link, by=ana)

    history = PropositionLink.pgh_event_model.objects.filter(pgh_obj=link).order_by("pgh_id")
    assert [row.state for row in history] == ["proposed", "confirmed", "proposed", "dismissed"]


def test_a_link_is_corrected_to_another_relation_and_direction(ana: User, collection: Collection):
    one, other = says(collection), says(collection)

    corrected = correct_link(proposed(one, other), kind=RelationKind.REFINES, turned=True, by=ana)
    assert (corrected.proposition, corrected.other) == (other.proposition, one.proposition)
    back = correct_link(corrected, kind=RelationKind.CORROBORATES, by=ana)

    assert (back.proposition, back.kind, back.state) == (one.proposition, "corroborates", "confirmed")


def test_two_propositions_have_one_link_in_whatever_order(ana: User, collection: Collection):
    one, other = says(collection), says(collection)
    proposed(one, other)

    made = link_propositions(other.proposition, one.proposition, kind=RelationKind.REFINES, by=ana, why="it names them")

    assert PropositionLink.objects.get() == made
    assert (made.proposition, made.kind, made.why) == (other.proposition, "refines", "it names them")
    with pytest.raises(IntegrityError, match="proposition_link_once"), transaction.atomic():
        proposed(one, other, RelationKind.CORROBORATES)
    with pytest.raises(IntegrityError, match="proposition_link_both_ways_in_order"), transaction.atomic():
        proposed(says(collection, other.proposition), says(collection, PropositionFactory(pk=1)))
    with pytest.raises(BadLink):
        link_propositions(one.proposition, one.proposition, kind=RelationKind.REFINES, by=ana)


def test_a_relay_takes_the_credit_from_the_repeater_and_dismissing_it_gives_it_back(ana: User, collection: Collection):
    origin = says(collection)
    repeater = says(collection, origin.proposition)
    settle(origin.proposition, outcome="true", decided_on=date(2013, 2, 1), evidence="cable", by=ana)

    link = link_claims(repeater, origin=origin, by=ana)
    assert TrackRecord.objects.overall().get(source=repeater.source).true == 0

    dismiss_link(link, by=ana)
    assert TrackRecord.objects.overall().get(source=repeater.source).true == 1


def test_impossible_links_between_claims_are_refused(ana: User, collection: Collection):
    claim, other = says(collection), says(collection)

    for fields in ({}, {"origin": claim}, {"origin": ClaimFactory()}, {"origin": other, "origin_source": other.source}):
        with pytest.raises(BadLink):
            link_claims(claim, by=ana, **fields)
    with pytest.raises(BadLink, match="only the source itself"):
        link_claims(claim, kind=LinkKind.RETRACTS, origin=other, by=ana)
    assert not ClaimLink.objects.exists()


def test_independence_is_confirmed_once_with_a_basis_and_not_of_a_repeater(ana: User, collection: Collection):
    origin, repeater = says(collection), says(collection)
    link_claims(repeater, origin=origin, by=ana)

    with pytest.raises(ReasonMissing):
        confirm_independence(origin, by=ana, basis=" ")
    with pytest.raises(NotIndependent):
        confirm_independence(repeater, by=ana, **KNOWN)
    row = confirm_independence(origin, by=ana, **KNOWN)
    with pytest.raises(AlreadyConfirmed):
        confirm_independence(origin, by=ana, **KNOWN)
    with pytest.raises(IndependenceInTheWay):
        link_claims(origin, origin_source=SourceFactory(), by=ana)
    withdraw_independence(row, by=ana, reason="They met.")
    with pytest.raises(AlreadyWithdrawn):
        withdraw_independence(row, by=ana, reason="They met.")


def supported(collection: Collection, ana: User) -> tuple[Claim, Claim]:
    """A claim, and another one that supports it from an origin confirmed as independent."""
    claim = says(collection)
    support = says(collection, claim.proposition)
    confirm_independence(support, by=ana, **KNOWN)
    return claim, support


def grade_one(claim: Claim, by: User) -> CredibilityAssessment:
    return assess_credibility(claim, grade="1", basis="a second service", by=by)


def test_grade_one_is_earned_by_a_confirmed_independent_support(ana: User, collection: Collection):
    claim, support = supported(collection, ana)

    assert grade_one(claim, ana).grade == "1"
    with pytest.raises(IndependentOriginMissing):
        grade_one(support, ana)  # it does not support itself


@pytest.mark.parametrize("how", ["withdrawn", "moved", "relay", "one source", "notice", "discredited", "denies"])
def test_what_takes_the_independent_support_away_takes_grade_one_away(ana: User, collection: Collection, how: str):
    claim, support = supported(collection, ana)
    if how == "withdrawn":
        withdraw_independence(support.independence.get(), by=ana, reason="They met.")
    elif how == "moved":
        join(support, says(collection).proposition, by=ana)
    elif how == "relay":
        link_claims(claim, origin=support, by=ana)
    elif how == "one source":
        Claim.objects.filter(pk=claim.pk).update(source=support.source)
    elif how == "notice":
        accept_notice(
            OriginNotice.objects.create(
                one=claim.source, other=support.source, posterior=1, shared_true=0, shared_refuted=5, different=0
            ),
            by=ana,
        )
    elif how == "discredited":
        discredit(support, by=ana, reason="Forged.")
    else:
        Claim.objects.filter(pk=support.pk).update(stance="denies")

    with pytest.raises(IndependentOriginMissing):
        grade_one(claim, ana)
    with pytest.raises(IntegrityError, match="credibility_one_needs_independent_origin"), transaction.atomic():
        CredibilityAssessment.objects.create(claim=claim, grade="1", basis="sounds right", by=ana)


def test_those_who_had_it_from_one_unheard_source_do_not_confirm_each_other(ana: User, collection: Collection):
    claim = says(collection)
    unheard = SourceFactory()
    middle = says(collection, claim.proposition)
    link_claims(middle, origin_source=unheard, by=ana)
    link_claims(claim, origin_source=unheard, by=ana)
    support = says(collection, claim.proposition, source=unheard)
    confirm_independence(support, by=ana, **KNOWN)

    with pytest.raises(IndependentOriginMissing):
        grade_one(claim, ana)


def contradict(claim: Claim, how: str, collection: Collection, ana: User) -> Claim:
    if how == "denial":
        return says(collection, claim.proposition, stance="denies")
    if how == "link":
        rival = says(collection)
        link_propositions(claim.proposition, rival.proposition, kind=RelationKind.CONTRADICTS, by=ana)
        return rival
    question = Question.objects.create(text="Who commands?")
    Proposition.objects.filter(pk=claim.proposition_id).update(question=question)
    return says(collection, PropositionFactory(question=question))


@pytest.mark.parametrize("how", ["denial", "link", "another answer"])
def test_grade_one_is_refused_while_something_contradicts(ana: User, collection: Collection, how: str):
    claim, _ = supported(collection, ana)
    rival = contradict(claim, how, collection, ana)

    with pytest.raises(ClaimContradicted):
        grade_one(claim, ana)
    with pytest.raises(IntegrityError, match="credibility_one_not_contradicted"), transaction.atomic():
        CredibilityAssessment.objects.create(claim=claim, grade="1", basis="sounds right", by=ana)

    discredit(rival, by=ana, reason="Forged.")
    assert grade_one(claim, ana).grade == "1"


@pytest.mark.parametrize("how", ["denial", "link", "another answer"])
def test_a_verdict_resolves_a_contradiction(ana: User, collection: Collection, how: str):
    claim, _ = supported(collection, ana)
    contradict(claim, how, collection, ana)

    settle(claim.proposition, outcome="true", decided_on=date(2013, 2, 1), evidence="cable", by=ana)

    assert grade_one(claim, ana).grade == "1"


def test_what_is_refuted_is_never_graded_one(ana: User, collection: Collection):
    claim, _ = supported(collection, ana)
    settle(claim.proposition, outcome="false", decided_on=date(2013, 2, 1), evidence="cable", by=ana)

    with pytest.raises(ClaimContradicted):
        grade_one(claim, ana)


def test_a_contradiction_that_is_only_proposed_or_dismissed_is_none(ana: User, collection: Collection):
    claim, _ = supported(collection, ana)
    link = proposed(claim, says(collection))

    assert grade_one(claim, ana).grade == "1"
    dismiss_link(link, by=ana)
    assert grade_one(claim, ana).grade == "1"
    assert not GradeFlag.objects.exists()


def test_a_grade_one_is_flagged_when_what_it_rests_on_moves(ana: User, collection: Collection):
    claim, _ = supported(collection, ana)
    grade = grade_one(claim, ana)
    link = proposed(claim, says(collection))

    accept_link(link, by=ana)

    flag = GradeFlag.objects.open().get()
    assert (flag.assessment, flag.reason) == (grade, "a link of its proposition was decided")
    assert link.state == LinkState.PROPOSED  # the row given in stays as it was read
