"""The workbench over HTTP: who may see and do what, what a step leads to, and what a refusal keeps."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from claims.models import Claim, ClaimState, Decision, Review, Stance
from claims.models.review import Picked
from claims.services import accept, edit, reject
from documents.models import Collection
from tests.factories import (
    ClaimFactory,
    CollectionFactory,
    DocumentSourceFactory,
    ExtractionRunFactory,
    SourceFactory,
    TextLayerFactory,
    UserFactory,
)

TEXT = (
    "A source close to the cabinet stated that the talks have failed. "
    "This source added that the minister will resign. "
    "The minister denied that he will resign."
)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def claims(collection: Collection) -> list[Claim]:
    """Three candidates of one text, in reading order."""
    layer = TextLayerFactory(document__collection=collection, document__name="memo.txt", text=TEXT)
    words = [
        ("A source close to the cabinet", "stated", "the talks have failed"),
        ("This source", "added", "the minister will resign"),
        ("The minister", "denied", "he will resign"),
    ]
    run = ExtractionRunFactory(layer=layer)
    return [ClaimFactory(layer=layer, run=run, words=three, document_source__canonical=three[0]) for three in words]


def step(claim: Claim, name: str) -> str:
    return reverse(f"review:{name}", args=[claim.pk])


def seen(claim: Claim, **more: object) -> dict[str, object]:
    return {"expected_version": claim.version, "seconds": "3.5", **more}


# --- Who may see and do what ---


@pytest.mark.parametrize("name", ["queue", "next", "undo_last"])
def test_strangers_are_sent_to_the_login(client: Client, db: None, name: str):
    address = reverse(f"review:{name}")

    response = client.get(address)

    assert response.status_code == 302
    assert response["Location"] == f"{reverse('login')}?next={address}"


def test_a_viewer_reads_a_claim_and_is_told_what_to_ask_for(
    client: Client, collection: Collection, claims: list[Claim]
):
    viewer = UserFactory(groups=["viewer"])
    collection.members.add(viewer)
    client.force_login(viewer)

    page = client.get(step(claims[0], "claim"))

    assert page.status_code == 200
    assert "ask an administrator for the role “analyst”" in page.content.decode()
    assert "accept-form" not in page.content.decode()


@pytest.mark.parametrize("name", ["accept", "reject", "edit", "undo", "assess"])
def test_a_viewer_may_not_decide(client: Client, collection: Collection, claims: list[Claim], name: str):
    viewer = UserFactory(groups=["viewer"])
    collection.members.add(viewer)
    client.force_login(viewer)

    response = client.post(step(claims[0], name), seen(claims[0], reason="no"))

    assert response.status_code == 403
    assert "analyst" in response.content.decode()
    claims[0].refresh_from_db()
    assert (claims[0].state, claims[0].version) == (ClaimState.CANDIDATE, 1)


@pytest.mark.parametrize("name", ["claim", "source_options"])
def test_a_claim_of_another_collection_is_not_there(browser_of_analyst: Client, name: str):
    hidden = ClaimFactory(layer__document__collection=CollectionFactory())

    assert browser_of_analyst.get(step(hidden, name)).status_code == 404


@pytest.mark.parametrize("name", ["accept", "reject", "edit", "undo", "assess"])
def test_a_claim_of_another_collection_cannot_be_decided(browser_of_analyst: Client, name: str):
    hidden = ClaimFactory(layer__document__collection=CollectionFactory())

    response = browser_of_analyst.post(step(hidden, name), seen(hidden, reason="no"))

    assert response.status_code == 404
    assert not Review.objects.exists()


def test_an_account_without_a_role_is_told_to_ask_for_one(client: Client, db: None):
    client.force_login(UserFactory(groups=[]))

    response = client.get(reverse("review:queue"))

    assert response.status_code == 403
    assert "“viewer”" in response.content.decode()


# --- The queue ---


def test_the_queue_counts_what_waits_in_my_collections(browser_of_analyst: Client, analyst: User, claims: list[Claim]):
    ClaimFactory(layer__document__collection=CollectionFactory())
    reject(claims[0], by=analyst, reason="Not a claim")

    page = browser_of_analyst.get(reverse("review:queue"))

    assert page.context["total"] == 2
    [(document, progress)] = page.context["waiting"]
    assert document.name == "memo.txt"
    assert (progress.waiting, progress.decided, progress.percent) == (2, 1, 33)
    assert page.context["steps_today"] == 1


def test_an_empty_queue_offers_to_bring_in_documents(browser_of_analyst: Client):
    page = browser_of_analyst.get(reverse("review:queue")).content.decode()

    assert "Nothing waits for review" in page
    assert reverse("ingest:documents") in page


@pytest.mark.parametrize("documents", [1, 3])
def test_the_queue_takes_the_same_queries_for_any_number_of_documents(
    browser_of_analyst: Client, collection: Collection, django_assert_num_queries, documents: int
):
    for _ in range(documents):
        ClaimFactory(layer__document__collection=collection)

    with django_assert_num_queries(9):
        browser_of_analyst.get(reverse("review:queue"))


def test_next_goes_through_a_document_in_reading_order_then_to_what_was_passed_over(
    browser_of_analyst: Client, analyst: User, claims: list[Claim]
):
    first, second, third = claims
    other = ClaimFactory(layer__document__collection=first.layer.document.collection)

    def after(claim: Claim) -> str:
        return browser_of_analyst.get(reverse("review:next"), {"after": claim.pk})["Location"]

    def queued(claim: Claim) -> str:
        return f"{step(claim, 'claim')}?queue=direct"

    assert browser_of_analyst.get(reverse("review:next"), {"mode": "document"})["Location"] == queued(first)
    assert after(first) == queued(second)
    assert after(third) == queued(first)
    for claim in claims:
        reject(claim, by=analyst, reason="Not a claim")
    assert after(second) == queued(other)
    reject(other, by=analyst, reason="Not a claim")
    assert after(second) == reverse("review:queue")


def test_next_of_a_document_begins_with_its_first_claim_that_waits(
    browser_of_analyst: Client, collection: Collection, claims: list[Claim]
):
    elsewhere = ClaimFactory(layer__document__collection=collection)

    response = browser_of_analyst.get(reverse("review:next"), {"document": elsewhere.layer.document_id})

    assert response["Location"] == f"{step(elsewhere, 'claim')}?queue=direct"


# --- A claim's page ---


def test_a_claim_is_shown_in_its_document(browser_of_analyst: Client, claims: list[Claim]):
    page = browser_of_analyst.get(step(claims[0], "claim"))

    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    html = page.content.decode()
    assert '<mark class="lit source"' in html
    assert f'href="{step(claims[1], "claim")}"' in html
    assert page.context["place"].number == 1
    assert page.context["place"].following == claims[1]


def test_a_superseded_claim_stands_in_no_list(browser_of_analyst: Client, claims: list[Claim]):
    Claim.objects.filter(pk=claims[1].pk).update(state=ClaimState.SUPERSEDED)

    page = browser_of_analyst.get(step(claims[0], "claim"))

    dropped = browser_of_analyst.get(step(claims[1], "claim"))

    assert list(page.context["place"].claims) == [claims[0], claims[2]]
    assert dropped.context["place"].number == 2
    assert "Dropped by a newer engine" in dropped.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_a_claims_page_takes_the_same_queries_for_any_number_of_claims(
    browser_of_analyst: Client, claims: list[Claim], analyst: User, django_assert_num_queries, number: int
):
    Claim.objects.filter(pk__in=[claim.pk for claim in claims[number:]]).delete()
    for _ in range(number):
        claims[0].refresh_from_db()
        edit(claims[0], by=analyst, hedge=f"perhaps {claims[0].version}")

    with django_assert_num_queries(7):
        browser_of_analyst.get(step(claims[0], "claim"))


def test_where_else_the_document_speaks_of_the_source(browser_of_analyst: Client, claims: list[Claim]):
    source = claims[1].document_source
    source.canonical = "A source close to the cabinet"
    source.mentions = [[[0, 29]], [[65, 76]]]
    source.save()

    page = browser_of_analyst.get(step(claims[1], "claim"))

    [first] = page.context["who"].elsewhere
    assert (first.start, first.words, first.page) == (0, "A source close to the cabinet", 1)
    assert page.context["who"].named_differently


# --- Steps ---


def test_accepting_stores_wording_stance_and_time_and_shows_the_next_claim(
    browser_of_analyst: Client, analyst: User, claims: list[Claim]
):
    browser_of_analyst.get(reverse("review:next"), {"mode": "document"})
    response = browser_of_analyst.post(
        step(claims[0], "accept"),
        seen(claims[0], wording="The talks failed.", stance="denies", picked="priority"),
        headers=HTMX,
    )

    assert response.status_code == 200
    assert response["HX-Push-Url"] == step(claims[1], "claim")
    assert response.context["claim"] == claims[1]
    claims[0].refresh_from_db()
    assert claims[0].state == ClaimState.ACCEPTED
    assert claims[0].stance == Stance.DENIES
    assert claims[0].proposition.text == "The talks failed."
    review = claims[0].reviews.get()
    assert (review.decision, review.seconds, review.picked) == (Decision.ACCEPT, 3.5, Picked.PRIORITY)


def test_without_scripts_a_decision_redirects_to_the_next_claim(browser_of_analyst: Client, claims: list[Claim]):
    response = browser_of_analyst.post(step(claims[0], "accept"), seen(claims[0]))

    assert response.status_code == 302
    assert response["Location"] == f"{step(claims[1], 'claim')}?queue=direct"


def test_the_last_decision_leads_back_to_the_queue(browser_of_analyst: Client, collection: Collection):
    only = ClaimFactory(layer__document__collection=collection)

    response = browser_of_analyst.post(step(only, "reject"), seen(only, reason="Duplicate"), headers=HTMX)

    assert response["HX-Redirect"] == reverse("review:queue")
    assert "That was the last one" in browser_of_analyst.get(reverse("review:queue")).content.decode()


def test_rejecting_needs_a_reason(browser_of_analyst: Client, claims: list[Claim]):
    response = browser_of_analyst.post(step(claims[0], "reject"), seen(claims[0], reason="  "), headers=HTMX)

    assert response.status_code == 422
    assert "rejecting a claim needs a reason" in response.content.decode()
    claims[0].refresh_from_db()
    assert claims[0].state == ClaimState.CANDIDATE


def test_a_claim_nobody_said_cannot_be_accepted(browser_of_analyst: Client, claims: list[Claim]):
    Claim.objects.filter(pk=claims[0].pk).update(document_source=None)

    response = browser_of_analyst.post(step(claims[0], "accept"), seen(claims[0]), headers=HTMX)

    assert response.status_code == 422
    assert "Choose a known source or make a new one" in response.content.decode()


def test_an_edit_changes_only_what_differs(browser_of_analyst: Client, claims: list[Claim]):
    spans = {"source": claims[0].source_fragments, "content": [[42, 51]], "circumstance": []}

    response = browser_of_analyst.post(
        step(claims[0], "edit"),
        seen(claims[0], spans=json.dumps(spans), type="indirect", modality="belief", hedge=""),
        headers=HTMX,
    )

    assert response.status_code == 200
    claims[0].refresh_from_db()
    assert (claims[0].content_quote, claims[0].modality, claims[0].version) == ("the talks", "belief", 2)
    [made] = response.context["steps"]
    assert made.changed == ["Content", "modality"]


def test_an_edit_that_changes_nothing_leaves_no_step(browser_of_analyst: Client, claims: list[Claim]):
    response = browser_of_analyst.post(
        step(claims[0], "edit"), seen(claims[0], type="indirect", hedge="", spans="{}"), headers=HTMX
    )

    assert "Nothing was changed." in response.content.decode()
    assert not Review.objects.exists()


@pytest.mark.parametrize("spans", ['{"content": [[0]]}', '{"mood": []}', '{"content": [[true, 2]]}', "[]", "{", '"x"'])
def test_spans_of_another_shape_are_refused(browser_of_analyst: Client, claims: list[Claim], spans: str):
    response = browser_of_analyst.post(step(claims[0], "edit"), seen(claims[0], spans=spans), headers=HTMX)

    assert response.status_code == (200 if spans == "[]" else 422)
    assert not Review.objects.exists()


def test_a_span_outside_the_text_is_refused_in_words(browser_of_analyst: Client, claims: list[Claim]):
    response = browser_of_analyst.post(
        step(claims[0], "edit"), seen(claims[0], spans='{"content": [[5, 9999]]}'), headers=HTMX
    )

    assert response.status_code == 422
    assert "The content cannot be marked there" in response.content.decode()


def test_the_source_is_chosen_among_the_documents_the_known_ones_or_named_anew(
    browser_of_analyst: Client, analyst: User, claims: list[Claim]
):
    first, second, third = claims
    minister = DocumentSourceFactory(run=first.run, canonical="The minister")
    known = SourceFactory(created_by=analyst)

    browser_of_analyst.post(step(first, "edit"), seen(first, who=f"document:{minister.pk}"), headers=HTMX)
    browser_of_analyst.post(step(second, "edit"), seen(second, who=f"known:{known.pk}"), headers=HTMX)
    browser_of_analyst.post(step(third, "edit"), seen(third, who="new:a deputy minister"), headers=HTMX)

    for claim in claims:
        claim.refresh_from_db()
    assert first.document_source == minister
    assert second.source == known
    assert third.source.descriptor == "a deputy minister"


def test_a_source_one_cannot_see_cannot_be_chosen(browser_of_analyst: Client, claims: list[Claim]):
    hidden = SourceFactory(descriptor="somebody else's source")
    in_another = DocumentSourceFactory()

    for who in (f"known:{hidden.pk}", f"document:{in_another.pk}", "known:x", "nobody", "new: "):
        response = browser_of_analyst.post(step(claims[0], "edit"), seen(claims[0], who=who), headers=HTMX)
        assert response.status_code == 422
        assert "There is no such source" in response.content.decode()
    assert not Review.objects.exists()


def test_the_chooser_offers_the_documents_sources_known_ones_and_a_new_one(
    browser_of_analyst: Client, analyst: User, claims: list[Claim]
):
    SourceFactory(descriptor="A cabinet clerk", created_by=analyst)
    SourceFactory(descriptor="A cabinet maker of somebody else")

    page = browser_of_analyst.get(step(claims[0], "source_options"), {"q": "cabinet cl"})

    offered = {group.name: [option.label for option in group.options] for group in page.context["groups"]}
    assert offered == {
        "In this document": ["A source close to the cabinet"],
        "Known sources": ["A cabinet clerk"],
        "Somebody else": ["cabinet cl"],
    }


def test_a_stale_correction_is_refused_kept_and_can_be_saved_again(
    browser_of_analyst: Client, analyst: User, claims: list[Claim]
):
    mine = {"spans": '{"content": [[42, 51]]}', "who": "new:a clerk", "hedge": "perhaps", "type": "direct"}
    stale = seen(claims[0], **mine)
    edit(claims[0], by=UserFactory(), hedge="somebody else's")

    refused = browser_of_analyst.post(step(claims[0], "edit"), stale, headers=HTMX)

    assert refused.status_code == 409
    assert "changed by somebody else" in refused.content.decode()
    assert refused.context["entered"] == {
        **mine,
        "who_label": "a clerk",
        "modality": "fact",
        "information_date": "",
    }
    assert "data-draft" in refused.content.decode()
    again = browser_of_analyst.post(step(claims[0], "edit"), {**stale, "expected_version": 2}, headers=HTMX)
    assert again.status_code == 200
    claims[0].refresh_from_db()
    assert (claims[0].content_quote, claims[0].hedge, claims[0].source.descriptor) == (
        "the talks",
        "perhaps",
        "a clerk",
    )


def test_a_claim_decided_by_somebody_else_says_so_and_offers_the_next(browser_of_analyst: Client, claims: list[Claim]):
    accept(claims[0], by=UserFactory())

    response = browser_of_analyst.post(
        step(claims[0], "accept"), {"expected_version": 2, "wording": "My own words."}, headers=HTMX
    )

    assert response.status_code == 409
    html = response.content.decode()
    assert "already accepted" in html
    assert "My own words." in html
    assert f"{reverse('review:next')}?after={claims[0].pk}" in html


def test_a_correction_of_a_claim_decided_meanwhile_is_shown_to_be_noted(
    browser_of_analyst: Client, claims: list[Claim]
):
    accept(claims[0], by=UserFactory())
    mine = {"spans": '{"content": [[42, 51]], "cue": [[30, 36]]}', "who": "new:a clerk", "hedge": "perhaps"}

    response = browser_of_analyst.post(step(claims[0], "edit"), {"expected_version": 1, **mine}, headers=HTMX)

    assert response.status_code == 409
    assert response.context["entered_words"] == [
        ("Who said it", "a clerk"),
        ("Hedged by", "perhaps"),
        ("Content", "the talks"),
    ]


def test_undo_takes_back_my_latest_step_and_shows_its_claim(
    browser_of_analyst: Client, analyst: User, claims: list[Claim]
):
    accept(claims[0], by=analyst)
    reject(claims[1], by=analyst, reason="Duplicate")

    first = browser_of_analyst.post(reverse("review:undo_last"), {"here": claims[2].pk}, headers=HTMX)
    second = browser_of_analyst.post(reverse("review:undo_last"), {"here": claims[2].pk}, headers=HTMX)
    third = browser_of_analyst.post(reverse("review:undo_last"), {"here": claims[2].pk}, headers=HTMX)

    assert [first.context["claim"], second.context["claim"], third.context["claim"]] == [
        claims[1],
        claims[0],
        claims[2],
    ]
    assert "Undone: rejected." in first.content.decode()
    assert "no step of yours left to undo" in third.content.decode()
    assert not Claim.objects.exclude(state=ClaimState.CANDIDATE).exists()


def test_another_analysts_decision_is_undone_only_by_a_reviewer(
    client: Client, collection: Collection, analyst: User, claims: list[Claim]
):
    reviewer = UserFactory(groups=["reviewer"])
    other = UserFactory()
    collection.members.add(reviewer, other)
    accept(claims[0], by=analyst)

    client.force_login(other)
    refused = client.post(step(claims[0], "undo"), headers=HTMX)
    client.force_login(reviewer)
    done = client.post(step(claims[0], "undo"), headers=HTMX)
    nothing_left = client.post(step(claims[0], "undo"), headers=HTMX)

    assert refused.status_code == 422
    assert "another analyst" in refused.content.decode()
    assert done.context["claim"].state == ClaimState.CANDIDATE
    assert "Nothing was done to this claim" in nothing_left.content.decode()


def test_an_accepted_claim_is_f6_until_somebody_judges(browser_of_analyst: Client, analyst: User, claims: list[Claim]):
    accept(claims[0], by=analyst)

    page = browser_of_analyst.get(step(claims[0], "claim"))
    assert (page.context["claim"].reliability, page.context["claim"].credibility) == ("F", "6")
    assert page.content.decode().count("not yet judged") == 2
    judged = browser_of_analyst.post(
        step(claims[0], "assess"),
        {"grade": "2", "likelihood": "70", "confidence": "low", "basis": "Two cables."},
        headers=HTMX,
    )
    assert judged.context["claim"].credibility == "2"


def test_a_grade_without_a_basis_is_refused(browser_of_analyst: Client, analyst: User, claims: list[Claim]):
    accept(claims[0], by=analyst)

    response = browser_of_analyst.post(step(claims[0], "assess"), {"grade": "2", "basis": ""}, headers=HTMX)

    assert response.status_code == 422
    assert "needs a reason" in response.content.decode()


def test_nothing_of_a_document_is_taken_for_markup(browser_of_analyst: Client, collection: Collection):
    text = 'A <script>alert("x")</script> source stated that "<b>" & more.'
    layer = TextLayerFactory(document__collection=collection, text=text)
    claim = ClaimFactory(layer=layer, words=("source", "stated", '"<b>" & more'))

    html = browser_of_analyst.get(step(claim, "claim")).content.decode()

    assert "<script>alert" not in html
    assert "<b>" not in html.replace('<b class="grade">', "")
