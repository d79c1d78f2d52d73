"""Who has which documents: giving them out and taking them back, and how far everybody is."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.models import User
from claims.models import Claim
from claims.services import reject
from documents.models import Collection, Document
from review.models import Assignment
from review.services.assignments import assign, assign_all
from tests.factories import ClaimFactory, CollectionFactory, UserFactory

LIST, CHANGE = "/review/assignments/", "/review/assignments/change/"


@pytest.fixture
def ben(collection: Collection) -> User:
    user = UserFactory(username="ben", first_name="Ben")
    collection.members.add(user)
    return user


@pytest.fixture
def reviewer(client: Client, collection: Collection) -> User:
    user = UserFactory(groups=["reviewer"])
    collection.members.add(user)
    client.force_login(user)
    return user


@pytest.fixture
def claims(collection: Collection) -> list[Claim]:
    """Each in a document of its own."""
    return [ClaimFactory(layer__document__collection=collection) for _ in range(3)]


def documents_of(claims: list[Claim]) -> list[Document]:
    return [claim.layer.document for claim in claims]


def has(holder: User | Group) -> set[int]:
    whom = {"person": holder} if isinstance(holder, User) else {"team": holder}
    return set(Assignment.objects.filter(**whom).values_list("document", flat=True))


def test_a_reviewer_gives_ticked_documents_to_somebody_and_takes_one_back(
    client: Client, reviewer: User, ben: User, claims: list[Claim]
):
    first, second, third = documents_of(claims)
    assign(first, to=ben, by=reviewer)

    to = {"to": f"person:{ben.pk}"}
    given = client.post(CHANGE, to | {"document": [first.pk, second.pk, third.pk], "give": ""}, follow=True)
    assert has(ben) == {first.pk, second.pk, third.pk}
    assert "2 documents given to Ben." in given.content.decode()
    assert "Ben had 1 of them already." in given.content.decode()

    taken = client.post(CHANGE, to | {"document": [second.pk], "take": ""}, follow=True)
    assert has(ben) == {first.pk, third.pk}
    assert "1 document taken from Ben." in taken.content.decode()


def test_all_that_fit_are_given_to_a_team_and_nothing_else(
    client: Client, reviewer: User, ben: User, claims: list[Claim]
):
    team = Group.objects.create(name="Maghreb desk")
    ben.groups.add(team)
    for number, document in enumerate(documents_of(claims)):
        Document.objects.filter(pk=document.pk).update(title="Cable" if number else "Memo")
    hidden = ClaimFactory(layer__document__title="Cable")

    answer = client.post(CHANGE, {"to": f"team:{team.pk}", "all": "on", "words": "cable", "give": ""})

    assert answer["Location"] == f"{LIST}?words=cable"
    assert has(team) == {document.pk for document in documents_of(claims[1:])}
    assert hidden.layer.document_id not in has(team)
    assert Assignment.objects.of(ben).count() == 2


def test_nobody_is_given_what_they_may_not_see(client: Client, reviewer: User, ben: User, claims: list[Claim]):
    other = CollectionFactory(members=[reviewer])
    unseen = ClaimFactory(layer__document__collection=other).layer.document
    first = claims[0].layer.document

    answer = client.post(CHANGE, {"to": f"person:{ben.pk}", "document": [first.pk, unseen.pk], "give": ""}, follow=True)

    assert has(ben) == {first.pk}
    assert "1 is in a collection that Ben may not see" in answer.content.decode()


def test_an_analyst_takes_documents_for_themselves_but_gives_none_to_others(
    browser_of_analyst: Client, analyst: User, ben: User, claims: list[Claim]
):
    document = claims[0].layer.document
    ticked = {"document": [document.pk], "give": ""}

    assert browser_of_analyst.post(CHANGE, ticked | {"to": f"person:{ben.pk}"}).status_code == 403
    browser_of_analyst.post(CHANGE, ticked | {"to": f"person:{analyst.pk}"})

    assert (has(ben), has(analyst)) == (set(), {document.pk})


def test_a_viewer_sees_who_has_what_and_changes_nothing(client: Client, collection: Collection, claims: list[Claim]):
    viewer = UserFactory(groups=["viewer"])
    collection.members.add(viewer)
    client.force_login(viewer)

    assert "Take them" not in client.get(LIST).content.decode()
    answer = client.post(CHANGE, {"to": f"person:{viewer.pk}", "document": [claims[0].layer.document_id]})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("posted", "says"),
    [
        ({"to": "person:0", "document": ["1"]}, "Choose to whom first."),
        ({"to": "nonsense", "all": "on"}, "Choose to whom first."),
        ({"document": ["x", "9" * 30]}, "Tick one or more documents first."),
        ({"all": "on", "given": "x:y"}, "Tick one or more documents first."),
    ],
)
def test_what_makes_no_sense_changes_nothing_and_says_so(
    client: Client, reviewer: User, claims: list[Claim], posted: dict[str, object], says: str
):
    answer = client.post(CHANGE, {"to": f"person:{reviewer.pk}", **posted}, follow=True)

    assert says in answer.content.decode()
    assert not Assignment.objects.exists()


def test_the_page_says_who_has_what_and_how_far_they_are(
    client: Client, reviewer: User, ben: User, claims: list[Claim]
):
    for document in documents_of(claims)[:2]:
        assign(document, to=ben, by=reviewer)
    reject(claims[0], by=ben, reason="Duplicate")

    context = client.get(LIST).context

    [share] = context["shares"]
    assert (share.name, share.documents, share.finished, share.waiting) == ("Ben", 2, 1, 1)
    assert context["total"] == 3
    for given, wanted in {f"person:{ben.pk}": claims[:2], "nobody": claims[2:], "me": []}.items():
        rows = client.get(LIST, {"given": given}).context["rows"]
        assert {row.document.pk for row in rows} == {document.pk for document in documents_of(wanted)}


def test_the_page_takes_the_same_queries_for_one_document_and_for_three(
    client: Client, reviewer: User, ben: User, claims: list[Claim], django_assert_max_num_queries
):
    taken = []
    for document in documents_of(claims):
        assign(document, to=ben, by=reviewer)
        assign(document, to=UserFactory(), by=reviewer)
        with django_assert_max_num_queries(14) as asked:
            client.get(LIST, {"given": f"person:{ben.pk}"})
        taken.append(len(asked))

    assert taken == [taken[0]] * 3


def test_the_front_page_shows_what_was_given_to_me_and_the_queue_starts_there(
    browser_of_analyst: Client, analyst: User, ben: User, claims: list[Claim]
):
    _first, second, third = documents_of(claims)
    assign_all(Document.objects.filter(pk__in=[second.pk, third.pk]), to=analyst, by=ben)
    reject(claims[1], by=ben, reason="Duplicate")

    page = browser_of_analyst.get(reverse("front:front"))

    given = page.context["given"]
    assert (given.total, given.finished, [document for document, _ in given.rows]) == (2, 1, [third])
    assert f"{reverse('review:next')}?document={third.pk}" in page.content.decode()
    following = browser_of_analyst.get(reverse("review:next"), {"filters": 1, "given": "me", "mode": "document"})
    assert following["Location"].startswith(reverse("review:claim", args=[claims[2].pk]))


def test_the_queue_is_narrowed_to_what_was_given_to_nobody(
    browser_of_analyst: Client, analyst: User, ben: User, claims: list[Claim]
):
    for claim in claims[:2]:
        assign(claim.layer.document, to=ben, by=analyst)

    following = browser_of_analyst.get(reverse("review:next"), {"filters": 1, "given": "nobody", "mode": "document"})

    assert following["Location"].startswith(reverse("review:claim", args=[claims[2].pk]))
    assert "Documents given to nobody" in browser_of_analyst.get(reverse("review:queue")).content.decode()


def test_an_administrator_makes_a_team_in_the_records_and_sees_no_roles_there(client: Client, db: None):
    client.force_login(UserFactory(groups=["admin"], is_staff=True))
    made = client.post(reverse("admin:auth_group_add"), {"name": "Maghreb desk"})
    page = client.get(reverse("admin:auth_group_changelist"))

    assert made.status_code == 302
    assert [team.name for team in page.context["cl"].result_list] == ["Maghreb desk"]
    role = Group.objects.get(name="analyst")
    assert client.get(reverse("admin:auth_group_change", args=[role.pk])).status_code == 302
