"""The notes on one claim: read, written, changed and done with, beside the claim."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.ids import row_ids
from accounts.models import User
from claims import services
from claims.errors import CannotAddress, ClaimError
from claims.models import LONGEST_NOTE, Claim, Note
from claims.services.notes import colleagues
from documents.models import Collection
from review.permissions import needs
from review.sources.views import the_user

UNPROCESSABLE = 422
PEOPLE_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the form: a note to be changed, or one that was refused."""

    text: str
    to: list[User]
    note: Note | None = None
    problem: str = ""

    @property
    def seen(self) -> str:
        return self.note.edit_tag if self.note else ""


@dataclass(frozen=True, slots=True)
class Told:
    """One note of a thread. mine: of `people`, what is said of the reader."""

    id: int
    author_id: int
    author: str
    text: str
    at: datetime
    edited_at: datetime | None
    people: list[dict[str, Any]]
    mine: dict[str, Any] | None


def notes_on_claim(user: User) -> ArraySubquery:
    """For a query of claims that the user sees: the notes on each that they may read, for `thread`."""
    return ArraySubquery(Note.objects.told_to(user).filter(claim=OuterRef("pk")).as_rows())


def thread(rows: Iterable[dict[str, Any]], user: User) -> list[Told]:
    """Notes as `NoteQuerySet.as_rows` gives them, for the eyes of the user."""
    return [
        Told(
            **row
            | {
                "at": datetime.fromisoformat(row["at"]),
                "edited_at": datetime.fromisoformat(row["edited_at"]) if row["edited_at"] else None,
                "mine": next((one for one in row["people"] if one["id"] == user.pk), None),
            }
        )
        for row in rows
    ]


def context_of(rows: Iterable[dict[str, Any]], collection: Collection, user: User) -> dict[str, Any]:
    """What the notes on a claim's page are shown with. collection: the claim's."""
    return {
        "notes": thread(rows, user),
        "some_judged_twice": collection.second_review_share > 0,
        "may_write_notes": user.has_perm("claims.add_note"),
        "longest_note": LONGEST_NOTE,
    }


@require_GET
@never_cache
@needs("claims.view_note")
def notes_of_claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    return _shown(request, _claim(request, claim_id))


@require_POST
@needs("claims.add_note")
def write(request: HttpRequest, claim_id: int) -> HttpResponse:
    claim, user = _claim(request, claim_id), the_user(request)
    text, to, all_there = _given(request, claim)
    try:
        if not all_there:
            raise CannotAddress
        note = services.write_note(claim, text=text, to=to, by=user)
    except ClaimError as error:
        return _shown(request, claim, writing=Written(text, to, problem=str(error)))
    names = [addressee.person.display_name for addressee in note.addressees.select_related("person")]
    told = _("Note written, to %s.") % ", ".join(names) if names else _("Note written. It is addressed to nobody.")
    return _shown(request, claim, told=told)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs("claims.add_note")
def edit(request: HttpRequest, note_id: int) -> HttpResponse:
    """GET: the thread with the note in the form. POST: change it."""
    note, user = _note(request, note_id), the_user(request)
    told = [addressee.person for addressee in note.addressees.select_related("person")]
    if request.method != "POST":
        return _shown(request, note.claim, writing=Written(note.text, told, note))
    text, to, all_there = _given(request, note.claim, told)
    try:
        if not all_there:
            raise CannotAddress
        services.edit_note(note, by=user, text=text, to=to, seen=request.POST.get("seen"))
    except ClaimError as error:
        return _shown(request, note.claim, writing=Written(text, to, note, problem=str(error)))
    return _shown(request, note.claim, told=_("Note changed."))


@require_POST
@needs("claims.add_note")
def take_back(request: HttpRequest, note_id: int) -> HttpResponse:
    return _changed(request, note_id, services.take_back_note, _("The note is taken back."))


@require_POST
@needs("claims.view_note")
def mark(request: HttpRequest, note_id: int) -> HttpResponse:
    """`done=1`: done with it; else open again."""
    done = request.POST.get("done") == "1"

    def marked(note: Note, *, by: User) -> None:
        services.mark_note(note, by=by, done=done)

    return _changed(request, note_id, marked, _("Note marked as done.") if done else _("The note is open again."))


@require_GET
@never_cache
@needs("claims.add_note")
def people(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Whom a note can be for, by the words typed; those chosen already stay."""
    claim = _claim(request, claim_id)
    words = request.GET.get("q", "").replace("\0", " ").removeprefix("@").split()[:5]
    chosen = row_ids(request.GET.getlist("to"))
    there = colleagues(claim.collection).exclude(pk=the_user(request).pk)
    found = there.exclude(pk__in=chosen)
    for word in words:
        named = Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(username__icontains=word)
        found = found.filter(named)
    others = list(found[: PEOPLE_SHOWN + 1])
    first = list(there.filter(pk__in=chosen)) if chosen else []
    context = {"people": [(person, person in first) for person in [*first, *others[:PEOPLE_SHOWN]]]}
    return render(request, "review/notes/_people.html", context | {"more": len(others) > PEOPLE_SHOWN, "words": words})


def _changed(request: HttpRequest, note_id: int, step: Callable[..., object], told: str) -> HttpResponse:
    note = _note(request, note_id)
    try:
        step(note, by=the_user(request))
    except ClaimError as error:
        messages.error(request, str(error))
        return _shown(request, note.claim, status=UNPROCESSABLE)
    return _shown(request, note.claim, told=told)


def _shown(
    request: HttpRequest, claim: Claim, *, writing: Written | None = None, told: str = "", status: int = 200
) -> HttpResponse:
    """The thread anew; without htmx the page that the reader came from, the claim's where they came from none of ours.

    writing: the form is open with it. told: what was done, for a screen reader.
    """
    if not getattr(request, "htmx", False):
        if writing and writing.problem:
            messages.error(request, writing.problem)
        elif told:
            messages.success(request, told)
        pages = {name: reverse(name) for name in ("notes:list", "front:front")}
        page = pages.get(request.POST.get("back", ""), reverse("review:claim", args=[claim.pk]) + "#notes")
        return redirect(page)
    user = the_user(request)
    rows = Note.objects.told_to(user).filter(claim=claim).as_rows().values_list("told", flat=True)
    context = {"claim": claim, "alone": True, "writing": writing, "told": told}
    context |= context_of(rows, claim.collection, user)
    if writing and writing.problem:
        status = UNPROCESSABLE
    return render(request, "review/notes/_thread.html", context, status=status)


def _given(request: HttpRequest, claim: Claim, told: Iterable[User] = ()) -> tuple[str, list[User], bool]:
    """The text, whom it is for, and whether these are all that were chosen.

    told: whom it is for already. Whoever else cannot read the note is not looked up: not even their name may be told.
    """
    wanted = row_ids(request.POST.getlist("to"))
    there = {person.pk: person for person in told if person.pk in wanted}
    if wanted - there.keys():
        there |= {person.pk: person for person in colleagues(claim.collection).filter(pk__in=wanted)}
    return request.POST.get("text", ""), list(there.values()), there.keys() == wanted


def _claim(request: HttpRequest, claim_id: int) -> Claim:
    seen = Collection.objects.ids_visible_to(the_user(request))
    found = Claim.objects.select_related("collection").defer("search").filter(collection__in=seen, pk=claim_id).first()
    if found is None:
        raise Http404(_("There is no such claim, or it is in a collection you cannot see."))
    return found


def _note(request: HttpRequest, note_id: int) -> Note:
    seen = Note.objects.visible_to(the_user(request)).select_related("claim__collection").defer("claim__search")
    found = seen.filter(pk=note_id).first()
    if found is None:
        raise Http404(_("There is no such note, or you cannot see it."))
    return found
