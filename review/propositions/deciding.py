"""Deciding links: accepted, rejected, given another relation, or put back among the proposals."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.ids import row_id
from accounts.models import User
from claims import services
from claims.errors import ClaimError
from claims.models import ClaimLink, PropositionLink, RelationKind
from review.permissions import needs
from review.propositions.link_queue import claim_links_shown
from review.propositions.relations import shown_to
from review.sources.views import refusal, the_user

CONFLICT = 409
REFINED_BY = "refined_by"
PLAIN: dict[str, Callable[..., object]] = {
    "accept": services.accept_link,
    "dismiss": services.dismiss_link,
    "reopen": services.reopen_link,
}
SAID = {
    "accept": gettext_lazy("Accepted: it counts now."),
    "dismiss": gettext_lazy("Rejected: it is not proposed again."),
    "reopen": gettext_lazy("Taken back: it waits again."),
}
CORRECTED = gettext_lazy("Accepted as “%s”.")


@require_POST
@needs("claims.decide_link")
def decide(request: HttpRequest, link_id: int) -> HttpResponse:
    """Decide a link between propositions; `decision` is accept, dismiss, reopen, or the right relation."""
    user = the_user(request)
    link = PropositionLink.objects.visible_to(user).filter(pk=link_id).first()
    if link is None:
        raise Http404(_("There is no such link, or a side of it is out of your sight."))
    decision = request.POST.get("decision", "")
    problem = ""
    try:
        _decide(link, decision, by=user, seen_from=request.POST.get("back", ""))
    except ClaimError as error:
        problem = refusal(error)
    if getattr(request, "htmx", False):
        fresh = PropositionLink.objects.filter(pk=link.pk).for_list()
        context = {"row": shown_to(user, list(fresh))[0], "problem": problem, "said": said(decision)}
        return render(request, "review/propositions/_link.html", context, status=CONFLICT if problem else 200)
    return _back(request, problem, decision)


@require_POST
@needs("claims.decide_link")
def decide_claim_link(request: HttpRequest, link_id: int) -> HttpResponse:
    """Decide whether a claim repeats, or takes back, another."""
    user = the_user(request)
    link = ClaimLink.objects.visible_to(user).filter(pk=link_id).first()
    decision = request.POST.get("decision", "")
    if link is None or decision not in PLAIN:
        raise Http404(_("There is no such link, or a side of it is out of your sight."))
    problem = ""
    try:
        PLAIN[decision](link, by=user)
    except ClaimError as error:
        problem = refusal(error)
    if getattr(request, "htmx", False):
        row = claim_links_shown(list(ClaimLink.objects.filter(pk=link.pk).for_list()), user)[0]
        context = {"row": row, "problem": problem, "said": said(decision)}
        return render(request, "review/propositions/_claim_link.html", context, status=CONFLICT if problem else 200)
    return _back(request, problem, decision)


def _decide(link: PropositionLink, decision: str, *, by: User, seen_from: str) -> None:
    """seen_from: id of the proposition on whose page it was decided; "refines" reads from there."""
    if decision in PLAIN:
        PLAIN[decision](link, by=by)
        return
    kind = RelationKind.REFINES if decision == REFINED_BY else decision
    if kind not in RelationKind.values:
        raise Http404(_("There is no such relation."))
    first_refines = decision == RelationKind.REFINES
    from_the_other_side = seen_from == str(link.other_id)
    services.correct_link(link, kind=kind, by=by, turned=first_refines == from_the_other_side)


def said(decision: str) -> str:
    if decision in SAID:
        return str(SAID[decision])
    return str(CORRECTED) % (_("is refined by") if decision == REFINED_BY else RelationKind(decision).label.lower())


def _back(request: HttpRequest, problem: str, decision: str) -> HttpResponse:
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, said(decision))
    back = row_id(request.POST.get("back", ""))
    if back is not None:
        return redirect("propositions:proposition", proposition_id=back)
    return redirect("links:queue")
