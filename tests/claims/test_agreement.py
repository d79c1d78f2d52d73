import pytest

from accounts.models import User
from claims.agreement import diagonal_share
from claims.models import Claim
from claims.services import assess_credibility
from claims.services.identity import merge
from sources.services import assess_reliability
from tests.factories import ClaimFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rea() -> User:
    return UserFactory(groups=["admin"])


def graded(letter: str, number: str, *, by: User, reviewer: User) -> Claim:
    claim = ClaimFactory(accepted=True)
    assess_reliability(claim.source, grade=letter, basis="record", by=reviewer)
    assess_credibility(claim, grade=number, basis="plausible", by=by)
    return claim


def test_the_diagonal_share_is_counted_by_analyst_and_for_the_team(rea: User):
    ana, bob = UserFactory(), UserFactory()
    graded("B", "2", by=ana, reviewer=rea)
    graded("C", "3", by=ana, reviewer=rea)
    graded("B", "4", by=bob, reviewer=rea)
    graded("F", "6", by=bob, reviewer=rea)

    shares = [diagonal_share(who, visible_to=rea) for who in (ana, bob, None)]

    assert [(found.diagonal, found.pairs) for found in shares] == [(2, 2), (0, 1), (2, 3)]


def test_a_number_is_paired_with_the_letter_of_its_day_and_only_the_last_counts(rea: User):
    claim = graded("B", "3", by=rea, reviewer=rea)
    assess_credibility(claim, grade="2", basis="photographs", by=rea)
    assess_reliability(claim.source, grade="D", basis="it failed us", by=rea)

    assert diagonal_share(rea, visible_to=rea).diagonal == 1


def test_opinions_and_hidden_claims_do_not_count(rea: User):
    ana, stranger = UserFactory(groups=["analyst"]), UserFactory()
    claim = ClaimFactory(accepted=True)
    assess_reliability(claim.source, grade="B", basis="I think so", by=ana)
    assess_credibility(claim, grade="2", basis="plausible", by=ana)
    graded("B", "2", by=ana, reviewer=rea)

    assert diagonal_share(ana, visible_to=rea).pairs == 1
    assert diagonal_share(ana, visible_to=stranger).pairs == 0


def test_after_a_merge_the_letter_is_that_of_the_source_that_stands(rea: User):
    claim, standing = ClaimFactory(accepted=True), SourceFactory()
    merge(claim.source, standing, by=rea, reason="the same")
    assess_reliability(standing, grade="C", basis="record", by=rea)
    assess_credibility(claim, grade="3", basis="plausible", by=rea)

    assert diagonal_share(rea, visible_to=rea).diagonal == 1
