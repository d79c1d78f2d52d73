import pytest
from django.db import IntegrityError, transaction

from claims.models import Claim
from sources.errors import BasisMissing, CannotDescribe, DescriptorMissing, SourceChanged
from sources.models import ReliabilityAssessment, Source, SourceAlias
from sources.services import assess_reliability, create_source, describe_source
from tests.factories import ClaimFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_descriptor_is_kept_on_one_line():
    source = create_source(" a source with access to the\n   highest levels ", by=UserFactory())

    assert source.descriptor == "a source with access to the highest levels"


@pytest.mark.parametrize("words", ["", "  \n "])
def test_a_source_without_words_is_refused(words):
    with pytest.raises(DescriptorMissing):
        create_source(words, by=None)


def test_the_newest_general_grade_by_a_reviewer_is_the_grade():
    claim, ana = ClaimFactory(accepted=True), UserFactory(groups=["reviewer"])

    assess_reliability(claim.source, grade="C", basis="two reports held", by=ana)
    assess_reliability(claim.source, grade="B", basis="five reports held", by=ana)
    assess_reliability(claim.source, grade="E", basis="knows nothing of oil", topic="oil", by=ana)
    assess_reliability(claim.source, grade="D", basis="I doubt it", by=UserFactory(groups=["analyst"]))

    assert Claim.objects.with_grades().get().reliability == "B"


def test_a_grade_needs_a_basis_in_the_service_and_in_the_database():
    source, ana = SourceFactory(), UserFactory()

    with pytest.raises(BasisMissing):
        assess_reliability(source, grade="B", basis=" ", by=ana)
    with pytest.raises(IntegrityError, match="reliability_has_basis"), transaction.atomic():
        ReliabilityAssessment.objects.create(source=source, grade="B", basis="", by=ana, is_grade=False)


def test_sources_are_found_by_the_beginnings_of_words_in_any_wording():
    wanted = SourceFactory(descriptor="Mokhtar Belmokhtar")
    SourceAlias.objects.create(source=wanted, wording="the one-eyed commander")
    SourceFactory(descriptor="Abdelaziz Bouteflika")

    assert list(Source.objects.matching("belm mokh")) == [wanted]
    assert list(Source.objects.matching("command one")) == [wanted]
    assert Source.objects.matching("  ").count() == 2
    assert not Source.objects.matching("b' & !x | (").exists()


def test_a_source_is_seen_by_those_who_see_one_of_its_claims_and_by_its_maker():
    member, stranger, maker = UserFactory(), UserFactory(), UserFactory()
    claim = ClaimFactory(accepted=True, layer__document__collection__members=[member], source__created_by=maker)

    assert list(Source.objects.visible_to(member)) == [claim.source]
    assert list(Source.objects.visible_to(maker)) == [claim.source]
    assert not Source.objects.visible_to(stranger).exists()


def test_administrators_see_sources_that_nobody_quoted_yet():
    source = SourceFactory()

    assert list(Source.objects.visible_to(UserFactory(groups=["admin"]))) == [source]
    assert not Source.objects.visible_to(UserFactory(groups=["admin"], is_active=False)).exists()


def test_describing_changes_what_is_given_and_closes_up_white_space():
    ana = UserFactory()
    source = create_source("a banker", by=ana, placement="in Algiers")

    describe_source(source, by=ana, descriptor=" a banker\n in Oran", access="direct", motive="money")

    source.refresh_from_db()
    assert (source.descriptor, source.access, source.motive) == ("a banker in Oran", "direct", "money")
    assert source.placement == "in Algiers"


def test_describing_a_source_somebody_else_described_meanwhile_is_refused():
    ana = UserFactory()
    source = create_source("a banker", by=ana)
    seen = source.description_tag
    describe_source(source, by=ana, motive="money", expected_tag=seen)

    with pytest.raises(SourceChanged):
        describe_source(source, by=ana, motive="fear", expected_tag=seen)

    source.refresh_from_db()
    assert source.motive == "money"


def test_a_source_is_not_described_by_who_does_not_see_all_it_said():
    member = UserFactory()
    source = ClaimFactory(accepted=True, layer__document__collection__members=[member]).source
    describe_source(source, by=member, motive="money")
    ClaimFactory(accepted=True, source=source)

    with pytest.raises(CannotDescribe):
        describe_source(source, by=member, motive="fear")
    with pytest.raises(DescriptorMissing):
        describe_source(source, by=UserFactory(groups=["admin"]), descriptor=" ")
    with pytest.raises(TypeError, match="merged_into"):
        describe_source(source, by=member, merged_into=source)

    source.refresh_from_db()
    assert source.motive == "money"
