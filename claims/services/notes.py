"""Notes to colleagues on a claim: written, changed and taken back by their author, done with by whom they are for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from claims.errors import CannotAddress, NotAddressed, NoteChanged, NoteEmpty, NoteTooLong, NotYourNote
from claims.models import LONGEST_NOTE, Addressee, Claim, Note
from documents.models import Collection

BACKEND = "django.contrib.auth.backends.ModelBackend"
"""By whose rules people are found who have a permission: Django's own, which ours follows."""
AT_SOMEBODY = re.compile(r"(?<![\w.@+-])@(\w[\w.@+-]*)")
"""An @ and what may be a user's name, of the characters that Django allows in one."""
NO_END = ".-+@"


def colleagues(collection: Collection) -> QuerySet[User]:
    """Who can read a note on a claim of this collection, by name."""
    readers = User.objects.with_perm("claims.view_note", backend=BACKEND)
    everywhere = User.objects.with_perm("documents.view_all_collections", backend=BACKEND)
    inside = User.objects.filter(collections=collection)
    seeing = Q(pk__in=inside.values("pk")) | Q(pk__in=everywhere.values("pk"))
    return readers.filter(seeing).order_by("first_name", "last_name", "username")


@transaction.atomic
def write_note(claim: Claim, *, text: str, by: User, to: Iterable[User] = ()) -> Note:
    """Keep a note, and put it before those it is for: `to`, and whom its text calls by @name.

    Raises NoteEmpty, NoteTooLong, CannotAddress for somebody in `to` who cannot see the claim's collection. An @name of
    nobody who can is only text.
    """
    words = _checked(text)
    people = _addressed(claim, words, list(to))
    note = Note.objects.create(claim=claim, author=by, text=words)
    Addressee.objects.bulk_create(Addressee(note=note, person=person) for person in people)
    return note


@transaction.atomic
def edit_note(
    note: Note, *, by: User, text: str | None = None, to: Iterable[User] | None = None, seen: str | None = None
) -> Note:
    """Change one's own note. What is not given stays; whoever is addressed still keeps what they marked as done.

    seen: the `edit_tag` of the note as its author saw it. Raises NotYourNote, NoteChanged where it is another by now,
    and what `write_note` does.
    """
    row = _own(note, by)
    if seen is not None and row.edit_tag != seen:
        raise NoteChanged(row.pk)
    before = {addressee.person_id: addressee.person for addressee in row.addressees.select_related("person")}
    words = row.text if text is None else _checked(text)
    people = {person.pk for person in _addressed(row.claim, words, list(before.values() if to is None else to), before)}
    if words == row.text and people == before.keys():
        return row
    row.text, row.edited_at = words, timezone.now()
    row.save(update_fields=["text", "edited_at"])
    row.addressees.exclude(person__in=people).delete()
    Addressee.objects.bulk_create(Addressee(note=row, person_id=person) for person in sorted(people - before.keys()))
    return row


@transaction.atomic
def take_back_note(note: Note, *, by: User) -> None:
    """Delete one's own note. Raises NotYourNote."""
    _own(note, by).delete()


def mark_note(note: Note, *, by: User, done: bool) -> Note:
    """Done with a note that is addressed to `by`, or open again. Raises NotAddressed."""
    mine = Addressee.objects.filter(note=note, person=by)
    mine.filter(done_at__isnull=done).update(done_at=timezone.now() if done else None)
    if not mine.exists():
        raise NotAddressed(note.pk)
    return note


def _own(note: Note, by: User) -> Note:
    row = Note.objects.select_for_update(of=("self",)).select_related("claim__collection").get(pk=note.pk)
    if row.author_id != by.pk:
        raise NotYourNote(row.pk)
    return row


def _checked(text: str) -> str:
    words = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not words:
        raise NoteEmpty
    if len(words) > LONGEST_NOTE:
        raise NoteTooLong(len(words), LONGEST_NOTE)
    return words


def _addressed(claim: Claim, words: str, to: list[User], already: Iterable[int] = ()) -> list[User]:
    """Those in `to` and those called by @name. already: ids of those who were addressed when they could see it."""
    called = {name for found in AT_SOMEBODY.findall(words) for name in (found.lower(), found.lower().rstrip(NO_END))}
    if not to and not called:
        return []
    wanted = {person.pk for person in to}
    there = [
        person for person in colleagues(claim.collection) if person.pk in wanted or person.username.lower() in called
    ]
    if wanted - {*already, *(person.pk for person in there)}:
        raise CannotAddress
    return [*there, *(person for person in to if person.pk not in {one.pk for one in there})]
