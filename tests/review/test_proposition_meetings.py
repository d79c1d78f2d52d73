"""An accepted claim meets the propositions it may belong to: proposed with what they share, joined by one key."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from claims.models import Claim, LinkState, PropositionMove, RelationKind
from claims.proposals import proposals_for
from claims.services import dismiss_link
from documents.models import Collection
from review.propositions import meeting
from tests.factories import ClaimFactory, CollectionFactory, SourceFactory, UserFactory
from tests.review.demo import told_by
from tests.review.demo_propositions import link

DAY = date(2013, 1, 20)
HTMX = {"HX-Request": "true"}
ESCAPED = "a small number of fighters escaped across the border into Southern Libya"


@pytest.fixture
def known(collection: Collection) -> Claim:
    return told_by(SourceFactory(), collection, "A source", ESCAPED, on=DAY)


@pytest.fixture
def claim(collection: Collection, known: Claim) -> Claim:
    said = "a few fighters escaped across the border into Southern Libya"
    return told_by(SourceFactory(), collection, "An officer", said, on=DAY)


def meetings(client: Client, claim: Claim):
    response = client.get(reverse("propositions:meetings", args=[claim.pk]), headers=HTMX)
    assert response.status_code == 200
    return response


def join(client: Client, claim: Claim, other: Claim, **given: str):
    values = {"proposition": str(other.proposition_id), "beside": "1"} | given
    return client.post(reverse("propositions:join", args=[claim.pk]), values, headers=HTMX)


def test_what_it_may_belong_to_is_proposed_with_the_shared_words_marked(
    browser_of_analyst: Client, claim: Claim, known: Claim
):
    response = meetings(browser_of_analyst, claim)

    (proposal,) = response.context["proposals"]
    assert proposal.found.proposition == known.proposition
    marked = " ".join(piece.text for piece in proposal.words if piece.kind)
    assert "escaped" in marked
    assert "Southern Libya" in marked
    html = response.content.decode()
    assert 'data-key="1"' in html
    assert "1 report, 1 origin" in html


def test_one_key_joins_and_another_takes_it_back(browser_of_analyst: Client, claim: Claim, known: Claim):
    alone = claim.proposition_id

    joined = join(browser_of_analyst, claim, known)
    claim.refresh_from_db()
    assert claim.proposition_id == known.proposition_id
    assert "Take it back" in joined.content.decode()

    move = PropositionMove.objects.get()
    back = browser_of_analyst.post(reverse("propositions:put_back", args=[move.pk]), headers=HTMX)
    claim.refresh_from_db()
    assert claim.proposition_id == alone
    assert len(back.context["proposals"]) == 1


def test_a_claim_joins_as_a_denial(browser_of_analyst: Client, claim: Claim, known: Claim):
    join(browser_of_analyst, claim, known, stance="denies")

    claim.refresh_from_db()
    assert (claim.proposition_id, claim.stance) == (known.proposition_id, "denies")


def test_what_contradicts_it_has_no_key_and_is_looked_at_beside_it(browser_of_analyst: Client, collection: Collection):
    said = "Belmokhtar can call on the support of 5,000 battle hardened fighters across the region"
    told_by(SourceFactory(), collection, "A source", said, on=DAY)
    claim = told_by(SourceFactory(), collection, "A diplomat", said.replace("5,000", "at most 2,000"), on=DAY)

    response = meetings(browser_of_analyst, claim)

    (proposal,) = response.context["proposals"]
    assert (proposal.relation, proposal.joins) == ("contradicts", False)
    html = response.content.decode()
    assert 'data-key="1"' not in html
    assert "Look at both" in html


def test_joining_twice_is_refused_and_says_so(browser_of_analyst: Client, claim: Claim, known: Claim):
    join(browser_of_analyst, claim, known)

    again = join(browser_of_analyst, claim, known)

    assert again.status_code == 409
    assert "it stands there already" in again.content.decode()
    assert PropositionMove.objects.count() == 1


def test_from_its_own_page_one_comes_back_to_the_claim(browser_of_analyst: Client, claim: Claim, known: Claim):
    url = reverse("propositions:join", args=[claim.pk])

    response = browser_of_analyst.post(url, {"proposition": known.proposition_id}, headers=HTMX)

    assert response.headers["HX-Redirect"] == reverse("review:claim", args=[claim.pk])
    assert browser_of_analyst.get(reverse("propositions:meetings", args=[claim.pk])).status_code == 200


def test_left_apart_its_corroboration_is_rejected_and_not_proposed_again(
    browser_of_analyst: Client, claim: Claim, known: Claim, analyst: User
):
    row = link(known, claim, RelationKind.CORROBORATES, "similarity", ("escaped",), ("escaped",))

    browser_of_analyst.post(reverse("propositions:leave", args=[claim.pk]), headers=HTMX)

    row.refresh_from_db()
    assert (row.state, row.by) == (LinkState.DISMISSED, analyst)
    assert meetings(browser_of_analyst, claim).context["proposals"] == []


def test_leaving_it_apart_goes_through_when_somebody_has_rejected_the_link_at_that_moment(
    browser_of_analyst: Client, claim: Claim, known: Claim, monkeypatch: pytest.MonkeyPatch
):
    row = link(known, claim, RelationKind.CORROBORATES, "similarity", ("escaped",), ("escaped",))
    colleague = UserFactory()

    def and_meanwhile(*args: Any, **given: Any) -> Any:
        found = proposals_for(*args, **given)
        dismiss_link(row, by=colleague)
        return found

    monkeypatch.setattr(meeting, "proposals_for", and_meanwhile)
    answer = browser_of_analyst.post(reverse("propositions:leave", args=[claim.pk]), headers=HTMX)

    row.refresh_from_db()
    assert answer.status_code == 200
    assert row.by == colleague


def test_propositions_out_of_sight_are_neither_proposed_nor_joined(browser_of_analyst: Client, claim: Claim):
    hidden = told_by(SourceFactory(), CollectionFactory(), "A source", f"{ESCAPED} by night", on=DAY)

    texts = [each.found.proposition.pk for each in meetings(browser_of_analyst, claim).context["proposals"]]

    assert hidden.proposition_id not in texts
    assert join(browser_of_analyst, claim, hidden).status_code == 404
    url = reverse("propositions:meetings", args=[hidden.pk])
    assert browser_of_analyst.get(url).status_code == 404


def test_viewers_see_where_it_may_belong_and_join_nothing(
    client: Client, collection: Collection, claim: Claim, known: Claim
):
    viewer = UserFactory(groups=["viewer"])
    collection.members.add(viewer)
    client.force_login(viewer)

    assert "data-key" not in meetings(client, claim).content.decode()
    assert join(client, claim, known).status_code == 403


def test_after_accepting_the_next_claim_asks_where_the_accepted_one_belongs(
    browser_of_analyst: Client, collection: Collection
):
    text = f"A source stated that {ESCAPED}. A source stated that the talks have failed."
    first = ClaimFactory(
        layer__document__collection=collection, layer__text=text, words=("A source", "stated", ESCAPED)
    )
    ClaimFactory(layer=first.layer, run=first.run, words=("A source", "stated", "the talks have failed"))
    url = reverse("review:accept", args=[first.pk])

    response = browser_of_analyst.post(url, {"expected_version": first.version}, headers=HTMX)

    assert f'hx-get="{reverse("propositions:meetings", args=[first.pk])}?beside=1"' in response.content.decode()


def test_the_page_of_a_proposition_proposes_what_may_say_the_same(
    browser_of_analyst: Client, claim: Claim, known: Claim
):
    url = reverse("propositions:alike", args=[claim.proposition_id])

    (proposal,) = browser_of_analyst.get(url).context["proposals"]
    assert proposal["proposition"] == known.proposition
    link(known, claim, RelationKind.CONTRADICTS, "polarity", ("escaped",), ("escaped",))
    assert browser_of_analyst.get(url).context["proposals"] == []


def test_meetings_take_the_same_queries_for_one_and_three_proposals(
    browser_of_analyst: Client,
    collection: Collection,
    claim: Claim,
    django_assert_num_queries,
    django_assert_max_num_queries,
):
    with django_assert_max_num_queries(MOST_QUERIES) as for_one:
        assert len(meetings(browser_of_analyst, claim).context["proposals"]) == 1
    for place in ("Tunisia", "Niger"):
        told_by(SourceFactory(), collection, "A source", ESCAPED.replace("Libya", place), on=DAY)
    with django_assert_num_queries(len(for_one)):
        assert len(meetings(browser_of_analyst, claim).context["proposals"]) == 3


MOST_QUERIES = 30
