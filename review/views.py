"""The workbench: every write goes through claims.services, every object comes from `visible_to(user)`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.ids import row_id
from accounts.models import User
from claims import services
from claims.errors import ClaimAlreadyDecided, ClaimChanged, ClaimError
from claims.models import Claim, ClaimState, ClaimType, Decision, Review
from claims.models.review import Picked
from documents.models import Collection
from review import worklist
from review.course import Course, FilterForm
from review.forms import AcceptForm, AssessForm, EditForm, RejectForm, chosen_source
from review.permissions import needs
from review.proposal import (
    as_entered,
    entered_words,
    find_claim,
    held_by_another,
    latest_step,
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
        messages.success(request, _nothing_left(course))
        return redirect("review:queue")
    return redirect(found.address)


@require_GET
@never_cache
@needs("claims.view_claim")
def claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    return show(request, claim_id, picked=request.GET.get("queue", ""))


@require_GET
@never_cache
@needs("claims.review_claim")
def ahead(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The page of the claim that comes when this one is decided, asked for while the analyst still reads.

    It stays free for everybody: the decision holds it, if it is still what it was (`_go_on`). 204: none comes.
    `?layer=` and `?start=` say where this claim stands, so that it need not be looked up, `?picked=` how it was picked.
    """
    layer, start = (row_id(request.GET.get(name, "")) for name in ("layer", "start"))
    if layer is None or start is None:
        return HttpResponse(status=204)
    reader = Reader.of(request)
    here = Claim(pk=claim_id, layer_id=layer, start=start)
    following = Course.of(request).next(reader, done=here, hold=False)
    if following is None:
        return HttpResponse(status=204)
    return show(request, following.claim_id, picked=following.picked, reader=reader, hold=False, decided=claim_id)


@require_POST
@needs("claims.review_claim")
def accept(request: HttpRequest, claim_id: int) -> HttpResponse:
    return _decide(request, claim_id, services.accept, AcceptForm(request.POST))


@require_POST
@needs("claims.review_claim")
def reject(request: HttpRequest, claim_id: int) -> HttpResponse:
    return _decide(request, claim_id, services.reject, RejectForm(request.POST))


@require_POST
@needs("claims.review_claim")
def take_over(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Hold a claim that somebody else has before them, and go on with what was entered."""
    claim_of(request, claim_id)
    leases.take(claim_id, by=user_of(request), over=True)
    draft = _entered(request)
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
@needs("claims.review_claim")
def undo(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Undo the latest step on one claim."""
    found = claim_of(request, claim_id)
    latest = latest_step(found, user_of(request))
    if latest is None:
        return show(request, claim_id, note=Note(_("Nothing was done to this claim that could be undone."), "refused"))
    try:
        services.undo(latest, by=user_of(request))
    except REFUSALS as error:
        return refused(request, found, error)
    return _after_undo(request, claim_id, Note(undid(latest)))


@require_POST
@needs("claims.review_claim")
def undo_last(request: HttpRequest) -> HttpResponse:
    """Undo the analyst's own latest step, whichever claim it was on, and show that claim."""
    try:
        step = services.undo_last(by=user_of(request), among=Review.objects.visible_to(user_of(request)))
    except ClaimError as error:
        here = row_id(request.POST.get("here", ""))
        if here is not None:
            return show(request, here, note=Note(str(error), "refused"))
        messages.warning(request, str(error))
        return redirect("review:queue")
    undone = step.undoes
    assert undone is not None  # noqa: S101 -- the database holds that an undo names what it undoes
    return _after_undo(request, step.claim_id, Note(undid(undone)))


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


def _decide(
    request: HttpRequest, claim_id: int, service: Callable[..., Review], form: AcceptForm | RejectForm
) -> HttpResponse:
    """Take the step and go on to the next claim, in few queries: this is what analysts do all day."""
    reader = Reader.of(request)
    try:
        values = valid(form)
        step = service(Claim(pk=claim_id), by=reader.user, among=reader.free, **values)
    except Claim.DoesNotExist:
        return _held(request, claim_id, reader)
    except REFUSALS as error:
        return refused(request, claim_of(request, claim_id, reader), error)
    done = step.claim
    if step.decision == Decision.ACCEPT:
        return _go_on(request, done, Note(_("Accepted: %s") % _short(done), accepted=done.pk), reader)
    return _go_on(request, done, Note(_("Rejected: %s") % _short(done)), reader)


def _go_on(request: HttpRequest, done: Claim, note: Note, reader: Reader | None = None) -> HttpResponse:
    """After a decision: the next claim that waits, or the queue when none does."""
    reader = reader or Reader.of(request)
    course = Course.of(request)
    swapped = bool(getattr(request, "htmx", False))
    foreseen, version = (row_id(request.POST.get(name, "")) for name in ("ahead", "ahead_version"))
    if swapped and foreseen and version and course.go_on_with(reader, foreseen, version):
        return _taken(request, done, note, foreseen)
    following = course.next(reader, done=done)
    if following is not None and swapped:
        return show(request, following.claim_id, note=note, picked=following.picked, reader=reader, hold=False)
    messages.success(request, note.text)
    if following is not None:
        return redirect(following.address)
    last = _("That was the last one: nothing is waiting for review.")
    messages.success(request, _nothing_left(course) if course.filters else last)
    if swapped:
        return HttpResponse(headers={"HX-Redirect": reverse("review:queue")})
    return redirect("review:queue")


def _taken(request: HttpRequest, done: Claim, note: Note, following: int) -> HttpResponse:
    """What the page ahead lacks, when that is what the analyst goes on with: what became of the claim just decided."""
    context = {"done": done, "accepted": ClaimState.ACCEPTED, "note": note, "may_review": True}
    response = render(request, "review/_taken.html", context)
    response["HX-Push-Url"] = reverse("review:claim", args=[following])
    response["Hearsay-Ahead"] = str(following)
    return response


def _after_undo(request: HttpRequest, claim_id: int, note: Note) -> HttpResponse:
    """The claim as it was before; where that is nothing, because it was added, the one that comes after its place."""
    gone = Claim.objects.filter(pk=claim_id, state__in=[ClaimState.WITHDRAWN, ClaimState.SUPERSEDED]).first()
    return _go_on(request, gone, note) if gone else show(request, claim_id, note=note)


def _nothing_left(course: Course) -> str:
    if course.filters:
        return _("Nothing that waits fits what you narrowed the queue to. Take a filter away to go on.")
    return _("Nothing is waiting for review.")


def _entered(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.POST.items() if name in KEPT}


def _held(request: HttpRequest, claim_id: int, reader: Reader) -> HttpResponse:
    """Somebody else has the claim before them: it is taken over or left. 404: it is not theirs to see."""
    claim_of(request, claim_id, reader)
    note = Note(_("Nothing was saved: somebody else has this claim before them."), "held", _entered(request))
    return show(request, claim_id, note=note, status=CONFLICT, reader=reader)


def refused(request: HttpRequest, claim: Claim, error: Exception) -> HttpResponse:
    """The claim as it is now, what was refused and why, and what the analyst had entered."""
    entered = _entered(request)
    with suppress(ValidationError):
        chosen = chosen_source(entered.get("who", ""), claim, user_of(request))
        entered["who_label"] = " ".join(called(value, user_of(request)) for value in chosen.values())
    note = Note.of_refusal(error, entered)
    return show(request, claim.pk, note=note, status=CONFLICT if note.level == "conflict" else UNPROCESSABLE)


def _short(claim: Claim) -> str:
    return Truncator(claim.wording).chars(90)


def undid(review: Review) -> str:
    return _("Undone: %s.") % review.get_decision_display().lower()
