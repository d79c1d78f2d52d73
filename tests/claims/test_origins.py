"""Who had it from whom, and how probable that makes it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.models import User
from claims.models import (
    ChainLink,
    ClaimLink,
    LinkKind,
    LinkState,
    OriginNotice,
    Proposition,
    PropositionLink,
    RelationKind,
    Stance,
)
from claims.origins import origins_of, standings
from claims.services import (
    accept_notice,
    confirm_independence,
    link_claims,
    link_propositions,
    settle,
)
from documents.models import Collection
from sources.models import Source, TrackRecord
from tests.factories import (
    ClaimFactory,
    CollectionFactory,
    DocumentSourceFactory,
    PropositionFactory,
    SourceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

DAY = date(2013, 1, 29)


@pytest.fixture
def user() -> User:
    return UserFactory()


@pytest.fixture
def collection(user: User) -> Collection:
    return CollectionFactory(members=[user])


def source_right(accuracy: float, **fields) -> Source:
    """A source whose record says how often it is right."""
    source = SourceFactory(**fields)
    TrackRecord.objects.create(
        source=source,
        as_of=DAY,
        confirmed=0,
        refuted=0,
        prior_confirmed=1,
        prior_refuted=1,
        n_effective=0,
        mean=accuracy,
        low=accuracy,
        high=accuracy,
        suggestion="F",
        grade="",
        divergence=0,
        claims=0,
        true=0,
        partly=0,
        false=0,
        unverifiable=0,
        undated=0,
    )
    return source


def says(source: Source, proposition: Proposition, collection: Collection, *, day: int = 0, **fields):
    return ClaimFactory(
        accepted=True,
        source=source,
        proposition=proposition,
        layer__document__collection=collection,
        reported_date=DAY + timedelta(day),
        **fields,
    )


def repeats(claim, *, by: User, **origin) -> None:
    """Without the service, which would compute the sources' records from verdicts."""
    ClaimLink.objects.create(
        claim=claim, kind=LinkKind.RELAYS, state=LinkState.CONFIRMED, rule="analyst", by=by, **origin
    )


def four_reports(collection: Collection):
    """GRADING's worked value 5: .8, .7, .6 support, .75 contradicts."""
    proposition = PropositionFactory()
    claims = [says(source_right(chance), proposition, collection, day=n) for n, chance in enumerate((0.8, 0.7, 0.6))]
    return proposition, [*claims, says(source_right(0.75), proposition, collection, stance=Stance.DENIES)]


def test_independent_reports_are_weighed_as_worked_out(user: User, collection: Collection):
    proposition, _ = four_reports(collection)

    found = origins_of(proposition, user)

    assert found.probability == pytest.approx(0.6836, abs=1e-4)
    assert found.in_words == "likely"
    assert (found.summary, found.contested) == ("4 reports, 4 independent origins", True)


def test_who_repeats_what_a_source_said_once_is_not_counted_beside_what_it_says_again(
    user: User, collection: Collection
):
    proposition = PropositionFactory()
    informant = source_right(0.8)
    first = says(informant, proposition, collection)
    again = says(informant, proposition, collection, day=5)
    agency = says(source_right(0.7), proposition, collection, day=2)
    repeats(agency, by=user, origin=first)

    found = origins_of(proposition, user)

    assert found.summary == "3 reports, 1 independent origin"
    assert [term.claim.pk for term in found.terms if term.counted] == [again.pk]
    assert found.probability == pytest.approx(2 / 3, abs=1e-4)


def test_a_repeater_is_shown_and_not_counted(user: User, collection: Collection):
    proposition, (first, second, *_) = four_reports(collection)
    repeats(second, by=user, origin=first)

    found = origins_of(proposition, user)

    assert found.probability == pytest.approx(0.5858, abs=1e-4)
    assert found.summary == "4 reports, 3 independent origins"
    terms = {term.claim.pk: term for term in found.terms}
    assert terms[first.pk].why == f"{first.source.descriptor} 0.80 -> +1.39"
    assert terms[second.pk].why == f"{second.source.descriptor} 0.70; repeater, claim {first.pk} stands for both"
    assert not terms[second.pk].counted
    (edge,) = found.edges
    assert (edge.teller, edge.origin, edge.confirmed) == (f"claim {second.pk}", f"claim {first.pk}", True)


def test_a_suspected_copy_weighs_less_until_somebody_decides(user: User, collection: Collection):
    proposition, (first, second, *_) = four_reports(collection)
    notice = OriginNotice.objects.create(
        one=first.source, other=second.source, posterior=0.9, shared_true=1, shared_refuted=2, different=0
    )

    assert origins_of(proposition, user).probability == pytest.approx(0.6142, abs=1e-4)

    accept_notice(notice, by=user)

    found = origins_of(proposition, user)
    assert found.probability == pytest.approx(0.5858, abs=1e-4)
    assert found.independent == 3


def test_a_teller_between_the_source_and_the_document_costs_faithfulness(user: User, collection: Collection):
    source = source_right(0.75)
    claim = says(source, PropositionFactory(), collection)
    for position, teller in enumerate((SourceFactory(), source)):
        told_by = DocumentSourceFactory(run=claim.run, source=teller, canonical=f"Teller {position}")
        ChainLink.objects.create(claim=claim, position=position, document_source=told_by)

    found = origins_of(claim.proposition, user)

    (term,) = found.terms
    assert term.why == f"{source.descriptor} 0.75 x faithfulness 0.90 -> +0.97"
    assert found.formula == "0.5 x (0.97 for - 0.00 against)"
    assert [(edge.teller, edge.origin) for edge in found.edges] == [(f"teller {claim.pk}.0", f"claim {claim.pk}")]


def test_those_who_had_it_from_one_unheard_source_are_one_origin(user: User, collection: Collection):
    proposition, (first, second, *_) = four_reports(collection)
    unheard = SourceFactory()
    for claim in (first, second):
        repeats(claim, by=user, origin_source=unheard)

    found = origins_of(proposition, user)

    assert found.independent == 3
    assert found.probability == pytest.approx(0.5858, abs=1e-4)


def test_who_repeats_a_source_that_speaks_itself_is_of_its_origin(user: User, collection: Collection):
    proposition = PropositionFactory()
    own = says(source_right(0.7), proposition, collection)
    repeater = says(source_right(0.6), proposition, collection)
    link_claims(repeater, origin_source=own.source, by=user)

    assert origins_of(proposition, user).independent == 1


def test_two_claims_of_one_source_are_one_origin(user: User, collection: Collection):
    proposition, source = PropositionFactory(), source_right(0.8)
    says(source, proposition, collection)
    later = says(source, proposition, collection, day=3, words=("A source close to the cabinet", "stated", "failed"))

    found = origins_of(proposition, user)

    assert found.summary == "2 reports, 1 independent origin"
    assert [term.claim for term in found.terms if term.counted] == [later]


def test_what_is_only_proposed_does_not_count(user: User, collection: Collection):
    proposition, (first, second, *_) = four_reports(collection)
    ClaimLink.objects.create(claim=second, origin=first, kind=LinkKind.RELAYS, rule="text reuse")
    rival = says(source_right(0.9), PropositionFactory(), collection)
    PropositionLink.objects.create(
        proposition=proposition, other=rival.proposition, kind=RelationKind.CONTRADICTS, rule="quantity"
    )

    found = origins_of(proposition, user)

    assert found.probability == pytest.approx(0.6836, abs=1e-4)
    assert [edge.confirmed for edge in found.edges] == [False]


def test_what_contradicts_counts_against_until_it_is_refuted(user: User, collection: Collection):
    claim = says(source_right(0.8), PropositionFactory(), collection)
    rival = says(source_right(0.8), PropositionFactory(), collection)
    link_propositions(claim.proposition, rival.proposition, kind=RelationKind.CONTRADICTS, by=user)

    found = origins_of(claim.proposition, user)
    assert (found.probability, found.contested, found.reports) == (pytest.approx(0.5), True, 1)

    settle(rival.proposition, outcome="false", decided_on=DAY, evidence="cable", by=user)

    found = origins_of(claim.proposition, user)
    assert (found.probability, found.contested) == (pytest.approx(2 / 3), False)


def test_what_says_more_supports_what_says_less_and_not_the_other_way(user: User, collection: Collection):
    narrow = says(source_right(0.8), PropositionFactory(text="Two guards died on Monday."), collection)
    wide = says(source_right(0.8), PropositionFactory(text="Two guards died."), collection)
    link_propositions(narrow.proposition, wide.proposition, kind=RelationKind.REFINES, by=user)

    found = standings([narrow.proposition_id, wide.proposition_id], type(narrow).objects.visible_to(user))

    assert found[wide.proposition_id].probability == pytest.approx(0.8)
    assert found[narrow.proposition_id].probability == pytest.approx(2 / 3)


def test_what_a_source_took_back_does_not_count(user: User, collection: Collection):
    proposition, source = PropositionFactory(), source_right(0.8)
    claim = says(source, proposition, collection)
    taking_back = says(source, PropositionFactory(text="It was a mistake."), collection, day=5)
    link_claims(taking_back, kind=LinkKind.RETRACTS, origin=claim, by=user)

    found = origins_of(proposition, user)

    assert (found.reports, found.probability) == (0, None)
    (term,) = found.terms
    assert term.why.endswith("its source took it back, not counted")


def test_a_confirmed_independent_support_suggests_grade_one(user: User, collection: Collection):
    proposition = PropositionFactory()
    claim = says(source_right(0.8), proposition, collection)
    support = says(source_right(0.8), proposition, collection)
    confirm_independence(support, basis="Another service's agent, never in contact.", by=user)

    suggestions = origins_of(proposition, user).suggestions

    assert suggestions[claim.pk].grade == "1"
    assert suggestions[support.pk].grade == "3"


def test_what_the_user_may_not_see_is_not_weighed(user: User, collection: Collection):
    claim = says(source_right(0.8), PropositionFactory(), collection)
    hidden = says(source_right(0.9), claim.proposition, CollectionFactory())

    found = origins_of(claim.proposition, user)

    assert found.reports == 1
    assert hidden.pk not in {term.claim.pk for term in found.terms}


@pytest.mark.parametrize("many", [1, 3])
def test_the_queries_do_not_grow_with_the_reports(
    user: User, collection: Collection, many: int, django_assert_max_num_queries
):
    proposition = PropositionFactory()
    for _ in range(many):
        origin = says(source_right(0.7), proposition, collection)
        link_claims(says(source_right(0.7), proposition, collection), origin=origin, by=user)
        rival = says(source_right(0.7), PropositionFactory(), collection)
        link_propositions(proposition, rival.proposition, kind=RelationKind.CONTRADICTS, by=user)
        link_claims(says(source_right(0.7), proposition, collection), origin_source=SourceFactory(), by=user)

    with django_assert_max_num_queries(24):
        assert origins_of(proposition, user).reports == 3 * many
