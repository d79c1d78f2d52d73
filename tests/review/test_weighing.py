"""Analysts have claims decided sooner or later: what the queue makes of it, who may, and what is told of it."""

import random
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from claims.models import Claim
from claims.services import accept, undo_last
from documents.models import Collection
from grading.priority import priority
from review.errors import NotWaiting, WeightOutOfRange
from review.models import Boost, Weighing
from review.services.boosts import refresh_boosts
from review.services.weighing import weigh
from tests.factories import ClaimFactory, CollectionFactory, UserFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def never_at_random(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "random", lambda: 0.99)


def scored(collection: Collection, score: float) -> Claim:
    return ClaimFactory(layer__document__collection=collection, score=score)


def comes_first(browser: Client) -> int:
    address = browser.get(reverse("review:next"))["Location"]
    found = re.search(r"/claims/(\d+)/", address)
    assert found is not None, address
    return int(found[1])


def test_a_claim_weighed_up_comes_at_once_and_stays_so_when_the_links_are_counted_anew(
    browser_of_analyst: Client, analyst: User, collection: Collection
):
    doubtful, sure = scored(collection, 0.5), scored(collection, 0.95)

    weigh(sure, weight=16, by=analyst, reason="The minister asked.")
    weighed = [comes_first(browser_of_analyst)]
    refresh_boosts()
    weighed.append(comes_first(browser_of_analyst))

    assert weighed == [sure.pk, sure.pk]
    assert Boost.objects.get().priority == pytest.approx(priority(0.95, weight=16))
    assert refresh_boosts() == 0
    weigh(sure, weight=1, by=analyst)
    assert not Boost.objects.exists()
    assert comes_first(browser_of_analyst) == doubtful.pk


def test_a_claim_weighed_to_nothing_comes_only_at_random_or_with_its_document(
    browser_of_analyst: Client, analyst: User, collection: Collection, monkeypatch: pytest.MonkeyPatch
):
    claim = scored(collection, 0.5)

    weigh(claim, weight=0, by=analyst)

    assert browser_of_analyst.get(reverse("review:next"))["Location"] == reverse("review:queue")
    with monkeypatch.context() as patched:
        patched.setattr(random, "random", lambda: 0.0)
        assert comes_first(browser_of_analyst) == claim.pk
    browser_of_analyst.get(reverse("review:next"), {"mode": "document"})
    assert comes_first(browser_of_analyst) == claim.pk


def test_a_weight_outlives_a_decision_that_is_undone(analyst: User, collection: Collection):
    claim = scored(collection, 0.9)
    weigh(claim, weight=4, by=analyst)
    accept(claim, by=analyst)
    refresh_boosts()
    assert not Boost.objects.exists()

    undo_last(by=analyst)
    refresh_boosts()

    assert Boost.objects.get().weight == 4


def test_what_is_decided_is_not_weighed_and_no_weight_lies_outside_its_range(analyst: User, collection: Collection):
    decided, open_one = scored(collection, 0.5), scored(collection, 0.5)
    accept(decided, by=analyst)

    with pytest.raises(NotWaiting):
        weigh(decided, weight=4, by=analyst)
    with pytest.raises(WeightOutOfRange):
        weigh(open_one, weight=17, by=analyst)
    with pytest.raises(IntegrityError, match="weighing_within_reason"), transaction.atomic():
        Weighing.objects.create(claim=open_one, weight=-1, by=analyst)
    with pytest.raises(ValidationError, match="from 0 to 16"):
        Weighing(claim=open_one, weight=-1, by=analyst).full_clean()
    assert not Weighing.objects.exists()


def test_the_dialog_tells_who_chose_what_before(browser_of_analyst: Client, analyst: User, collection: Collection):
    claim = scored(collection, 0.5)
    colleague = UserFactory(first_name="Ben", last_name="Okafor")
    weigh(claim, weight=0.25, by=colleague, reason="<b>Old news</b>")

    answer = browser_of_analyst.post(
        reverse("review:weight", args=[claim.pk]), {"weight": "4", "reason": " New  report "}, headers=HTMX
    )
    dialog = browser_of_analyst.get(reverse("review:weight", args=[claim.pk])).content.decode()

    assert "To be decided: sooner." in answer.content.decode()
    assert Weighing.objects.standing().get().reason == "New report"
    assert re.search(r'value="4"[^>]*aria-pressed="true"', dialog)
    assert dialog.index("New report") < dialog.index("&lt;b&gt;Old news")
    assert "Ben Okafor" in dialog


def test_what_was_weighed_is_listed_and_taken_back_there(
    browser_of_analyst: Client, analyst: User, collection: Collection
):
    sooner, usual, elsewhere = scored(collection, 0.5), scored(collection, 0.5), scored(CollectionFactory(), 0.5)
    weigh(sooner, weight=4, by=analyst)
    weigh(usual, weight=4, by=analyst)
    weigh(usual, weight=1, by=analyst)
    Weighing.objects.create(claim=elsewhere, weight=4, by=UserFactory())

    page = browser_of_analyst.get(reverse("review:weighed"))
    assert [row.claim for row in page.context["rows"]] == [sooner]
    back = browser_of_analyst.post(
        reverse("review:weight", args=[sooner.pk]), {"weight": "1", "back": "weighed"}, follow=True
    )

    assert "To be decided: as usual." in back.content.decode()
    assert "Nothing was weighed" in back.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_for_any_number(
    browser_of_analyst: Client, analyst: User, collection: Collection, django_assert_num_queries, number: int
):
    for _ in range(number):
        weigh(scored(collection, 0.5), weight=4, by=analyst)

    with django_assert_num_queries(5):
        assert len(browser_of_analyst.get(reverse("review:weighed")).context["rows"]) == number


def test_a_weight_nobody_knows_and_a_claim_nobody_waits_for_are_refused_in_words(
    browser_of_analyst: Client, analyst: User, collection: Collection
):
    claim, decided, hidden = scored(collection, 0.5), scored(collection, 0.5), scored(CollectionFactory(), 0.5)
    accept(decided, by=analyst)

    def answer(about: Claim, weight: str) -> tuple[int, str]:
        page = browser_of_analyst.post(reverse("review:weight", args=[about.pk]), {"weight": weight}, headers=HTMX)
        return page.status_code, page.content.decode()

    wrong, decided_already, outside = answer(claim, "much"), answer(decided, "4"), answer(claim, "99")
    assert (wrong[0], decided_already[0], outside[0], answer(hidden, "4")[0]) == (422, 422, 422, 404)
    assert "Choose one of the five" in wrong[1]
    assert "does not wait for you" in decided_already[1]
    assert "from 0 to 16" in outside[1]
    assert not Weighing.objects.exists()


def test_who_reads_only_weighs_nothing(client: Client, collection: Collection):
    claim = scored(collection, 0.5)
    viewer = UserFactory(groups=["viewer"])
    collection.members.add(viewer)
    client.force_login(viewer)

    assert client.post(reverse("review:weight", args=[claim.pk]), {"weight": "4"}).status_code == 403
    assert client.get(reverse("review:weighed")).status_code == 403
    assert 'data-opens="weigh"' not in client.get(reverse("review:claim", args=[claim.pk])).content.decode()
