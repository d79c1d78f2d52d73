"""Agreement figures of analysts, from second reviews as they are stored."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from sklearn.metrics import cohen_kappa_score

from accounts.models import User
from claims.models import Difference, SecondReview
from claims.services import accept, adjudicate, edit, reject
from claims.two_opinions import agreement_for
from documents.models import Collection
from grading.raters import agreement
from tests.factories import ClaimFactory, CollectionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer() -> User:
    return UserFactory(groups=["reviewer"])


@pytest.fixture
def two() -> list[User]:
    return [UserFactory(username="ana", first_name="Ana"), UserFactory(username="ben", first_name="Ben")]


@pytest.fixture
def collection(two: list[User], reviewer: User) -> Collection:
    return CollectionFactory(members=[*two, reviewer], second_review_share=1.0)


def judge_twice(collection: Collection, first: User, second: User, *, alike: bool, accepted: bool = True) -> None:
    claim = ClaimFactory(layer__document__collection=collection)
    if accepted:
        accept(claim, by=first)
    else:
        reject(claim, by=first, reason="Not a claim")
    if alike == accepted:
        accept(claim, by=second)
    else:
        reject(claim, by=second, reason="Not a claim")


def test_figures_of_a_pair_are_those_of_the_library_whoever_was_first(
    collection: Collection, two: list[User], reviewer: User
):
    ana, ben = two
    for _ in range(6):
        judge_twice(collection, ana, ben, alike=True)
    for _ in range(5):
        judge_twice(collection, ben, ana, alike=True, accepted=False)
    for _ in range(4):
        judge_twice(collection, ana, ben, alike=False)  # Ana accepts, Ben rejects
    for _ in range(5):
        judge_twice(collection, ben, ana, alike=False)  # Ben accepts, Ana rejects

    together, pair = agreement_for(reviewer)

    anas = ["accepted"] * 6 + ["rejected"] * 5 + ["accepted"] * 4 + ["rejected"] * 5
    bens = ["accepted"] * 6 + ["rejected"] * 5 + ["rejected"] * 4 + ["accepted"] * 5
    decision = pair.figures[0]
    assert (pair.one, pair.other, decision.of) == (ana, ben, Difference.DECISION)
    assert (decision.agreement.items, decision.agreement.agreed) == (20, 11)
    assert decision.agreement.kappa == pytest.approx(cohen_kappa_score(anas, bens), abs=1e-12)
    assert decision.agreement == agreement(zip(anas, bens, strict=True))
    assert together.items == 20
    assert [row.agreement.items for row in pair.figures] == [20, 6, 6, 6, 6]


def test_what_both_accepted_is_compared_by_source_content_type_and_modality(
    collection: Collection, two: list[User], reviewer: User
):
    claim = ClaimFactory(layer__document__collection=collection)
    start, end = claim.content_fragments[0]
    accept(claim, by=two[0])
    edit(claim, by=two[1], spans={"content": [[start, start + 9]]}, type="direct", new_source="A minister")
    accept(claim, by=two[1])

    together, _pair = agreement_for(reviewer)

    alike = {row.of: row.agreement.agreed for row in together.figures}
    assert alike == {"decision": 1, "source": 0, "content": 0, "type": 0, "modality": 1}
    assert together.figures[2].overlap == pytest.approx(2 * 9 / (9 + end - start))


def test_an_adjudication_does_not_change_how_far_the_two_agreed(
    collection: Collection, two: list[User], reviewer: User
):
    judge_twice(collection, *two, alike=False)
    before = agreement_for(reviewer)

    adjudicate(SecondReview.objects.get().claim, choose="second", by=reviewer, reason="By our rules")

    assert agreement_for(reviewer) == before


@pytest.mark.parametrize("times", [1, 3])
def test_the_figures_take_the_same_queries_for_any_number(
    collection: Collection,
    two: list[User],
    reviewer: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    times: int,
):
    for _ in range(times):
        judge_twice(collection, *two, alike=True)
    reviewer.has_perm("claims.review_claim")

    with django_assert_num_queries(3):
        agreement_for(reviewer)


def test_only_claims_that_the_reader_may_see_are_counted(collection: Collection, two: list[User]):
    judge_twice(collection, *two, alike=True)

    assert [row.items for row in agreement_for(UserFactory(groups=["reviewer"]))] == [0]


def test_too_few_items_give_no_figure_in_the_api_and_on_the_page(
    collection: Collection, two: list[User], reviewer: User, client: Client
):
    judge_twice(collection, *two, alike=True)
    client.force_login(reviewer)

    answer = client.get("/api/v1/agreement/").json()
    page = client.get("/review/agreement/").content.decode()

    assert answer["fewest_items"] == 20
    assert [pair["analysts"] for pair in answer["pairs"]] == [["Ana", "Ben"]]
    decision = answer["everybody"]["figures"][0]
    assert (decision["items"], decision["agreed"]) == (1, 1)
    assert (decision["share"], decision["kappa"], decision["alpha"]) == (None, None, None)
    assert "1 of 20 claims" in page
    assert "<svg" not in page


def test_enough_items_are_shown_as_figures_and_as_a_picture(
    collection: Collection, two: list[User], reviewer: User, client: Client
):
    for number in range(20):
        judge_twice(collection, *two, alike=number % 5 > 0, accepted=number % 2 == 0)
    client.force_login(reviewer)

    decision = client.get("/api/v1/agreement/", {"collection": collection.pk}).json()["everybody"]["figures"][0]
    page = client.get("/review/agreement/", {"collection": collection.pk}).content.decode()

    assert (decision["items"], decision["share"]) == (20, 0.8)
    assert decision["kappa"] == pytest.approx(0.6)
    assert "<svg" in page
    assert "80 %" in page
    assert client.get("/api/v1/agreement/", {"collection": 0}).status_code == 400
