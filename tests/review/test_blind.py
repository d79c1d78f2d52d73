"""Nothing a second analyst can ask for differs before and after the first decision; then an adjudicator chooses."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from claims.models import Claim, SecondReview
from claims.services import accept, adjudicate, edit, edit_note, reject, undo_last, write_note
from documents.models import Collection
from tests.factories import ClaimFactory, CollectionFactory, SourceFactory, TextLayerFactory, UserFactory

pytestmark = pytest.mark.django_db

TEXT = (
    "A source close to the cabinet stated that the talks have failed. "
    "The same source added that envoys will meet in Oran on Friday."
)
OF_NO_MEANING = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]*"|data-since="[^"]*"|"after":"\w+"')
"""Tokens; and where the feed of events is, which moves on whatever happens in whichever collection."""
PAGES = [
    "/",
    "/review/",
    "/review/next/?mode=document",
    "/review/weighed/",
    "/review/claims/{claim}/weight/",
    "/review/assignments/",
    "/review/claims/{claim}/",
    "/review/claims/{sibling}/",
    "/review/claims/{claim}/sources/?q=",
    "/review/claims/{claim}/sources/?q=liaison",
    "/review/claims/{sibling}/ahead/?layer=1&start=0",
    "/review/claims/{sibling}/sources/?q=",
    "/review/claims/{sibling}/merge/options/",
    "/decisions/",
    "/notes/",
    "/notes/?which=all",
    "/notes/claims/{claim}/",
    "/documents/",
    "/documents/{document}/",
    "/sources/",
    "/sources/?words=liaison",
    "/propositions/",
    "/propositions/claims/{claim}/meetings/",
    "/propositions/documents/{document}/impact/",
    "/links/",
    "/links/?kind=claims",
    "/analysts/{second}/",
    "/review/search/?q=talks",
    "/search/",
    "/search/?q=talks",
    "/search/?q=failed",
    "/search/?q=talks&kind=documents",
    "/search/?q=talks&state=candidate",
    "/search/?state=accepted",
    "/search/?type=direct",
    "/search/?type=indirect",
    "/search/?cue=stated",
    "/search/?source={liaison}",
    "/search/?reliability=none",
    "/search/?credibility=none",
    "/search/?outcome=none",
    "/review/agreement/",
    "/review/adjudication/",
    "/review/adjudication/{claim}/",
]
ADDRESSES = [
    "claims/",
    "claims/?state=candidate",
    "claims/?state=accepted",
    "claims/?state=rejected",
    "claims/?search=talks",
    "search/",
    "search/?q=talks",
    "search/?q=failed&state=candidate",
    "search/?source={liaison}",
    "search/?outcome=none",
    "search/?reliability=none",
    "claims/?search=failed",
    "claims/?type=direct",
    "claims/?type=indirect",
    "claims/?cue=stated",
    "claims/?source={liaison}",
    "claims/?document={document}",
    "claims/?document={document}&order=reading",
    "claims/?order=-score",
    "claims/?order=information_date",
    "claims/?order=-reported_date&state=candidate",
    "claims/{claim}/",
    "claims/{claim}/reviews/",
    "claims/{claim}/history/",
    "claims/?type=direct&search=talks",
    "events/",
    "claims/{claim}/in-document-sources/",
    "claims/{claim}/source-proposals/",
    "claims/{claim}/meetings/",
    "claims/{sibling}/",
    "claims/{sibling}/source-proposals/",
    "sources/",
    "sources/?search=liaison",
    "propositions/",
    "links/",
    "claim-links/",
    "verdicts/",
    "documents/",
    "collections/",
    "agreement/",
    "assignments/",
    "weighings/",
    "adjudications/",
    "printed-gradings/",
    "claims/{claim}/assessments/",
    "notes/",
    "notes/?claim={claim}",
]


@dataclass
class Team:
    first: User
    second: User
    reviewer: User
    collection: Collection
    claim: Claim
    sibling: Claim


@pytest.fixture
def team() -> Team:
    first, second = UserFactory(username="first", first_name="Fay"), UserFactory(username="second")
    reviewer = UserFactory(username="reviewer", groups=["reviewer"])
    collection = CollectionFactory(members=[first, second, reviewer], second_review_share=1.0)
    layer = TextLayerFactory(document__collection=collection, text=TEXT)
    claim = ClaimFactory(layer=layer)
    words = ("The same source", "added", "envoys will meet in Oran on Friday")
    sibling = ClaimFactory(layer=layer, run=claim.run, document_source=claim.document_source, words=words)
    return Team(first, second, reviewer, collection, claim, sibling)


def seen_by(user: User, team: Team, *, liaison: int = 0) -> dict[str, object]:
    """All that the user can ask for: by address its status and what it says."""
    client = Client()
    client.force_login(user)
    names = {
        "claim": team.claim.pk,
        "sibling": team.sibling.pk,
        "document": team.claim.layer.document_id,
        "second": user.pk,
        "liaison": liaison,
    }
    seen: dict[str, object] = {}
    for address in [*PAGES, *(f"/api/v1/{address}" for address in ADDRESSES)]:
        answer = client.get(address.format(**names))
        words = answer.headers.get("Location", "") or OF_NO_MEANING.sub("", answer.content.decode())
        seen[address] = (answer.status_code, answer.headers.get("ETag", ""), words)
    return seen


def changes(before: dict[str, object], after: dict[str, object]) -> dict[str, list[str]]:
    """By address what is there on one side alone."""
    return {
        address: sorted(pieces_of(was) ^ pieces_of(after[address]))[:12]
        for address, was in before.items()
        if after[address] != was
    }


def pieces_of(answer: object) -> set[str]:
    status, tag, words = answer  # type: ignore[misc]
    return {str(status), tag, *re.split(r"(?<=>)|(?<=,)", words)}


def decided_by_the_first(team: Team) -> None:
    """With all that could be told from it: other words, another source, a new wording."""
    start, _end = team.claim.content_fragments[0]
    edit(team.claim, by=team.first, spans={"content": [[start, start + 9]]}, type="direct", modality="belief")
    edit(team.claim, by=team.first, new_source="A liaison officer in Oran")
    accept(team.claim, by=team.first, wording="Negotiations broke down.", stance="denies")


@pytest.mark.no_cover
@pytest.mark.parametrize("role", ["analyst", "reviewer", "admin"])
def test_nothing_changes_for_the_second_analyst_when_the_first_has_accepted(team: Team, role: str):
    user = UserFactory(groups=[role])
    team.collection.members.add(user)
    liaison = SourceFactory(descriptor="Another liaison officer").pk
    before = seen_by(user, team, liaison=liaison)

    decided_by_the_first(team)
    liaison_of_the_first = Claim.objects.get(pk=team.claim.pk).source_id
    after = seen_by(user, team, liaison=liaison)

    told = changes(before, after)
    assert not told, json.dumps(told, indent=0)
    text = json.dumps([*after.values(), *seen_by(user, team, liaison=liaison_of_the_first or 0).values()])
    assert "liaison officer in Oran" not in text
    assert "Negotiations broke down" not in text


@pytest.mark.no_cover
def test_nothing_changes_for_the_second_analyst_when_the_first_has_rejected(team: Team):
    before = seen_by(team.second, team)

    reject(team.claim, by=team.first, reason="Cannot be checked")

    after = seen_by(team.second, team)
    told = changes(before, after)
    assert not told, json.dumps(told, indent=0)


def test_notes_tell_a_second_analyst_nothing_whenever_they_were_written(team: Team):
    early = write_note(team.claim, text="I would take the liaison officer.", by=team.first, to=[team.second])
    before = seen_by(team.second, team)

    decided_by_the_first(team)
    write_note(team.claim, text=f"Accepted, @{team.second.username}.", by=team.first)
    edit_note(early, by=team.first, text="I took the liaison officer.")

    told = changes(before, seen_by(team.second, team))
    assert not told, json.dumps(told, indent=0)
    assert "liaison officer" not in json.dumps([*before.values()])


@pytest.mark.no_cover
def test_nothing_changes_for_the_first_analyst_when_the_second_has_differed(team: Team):
    decided_by_the_first(team)
    before = seen_by(team.first, team)

    edit(team.claim, by=team.second, modality="fear")
    reject(team.claim, by=team.second, reason="Wrong source")

    after = seen_by(team.first, team)
    told = changes(before, after)
    assert not told, json.dumps(told, indent=0)


def test_the_second_sees_their_own_opinion_until_somebody_has_adjudicated(team: Team):
    decided_by_the_first(team)
    reject(team.claim, by=team.second, reason="Wrong source")
    client = Client()
    client.force_login(team.second)

    page = client.get(reverse("review:claim", args=[team.claim.pk])).content.decode()
    api = client.get(f"/api/v1/claims/{team.claim.pk}/").json()

    assert "Rejected" in page
    assert "Fay" not in page
    assert (api["state"], api["source"], api["proposition"]) == ("rejected", None, None)
    adjudicate(team.claim, choose="first", by=team.reviewer, reason="As printed")
    assert client.get(f"/api/v1/claims/{team.claim.pk}/").json()["state"] == "accepted"


def test_whoever_may_not_review_sees_what_is_in_force(team: Team):
    viewer = UserFactory(groups=["viewer"])
    team.collection.members.add(viewer)
    decided_by_the_first(team)
    client = Client()
    client.force_login(viewer)

    assert client.get(f"/api/v1/claims/{team.claim.pk}/").json()["state"] == "accepted"


def test_the_second_decides_on_the_ordinary_page_with_the_version_they_saw(team: Team):
    decided_by_the_first(team)
    client = Client()
    client.force_login(team.second)
    assert client.get("/review/next/?mode=document").headers["Location"].startswith(f"/review/claims/{team.claim.pk}/")

    form = {"expected_version": 1, "seconds": 2.5, "picked": "direct"}
    edited = client.post(f"/review/claims/{team.claim.pk}/edit/", form | {"modality": "plan"})
    assert edited.status_code == 302
    stale = client.post(f"/review/claims/{team.claim.pk}/accept/", form)
    assert stale.status_code == 409
    decided = client.post(f"/review/claims/{team.claim.pk}/accept/", form | {"expected_version": 2})

    assert decided.headers["Location"].startswith(f"/review/claims/{team.sibling.pk}/")
    row = SecondReview.objects.get(claim=team.claim)
    assert (row.analyst, row.second["modality"], row.state) == (team.second, "plan", "differs")
    assert Claim.objects.get(pk=team.claim.pk).modality == "belief"


def test_the_adjudicated_result_is_what_the_api_serves(team: Team):
    decided_by_the_first(team)
    edit(team.claim, by=team.second, modality="fear", new_source="The minister")
    accept(team.claim, by=team.second, wording="The talks are over.")
    viewer = UserFactory(groups=["viewer"])
    team.collection.members.add(viewer)
    clients = [Client() for _ in range(4)]
    for client, user in zip(clients, [viewer, team.first, team.second, team.reviewer], strict=True):
        client.force_login(user)

    adjudicate(team.claim, choose="second", by=team.reviewer, reason="As the text has it")

    served = [client.get(f"/api/v1/claims/{team.claim.pk}/").json() for client in clients]
    for claim in served:
        assert (claim["state"], claim["modality"], claim["type"]) == ("accepted", "fear", "indirect")
        assert claim["source"]["descriptor"] == "The minister"
        assert claim["stance"] == "asserts"
        assert claim["spans"]["content"]["quote"] == "the talks have failed"
    undo_last(by=team.reviewer)
    back = clients[0].get(f"/api/v1/claims/{team.claim.pk}/").json()
    assert (back["modality"], back["source"]["descriptor"]) == ("belief", "A liaison officer in Oran")


def differing(team: Team) -> None:
    decided_by_the_first(team)
    edit(team.claim, by=team.second, modality="fear", type="mixed")
    accept(team.claim, by=team.second)


def test_a_reviewer_adjudicates_on_a_page_that_lights_up_what_differs(team: Team):
    differing(team)
    client = Client()
    client.force_login(team.reviewer)

    listed = client.get("/review/adjudication/").content.decode()
    page = client.get(f"/review/adjudication/{team.claim.pk}/").content.decode()

    assert "who said it, content, type, modality, stance" in listed
    assert page.count('class="lit content"') + page.count("lit content") >= 2
    assert "A liaison officer in Oran" in page
    differ = re.findall(r'<div class="role (\w+) differs">', page)
    assert {"content", "who", "kind", "says"} <= set(differ)
    assert not {"source", "cue"} & set(differ)
    chosen = client.post(
        f"/review/adjudication/{team.claim.pk}/choose/", {"choose": "second", "reason": ["By our rules", ""]}
    )
    assert chosen.headers["Location"] == "/review/adjudication/"
    assert Claim.objects.get(pk=team.claim.pk).type == "mixed"
    undone = client.post("/review/adjudication/undo/")
    assert undone.headers["Location"] == f"/review/adjudication/{team.claim.pk}/"
    assert Claim.objects.get(pk=team.claim.pk).type == "direct"


def test_a_choice_without_a_reason_is_refused(team: Team):
    differing(team)
    client = Client()
    client.force_login(team.reviewer)

    answer = client.post(f"/review/adjudication/{team.claim.pk}/choose/", {"choose": "first", "reason": " "})

    assert answer.status_code == 422
    assert "needs a reason" in answer.content.decode()


def test_a_third_version_is_worded_on_the_claims_own_page(team: Team):
    differing(team)
    client = Client()
    client.force_login(team.reviewer)

    opened = client.post(f"/review/adjudication/{team.claim.pk}/choose/", {"choose": "third", "reason": "Both are off"})
    assert opened.headers["Location"] == f"/review/claims/{team.claim.pk}/"
    page = client.get(opened.headers["Location"]).content.decode()
    assert "third version" in page
    version = re.search(r'name="expected_version" value="(\d+)"', page)
    assert version is not None
    client.post(f"/review/claims/{team.claim.pk}/accept/", {"expected_version": version[1], "stance": "asserts"})

    claim = Claim.objects.get(pk=team.claim.pk)
    assert (claim.type, claim.stance) == ("mixed", "asserts")
    assert SecondReview.objects.get(claim=claim).state == "adjudicated"


def test_adjudicating_and_agreement_are_for_reviewers_and_not_for_a_party(team: Team):
    differing(team)
    analyst, party = Client(), Client()
    analyst.force_login(team.second)
    team.first.groups.set(team.reviewer.groups.all())
    party.force_login(User.objects.get(pk=team.first.pk))

    assert [analyst.get(f"/review/{page}/").status_code for page in ("adjudication", "agreement")] == [403, 403]
    assert party.get(f"/review/adjudication/{team.claim.pk}/").status_code == 403
    assert "Nothing waits" in party.get("/review/adjudication/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_adjudications_takes_the_same_queries_for_any_number(
    team: Team, django_assert_num_queries: DjangoAssertNumQueries, rows: int
):
    for _ in range(rows):
        claim = ClaimFactory(layer__document__collection=team.collection)
        accept(claim, by=team.first)
        reject(claim, by=team.second, reason="Not a claim")
    client = Client()
    client.force_login(team.reviewer)

    with django_assert_num_queries(4):
        assert client.get("/review/adjudication/").content.decode().count('<tr><th scope="row">') == rows
