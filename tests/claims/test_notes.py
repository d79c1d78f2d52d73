"""Notes to colleagues: who may write, change and read one, and what is kept from those who judge a claim blind."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError

from accounts.models import User
from claims.errors import CannotAddress, NotAddressed, NoteChanged, NoteEmpty, NoteTooLong, NotYourNote
from claims.models import LONGEST_NOTE, Claim, Note
from claims.models.second_review import Drawn, is_drawn
from claims.services import (
    accept,
    adjudicate,
    edit_note,
    mark_note,
    reject,
    take_back_note,
    write_note,
)
from claims.services.notes import colleagues
from documents.models import Collection
from tests.factories import ClaimFactory, CollectionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return UserFactory(username="ana", first_name="Ana", last_name="Lindqvist")


@pytest.fixture
def ben() -> User:
    return UserFactory(username="ben.okafor", first_name="Ben")


@pytest.fixture
def collection(ana: User, ben: User) -> Collection:
    return CollectionFactory(members=[ana, ben])


@pytest.fixture
def claim(collection: Collection) -> Claim:
    return ClaimFactory(layer__document__collection=collection)


def called(note: Note) -> set[str]:
    return set(note.addressees.values_list("person__username", flat=True))


def test_a_note_is_open_for_whom_it_addresses_until_they_are_done(claim: Claim, ana: User, ben: User):
    note = write_note(claim, text="  Whose aide is this?\r\nSee page 2. ", by=ana, to=[ben])

    assert (note.text, note.author, note.edited_at) == ("Whose aide is this?\nSee page 2.", ana, None)
    assert [*Note.objects.open_for(ben)] == [*Note.objects.to(ben)] == [note]
    mark_note(note, by=ben, done=True)
    assert (Note.objects.open_for(ben).count(), Note.objects.done_by(ben).count()) == (0, 1)
    mark_note(note, by=ben, done=False)
    assert Note.objects.open_for(ben).exists()


@pytest.mark.parametrize(
    "text", ["@ben.okafor, look.", "Ask @Ben.Okafor.", "(@ben.okafor)", "see\n@ben.okafor- and @nobody"]
)
def test_a_name_after_an_at_addresses_that_colleague(claim: Claim, ana: User, text: str):
    assert called(write_note(claim, text=text, by=ana)) == {"ben.okafor"}


@pytest.mark.parametrize("text", ["mail@ben.okafor", "ben.okafor", "@ben", "@stranger", "@ @@ @."])
def test_other_words_address_nobody(claim: Claim, ana: User, text: str):
    UserFactory(username="stranger")

    assert called(write_note(claim, text=text, by=ana)) == set()


def test_only_those_who_see_the_collection_can_be_addressed(claim: Claim, ana: User, ben: User):
    stranger, admin = UserFactory(), UserFactory(groups=["admin"])
    viewer, without_role = UserFactory(groups=["viewer"]), UserFactory(groups=[])
    gone = UserFactory(is_active=False)
    claim.collection.members.add(viewer, without_role, gone)

    assert set(colleagues(claim.collection)) == {ana, ben, admin, viewer}
    for somebody in (stranger, without_role, gone):
        with pytest.raises(CannotAddress, match=r"^Somebody it is for"):
            write_note(claim, text="Look.", by=ana, to=[ben, somebody])
    assert not Note.objects.exists()


@pytest.mark.parametrize(("text", "error"), [(" \n", NoteEmpty), ("x" * (LONGEST_NOTE + 1), NoteTooLong)])
def test_an_empty_and_an_endless_note_are_refused(claim: Claim, ana: User, text: str, error: type[Exception]):
    with pytest.raises(error):
        write_note(claim, text=text, by=ana)
    with pytest.raises(IntegrityError):
        Note.objects.create(claim=claim, author=ana, text=text)


def test_only_its_author_changes_a_note_or_takes_it_back(claim: Claim, ana: User, ben: User):
    note = write_note(claim, text="Look.", by=ana, to=[ben])

    for harm in (lambda: edit_note(note, by=ben, text="No."), lambda: take_back_note(note, by=ben)):
        with pytest.raises(NotYourNote):
            harm()
    with pytest.raises(NotAddressed):
        mark_note(note, by=ana, done=True)
    note.refresh_from_db()
    assert note.text == "Look."
    take_back_note(note, by=ana)
    assert not Note.objects.exists()


def test_an_edited_note_says_so_and_stays_done_for_who_was_done(claim: Claim, ana: User, ben: User):
    cleo = UserFactory(username="cleo")
    claim.collection.members.add(cleo)
    note = write_note(claim, text="Look.", by=ana, to=[ben])
    seen = note.edit_tag
    mark_note(note, by=ben, done=True)
    assert note.edit_tag == seen

    edited = edit_note(note, by=ana, text="Look again, @cleo.", seen=seen)

    assert edited.edited_at is not None
    assert called(note) == {"ben.okafor", "cleo"}
    assert not Note.objects.open_for(ben).exists()
    with pytest.raises(NoteChanged):
        edit_note(note, by=ana, text="Never mind.", seen=seen)
    assert called(edit_note(note, by=ana, to=[])) == {"cleo"}, "its text still calls her"


def test_somebody_addressed_who_left_the_collection_stays_addressed_and_reads_nothing(
    claim: Claim, ana: User, ben: User
):
    note = write_note(claim, text="Look.", by=ana, to=[ben])
    claim.collection.members.remove(ben)

    edit_note(note, by=ana, text="Look here.")

    assert called(note) == {"ben.okafor"}
    assert not Note.objects.visible_to(ben).exists()


def test_a_note_left_as_it_was_is_not_called_edited(claim: Claim, ana: User, ben: User):
    note = write_note(claim, text="Look.", by=ana, to=[ben])

    assert edit_note(note, by=ana, text="Look. ").edited_at is None


@pytest.mark.parametrize("share", [0.0, 0.001, 0.2, 0.5, 0.999, 1.0])
def test_the_database_draws_as_we_do(share: float, collection: Collection):
    Collection.objects.filter(pk=collection.pk).update(second_review_share=share)
    rows = Collection.objects.filter(pk=collection.pk)

    for number in range(1, 60):
        drawn = rows.annotate(claim_id=_number(number)).annotate(drawn=Drawn("claim_id", "second_review_share"))
        assert drawn.get().drawn == is_drawn(number, share)


def _number(value: int) -> object:
    from django.db.models import BigIntegerField, Value

    return Value(value, output_field=BigIntegerField())


Step = Callable[[Claim, User], object]


def test_of_a_claim_that_is_judged_blind_everybody_who_judges_reads_their_own_notes_alone(ana: User, ben: User):
    reviewer, viewer = UserFactory(groups=["reviewer"]), UserFactory(groups=["viewer"])
    collection = CollectionFactory(members=[ana, ben, reviewer, viewer], second_review_share=1.0)
    claim = ClaimFactory(layer__document__collection=collection)
    of_ana = write_note(claim, text="I would reject it, @ben.okafor.", by=ana)
    of_ben = write_note(claim, text="It seems right.", by=ben)

    def read() -> dict[str, list[int]]:
        people = {"ana": ana, "ben": ben, "reviewer": reviewer, "viewer": viewer}
        return {name: [*Note.objects.visible_to(who).values_list("pk", flat=True)] for name, who in people.items()}

    both = [of_ana.pk, of_ben.pk]
    blind = {"ana": [of_ana.pk], "ben": [of_ben.pk], "reviewer": [], "viewer": both}
    assert read() == blind, "before anybody has decided"
    accept(claim, by=ana)
    assert read() == blind, "when one has decided"
    reject(claim, by=ben, reason="Not a claim")
    assert read() == blind | {"reviewer": both}, "when two differ: the adjudicator has to know"
    adjudicate(claim, choose="first", by=reviewer, reason="As printed")
    assert read() == dict.fromkeys(blind, both), "when it is over"


def test_where_nothing_is_judged_twice_notes_are_read_at_once(claim: Claim, ana: User, ben: User):
    note = write_note(claim, text="Look.", by=ana)

    assert [*Note.objects.visible_to(ben)] == [note]
    accept(claim, by=ben)
    assert [*Note.objects.visible_to(ben)] == [note]


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_nobody_reads_notes_of_a_collection_they_may_not_see(share: float, claim: Claim, ana: User):
    Collection.objects.filter(pk=claim.collection_id).update(second_review_share=share)
    write_note(claim, text="Look.", by=ana)

    for role in ("viewer", "analyst", "reviewer"):
        assert not Note.objects.visible_to(UserFactory(groups=[role])).exists()


def test_people_come_with_their_notes_in_one_query(claim: Claim, ana: User, ben: User, django_assert_num_queries):
    for _ in range(3):
        mark_note(write_note(claim, text="Look, @ana.", by=ana, to=[ben]), by=ben, done=True)

    with django_assert_num_queries(1):
        rows = [(note.author.display_name, note.people) for note in Note.objects.with_people()]

    author, people = rows[0]
    assert (len(rows), author) == (3, "Ana Lindqvist")
    assert [(one["name"], one["username"], bool(one["done_at"])) for one in people] == [
        ("Ana Lindqvist", "ana", False),
        ("Ben", "ben.okafor", True),
    ]
