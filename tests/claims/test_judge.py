from datetime import date

import pytest
from django.db import IntegrityError, transaction

from claims.errors import IndependentOriginMissing, PropositionAlreadySettled, ReasonMissing, VerdictAlreadyWithdrawn
from claims.models import Claim, CredibilityAssessment, Outcome, Verdict
from claims.services import assess_credibility, settle, withdraw_verdict
from tests.factories import ClaimFactory, PropositionFactory, UserFactory

pytestmark = pytest.mark.django_db

VERDICT = {"decided_on": date(2013, 2, 1), "evidence": "later cable"}


def test_the_newest_credibility_is_the_grade():
    claim, ana = ClaimFactory(accepted=True), UserFactory()

    assess_credibility(claim, grade="3", basis="fits other reports", by=ana)
    row = assess_credibility(claim, grade="2", basis="photographs", by=ana, likelihood=85, confidence="moderate")

    assert Claim.objects.with_grades().get().credibility == "2"
    assert row.likelihood_words == "very likely"


def test_a_grade_without_a_basis_is_refused():
    claim = ClaimFactory(accepted=True)

    with pytest.raises(ReasonMissing):
        assess_credibility(claim, grade="2", basis=" ", by=UserFactory())

    assert not CredibilityAssessment.objects.exists()


def test_confirmed_needs_an_independent_origin_in_the_service_and_in_the_database():
    claim, ana = ClaimFactory(accepted=True), UserFactory()

    with pytest.raises(IndependentOriginMissing):
        assess_credibility(claim, grade="1", basis="sounds right", by=ana)
    with pytest.raises(IntegrityError, match="credibility_one_needs_independent_origin"), transaction.atomic():
        CredibilityAssessment.objects.create(claim=claim, grade="1", basis="sounds right", by=ana)


@pytest.mark.parametrize("fields", [{"likelihood": 0}, {"likelihood": 100}, {"confidence": "huge"}, {"grade": "7"}])
def test_the_database_refuses_values_outside_the_scales(fields):
    claim = ClaimFactory(accepted=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        assess_credibility(claim, by=UserFactory(), basis="because", **{"grade": "3", **fields})


def test_settle_refuses_a_second_verdict_and_keeps_the_first():
    proposition, ana = PropositionFactory(), UserFactory()
    settle(proposition, outcome=Outcome.TRUE, by=ana, **VERDICT)

    with pytest.raises(PropositionAlreadySettled):
        settle(proposition, outcome=Outcome.FALSE, by=ana, **VERDICT)

    assert proposition.verdict.outcome == Outcome.TRUE


def test_a_withdrawn_verdict_stays_on_record_and_makes_room():
    proposition, ana = PropositionFactory(), UserFactory()
    first = settle(proposition, outcome=Outcome.TRUE, by=ana, **VERDICT)

    withdraw_verdict(first, by=ana, reason="the cable was forged")
    settle(proposition, outcome=Outcome.FALSE, by=ana, **VERDICT)

    assert proposition.verdict.outcome == Outcome.FALSE
    assert Verdict.objects.get(pk=first.pk).withdrawal_reason == "the cable was forged"
    with pytest.raises(VerdictAlreadyWithdrawn):
        withdraw_verdict(first, by=ana, reason="again")


def test_a_verdict_needs_evidence_and_a_withdrawal_a_reason():
    proposition, ana = PropositionFactory(), UserFactory()

    with pytest.raises(ReasonMissing):
        settle(proposition, outcome=Outcome.TRUE, by=ana, decided_on=date(2013, 2, 1), evidence="")
    verdict = settle(proposition, outcome=Outcome.TRUE, by=ana, **VERDICT)
    with pytest.raises(ReasonMissing):
        withdraw_verdict(verdict, by=ana, reason="")

    assert proposition.verdict == verdict


def test_the_database_refuses_half_a_withdrawal():
    verdict = settle(PropositionFactory(), outcome=Outcome.TRUE, by=UserFactory(), **VERDICT)

    with pytest.raises(IntegrityError, match="verdict_withdrawal_complete"), transaction.atomic():
        Verdict.objects.filter(pk=verdict.pk).update(withdrawal_reason="half")
