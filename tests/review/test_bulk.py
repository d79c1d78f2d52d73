"""The pages that decide many claims at once, and the list of my steps."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from claims.models import Claim, ClaimState, Decision, Review
from claims.services import accept, decide_many, edit, split_claim
from documents.models import Collection
from review.steps import my_steps
from tests.factories import ClaimFactory, CollectionFactory, UserFactory, place

pytestmark = pytest.mark.django_db

QUERIES_OF_BULK = 5
QUERIES_OF_STEPS = 6


@pytest.fixture
def ana() -> User:
    return UserFactory()


@pytest.fixture
def inbox(ana: User) -> Collection:
    return CollectionFactory(members=[ana])


@pytest.fixture
def page(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


def candidate(collection: Collection, score: float) -> Claim:
    return ClaimFactory(layer__document__collection=collection, score=score)


def ticked(*claims: Claim) -> list[str]:
    return [f"{claim.pk}:{claim.version}" for claim in claims]


def test_exactly_the_candidates_from_a_score_on_are_shown_with_their_count_and_ids(
    page: Client, ana: User, inbox: Collection
):
    sure, likely, doubtful = candidate(inbox, 0.97), candidate(inbox, 0.9), candidate(inbox, 0.89)
    candidate(CollectionFactory(), 0.99)
    accept(candidate(inbox, 0.98), by=ana)

    shown = page.get(reverse("review:bulk")).context["shown"]
    lower = page.get(reverse("review:bulk"), {"above": "0.5"}).context["shown"]
    of_document = page.get(reverse("review:bulk"), {"above": "0", "document": likely.layer.document_id})

    assert (shown.claims, shown.total) == ([sure, likely], 2)
    assert lower.claims == [sure, likely, doubtful]
    assert of_document.context["shown"].claims == [likely]
    assert f'value="{sure.pk}:1"' in page.get(reverse("review:bulk")).content.decode()


def test_what_is_ticked_is_accepted_and_undone_as_one(page: Client, ana: User, inbox: Collection):
    first, second, unticked = (candidate(inbox, 0.95) for _ in range(3))

    done = page.post(reverse("review:bulk"), {"decision": "accept", "claims": ticked(first, second)})

    states = dict(Claim.objects.values_list("pk", "state"))
    assert states == {first.pk: "accepted", second.pk: "accepted", unticked.pk: "candidate"}
    decided = done.context["decided"]
    assert [item.claim_id for item in decided.done] == [first.pk, second.pk]

    page.post(reverse("review:undo_batch", args=[decided.batch]))
    assert set(Claim.objects.values_list("state", flat=True)) == {"candidate"}


def test_a_rejection_of_many_needs_its_reason_and_then_names_what_it_left_alone(
    page: Client, ana: User, inbox: Collection
):
    first, changed = candidate(inbox, 0.95), candidate(inbox, 0.95)
    shown = ticked(first, changed)
    edit(changed, by=UserFactory(), hedge="may")

    without = page.post(reverse("review:bulk"), {"decision": "reject", "claims": shown})
    with_reason = page.post(reverse("review:bulk"), {"decision": "reject", "reason": "Duplicate", "claims": shown})

    assert without.status_code == 422
    assert "Say why" in without.content.decode()
    assert [(claim, item.refusal.code) for claim, item in with_reason.context["refused"]] == [
        (changed, "claim_changed")
    ]
    assert list(Review.objects.filter(decision=Decision.REJECT).values_list("claim", "reason")) == [
        (first.pk, "Duplicate")
    ]


def test_nothing_ticked_or_nonsense_is_refused(page: Client, inbox: Collection):
    candidate(inbox, 0.95)

    for given in ({}, {"claims": ["1"]}, {"claims": ["x:y"]}, {"claims": ["9" * 40 + ":1"]}):
        assert page.post(reverse("review:bulk"), {"decision": "accept"} | given).status_code == 422
    assert page.get(reverse("review:bulk"), {"above": "high"}).status_code == 200
    assert not Review.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_as_many_queries_for_three_claims_as_for_one(
    page: Client, inbox: Collection, rows: int, django_assert_num_queries
):
    for _ in range(rows):
        candidate(inbox, 0.95)

    with django_assert_num_queries(QUERIES_OF_BULK):
        page.get(reverse("review:bulk"))


def test_my_steps_are_listed_newest_first_with_those_on_several_claims_as_one(
    page: Client, ana: User, inbox: Collection
):
    one, two = candidate(inbox, 0.5), candidate(inbox, 0.5)
    halves = [place(two.layer.text, "the talks").offsets, place(two.layer.text, "failed").offsets]
    accept(one, by=ana)
    split_claim(two, by=ana, contents=halves)
    accept(Claim.objects.latest("pk"), by=ana)
    accept(candidate(inbox, 0.5), by=UserFactory())

    listed = my_steps(ana)

    assert [(step.first.decision, len(step.rows), step.blocked) for step in listed] == [
        ("accept", 1, False),
        ("split", 2, True),
        ("accept", 1, False),
    ]
    assert listed[1].first.claim == two
    assert "2 claims" in page.get(reverse("review:steps")).content.decode()


def test_ticked_steps_are_undone_together_or_not_at_all(page: Client, ana: User, inbox: Collection):
    one, two = candidate(inbox, 0.5), candidate(inbox, 0.5)
    accepted = accept(one, by=ana)
    corrected = edit(two, by=ana, hedge="may")
    later = accept(two, by=ana)

    page.post(reverse("review:steps"), {"step": [accepted.pk, corrected.pk]})
    one.refresh_from_db()
    assert one.state == ClaimState.ACCEPTED

    page.post(reverse("review:steps"), {"step": [accepted.pk, corrected.pk, later.pk]})
    assert set(Claim.objects.values_list("state", "hedge")) == {("candidate", "")}


def test_steps_of_others_are_not_undone_here(page: Client, inbox: Collection):
    theirs = accept(candidate(inbox, 0.5), by=UserFactory())

    page.post(reverse("review:steps"), {"step": [theirs.pk]})

    assert not Review.objects.filter(decision=Decision.UNDO).exists()


def test_who_is_no_member_any_more_undoes_nothing_there(page: Client, ana: User, inbox: Collection):
    claim = candidate(inbox, 0.5)
    step = accept(claim, by=ana)
    inbox.members.remove(ana)

    page.post(reverse("review:undo_last"))
    page.post(reverse("review:steps"), {"step": [step.pk]})

    claim.refresh_from_db()
    assert claim.state == ClaimState.ACCEPTED


def test_a_step_that_is_partly_on_claims_elsewhere_is_left_to_who_sees_all_of_it(
    page: Client, ana: User, inbox: Collection
):
    other = CollectionFactory(members=[ana])
    here, there = candidate(inbox, 0.95), candidate(other, 0.95)
    decided = decide_many({here.pk: 1, there.pk: 1}, decision=Decision.ACCEPT, by=ana)
    other.members.remove(ana)
    address = reverse("review:undo_batch", args=[decided.batch])

    page.post(address)
    inbox.members.remove(ana)
    page.post(address)

    assert set(Claim.objects.values_list("state", flat=True)) == {ClaimState.ACCEPTED}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_steps_takes_as_many_queries_for_three_as_for_one(
    page: Client, ana: User, inbox: Collection, rows: int, django_assert_num_queries
):
    for _ in range(rows):
        accept(candidate(inbox, 0.5), by=ana)

    with django_assert_num_queries(QUERIES_OF_STEPS):
        page.get(reverse("review:steps"))


@pytest.mark.parametrize("name", ["bulk", "steps"])
def test_who_may_not_review_is_told_so(client: Client, name: str):
    client.force_login(UserFactory(groups=["viewer"]))

    assert client.get(reverse(f"review:{name}")).status_code == 403
