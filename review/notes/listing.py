"""Notes to me, from me, and all I may read; and those that wait on the front page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from claims.models import Claim, Note
from review.front.tally import Tally
from review.permissions import needs
from review.sources.views import the_user

PAGE_SIZE = 50
ON_THE_FRONT_PAGE = 4
TO_ME, FROM_ME, ALL = "to", "from", "all"
WHICH = [(TO_ME, _("To me")), (FROM_ME, _("From me")), (ALL, _("All I may read"))]
OPEN, DONE = "open", "done"
STATES = [("", _("Open and done")), (OPEN, _("Open")), (DONE, _("Done"))]


class FilterForm(forms.Form):
    """What the list is narrowed to. A value that names nothing narrows to nothing."""

    which = forms.ChoiceField(required=False, choices=WHICH)
    state = forms.ChoiceField(required=False, choices=STATES)
    before = forms.IntegerField(required=False, min_value=1)
    """Where the page begins: the id of the last note on the page before."""


@dataclass(frozen=True, slots=True)
class Row:
    note: Note
    claim: Claim
    """As the reader may see it."""
    mine: dict[str, Any] | None
    """What is said of the reader, if it is addressed to them."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Notes to somebody that are open, the newest first."""

    count: Tally
    rows: list[Row]


def waiting_for(user: User) -> Waiting:
    """Three queries, one where none waits."""
    found = Note.objects.visible_to(user).open_for(user)
    count = Tally.of(found)
    return Waiting(count, rows_of(found.order_by("-pk")[:ON_THE_FRONT_PAGE], user) if count else [])


@require_GET
@never_cache
@needs("claims.view_note")
def notes(request: HttpRequest) -> HttpResponse:
    """Newest first; what is open for the reader, where nothing else is asked. The same queries for any number."""
    user = the_user(request)
    given = request.GET.dict()
    if not given.keys() & {"which", "state"}:
        given |= {"which": TO_ME, "state": OPEN}
    form = FilterForm(given)
    found = Note.objects.visible_to(user)
    found = _narrowed(found, form.cleaned_data, user) if form.is_valid() else found.none()
    rows = rows_of(found.order_by("-pk")[: PAGE_SIZE + 1], user)
    chosen = {"which": given.get("which") or TO_ME, "state": given.get("state", "")}
    more = len(rows) > PAGE_SIZE
    context = {
        "rows": rows[:PAGE_SIZE],
        "which": WHICH,
        "states": STATES,
        "chosen": chosen,
        "after": bool(request.GET.get("before")),
        "first_query": urlencode(chosen),
        "next_query": urlencode(chosen | {"before": str(rows[PAGE_SIZE - 1].note.pk)}) if more else "",
    }
    return render(request, "review/notes/list.html", context)


def rows_of(found: Any, user: User) -> list[Row]:
    """With what a row shows. found: notes visible to the user. Two queries."""
    told = list(found.with_people())
    claims = Claim.objects.as_seen_by(user).filter(pk__in={note.claim_id for note in told})
    claims = claims.select_related("layer__document").defer(
        "search", "layer__text", "layer__furniture", "layer__segments", "layer__page_starts"
    )
    by_id = {claim.pk: claim for claim in claims}
    return [
        Row(note, by_id[note.claim_id], next((one for one in note.people if one["id"] == user.pk), None))
        for note in told
        if note.claim_id in by_id
    ]


def _narrowed(found: Any, values: dict[str, Any], user: User) -> Any:
    which, state = values["which"] or TO_ME, values["state"]
    if values["before"]:
        found = found.filter(pk__lt=values["before"])
    if which == TO_ME:
        return {OPEN: found.open_for, DONE: found.done_by}.get(state, found.to)(user)
    if which == FROM_ME:
        found = found.filter(author=user)
    return {OPEN: found.open, DONE: found.done}.get(state, found.all)()
