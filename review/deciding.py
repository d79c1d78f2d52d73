"""Deciding one claim and going on with the next: what analysts do all day, in few queries."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.ids import row_id
from claims import services
from claims.errors import ClaimError
from claims.models import Claim, ClaimState, Decision, Review
from review.course import Course
from review.forms import AcceptForm, RejectForm
from review.permissions import needs
from review.proposal import decided_words, latest_step
from review.reader import Reader
from review.views import CONFLICT, REFUSALS, Note, claim_of, entered, refused, show, user_of, valid


@require_GET
@never_cache
@needs("claims.review_claim")
def ahead(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The page of the claim that comes when this one is decided, asked for while the analyst still reads.

    The queue hands it to nobody else meanwhile; the decision goes on with it if it is still what it was (`_go_on`).
    204: none comes.
    `?layer=` and `?start=` say where this claim stands, so that it need not be looked up, `?picked=` how it was picked.
    """
    layer, start = (row_id(request.GET.get(name, "")) for name in ("layer", "start"))
    if layer is None or start is None:
        return HttpResponse(status=204)
    reader = Reader.of(request)
    here = Claim(pk=claim_id, layer_id=layer, start=start)
    following = Course.of(request).next(reader, done=here, ahead=True)
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
    accepted = done.pk if step.decision == Decision.ACCEPT else None
    return _go_on(request, done, Note(decided_words(done)[step.decision], accepted=accepted), reader)


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
    messages.success(request, course.nothing_left if course.filters else last)
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


def _held(request: HttpRequest, claim_id: int, reader: Reader) -> HttpResponse:
    """Somebody else has the claim before them: it is taken over or left. 404: it is not theirs to see."""
    claim_of(request, claim_id, reader)
    note = Note(_("Nothing was saved: somebody else has this claim before them."), "held", entered(request))
    return show(request, claim_id, note=note, status=CONFLICT, reader=reader)


def undid(review: Review) -> str:
    return _("Undone: %s.") % review.get_decision_display().lower()
