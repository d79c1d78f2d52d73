"""Splitting a proposition, merging two, and putting claims back; each shown before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.ids import row_id, row_ids
from accounts.models import User
from claims import services
from claims.errors import ClaimError
from claims.models import Claim, Proposition, PropositionMove, RelationKind, Verdict
from review.permissions import needs
from review.propositions.origins import Origins, numbered, origins_of
from review.propositions.page import CLAIMS_SHOWN, UNPROCESSABLE, claims_on, find_proposition
from review.sources.names import name_sources
from review.sources.views import refusal, the_user

OFFERED = 8
REFINED_BY = "refined_by"


KINDS = [
    (RelationKind.CONTRADICTS.value, gettext_lazy("contradicts the second")),
    (RelationKind.CORROBORATES.value, gettext_lazy("corroborates the second")),
    (RelationKind.REFINES.value, gettext_lazy("refines the second: it says more")),
    (REFINED_BY, gettext_lazy("is refined by the second: it says less")),
]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two propositions to be compared."""

    proposition: Proposition
    claims: list[Any]
    origins: Origins
    verdict: Verdict | None


@require_http_methods(["GET", "POST"])
@never_cache
@needs("claims.change_proposition")
def split(request: HttpRequest, proposition_id: int) -> HttpResponse:
    """Choose the claims that say something else, look at what both would be, and take them apart."""
    user = the_user(request)
    found = find_proposition(user, proposition_id)
    claims = _claims(found, user)
    chosen = row_ids(request.POST.getlist("claims"))
    moving = [claim for claim in claims if claim.pk in chosen]
    context = {
        "proposition": found,
        "claims": claims,
        "chosen": chosen,
        "entered": request.POST,
        "moving": moving,
        "staying": [claim for claim in claims if claim.pk not in chosen],
    }
    if request.method == "GET":
        return render(request, "review/propositions/split.html", context)
    problem = _what_a_split_lacks(request, moving)
    if not problem and "confirm" in request.POST:
        try:
            made = services.split_proposition(
                found,
                claims=[claim.pk for claim in moving],
                text=request.POST.get("text", ""),
                by=user,
                reason=request.POST.get("reason", ""),
            )
        except ClaimError as error:
            problem = refusal(error)
        else:
            messages.success(request, _("Split: this is the new proposition. It can be undone under “Joined, split”."))
            return redirect("propositions:proposition", proposition_id=made.into_id)
    if problem:
        page = "split_preview" if "confirm" in request.POST else "split"
        answer = context | _both(context, user) | {"problem": problem}
        return render(request, f"review/propositions/{page}.html", answer, status=UNPROCESSABLE)
    return render(request, "review/propositions/split_preview.html", context | _both(context, user))


def _what_a_split_lacks(request: HttpRequest, moving: list[Any]) -> str:
    if not moving:
        return _("Choose the claims that say something else.")
    if not request.POST.get("text", "").strip():
        return _("Word what they say, in neutral words.")
    return ""


def _both(context: dict[str, Any], user: User) -> dict[str, Any]:
    return {"stays": origins_of(context["staying"], user), "goes": origins_of(context["moving"], user)}


@require_GET
@never_cache
@needs("claims.change_proposition")
def merge(request: HttpRequest, proposition_id: int) -> HttpResponse:
    """Choose the other proposition; then both side by side, and what they would be as one."""
    user = the_user(request)
    found = find_proposition(user, proposition_id)
    words = " ".join(request.GET.get("q", "").split())[:200]
    other_id = row_id(request.GET.get("with", ""))
    if other_id is not None:
        return _compare(request, found, find_proposition(user, other_id))
    context = {"proposition": found, "words": words, "options": _others(found, words, user)}
    if getattr(request, "htmx", False) and request.htmx.target == "others":  # type: ignore[attr-defined]
        return render(request, "review/propositions/_others.html", context)
    return render(request, "review/propositions/merge.html", context)


@require_POST
@needs("claims.change_proposition")
def merge_now(request: HttpRequest, proposition_id: int) -> HttpResponse:
    """Merge this proposition and another; `stands` is the one whose wording goes on."""
    user = the_user(request)
    found = find_proposition(user, proposition_id)
    other = find_proposition(user, row_id(request.POST.get("with", "")) or 0)
    into, absorbed = (other, found) if request.POST.get("stands") == str(other.pk) else (found, other)
    opposed = request.POST.get("opposed") == "1"
    try:
        services.merge_propositions(absorbed, into, by=user, reason=request.POST.get("reason", ""), opposed=opposed)
    except ClaimError as error:
        return _compare(request, found, other, problem=refusal(error), status=UNPROCESSABLE)
    messages.success(request, _("Merged: all their claims speak of this proposition now."))
    return redirect("propositions:proposition", proposition_id=into.pk)


@require_POST
@needs("claims.decide_link")
def relate(request: HttpRequest, proposition_id: int) -> HttpResponse:
    """Two propositions, not one: the first contradicts, corroborates or refines the second, or is refined by it."""
    user = the_user(request)
    found = find_proposition(user, proposition_id)
    other = find_proposition(user, row_id(request.POST.get("with", "")) or 0)
    kind = request.POST.get("kind", "")
    first, second = (other, found) if kind == REFINED_BY else (found, other)
    kind = RelationKind.REFINES if kind == REFINED_BY else kind
    if kind not in RelationKind.values:
        raise Http404(_("There is no such relation."))
    try:
        services.link_propositions(first, second, kind=kind, by=user, why=request.POST.get("why", "")[:2_000])
    except ClaimError as error:
        return _compare(request, found, other, problem=refusal(error), status=UNPROCESSABLE)
    messages.success(request, _("Linked: it counts now."))
    return redirect("propositions:proposition", proposition_id=found.pk)


@require_POST
@needs("claims.change_proposition")
def undo(request: HttpRequest, move_id: int) -> HttpResponse:
    """Put the claims of a join, split or merge back."""
    user = the_user(request)
    move = PropositionMove.objects.select_related("proposition", "into").filter(pk=move_id).first()
    if move is None or not _may_see(move, user):
        raise Http404(_("There is no such step."))
    try:
        services.undo_move(move, by=user)
    except ClaimError as error:
        messages.error(request, refusal(error))
        return redirect("propositions:proposition", proposition_id=_in_sight(move, user))
    messages.success(request, _("Undone: the claims speak of what they spoke of before."))
    return redirect("propositions:proposition", proposition_id=move.proposition_id)


def _may_see(move: PropositionMove, user: User) -> bool:
    """All of what would be moved back must be in sight."""
    ids = [int(pk) for pk in move.claims]
    return Claim.objects.visible_to(user).filter(pk__in=ids).count() == len(ids)


def _in_sight(move: PropositionMove, user: User) -> int:
    seen = Proposition.objects.visible_to(user).filter(pk__in=[move.into_id, move.proposition_id])
    return seen.values_list("pk", flat=True).first() or move.into_id


def _compare(
    request: HttpRequest, one: Proposition, two: Proposition, *, problem: str = "", status: int = 200
) -> HttpResponse:
    user = the_user(request)
    if one.pk == two.pk:
        messages.warning(request, _("That is the same proposition. Choose another one."))
        return redirect("propositions:merge", proposition_id=one.pk)
    sides = [_side(each, user) for each in (one, two)]
    together = [claim for side in sides for claim in side.claims]
    opposed = request.POST.get("opposed") == "1"
    context = {
        "proposition": one,
        "other": two,
        "sides": sides,
        "together": origins_of(together, user),
        "settled": [side for side in sides if side.verdict],
        "problem": problem,
        "entered": request.POST,
        "opposed": opposed,
        "stands": request.POST.get("stands", str(one.pk)),
        "kinds": KINDS if user.has_perm("claims.decide_link") else [],
    }
    return render(request, "review/propositions/merge_preview.html", context, status=status)


def _side(found: Proposition, user: User) -> Side:
    claims = _claims(found, user)
    verdict = Verdict.objects.in_force().filter(proposition=found).first()
    return Side(found, claims, origins_of(claims, user), verdict)


def _claims(found: Proposition, user: User) -> list[Any]:
    claims: list[Any] = list(claims_on(found, user)[:CLAIMS_SHOWN])
    name_sources(claims, user)
    numbered(claims)
    return claims


def _others(found: Proposition, words: str, user: User) -> list[Proposition]:
    """Propositions to merge with that fit the words; none without words: what is alike is proposed elsewhere."""
    if not words:
        return []
    rows = Proposition.objects.visible_to(user).exclude(pk=found.pk)
    number = row_id(words)
    wanted = rows.filter(pk=number) if number is not None else rows.matching(words)
    return list(wanted.for_list()[:OFFERED])
