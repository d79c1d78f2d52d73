"""Links and notices that wait: listed with both sides, decided one by one, only by who may and within sight."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from claims.models import ClaimLink, LinkState, OriginNotice, Outcome, PropositionLink, RelationKind
from documents.models import Collection
from sources.models import Source
from tests.factories import ClaimFactory, CollectionFactory, SourceFactory, UserFactory
from tests.review.demo import told_by, verdict_on
from tests.review.demo_propositions import link, links_that_wait

DAY = date(2024, 3, 1)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def waiting(collection: Collection) -> list[PropositionLink]:
    """A contradiction and a corroboration."""
    return links_that_wait(collection, today=timezone.localdate())


def shown(client: Client, **query: str) -> list[int]:
    response = client.get(reverse("links:queue"), query)
    assert response.status_code == 200
    return [row.link.pk for row in response.context["rows"]]


def decide(client: Client, row: PropositionLink, decision: str, **given: object):
    return client.post(reverse("links:decide", args=[row.pk]), {"decision": decision} | given, headers=HTMX)


def test_links_that_wait_are_listed_newest_first_and_by_relation(
    browser_of_analyst: Client, waiting: list[PropositionLink]
):
    contradiction, corroboration = (row.pk for row in waiting)

    assert shown(browser_of_analyst) == [corroboration, contradiction]
    assert shown(browser_of_analyst, kind="contradicts") == [contradiction]
    assert shown(browser_of_analyst, kind="refines") == shown(browser_of_analyst, kind="\0") == []
    assert shown(browser_of_analyst, before=str(corroboration)) == [contradiction]


def test_a_card_shows_both_sides_with_marked_words_the_rule_and_what_it_means(
    browser_of_analyst: Client, waiting: list[PropositionLink]
):
    html = browser_of_analyst.get(reverse("links:queue"), {"kind": "contradicts"}).content.decode()

    assert '<mark class="contradicts">is over</mark>' in html
    assert '<mark class="contradicts">is not over</mark>' in html
    assert "by the rule “polarity”: one affirms what the other negates" in html


@pytest.mark.parametrize(
    ("decision", "state", "kind"),
    [
        ("accept", LinkState.CONFIRMED, RelationKind.CONTRADICTS),
        ("dismiss", LinkState.DISMISSED, RelationKind.CONTRADICTS),
        ("corroborates", LinkState.CONFIRMED, RelationKind.CORROBORATES),
    ],
)
def test_a_link_is_decided_and_the_card_comes_back_decided(
    browser_of_analyst: Client, waiting: list[PropositionLink], analyst: User, decision: str, state: str, kind: str
):
    response = decide(browser_of_analyst, waiting[0], decision)

    waiting[0].refresh_from_db()
    assert (waiting[0].state, waiting[0].kind, waiting[0].by) == (state, kind, analyst)
    assert "data-decided" in response.content.decode()
    assert shown(browser_of_analyst) == [waiting[1].pk]


@pytest.mark.parametrize(("decision", "from_second"), [("refines", False), ("refined_by", True)])
def test_which_side_refines_the_other_reads_from_the_side_one_stands_on(
    browser_of_analyst: Client, waiting: list[PropositionLink], decision: str, from_second: bool
):
    row = waiting[0]
    first, second = row.proposition_id, row.other_id

    decide(browser_of_analyst, row, decision, back=second if from_second else first)

    row.refresh_from_db()
    assert (row.kind, row.proposition_id, row.other_id) == (RelationKind.REFINES, first, second)


def test_that_the_second_refines_the_first_turns_the_link(browser_of_analyst: Client, waiting: list[PropositionLink]):
    row = waiting[0]
    first, second = row.proposition_id, row.other_id

    decide(browser_of_analyst, row, "refined_by")

    row.refresh_from_db()
    assert (row.kind, row.proposition_id, row.other_id) == (RelationKind.REFINES, second, first)


def test_a_decision_is_taken_back_and_a_second_one_refused(browser_of_analyst: Client, waiting: list[PropositionLink]):
    decide(browser_of_analyst, waiting[0], "accept")
    again = decide(browser_of_analyst, waiting[0], "accept")
    decide(browser_of_analyst, waiting[0], "reopen")

    assert again.status_code == 409
    assert "is confirmed already" in again.content.decode()
    assert waiting[0].pk in shown(browser_of_analyst)


def test_without_a_script_one_comes_back_to_the_proposition(browser_of_analyst: Client, waiting: list[PropositionLink]):
    row = waiting[0]
    url = reverse("links:decide", args=[row.pk])

    response = browser_of_analyst.post(url, {"decision": "accept", "back": row.proposition_id})

    assert response.url == reverse("propositions:proposition", args=[row.proposition_id])
    assert browser_of_analyst.post(url, {"decision": "bogus"}).status_code == 404


def test_a_link_with_a_side_out_of_sight_is_neither_listed_nor_decided(
    browser_of_analyst: Client, collection: Collection
):
    seen = told_by(SourceFactory(), collection, "A pilot", "the strike is over", on=DAY)
    hidden = told_by(SourceFactory(), CollectionFactory(), "A clerk", "the strike goes on", on=DAY)
    row = link(seen, hidden, RelationKind.CONTRADICTS, "polarity", ("over",), ("goes on",))

    assert shown(browser_of_analyst) == []
    assert decide(browser_of_analyst, row, "accept").status_code == 404


def test_viewers_read_links_and_decide_none(client: Client, collection: Collection, waiting: list[PropositionLink]):
    viewer = UserFactory(groups=["viewer"])
    collection.members.add(viewer)
    client.force_login(viewer)

    html = client.get(reverse("links:queue")).content.decode()

    assert "Ask an administrator for the role “analyst”" in html
    assert "Accept" not in html
    assert decide(client, waiting[0], "accept").status_code == 403


def test_an_empty_queue_says_what_will_come_there(browser_of_analyst: Client):
    html = browser_of_analyst.get(reverse("links:queue")).content.decode()

    assert "No link waits" in html
    assert "When you accept a claim" in html


def test_the_queue_takes_the_same_queries_for_one_and_three_links(
    browser_of_analyst: Client, collection: Collection, django_assert_num_queries
):
    one = told_by(SourceFactory(), collection, "A pilot", "the strike is over", on=DAY)
    for number in range(1, 4):
        other = told_by(SourceFactory(), collection, "A clerk", f"strike {number} goes on", on=DAY)
        link(one, other, RelationKind.CONTRADICTS, "polarity", ("over",), ("goes on",))
        if number in (1, 3):
            with django_assert_num_queries(QUEUE_QUERIES):
                assert len(shown(browser_of_analyst)) == number


QUEUE_QUERIES = 6


def repeated(collection: Collection, number: int = 0) -> ClaimLink:
    first = told_by(SourceFactory(), collection, "A pilot", f"strike {number} is over", on=DAY)
    second = told_by(SourceFactory(), collection, "An agency", f"strike {number} has ended", on=DAY)
    return ClaimLink.objects.create(claim=second, kind="relays", origin=first, rule="text reuse", why="12 words alike")


def test_a_repeat_is_shown_with_both_claims_and_decided(
    browser_of_analyst: Client, collection: Collection, analyst: User
):
    row = repeated(collection)
    page = browser_of_analyst.get(reverse("links:queue"), {"kind": "claims"}).content.decode()
    response = browser_of_analyst.post(
        reverse("links:decide_claim_link", args=[row.pk]), {"decision": "accept"}, headers=HTMX
    )

    assert "strike 0 is over" in page
    assert "text reuse" in page
    assert response.status_code == 200
    row.refresh_from_db()
    assert (row.state, row.by) == (LinkState.CONFIRMED, analyst)


def test_repeats_take_the_same_queries_for_one_and_three(
    browser_of_analyst: Client, collection: Collection, django_assert_num_queries
):
    for number in range(1, 4):
        repeated(collection, number)
        if number in (1, 3):
            with django_assert_num_queries(REPEAT_QUERIES):
                assert len(shown(browser_of_analyst, kind="claims")) == number


REPEAT_QUERIES = 7


# --- Notices ---


def copiers(collection: Collection, analyst: User, *, answers: int = 2) -> OriginNotice:
    one, other = SourceFactory(), SourceFactory()
    for number in range(answers):
        claim = told_by(one, collection, "A pilot", f"rumour {number} of {one.pk}", on=DAY)
        ClaimFactory(accepted=True, layer__document__collection=collection, source=other, proposition=claim.proposition)
        assert claim.proposition is not None
        verdict_on(claim.proposition, Outcome.FALSE, on=DAY, by=analyst)
    return OriginNotice.objects.create(
        one=one, other=other, posterior=0.97, shared_true=1, shared_refuted=answers, different=0
    )


def test_a_notice_shows_the_refuted_answers_both_gave_as_far_as_one_may_see_them(
    browser_of_analyst: Client, collection: Collection, analyst: User
):
    notice = copiers(collection, analyst)
    hidden = told_by(notice.one, CollectionFactory(), "A pilot", "hidden rumour", on=DAY)
    ClaimFactory(
        accepted=True,
        layer__document__collection=hidden.collection,
        source=notice.other,
        proposition=hidden.proposition,
    )
    assert hidden.proposition is not None
    verdict_on(hidden.proposition, Outcome.FALSE, on=DAY, by=analyst)

    (row,) = browser_of_analyst.get(reverse("links:notices")).context["rows"]

    assert [answer.text for answer in row.answers] == [
        f"Rumour 1 of {notice.one_id}.",
        f"Rumour 0 of {notice.one_id}.",
    ]


def test_a_notice_is_accepted_dismissed_and_taken_back(
    browser_of_analyst: Client, collection: Collection, analyst: User
):
    notice = copiers(collection, analyst)
    url = reverse("links:decide_notice", args=[notice.pk])

    browser_of_analyst.post(url, {"decision": "accept", "reason": "Same office."}, headers=HTMX)
    again = browser_of_analyst.post(url, {"decision": "accept"}, headers=HTMX)
    decided = browser_of_analyst.get(reverse("links:notices"), {"decided": "1"}).content.decode()
    notice.refresh_from_db()

    assert (notice.state, notice.reason, notice.by) == (LinkState.CONFIRMED, "Same office.", analyst)
    assert again.status_code == 409
    assert "Same office." in decided
    browser_of_analyst.post(url, {"decision": "reopen"})
    assert len(browser_of_analyst.get(reverse("links:notices")).context["rows"]) == 1


def test_a_notice_about_a_source_out_of_sight_is_not_there(browser_of_analyst: Client, analyst: User):
    notice = copiers(CollectionFactory(), analyst)

    assert browser_of_analyst.get(reverse("links:notices")).context["rows"] == []
    url = reverse("links:decide_notice", args=[notice.pk])
    assert browser_of_analyst.post(url, {"decision": "accept"}).status_code == 404


def test_notices_take_the_same_queries_for_one_and_three(
    browser_of_analyst: Client, collection: Collection, analyst: User, django_assert_num_queries
):
    for number in range(1, 4):
        copiers(collection, analyst)
        if number in (1, 3):
            with django_assert_num_queries(NOTICE_QUERIES):
                assert len(browser_of_analyst.get(reverse("links:notices")).context["rows"]) == number


NOTICE_QUERIES = 9


def test_a_merged_source_of_a_notice_is_shown_as_the_one_that_stands(
    browser_of_analyst: Client, collection: Collection, analyst: User
):
    notice = copiers(collection, analyst)
    standing = SourceFactory(descriptor="Editor of the bulletin")
    Source.objects.filter(pk=notice.one_id).update(merged_into=standing)

    (row,) = browser_of_analyst.get(reverse("links:notices")).context["rows"]

    assert row.one == standing
    assert len(row.answers) == 2
