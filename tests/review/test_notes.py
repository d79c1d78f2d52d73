"""Notes on the pages: beside the claim, on the front page, in their list."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from claims.models import Claim, Note
from claims.services import mark_note, write_note
from documents.models import Collection
from tests.factories import ClaimFactory, CollectionFactory, UserFactory

HTMX = {"HX-Request": "true"}
SCRIPT = "<script>alert('x')</script> & co"


@pytest.fixture
def claim(collection: Collection) -> Claim:
    return ClaimFactory(layer__document__collection=collection)


@pytest.fixture
def ben(collection: Collection) -> User:
    user = UserFactory(username="ben", first_name="Ben", last_name="Okafor")
    collection.members.add(user)
    return user


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_note_written_beside_the_claim_waits_on_the_front_page_until_done(
    browser_of_analyst: Client, analyst: User, claim: Claim, ben: User
):
    answer = browser_of_analyst.post(
        reverse("notes:write", args=[claim.pk]), {"text": f"Is it he? {SCRIPT}", "to": [ben.pk]}, headers=HTMX
    )

    assert answer.status_code == 200
    assert 'data-told="Note written, to Ben Okafor."' in answer.content.decode()
    note = Note.objects.get()
    reader = as_user(ben)
    front = words(reader, "/")
    for page in (front, words(reader, "/notes/"), words(reader, reverse("review:claim", args=[claim.pk]))):
        assert "Is it he? &lt;script&gt;" in page
        assert SCRIPT not in page
        assert "Done with it" in page
    assert f'href="/review/claims/{claim.pk}/#note-{note.pk}"' in front
    done = reader.post(reverse("notes:mark", args=[note.pk]), {"done": "1", "back": "front:front"})
    assert done.headers["Location"] == "/"
    assert "No note to you is open" in words(reader, "/")
    assert "You are done." in words(reader, "/notes/")
    assert "Is it he?" in words(reader, "/notes/?which=to&state=done")


def test_the_list_tells_to_me_from_me_and_all(browser_of_analyst: Client, analyst: User, claim: Claim, ben: User):
    to_me = write_note(claim, text="First.", by=ben, to=[analyst])
    mine = write_note(claim, text="Second.", by=analyst, to=[ben])
    mark_note(mine, by=ben, done=True)
    nobodys = write_note(claim, text="Third.", by=ben)

    def listed(query: str) -> list[int]:
        return [int(pk) for pk in re.findall(r"#note-(\d+)", words(browser_of_analyst, f"/notes/{query}"))]

    assert listed("") == [to_me.pk]
    assert listed("?which=from") == [mine.pk]
    assert listed("?which=from&state=open") == []
    assert listed("?which=all") == [nobodys.pk, mine.pk, to_me.pk]
    assert listed("?which=all&state=done") == [mine.pk]
    assert listed("?which=all&state=open") == [to_me.pk]
    assert listed(f"?which=all&before={mine.pk}") == [to_me.pk]
    assert listed("?which=nonsense") == []


def test_pages_of_the_list_follow_each_other(browser_of_analyst: Client, analyst: User, claim: Claim):
    for number in range(51):
        write_note(claim, text=f"Number {number}.", by=analyst)

    first = words(browser_of_analyst, "/notes/?which=from")

    address = re.search(r'rel="next" href="([^"]+)"', first)
    assert address is not None
    assert "Number 1." in first
    following = words(browser_of_analyst, "/notes/" + address[1].replace("&amp;", "&"))
    assert "Number 0." in following
    assert "First page" in following


def test_what_cannot_be_kept_stays_in_the_form(browser_of_analyst: Client, claim: Claim):
    stranger = UserFactory(first_name="Stranger")

    empty = browser_of_analyst.post(reverse("notes:write", args=[claim.pk]), {"text": " "}, headers=HTMX)
    closed = browser_of_analyst.post(
        reverse("notes:write", args=[claim.pk]), {"text": "Look here.", "to": [stranger.pk, "x"]}, headers=HTMX
    )

    assert (empty.status_code, closed.status_code) == (422, 422)
    assert "Write something first" in empty.content.decode()
    page = closed.content.decode()
    assert "data-writing" in page
    assert "Look here.</textarea>" in page
    assert "cannot read a note on this claim" in page
    assert stranger.first_name not in page
    assert not Note.objects.exists()


def test_an_author_changes_a_note_and_takes_it_back(browser_of_analyst: Client, analyst: User, claim: Claim, ben: User):
    note = write_note(claim, text="Look.", by=analyst, to=[ben])
    address = reverse("notes:edit", args=[note.pk])

    form = browser_of_analyst.get(address, headers=HTMX).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', form)
    assert seen is not None
    assert f'value="{ben.pk}" checked' in form
    change = {"text": "Look twice.", "to": [ben.pk], "seen": seen[1]}
    assert browser_of_analyst.post(address, change, headers=HTMX).status_code == 200
    stale = browser_of_analyst.post(address, change | {"text": "Never."}, headers=HTMX)

    assert stale.status_code == 422
    assert "You changed note" in stale.content.decode()
    note.refresh_from_db()
    assert note.text == "Look twice."
    others = as_user(ben).post(address, change, headers=HTMX)
    assert (others.status_code, "somebody else" in others.content.decode()) == (422, True)
    assert browser_of_analyst.post(reverse("notes:take_back", args=[note.pk])).status_code == 302
    assert not Note.objects.exists()


def test_a_viewer_reads_notes_and_is_done_with_them_but_writes_none(claim: Claim, analyst: User):
    viewer = UserFactory(groups=["viewer"])
    claim.collection.members.add(viewer)
    note = write_note(claim, text="For your article.", by=analyst, to=[viewer])
    client = as_user(viewer)

    page = words(client, reverse("review:claim", args=[claim.pk]))

    assert "For your article." in page
    assert "Write a note" not in page
    assert client.post(reverse("notes:write", args=[claim.pk]), {"text": "x"}).status_code == 403
    assert client.post(reverse("notes:mark", args=[note.pk]), {"done": "1"}).status_code == 302
    assert Note.objects.done_by(viewer).exists()


def test_whoever_does_not_see_the_collection_finds_nothing(claim: Claim, analyst: User, ben: User):
    note = write_note(claim, text="Look.", by=analyst, to=[ben])
    claim.collection.members.remove(ben)
    client = as_user(ben)

    statuses = {
        client.get(reverse("notes:of_claim", args=[claim.pk])).status_code,
        client.get(reverse("notes:people", args=[claim.pk])).status_code,
        client.get(reverse("notes:edit", args=[note.pk])).status_code,
        client.post(reverse("notes:write", args=[claim.pk]), {"text": "x"}).status_code,
        client.post(reverse("notes:mark", args=[note.pk]), {"done": "1"}).status_code,
        client.post(reverse("notes:take_back", args=[note.pk])).status_code,
    }

    assert statuses == {404}
    assert "Look." not in words(client, "/notes/?which=all")


def test_colleagues_are_found_by_name_and_those_chosen_stay(browser_of_analyst: Client, claim: Claim, ben: User):
    cleo = UserFactory(username="cleo", first_name="Cleo")
    claim.collection.members.add(cleo)
    UserFactory(username="benedict")

    found = words(browser_of_analyst, f"/notes/claims/{claim.pk}/people/?q=@ben&to={cleo.pk}")

    assert re.findall(r'value="(\d+)"( checked)?', found) == [(str(cleo.pk), " checked"), (str(ben.pk), "")]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_and_the_thread_take_the_same_queries_for_any_number(
    browser_of_analyst: Client, analyst: User, ben: User, rows: int, django_assert_num_queries
):
    collection = CollectionFactory(members=[analyst, ben])
    for _ in range(rows):
        claim = ClaimFactory(layer__document__collection=collection)
        for _ in range(rows):
            write_note(claim, text="Look, @ben.", by=ben, to=[analyst])

    with django_assert_num_queries(5):
        assert words(browser_of_analyst, "/notes/").count("#note-") == rows * rows
    with django_assert_num_queries(5):
        browser_of_analyst.get(reverse("notes:of_claim", args=[claim.pk]), headers=HTMX)
