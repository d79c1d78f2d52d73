"""The workbench: every write goes through claims.services, every object comes from `visible_to(user)`."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.ids import row_id
from accounts.models import User
from claims import services
from claims.errors import ClaimAlreadyDecided, ClaimChanged, ClaimError
from claims.models import Claim, ClaimState, ClaimType
from claims.models.review import Picked
from documents.models import Collection
from review import worklist
from review.course import Course, FilterForm
from review.forms import AssessForm, EditForm, chosen_source
from review.permissions import needs
from review.proposal import (
    as_entered,
    entered_words,
    find_claim,
    held_by_another,
    one_line,
    page_of,
)
from review.reader import Reader
from review.services import leases
from review.source_choice import called, options
from review.upcoming import Mode
from sources.errors import SourceError

REFUSALS = (ClaimError, SourceError, ValidationError)
KEPT = ("spans", "who", "type", "modality", "hedge", "information_date", "wording", "reason")
"""Fields that go back into the forms when a step is refused: nobody types anything twice."""
CONFLICT = 409
UNPROCESSABLE = 422
REASONS = [
    ("Not a claim", gettext_lazy("Not a claim")),
    ("Wrong source", gettext_lazy("Wrong source")),
    ("Wrong content", gettext_lazy("Wrong content")),
    ("Duplicate", gettext_lazy("Duplicate")),
    ("Cannot be checked", gettext_lazy("Cannot be checked")),
]
"""Why candidates are rejected, on the number keys: as stored (English, so that they can be counted) and as shown."""


@dataclass(frozen=True, slots=True)
class Note:
    """What the page tells the analyst about the step just taken."""

    text: str
    level: str = "done"
    """done, refused (nothing was written), conflict (somebody else was first) or held (somebody else is at it)."""
    draft: dict[str, str] | None = None
    """What the analyst had entered, kept for another try."""
    accepted: int | None = None
    """The claim just accepted, which may belong to a proposition that is there already."""

    @classmethod
    def of_refusal(cls, error: Exception, draft: dict[str, str]) -> Note:
        text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        level = "conflict" if isinstance(error, ClaimChanged | ClaimAlreadyDecided) else "refused"
        return cls(text, level, draft)


@require_GET
@never_cache
@needs("claims.view_claim")
def queue(request: HttpRequest) -> HttpResponse:
    waiting = worklist.documents_waiting(user_of(request))
    course = Course.of(request)
    return render(
        request,
        "review/queue.html",
        {
            "waiting": waiting,
            "total": worklist.waiting_count(user_of(request)),
            "steps_today": worklist.decided_today(user_of(request)),
            "may_review": user_of(request).has_perm("claims.review_claim"),
            "may_upload": user_of(request).has_perm("documents.add_document"),
            "course": course,
            "chips": course.chips(),
            "collections": Collection.objects.visible_to(user_of(request)).order_by("name"),
            "types": ClaimType.choices,
        },
    )


@require_GET
@never_cache
@needs("claims.view_claim")
def next_claim(request: HttpRequest) -> HttpResponse:
    """On to the next claim that waits: of `?document=`, after claim `?after=`, or the first of all.

    `?mode=` chooses the order, `?filters=1` with the filters which claims; both are kept until they are chosen anew.
    """
    reader = Reader.of(request)
    course = Course.of(request)
    after, document, mode = (request.GET.get(name, "") for name in ("after", "document", "mode"))
    if "filters" in request.GET:
        form = FilterForm(request.GET.dict(), reader)
        if not form.is_valid():
            for problem in form.problems:
                messages.error(request, problem)
            return redirect("review:queue")
        course = replace(course, filters=form.chosen)
    elif document:
        course = Course(Mode.DOCUMENT, {})
    if mode in Mode.values:
        course = replace(course, mode=mode)
    course.keep(request, chosen=mode in Mode.values)
    claim_id = row_id(after)
    here = find_claim(reader, claim_id) if claim_id is not None else None
    of_document = row_id(document) if "filters" not in request.GET else None
    found = course.next(reader, done=here, document_id=of_document)
    if found is None:
        messages.success(request, course.nothing_left)
        return redirect("review:queue")
    return redirect(found.address)


@require_GET
@never_cache
@needs("claims.view_claim")
def claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    return show(request, claim_id, picked=request.GET.get("queue", ""))


@require_POST
@needs("claims.review_claim")
def take_over(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Hold a claim that somebody else has before them, and go on with what was entered."""
    claim_of(request, claim_id)
    leases.take(claim_id, by=user_of(request), over=True)
    draft = entered(request)
    return show(request, claim_id, note=Note(_("You have this claim before you now. Decide it."), draft=draft or None))


@require_POST
@needs("claims.review_claim")
def hold(request: HttpRequest, claim_id: int) -> HttpResponse:
    """A sign of life from the page of a claim. 204: it is held; else words that say why it is not."""
    _seen(request, claim_id)
    if leases.keep(claim_id, by=user_of(request)):
        return HttpResponse(status=204)
    return HttpResponse(_("Somebody else has this claim before them by now, or it is decided. Load the page again."))


@require_POST
@needs("claims.review_claim")
def release(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The page of a claim was left."""
    leases.release(claim_id, by=user_of(request))
    return HttpResponse(status=204)


@require_POST
@needs("claims.review_claim")
def edit(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Correct spans, source or kind of a candidate, and stay on it."""
    found = claim_of(request, claim_id)
    form = EditForm(request.POST)
    try:
        values = valid(form)
        changes = form.changes(found)
        if values["who"]:
            changes |= chosen_source(values["who"], found, user_of(request))
        if not changes and values["expected_version"] == found.version:
            return show(request, claim_id, note=Note(_("Nothing was changed.")))
        services.edit(found, by=user_of(request), expected_version=values["expected_version"], **changes)
    except REFUSALS as error:
        return refused(request, found, error)
    return show(request, claim_id, note=Note(_("Corrected. Accept or reject it when it is right.")))


@require_POST
@needs("claims.assess_claim")
def assess(request: HttpRequest, claim_id: int) -> HttpResponse:
    found = claim_of(request, claim_id)
    form = AssessForm(request.POST)
    try:
        values = valid(form)
        services.assess_credibility(found, by=user_of(request), **values)
    except REFUSALS as error:
        return refused(request, found, error)
    return show(request, claim_id, note=Note(_("Credibility %s recorded.") % values["grade"]))


@require_GET
@never_cache
@needs("claims.review_claim")
def source_options(request: HttpRequest, claim_id: int) -> HttpResponse:
    """What the source chooser offers for the words typed so far."""
    found = claim_of(request, claim_id)
    words = one_line(request.GET.get("q", ""))[:500]
    return render(
        request, "review/_source_options.html", {"groups": options(found, words, user_of(request)), "words": words}
    )


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 -- LoginRequiredMiddleware lets nobody else in
    return request.user


def claim_of(request: HttpRequest, claim_id: int, reader: Reader | None = None) -> Claim:
    found = find_claim(reader or Reader.of(request), claim_id)
    if found is None:
        raise Http404(_("There is no such claim, or it is in a collection you cannot see."))
    return found


def _seen(request: HttpRequest, claim_id: int) -> None:
    if not Reader.of(request).claims.filter(pk=claim_id).exists():
        raise Http404(_("There is no such claim, or it is in a collection you cannot see."))


def valid(form: Form) -> dict[str, Any]:
    """The form's values. Raises ValidationError in words that name the field."""
    if not form.is_valid():
        named = [f"{name}: {error}" for name, errors in form.errors.items() for error in errors]
        raise ValidationError(named)
    return form.cleaned_data


def show(
    request: HttpRequest,
    claim_id: int,
    *,
    note: Note | None = None,
    status: int = 200,
    picked: str = Picked.DIRECT,
    reader: Reader | None = None,
    hold: bool = True,
    decided: int | None = None,
) -> HttpResponse:
    """The page of a claim, or for htmx only what changes on it.

    hold: the reader holds it from now on, if they may decide it and nobody else has it; else it stays whose it is.
    decided: the claim of the same text that will have been accepted when this page is shown.
    """
    reader = reader or Reader.of(request)
    found = claim_of(request, claim_id, reader)
    open_to_them = found.state == ClaimState.CANDIDATE and reader.may_review
    if open_to_them and hold and held_by_another(found) is None:
        leases.take(found.pk, by=reader.user)
    page = page_of(found, reader, decided=decided)
    context = {
        **page,
        "note": note,
        "held": held_by_another(found) if open_to_them else None,
        "entered": as_entered(found, page["who"], page["source_name"], note.draft if note else None),
        "entered_words": entered_words(found, note.draft) if note and note.draft else [],
        "reasons": REASONS,
        "picked": picked if picked in Picked.values else Picked.DIRECT,
    }
    swapped = bool(getattr(request, "htmx", False))
    if not swapped and request.method == "POST" and note and note.level == "done":
        messages.success(request, note.text)
        return redirect("review:claim", claim_id=found.pk)
    response = render(request, "review/_workbench.html" if swapped else "review/claim.html", context, status=status)
    if swapped and request.method == "POST":
        response["HX-Push-Url"] = reverse("review:claim", args=[found.pk])
    return response


def entered(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.POST.items() if name in KEPT}


def refused(request: HttpRequest, claim: Claim, error: Exception) -> HttpResponse:
    """The claim as it is now, what was refused and why, and what the analyst had entered."""
    kept = entered(request)
    with suppress(ValidationError):
        chosen = chosen_source(kept.get("who", ""), claim, user_of(request))
        kept["who_label"] = " ".join(called(value, user_of(request)) for value in chosen.values())
    note = Note.of_refusal(error, kept)
    return show(request, claim.pk, note=note, status=CONFLICT if note.level == "conflict" else UNPROCESSABLE)
