"""Merging two sources found to be one, taking that back, and splitting one found to be two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.ids import row_id, row_ids
from accounts.models import User
from claims.errors import ClaimError
from claims.identity import merge_preview, split_preview
from claims.models import Claim, DocumentSource, SourceSplit
from claims.resolution import SourceProposal, source_proposals
from claims.services.identity import merge as merge_sources
from claims.services.identity import undo_merge as take_apart
from claims.services.split import split as split_source
from claims.services.split import undo_split as give_back
from review.charts import IntervalBar, interval_bar
from review.permissions import needs
from review.sources import about
from review.sources.page import Judgements, find_source, judgements_of
from review.sources.record import SeriesPoint, apart, record_today
from review.sources.views import UNPROCESSABLE, refusal, standing, the_user, to_source
from sources.errors import SourceError
from sources.models import Source, SourceMerge

OFFERED = 8
PROPOSED = 5
WORDINGS_ASKED = 3
"""Of how many documents' own words for a source others are proposed; each costs some twenty queries."""
CLAIMS_OFFERED = 300
"""Claims a split lets one choose from; a search narrows them."""
SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Side:
    """One of two sources to be compared."""

    source: Source
    seen: about.Seen
    wordings: list[about.Wording]
    judgements: Judgements
    now: SeriesPoint
    claims: list[Claim]

    @property
    def bar(self) -> IntervalBar:
        return bar_of(self.now)


@require_GET
@never_cache
@needs("sources.view_source")
def alike(request: HttpRequest, source_id: int) -> HttpResponse:
    """Other sources that may be the same, with the reasons; asked for by the page once it is there."""
    user = the_user(request)
    found = standing(user, source_id)
    context = {
        "source": found,
        "proposals": proposals_for(found, user),
        "may_merge": user.has_perm("sources.merge_source"),
    }
    return render(request, "review/sources/_proposals.html", context)


@require_GET
@never_cache
@needs("sources.merge_source")
def merge(request: HttpRequest, source_id: int) -> HttpResponse:
    """Choose the other source; then both side by side, and what they would be as one."""
    user = the_user(request)
    found = standing(user, source_id)
    other_id = row_id(request.GET.get("with", ""))
    words = " ".join(request.GET.get("q", "").split())[:200]
    context: dict[str, Any] = {"source": found, "words": words, "options": _others(found, words, user)}
    if getattr(request, "htmx", False) and request.htmx.target == "others":  # type: ignore[attr-defined]
        return render(request, "review/sources/_others.html", context)
    if other_id is not None:
        return _compare(request, found, standing(user, other_id))
    return render(request, "review/sources/merge.html", context)


@require_POST
@needs("sources.merge_source")
def merge_now(request: HttpRequest, source_id: int) -> HttpResponse:
    """Merge this source and another; `stands` is the one whose name goes on."""
    user = the_user(request)
    found = standing(user, source_id)
    other = standing(user, row_id(request.POST.get("with", "")) or 0)
    into, absorbed = (other, found) if request.POST.get("stands") == str(other.pk) else (found, other)
    try:
        made = merge_sources(absorbed, into, by=user, reason=request.POST.get("reason", ""))
    except (SourceError, ClaimError, ValidationError) as error:
        return _compare(request, found, other, problem=refusal(error), status=UNPROCESSABLE)
    return to_source(into, merged=made.pk)


@require_POST
@needs("sources.merge_source")
def undo_merge(request: HttpRequest, merge_id: int) -> HttpResponse:
    user = the_user(request)
    made = SourceMerge.objects.select_related("into").filter(pk=merge_id).first()
    if made is None:
        raise Http404(_("There is no such merge."))
    into = find_source(user, made.into_id)
    try:
        take_apart(made, by=user, reason=request.POST.get("reason", ""))
    except (SourceError, ClaimError) as error:
        messages.error(request, refusal(error))
        return redirect("sources:source", source_id=into.standing_id)
    messages.success(request, _("The merge is undone: both sources stand by themselves again."))
    return redirect("sources:source", source_id=into.standing_id)


@require_POST
@needs("sources.merge_source")
def undo_split(request: HttpRequest, split_id: int) -> HttpResponse:
    user = the_user(request)
    made = SourceSplit.objects.filter(pk=split_id).first()
    if made is None:
        raise Http404(_("There is no such split."))
    source = standing(user, made.source_id)
    try:
        give_back(made, by=user, reason=request.POST.get("reason", ""))
    except (SourceError, ClaimError) as error:
        messages.error(request, refusal(error))
    else:
        messages.success(request, _("The split is undone: the claims are given back."))
    return redirect("sources:source", source_id=source.pk)


@require_http_methods(["GET", "POST"])
@never_cache
@needs("sources.merge_source")
def split(request: HttpRequest, source_id: int) -> HttpResponse:
    """Choose claims that are somebody else's, look at what both would be, and take them apart."""
    user = the_user(request)
    found = standing(user, source_id)
    words = " ".join(request.GET.get("q", "").split())[:200]
    known = " ".join((request.GET if request.method == "GET" else request.POST).get("known", "").split())[:200]
    if getattr(request, "htmx", False) and request.htmx.target == "into-options":  # type: ignore[attr-defined]
        return render(request, "review/sources/_into.html", {"options": _others(found, known, user)})
    chosen = row_ids(request.POST.getlist("claims"))
    context = {
        "source": found,
        "words": words,
        "claims": _claims_of(found, user, words),
        "chosen": chosen,
        "entered": request.POST,
        "offered": CLAIMS_OFFERED,
        "options": _others(found, known, user),
    }
    if request.method == "GET":
        return render(request, "review/sources/split.html", context)
    problem = ""
    moving = list(_all_claims(found, user).filter(pk__in=chosen))
    try:
        into = _other_source(request, found, user)
        if not moving:
            raise ValidationError(_("Choose the claims that are somebody else's."))
        if "confirm" in request.POST:
            made = _split_now(request, found, moving, into)
            return to_source(standing(user, made.into_id or 0), split=made.pk)
    except (SourceError, ClaimError, ValidationError) as error:
        problem = refusal(error)
    if problem:
        return render(request, "review/sources/split.html", context | {"problem": problem}, status=UNPROCESSABLE)
    numbers = {claim.pk for claim in moving}
    stays, goes = apart(found, numbers, into if isinstance(into, Source) else None)
    preview = {
        "moving": moving,
        "into": into,
        "stays": stays,
        "goes": goes,
        "preview": split_preview(found, claims=numbers, by=user),
        "now": record_today(found),
    }
    return render(request, "review/sources/split_preview.html", context | preview)


def _split_now(request: HttpRequest, found: Source, moving: list[Claim], into: Source | str) -> SourceSplit:
    return split_source(
        found,
        claims=[claim.pk for claim in moving],
        by=the_user(request),
        reason=request.POST.get("reason", ""),
        into=into if isinstance(into, Source) else None,
        descriptor="" if isinstance(into, Source) else into,
    )


def _other_source(request: HttpRequest, found: Source, user: User) -> Source | str:
    """A known source, or the descriptor of a new one. Raises ValidationError."""
    known = row_id(request.POST.get("into", ""))
    new = " ".join(request.POST.get("new_source", "").split())
    if known is not None:
        other = standing(user, known)
        if other.pk == found.pk:
            raise ValidationError(_("That is the same source. Choose another one, or word a new one."))
        return other
    if not new:
        raise ValidationError(_("Say whose claims they are: choose a known source, or word a new one."))
    return new


def _compare(request: HttpRequest, one: Source, two: Source, *, problem: str = "", status: int = 200) -> HttpResponse:
    user = the_user(request)
    if one.pk == two.pk:
        messages.warning(request, _("That is the same source. Choose another one."))
        return redirect("sources:merge", source_id=one.pk)
    preview = merge_preview(two, one, by=user)
    both = SeriesPoint.today(preview.together)
    context = {
        "source": one,
        "other": two,
        "sides": [_side(one, user), _side(two, user)],
        "both": both,
        "both_bar": bar_of(both),
        "preview": preview,
        "problem": problem,
        "entered": request.POST,
        "stands": request.POST.get("stands", str(one.pk)),
    }
    return render(request, "review/sources/merge_preview.html", context, status=status)


def _side(source: Source, user: User) -> Side:
    reading = about.Reading.of(source, user)
    return Side(
        source=source,
        seen=about.seen(reading),
        wordings=about.wordings(reading)[: about.SHOWN],
        judgements=judgements_of(reading.members),
        now=record_today(source),
        claims=list(_all_claims(source, user)[:SAMPLE]),
    )


def proposals_for(source: Source, user: User) -> list[SourceProposal]:
    """Who else it may be, by the words in which the newest documents speak of it; the likeliest first."""
    reading = about.Reading.of(source, user)
    seen = DocumentSource.objects.filter(
        source__in=reading.members, run__layer__document__collection__in=reading.collections
    )
    best: dict[int, SourceProposal] = {}
    for found in seen.order_by("-id")[:WORDINGS_ASKED]:
        for proposal in source_proposals(found, user=user):
            known = best.get(proposal.source.pk)
            if proposal.source.pk not in reading.members and (known is None or proposal.score > known.score):
                best[proposal.source.pk] = proposal
    return sorted(best.values(), key=lambda proposal: -proposal.score)[:PROPOSED]


def bar_of(point: SeriesPoint) -> IntervalBar:
    moment = point.moment
    return interval_bar(moment.mean, moment.low, moment.high, width=160)


def _others(source: Source, words: str, user: User) -> list[Source]:
    """Sources to merge with that fit the words; without words, the newest of its kind."""
    others = Source.objects.visible_to(user).standing().exclude(pk=source.pk).named_for(user)
    found = others.matching(words, reader=user) if words else others.filter(kind=source.kind)
    return list(found.annotate(said=Count("claims", filter=Q(claims__state="accepted"))).for_list()[:OFFERED])


def _all_claims(source: Source, user: User) -> Any:
    family = Source.objects.family_ids(source.pk)
    return (
        Claim.objects.visible_to(user)
        .accepted()
        .filter(source__in=family)
        .select_related("proposition", "layer__document")
        .defer("search", "proposition__search")
        .defer("layer__text", "layer__furniture", "layer__segments", "layer__page_starts")
        .order_by("-id")
    )


def _claims_of(source: Source, user: User, words: str) -> Sequence[Claim]:
    claims = _all_claims(source, user)
    if words:
        wanted = Q(content_quote__icontains=words) | Q(layer__document__doc_number__icontains=words)
        claims = claims.filter(wanted | Q(layer__document__name__icontains=words) | Q(source_quote__icontains=words))
    return list(claims[:CLAIMS_OFFERED])
