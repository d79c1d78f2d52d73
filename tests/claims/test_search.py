from datetime import date

import pytest
from django.db import connection

from claims.search import Channel, names_in, propositions_like
from tests.factories import (
    ClaimFactory,
    CollectionFactory,
    PropositionFactory,
    TextLayerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2012, 9, 12)


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def collection(user):
    return CollectionFactory(members=[user])


@pytest.fixture
def said(collection):
    """Stores a proposition with one accepted claim on it, worded alike unless `claimed` says otherwise."""

    def store(text, *, claimed="", on=None, within=collection):
        content = claimed or text
        layer = TextLayerFactory(document__collection=within, text=f"An official stated that {content}")
        return ClaimFactory(
            layer=layer,
            words=("An official", "stated", content),
            accepted=True,
            proposition=PropositionFactory(text=text),
            reported_date=on,
        ).proposition

    return store


@pytest.fixture
def others(said):
    for text in (
        "the harvest was poor in the eastern provinces",
        "prices of bread rose again",
        "the minister of transport resigned",
        "a bridge near the border was closed",
    ):
        said(text)


def test_the_proposition_that_says_the_same_comes_first_as_a_duplicate(said, others, user):
    same = said("The militia withdrew from the airport of Tripoli")
    partly = said("The airport of Sabha was reopened")

    found = propositions_like("Militia fighters withdrew from Tripoli airport.", user=user)

    assert [match.proposition_id for match in found] == [same.pk, partly.pk]
    assert found[0].channel == Channel.DUPLICATE
    assert found[0].score > 2 * found[1].score
    assert set(found[0].shared_words) == {"militia", "withdrew", "tripoli", "airport"}
    assert found[1].channel == Channel.CORROBORATION


def test_the_same_words_score_1(said, others, user):
    said("The militia withdrew from the airport of Tripoli")

    found = propositions_like("The militia withdrew from the airport of Tripoli", user=user)

    assert found[0].score == pytest.approx(1.0, abs=0.01)


def test_a_proposition_is_found_by_the_words_of_a_claim_on_it(said, others, user):
    proposition = said("The operation succeeded", claimed="commandos freed hostages at the gas plant")

    found = propositions_like("Hostages at a gas plant were freed", user=user)

    assert [match.proposition_id for match in found] == [proposition.pk]


def test_what_the_user_may_not_see_is_not_found_and_lends_no_words(said, others, user):
    hidden = CollectionFactory()
    said("The militia withdrew from the airport", within=hidden)
    seen = said("The operation succeeded")
    layer = TextLayerFactory(document__collection=hidden, text="An official stated that the militia withdrew")
    ClaimFactory(layer=layer, words=("An official", "stated", "the militia withdrew"), accepted=True, proposition=seen)

    assert propositions_like("The militia withdrew from the airport", user=user) == []
    assert propositions_like("The militia withdrew from the airport", user=UserFactory(groups=["admin"])) != []


def test_only_the_channels_asked_for_are_answered(said, others, user):
    same = said("The militia withdrew from the airport of Tripoli")
    partly = said("The airport of Sabha was reopened")
    text = "Militia fighters withdrew from Tripoli airport."

    duplicates = propositions_like(text, user=user, channels=[Channel.DUPLICATE])
    corroborating = propositions_like(text, user=user, channels=[Channel.CORROBORATION])

    assert [match.proposition_id for match in duplicates] == [same.pk]
    assert [match.proposition_id for match in corroborating] == [partly.pk]


def test_a_shared_name_counts_within_the_window_of_dates_only(said, user):
    for number in range(101):  # more than are rare in so small an archive
        said(f"Libya matter{number}", on=date(2010, 1, 1))
    near = said("Libya elected somebody", on=date(2012, 9, 30))
    said("Libya signed something", on=date(2012, 12, 1))

    found = propositions_like("Rebels in Libya attacked a convoy", user=user, on=DAY)

    assert [(match.proposition_id, match.shared_entities) for match in found] == [(near.pk, ("Libya",))]
    assert propositions_like("Rebels in Libya attacked a convoy", user=user) == []


def test_propositions_not_wanted_are_left_out_and_no_more_come_than_asked_for(said, user):
    first, second, third = (said(f"the militia left barracks number {word}") for word in ("one", "two", "three"))

    found = propositions_like("the militia left", user=user, apart_from=[first.pk], most=1)

    assert len(found) == 1
    assert found[0].proposition_id in {second.pk, third.pk}


def test_a_text_without_words_finds_nothing(said, others, user):
    assert propositions_like("", user=user) == []
    assert propositions_like("the of and https://example.org", user=user) == []
    assert propositions_like("zebra quartz", user=user) == []


def test_quotes_and_operators_in_a_text_are_words_like_others(said, others, user):
    proposition = said("O'Brien's plan (C:\\temp & more) failed | or not")

    found = propositions_like("O'Brien's \\plan\\ & (failed | !or) :* <-> 'plan'", user=user)

    assert found[0].proposition_id == proposition.pk


def test_the_number_of_queries_does_not_grow_with_what_is_found(said, user, django_assert_num_queries):
    said("the militia left barracks one")
    propositions_like("the militia left", user=user)
    with django_assert_num_queries(5):
        propositions_like("the militia left", user=user)
    for number in range(10):
        said(f"the militia left barracks number {number}")

    with django_assert_num_queries(5):
        found = propositions_like("the militia left", user=user)

    assert len(found) == 11


def test_how_common_a_word_is_comes_from_statistics_where_there_are_any(said, user):
    for number in range(200):
        said(f"the talks on matter{number} go on")
    wanted = said("the talks on matter5 collapsed in Vienna")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE claims_proposition, claims_claim")

    found = propositions_like("talks in Vienna have collapsed", user=user)

    assert [match.proposition_id for match in found] == [wanted.pk]


def test_names_are_read_off_the_capitals():
    assert names_in("Rebels under Mustafa Abdul Jalil left Bani Walid. The Algerian Army stayed.") == (
        "Mustafa Abdul Jalil",
        "Bani Walid",
        "The Algerian Army",
    )
    assert names_in("EMBASSY REPORTS FIGHTING IN TRIPOLI") == ()


def test_the_same_common_words_are_a_duplicate_where_there_is_no_rare_one(said, user):
    for number in range(101):  # more than are rare in so small an archive
        said(f"government troops attacked again on day{number}")
    wanted = said("government troops attacked again")

    found = propositions_like("Government troops attacked again.", user=user, channels=[Channel.DUPLICATE], most=1)

    assert [match.proposition_id for match in found] == [wanted.pk]
    assert propositions_like("Government troops", user=user, channels=[Channel.DUPLICATE]) != []
    assert propositions_like("Government offices", user=user, channels=[Channel.DUPLICATE]) == []
