"""What comes next: by priority with a random fifth, narrowed by filters, all of it kept while deciding."""

import random

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from claims.models import Claim, ClaimLink, ClaimState, LinkKind, LinkState
from claims.models.review import Picked
from documents.models import Collection
from grading.priority import priority
from review.models import Assignment, Boost
from review.services.assignments import assign, unassign
from review.services.boosts import refresh_boosts
from tests.factories import ClaimFactory, CollectionFactory, DocumentSourceFactory, SourceFactory, UserFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def never_at_random(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "random", lambda: 0.99)


def scored(collection: Collection, score: float | None, **more: object) -> Claim:
    return ClaimFactory(layer__document__collection=collection, score=score, **more)


def following(browser: Client, **query: object) -> tuple[int, str]:
    """The claim that comes next, and how it was picked."""
    address = browser.get(reverse("review:next"), query)["Location"]
    path, _, picked = address.partition("?queue=")
    return int(path.rstrip("/").rsplit("/", 1)[1]), picked


def test_the_most_doubtful_comes_first_and_ties_go_by_id(browser_of_analyst: Client, collection: Collection):
    sure, even, tie = (scored(collection, score) for score in (0.97, 0.5, 0.5))
    by_hand = scored(collection, None)
    unlikely = scored(collection, 0.2)
    scored(CollectionFactory(), 0.5)
    seen = [following(browser_of_analyst, mode="stream")]
    for claim in (even, tie, by_hand, unlikely):
        page = browser_of_analyst.post(
            reverse("review:reject", args=[claim.pk]), {"expected_version": 1, "reason": "no"}, headers=HTMX
        )
        seen.append((page.context["claim"].pk, page.context["picked"]))

    assert seen == [(claim.pk, Picked.PRIORITY) for claim in (even, tie, by_hand, unlikely, sure)]


def test_accepted_links_of_its_source_bring_a_claim_forward_as_the_formula_says(
    browser_of_analyst: Client, analyst: User, collection: Collection
):
    even = scored(collection, 0.5)
    source = SourceFactory()
    accepted = [scored(collection, 0.9, accepted=True, source=source) for _ in range(3)]
    for claim in accepted[1:]:
        ClaimLink.objects.create(
            claim=claim, kind=LinkKind.RELAYS, origin=accepted[0], state=LinkState.CONFIRMED, rule="x", by=analyst
        )
    connected = scored(collection, 0.8, source=source)

    assert following(browser_of_analyst, mode="stream")[0] == even.pk
    assert refresh_boosts() == 1
    assert refresh_boosts() == 0

    boost = Boost.objects.get()
    assert boost.claim == connected
    assert boost.priority == pytest.approx(priority(0.8, links=boost.links))
    assert boost.links == 4  # each of the two links stands at two claims of the source
    assert following(browser_of_analyst, mode="stream") == (connected.pk, Picked.PRIORITY)
    Claim.objects.filter(pk=connected.pk).update(state=ClaimState.REJECTED)
    refresh_boosts()
    assert not Boost.objects.exists()


def test_one_in_five_comes_at_random_and_the_review_says_so(
    browser_of_analyst: Client, collection: Collection, monkeypatch: pytest.MonkeyPatch
):
    for number in range(5):
        scored(collection, 0.5 + number / 10)
    monkeypatch.setattr(random, "random", lambda: 0.19)

    claim, picked = following(browser_of_analyst, mode="stream")
    page = browser_of_analyst.get(reverse("review:claim", args=[claim]), {"queue": picked})
    browser_of_analyst.post(
        reverse("review:reject", args=[claim]),
        {"expected_version": 1, "reason": "no", "picked": page.context["picked"]},
        headers=HTMX,
    )

    assert picked == Picked.RANDOM
    assert Claim.objects.get(pk=claim).reviews.get().picked == Picked.RANDOM


def test_at_random_means_any_of_them(
    browser_of_analyst: Client, collection: Collection, monkeypatch: pytest.MonkeyPatch
):
    claims = {scored(collection, 0.9, fingerprint=f"{number:x}{'0' * 63}").pk for number in (1, 6, 12)}
    monkeypatch.setattr(random, "random", lambda: 0.0)
    monkeypatch.setattr(random, "getrandbits", lambda _bits: next(places) << 252)
    places = iter([0, 5, 9, 14])

    met = [following(browser_of_analyst, mode="stream")[0] for _ in range(4)]

    assert set(met) == claims
    assert met[0] == met[3]


def test_the_order_is_remembered_until_another_is_chosen(browser_of_analyst: Client, collection: Collection):
    first, even, last = (scored(collection, score) for score in (0.9, 0.5, 0.95))

    assert following(browser_of_analyst)[0] == even.pk
    assert following(browser_of_analyst, mode="document")[0] == first.pk
    assert following(browser_of_analyst)[0] == first.pk
    assert following(browser_of_analyst, document=last.layer.document_id) == (last.pk, Picked.DIRECT)
    assert following(browser_of_analyst)[0] == first.pk


@pytest.mark.parametrize(("picked", "number"), [(Picked.DIRECT, 1), (Picked.PRIORITY, 2)])
def test_until_an_order_is_chosen_a_decision_leads_on_the_way_its_claim_came(
    browser_of_analyst: Client, collection: Collection, picked: str, number: int
):
    opened = scored(collection, 0.9)
    beside = ClaimFactory(layer=opened.layer, run=opened.run, score=0.9, fingerprint="f" * 64)
    claims = [opened, beside, scored(collection, 0.5)]

    page = browser_of_analyst.post(
        reverse("review:reject", args=[opened.pk]),
        {"expected_version": 1, "reason": "no", "picked": picked},
        headers=HTMX,
    )

    assert page.context["claim"] == claims[number]


@pytest.mark.parametrize(
    "filters",
    [
        {"score_from": "0.55", "score_to": "0.65"},
        {"cue": "CLAIMED"},
        {"type": "direct"},
        {"source": "the minister"},
        {"since": "2013-01-01", "until": "2013-01-31"},
        {"given": "me"},
        {"document": "wanted"},
    ],
)
@pytest.mark.parametrize("mode", ["stream", "document"])
def test_the_queue_is_narrowed_and_stays_so(
    browser_of_analyst: Client, analyst: User, collection: Collection, filters: dict[str, str], mode: str
):
    scored(collection, 0.5)
    speaker = DocumentSourceFactory(canonical="The minister of trade")
    wanted = scored(collection, 0.6, cue_quote="claimed", type="direct", document_source=speaker)
    wanted.layer.document.document_date = "2013-01-15"
    wanted.layer.document.save()
    assign(wanted.layer.document, to=analyst, by=analyst)
    filters = {name: str(wanted.layer.document_id) if value == "wanted" else value for name, value in filters.items()}

    assert following(browser_of_analyst, filters=1, mode=mode, **filters)[0] == wanted.pk
    assert following(browser_of_analyst)[0] == wanted.pk
    last = browser_of_analyst.post(
        reverse("review:reject", args=[wanted.pk]), {"expected_version": 1, "reason": "no"}, headers=HTMX
    )
    assert last["HX-Redirect"] == reverse("review:queue")
    page = browser_of_analyst.get(reverse("review:queue")).content.decode()
    assert "Nothing that waits fits" in page
    assert 'id="chips"' in page


@pytest.mark.parametrize(
    ("filters", "says"),
    [
        ({"type": "rumour"}, "Kind: Select a valid choice"),
        ({"score_from": "2"}, "Score from: Ensure this value is less than or equal to 1"),
        ({"since": "yesterday"}, "Reported since: Enter a valid date"),
        ({"collection": "hidden"}, "There is no such collection, or you cannot see it."),
        ({"document": "999999"}, "There is no such document, or you cannot see it."),
    ],
)
def test_a_filter_nobody_knows_is_told_and_changes_nothing(
    browser_of_analyst: Client, collection: Collection, filters: dict[str, str], says: str
):
    claim = scored(collection, 0.5)
    hidden = str(CollectionFactory().pk)
    filters = {name: hidden if value == "hidden" else value for name, value in filters.items()}

    response = browser_of_analyst.get(reverse("review:next"), {"filters": "1", **filters}, follow=True)

    assert says in response.content.decode()
    assert following(browser_of_analyst)[0] == claim.pk


def test_a_document_is_given_to_people_and_teams_once_each(analyst: User, collection: Collection):
    document = scored(collection, 0.5).layer.document
    reviewer = UserFactory(groups=["reviewer"])
    team = reviewer.groups.get()

    assign(document, to=team, by=analyst)
    assign(document, to=reviewer, by=analyst)
    again = assign(document, to=reviewer, by=reviewer)

    assert again.by == analyst
    assert Assignment.objects.of(reviewer).count() == 2
    assert not Assignment.objects.of(analyst).exists()
    unassign(document, to=team)
    assert Assignment.objects.get().person == reviewer
