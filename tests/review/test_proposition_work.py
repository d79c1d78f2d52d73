"""What analysts do to propositions: find, reword, split, merge, put back, confirm origins, look at grades again."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from claims.models import (
    Claim,
    Discrediting,
    GradeFlag,
    IndependentOrigin,
    Outcome,
    Proposition,
    PropositionLink,
    PropositionMove,
    Stance,
)
from claims.services import assess_credibility, confirm_independence, withdraw_independence
from documents.models import Collection
from sources.models import Source
from tests.factories import ClaimFactory, CollectionFactory, SourceFactory, UserFactory
from tests.review.demo import told_by, verdict_on
from tests.review.demo_propositions import Demo, contested_proposition

DAY = date(2024, 3, 1)


@pytest.fixture
def demo(collection: Collection, analyst: User) -> Demo:
    return contested_proposition(collection, analyst=analyst, today=timezone.localdate())


@pytest.fixture
def claim(collection: Collection) -> Claim:
    source = SourceFactory(descriptor="Harbour pilot")
    return told_by(source, collection, "A pilot", "the strike is over", on=DAY, topic="Port strike")


def page(client: Client, proposition_id: int, **query: str):
    response = client.get(reverse("propositions:proposition", args=[proposition_id]), query)
    assert response.status_code == 200
    return response


def listed(client: Client, **query: str) -> list[str]:
    response = client.get(reverse("propositions:list"), query)
    assert response.status_code == 200
    return [row.proposition.text for row in response.context["page"].rows]


def no_viewer(client: Client, collection: Collection) -> None:
    viewer = UserFactory(groups=["viewer"])
    collection.members.add(viewer)
    client.force_login(viewer)


def test_reports_of_one_source_and_repeaters_are_one_origin_and_denials_are_counted_apart(
    browser_of_analyst: Client, demo: Demo
):
    response = page(browser_of_analyst, demo.proposition.pk)

    origins = response.context["origins"]
    assert origins.summary == "4 reports, 2 independent origins; denied by 1 report, 1 independent origin"
    assert [[row.claim.pk for row in group.rows] for group in origins.groups] == [
        [demo.claims[0].pk, demo.claims[1].pk, demo.claims[2].pk],
        [demo.claims[3].pk],
        [demo.claims[4].pk],
    ]
    assert [group.confirmed for group in origins.groups] == [False, True, False]
    names = {teller.key: teller.name for teller in origins.tellers}
    had_from = {(teller.name, names[thread.teller]) for teller in origins.tellers for thread in teller.had_from}
    assert had_from == {
        ("State news agency", "Officer of the Special Forces command"),
        ("The embassy's second secretary", "Officer of the Special Forces command"),
    }


def test_a_report_that_was_taken_back_is_shown_and_not_counted(browser_of_analyst: Client, claim: Claim, analyst: User):
    again = told_by(claim.source, claim.collection, "A pilot", "it was a mistake", on=DAY + timedelta(3))
    claim.repeated_by.create(claim=again, kind="retracts", state="confirmed", rule="analyst", by=analyst)

    response = page(browser_of_analyst, claim.proposition_id)

    assert response.context["origins"].summary == "No report in a collection you can see"
    assert "not counted" in response.content.decode()


def test_a_source_out_of_sight_that_a_report_was_had_from_is_not_named(
    browser_of_analyst: Client, claim: Claim, analyst: User
):
    secret = SourceFactory(descriptor="Agent ZEBRA")
    told_by(secret, CollectionFactory(), "Agent ZEBRA", "something", on=DAY)
    claim.links.create(kind="relays", origin_source=secret, state="confirmed", rule="declared", by=analyst)

    response = page(browser_of_analyst, claim.proposition_id)

    assert "ZEBRA" not in response.content.decode()
    assert [each.name for each in response.context["origins"].groups[0].rows[0].had_from] != []


def test_contradictions_stand_side_by_side_with_the_words_the_rule_found(browser_of_analyst: Client, demo: Demo):
    response = page(browser_of_analyst, demo.proposition.pk)

    (row,) = response.context["contradictions"]
    assert [[piece.text for piece in side.words if piece.kind] for side in row.sides] == [
        ["freed 573 hostages"],
        ["freed fewer than 400 hostages"],
    ]
    assert row.says == "contradicts"
    assert response.context["contested"]


def test_words_of_a_claim_out_of_sight_are_replaced_by_those_of_the_proposition(browser_of_analyst: Client, demo: Demo):
    hidden = told_by(SourceFactory(), CollectionFactory(), "Agent", "codeword GRANITE", on=DAY)
    type(demo.contradiction).objects.filter(pk=demo.contradiction.pk).update(
        other_claim=hidden, other_said="codeword GRANITE", other_spans=[[9, 16]]
    )

    html = page(browser_of_analyst, demo.proposition.pk).content.decode()

    assert "GRANITE" not in html
    assert demo.rival.text in html


def test_what_the_records_make_of_it_is_covered_until_one_has_judged_and_then_names_each_term(
    browser_of_analyst: Client, demo: Demo, analyst: User
):
    covered = page(browser_of_analyst, demo.proposition.pk).content.decode()
    shown = page(browser_of_analyst, demo.proposition.pk, weight="shown").content.decode()
    assess_credibility(demo.claims[0], grade="3", by=analyst, basis="Plausible.")
    judged = page(browser_of_analyst, demo.proposition.pk)

    assert "Covered until" in covered
    assert "-&gt;" not in covered
    assert "Officer of the Special Forces command 0.50" in shown
    assert "Covered until" not in judged.content.decode()
    weight = judged.context["weight"]
    assert {row.number for row in weight.terms if row.term.counted and not row.term.via} in ({2, 4, 5}, {3, 4, 5})
    assert {row.claim.pk for row in weight.reports} == {claim.pk for claim in demo.claims}


def test_viewers_see_the_weight_at_once_and_no_buttons(client: Client, collection: Collection, demo: Demo):
    no_viewer(client, collection)

    html = page(client, demo.proposition.pk).content.decode()

    assert "Covered until" not in html
    for words in ("Confirm its independence", "Wrong relation", "Take back", "Split", "Change them"):
        assert words not in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 3),
        ({"words": "hostages fewer"}, 1),
        ({"topic": "tiguentourine"}, 3),
        ({"topic": "elsewhere"}, 0),
        ({"state": "contested"}, 2),
        ({"state": "settled"}, 0),
        ({"state": "open"}, 3),
        ({"outcome": "true"}, 0),
        ({"outcome": "nonsense"}, 0),
        ({"state": "nonsense"}, 0),
        ({"before": "1"}, 0),
    ],
)
def test_the_list_is_narrowed(browser_of_analyst: Client, demo: Demo, query: dict[str, str], found: int):
    assert len(listed(browser_of_analyst, **query)) == found


def test_the_list_shows_reports_origins_and_denials(browser_of_analyst: Client, demo: Demo):
    rows = browser_of_analyst.get(reverse("propositions:list")).context["page"].rows

    row = next(row for row in rows if row.proposition == demo.proposition)
    assert (row.standing.reports, row.standing.independent, row.denied, row.contested) == (5, 3, 1, True)


def test_the_list_is_narrowed_by_outcome_and_collection_and_shows_nothing_of_others(
    browser_of_analyst: Client, claim: Claim, analyst: User
):
    elsewhere = CollectionFactory(members=[analyst])
    other = told_by(SourceFactory(), elsewhere, "A clerk", "the port is shut", on=DAY)
    told_by(SourceFactory(), CollectionFactory(), "A clerk", "nobody may read this", on=DAY)
    assert other.proposition is not None
    verdict_on(other.proposition, Outcome.FALSE, on=DAY, by=analyst)

    assert listed(browser_of_analyst) == ["The port is shut.", "The strike is over."]
    assert listed(browser_of_analyst, outcome="false") == ["The port is shut."]
    assert listed(browser_of_analyst, state="open") == ["The strike is over."]
    assert listed(browser_of_analyst, collection=str(elsewhere.pk)) == ["The port is shut."]


def test_the_list_takes_the_same_queries_for_one_and_three_rows(
    browser_of_analyst: Client, claim: Claim, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(MOST_QUERIES) as for_one:
        assert len(listed(browser_of_analyst)) == 1
    for number in range(2):
        told_by(SourceFactory(), claim.collection, "A pilot", f"point {number} was raised", on=DAY)
    with django_assert_num_queries(len(for_one)):
        assert len(listed(browser_of_analyst)) == 3


MOST_QUERIES = 26


def test_a_wording_and_a_topic_are_changed_and_an_empty_wording_is_refused(browser_of_analyst: Client, claim: Claim):
    url = reverse("propositions:reword", args=[claim.proposition_id])

    refused = browser_of_analyst.post(url, {"text": " ", "topic": "Harbours"})
    browser_of_analyst.post(url, {"text": "The strike has ended.", "topic": "Harbours"})

    assert refused.status_code == 422
    claim.proposition.refresh_from_db()
    assert (claim.proposition.text, claim.proposition.topic) == ("The strike has ended.", "Harbours")


def test_a_split_is_shown_before_it_is_done_and_can_be_put_back(browser_of_analyst: Client, demo: Demo):
    url = reverse("propositions:split", args=[demo.proposition.pk])
    chosen = {"claims": [str(demo.claims[3].pk)], "text": "Nearly 600 people were freed."}

    nothing = browser_of_analyst.post(url, {"text": "Nearly 600 people were freed."})
    unworded = browser_of_analyst.post(url, {"claims": chosen["claims"]})
    preview = browser_of_analyst.post(url, chosen)
    assert (nothing.status_code, unworded.status_code, preview.status_code) == (422, 422, 200)
    assert preview.context["goes"].summary == "1 report, 1 independent origin"
    assert demo.proposition.claims.count() == 5

    done = browser_of_analyst.post(url, chosen | {"confirm": "1", "reason": "Another number."})
    move = PropositionMove.objects.get()
    assert done.url == reverse("propositions:proposition", args=[move.into_id])
    assert [claim.pk for claim in move.into.claims.all()] == [demo.claims[3].pk]

    browser_of_analyst.post(reverse("propositions:undo", args=[move.pk]))
    assert demo.proposition.claims.count() == 5


def test_a_split_without_a_reason_is_refused_on_the_preview(browser_of_analyst: Client, demo: Demo):
    url = reverse("propositions:split", args=[demo.proposition.pk])
    values = {"claims": [str(demo.claims[3].pk)], "text": "Other.", "confirm": "1", "reason": " "}

    response = browser_of_analyst.post(url, values)

    assert response.status_code == 422
    assert "needs a reason" in response.content.decode()
    assert not PropositionMove.objects.exists()


def test_two_propositions_are_merged_after_a_look_at_both_and_taken_apart(browser_of_analyst: Client, demo: Demo):
    ask = reverse("propositions:merge", args=[demo.proposition.pk])
    do = reverse("propositions:merge_now", args=[demo.proposition.pk])

    found = browser_of_analyst.get(ask, {"q": "fewer hostages"})
    preview = browser_of_analyst.get(ask, {"with": demo.rival.pk})
    refused = browser_of_analyst.post(do, {"with": demo.rival.pk, "stands": demo.proposition.pk, "reason": ""})
    assert [option.pk for option in found.context["options"]] == [demo.rival.pk]
    assert preview.context["together"].summary.startswith("5 reports, 3 independent origins")
    assert refused.status_code == 422

    browser_of_analyst.post(
        do, {"with": demo.rival.pk, "stands": demo.proposition.pk, "reason": "Opposites.", "opposed": "1"}
    )
    assert list(demo.proposition.claims.order_by("pk").values_list("stance", flat=True)).count(Stance.DENIES) == 2
    browser_of_analyst.post(reverse("propositions:undo", args=[PropositionMove.objects.get().pk]))
    assert [claim.stance for claim in demo.rival.claims.all()] == [Stance.ASSERTS]


@pytest.mark.parametrize(("kind", "turned"), [("refines", False), ("refined_by", True)])
def test_two_that_stay_two_are_linked_by_hand(browser_of_analyst: Client, claim: Claim, kind: str, turned: bool):
    other = told_by(SourceFactory(), claim.collection, "A clerk", "the strike is over at pier 4", on=DAY)
    url = reverse("propositions:relate", args=[claim.proposition_id])

    response = browser_of_analyst.post(url, {"with": other.proposition_id, "kind": kind, "why": "One pier only."})

    row = PropositionLink.objects.get()
    ends = (row.proposition_id, row.other_id)
    assert (row.kind, row.state, row.why) == ("refines", "confirmed", "One pier only.")
    assert ends == (
        (other.proposition_id, claim.proposition_id) if turned else (claim.proposition_id, other.proposition_id)
    )
    assert response.url == reverse("propositions:proposition", args=[claim.proposition_id])
    assert browser_of_analyst.post(url, {"with": other.proposition_id, "kind": "likes"}).status_code == 404
    assert browser_of_analyst.post(url, {"with": claim.proposition_id, "kind": kind}).status_code == 302


def test_a_step_with_a_claim_out_of_sight_is_not_there_to_be_undone(
    browser_of_analyst: Client, demo: Demo, analyst: User
):
    browser_of_analyst.post(
        reverse("propositions:merge_now", args=[demo.proposition.pk]),
        {"with": demo.rival.pk, "stands": demo.proposition.pk, "reason": "The same."},
    )
    move = PropositionMove.objects.get()
    Collection.objects.get().members.remove(analyst)

    assert browser_of_analyst.post(reverse("propositions:undo", args=[move.pk])).status_code == 404
    move.refresh_from_db()
    assert move.undone_at is None


def test_an_origin_is_confirmed_with_a_basis_and_the_confirmation_is_withdrawn(
    browser_of_analyst: Client, claim: Claim
):
    url = reverse("propositions:confirm_independence", args=[claim.pk])

    without = browser_of_analyst.post(url, {"basis": "  "})
    browser_of_analyst.post(url, {"basis": "He saw it himself."})
    again = browser_of_analyst.post(url, {"basis": "He saw it himself."})
    row = IndependentOrigin.objects.get()
    shown = page(browser_of_analyst, claim.proposition_id).content.decode()
    browser_of_analyst.post(reverse("propositions:withdraw_independence", args=[row.pk]), {"reason": "He did not."})

    assert (without.status_code, again.status_code) == (422, 409)
    assert "1 origin confirmed as independent" in shown
    row.refresh_from_db()
    assert row.withdrawal_reason == "He did not."


def test_a_repeater_cannot_be_confirmed_and_says_why(browser_of_analyst: Client, demo: Demo):
    response = browser_of_analyst.post(
        reverse("propositions:confirm_independence", args=[demo.claims[2].pk]), {"basis": "Sure."}
    )

    assert response.status_code == 422
    assert "it repeats claim" in response.content.decode()


def graded_one(claim: Claim, analyst: User) -> IndependentOrigin:
    """The claim is graded 1, which rests on another one's independent origin."""
    backing = ClaimFactory(
        accepted=True,
        layer__document__collection=claim.collection,
        source=SourceFactory(),
        proposition=claim.proposition,
    )
    row = confirm_independence(backing, by=analyst, basis="Seen by himself.")
    assess_credibility(claim, grade="1", by=analyst, basis="Both saw it.")
    return row


def test_a_grade_that_lost_its_ground_is_listed_until_somebody_says_that_it_stands(
    browser_of_analyst: Client, claim: Claim, analyst: User
):
    row = graded_one(claim, analyst)
    url = reverse("propositions:flags")
    before = browser_of_analyst.get(url).context["rows"]
    withdraw_independence(row, by=analyst, reason="He was not there.")

    (flag,) = browser_of_analyst.get(url).context["rows"]
    browser_of_analyst.post(reverse("propositions:clear_flag", args=[flag.pk]))

    assert before == []
    assert flag.assessment.claim.said_by == claim.source
    assert GradeFlag.objects.get().cleared_by == analyst
    assert browser_of_analyst.get(url).context["rows"] == []


def test_grades_of_other_collections_are_neither_listed_nor_cleared(browser_of_analyst: Client, analyst: User):
    hidden = told_by(SourceFactory(), CollectionFactory(), "A clerk", "something else", on=DAY)
    withdraw_independence(graded_one(hidden, analyst), by=analyst, reason="He was not there.")

    assert browser_of_analyst.get(reverse("propositions:flags")).context["rows"] == []
    flag = GradeFlag.objects.get()
    assert browser_of_analyst.post(reverse("propositions:clear_flag", args=[flag.pk])).status_code == 404


def test_what_rests_on_a_claim_and_on_a_document_is_told_without_writing(browser_of_analyst: Client, demo: Demo):
    claim = demo.claims[0]
    of_claim = browser_of_analyst.get(reverse("propositions:impact_of_claim", args=[claim.pk]))
    of_document = browser_of_analyst.get(reverse("propositions:impact_of_document", args=[claim.layer.document_id]))

    assert of_claim.context["impact"].relayed == 1
    assert of_claim.context["changes"][0].proposition == demo.proposition
    assert of_document.context["impact"].claims == 1


@pytest.mark.parametrize("kind", ["claim", "document", "source"])
def test_what_is_discredited_counts_no_more_until_that_is_taken_back(
    browser_of_analyst: Client, claim: Claim, analyst: User, kind: str
):
    subject = {"claim": claim, "document": claim.layer.document, "source": claim.source}[kind]
    graded_one(claim, analyst)
    url = reverse("propositions:discredit", args=[kind, subject.pk])

    browser_of_analyst.post(url, {"reason": " "})
    assert not Discrediting.objects.exists()
    shown = browser_of_analyst.post(url, {"reason": "A forgery."}, follow=True).content.decode()
    browser_of_analyst.post(url, {"reason": "Again."})

    row = Discrediting.objects.get()
    assert "It is discredited" in shown
    assert "A forgery." in shown
    assert GradeFlag.objects.filter(assessment__claim=claim).exists()
    origins = page(browser_of_analyst, claim.proposition_id).context["origins"]
    assert origins.summary == "1 report, 1 independent origin"
    browser_of_analyst.post(reverse("propositions:believe_again", args=[row.pk]), {"reason": "It was genuine."})
    row.refresh_from_db()
    assert row.withdrawal_reason == "It was genuine."


def test_nothing_out_of_sight_is_discredited_and_nobody_without_the_role_does(
    client: Client, collection: Collection, claim: Claim, analyst: User
):
    hidden = told_by(SourceFactory(), CollectionFactory(), "A clerk", "something else", on=DAY)
    subjects = {"claim": hidden.pk, "document": hidden.layer.document_id, "source": hidden.source_id, "rumour": 1}
    client.force_login(analyst)
    for kind, pk in subjects.items():
        url = reverse("propositions:discredit", args=[kind, pk])
        assert client.post(url, {"reason": "A forgery."}).status_code == 404
    row = Discrediting.objects.create(claim=hidden, by=analyst, reason="A forgery.")
    url = reverse("propositions:believe_again", args=[row.pk])
    assert client.post(url, {"reason": "No."}).status_code == 404
    no_viewer(client, collection)
    assert client.post(reverse("propositions:discredit", args=["claim", claim.pk])).status_code == 403


@pytest.mark.parametrize("name", ["reword", "split", "merge_now", "settle"])
def test_nobody_without_the_role_changes_a_proposition(client: Client, collection: Collection, claim: Claim, name: str):
    no_viewer(client, collection)

    assert client.post(reverse(f"propositions:{name}", args=[claim.proposition_id])).status_code == 403
    assert client.post(reverse("propositions:confirm_independence", args=[claim.pk])).status_code == 403


def test_what_is_out_of_sight_is_not_there(browser_of_analyst: Client, source: Source):
    hidden = told_by(source, CollectionFactory(), "A pilot", "all is well", on=DAY)
    proposition = hidden.proposition_id

    for name in ("split", "merge", "proposition"):
        assert browser_of_analyst.get(reverse(f"propositions:{name}", args=[proposition])).status_code == 404
    for name in ("impact_of_claim",):
        assert browser_of_analyst.get(reverse(f"propositions:{name}", args=[hidden.pk])).status_code == 404
    url = reverse("propositions:confirm_independence", args=[hidden.pk])
    assert browser_of_analyst.post(url, {"basis": "I know."}).status_code == 404
    assert not Proposition.objects.filter(pk=proposition, independent_origins__isnull=False).exists()


@pytest.fixture
def source() -> Source:
    return SourceFactory(descriptor="Harbour pilot")
