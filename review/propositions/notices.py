"""Notices of a suspected common origin: two sources that share refuted answers, with these answers as the evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.ids import row_id
from accounts.models import User
from claims import services
from claims.errors import ClaimError
from claims.models import Claim, LinkState, OriginNotice, Outcome, Proposition, Stance
from review.permissions import needs
from review.sources.names import named
from review.sources.views import refusal, the_user
from sources.models import Source

PAGE_SIZE = 20
ANSWERS_SHOWN = 5
CONFLICT = 409
DECISIONS: dict[str, Callable[..., object]] = {
    "accept": services.accept_notice,
    "dismiss": services.dismiss_notice,
    "reopen": services.reopen_notice,
}
SAID = {
    "accept": gettext_lazy("Accepted: the two count as one origin."),
    "dismiss": gettext_lazy("Dismissed: the two count as two, and it does not come again."),
    "reopen": gettext_lazy("Taken back: it waits again."),
}


@dataclass(frozen=True, slots=True)
class NoticeShown:
    notice: OriginNotice
    one: Source
    other: Source
    answers: list[Proposition] = field(default_factory=list)
    """What both said and what turned out wrong, as far as the reader may see it; the newest first."""

    @property
    def pair(self) -> tuple[Source, Source]:
        return self.one, self.other

    @property
    def open(self) -> bool:
        return self.notice.state == LinkState.PROPOSED

    @property
    def percent(self) -> int:
        return min(99, round(100 * self.notice.posterior))


@require_GET
@never_cache
@needs("claims.view_originnotice")
def notices(request: HttpRequest) -> HttpResponse:
    """Those that wait, or with `?decided=1` the others. The same queries, however many there are."""
    user = the_user(request)
    decided = "decided" in request.GET
    before = row_id(request.GET.get("before", ""))
    rows = OriginNotice.objects.visible_to(user)
    rows = rows.exclude(state=LinkState.PROPOSED) if decided else rows.proposed()
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.for_list()[: PAGE_SIZE + 1])
    context = {
        "rows": shown(found[:PAGE_SIZE], user),
        "decided": decided,
        "after": bool(before),
        "last": found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else 0,
        "may_decide": user.has_perm("claims.decide_link"),
    }
    return render(request, "review/propositions/notices.html", context)


@require_POST
@needs("claims.decide_link")
def decide(request: HttpRequest, notice_id: int) -> HttpResponse:
    user = the_user(request)
    notice = OriginNotice.objects.visible_to(user).filter(pk=notice_id).first()
    decision = request.POST.get("decision", "")
    if notice is None or decision not in DECISIONS:
        raise Http404(_("There is no such notice, or a source of it is out of your sight."))
    problem = ""
    try:
        DECISIONS[decision](notice, by=user, reason=request.POST.get("reason", ""))
    except ClaimError as error:
        problem = refusal(error)
    if getattr(request, "htmx", False):
        row = shown(list(OriginNotice.objects.filter(pk=notice.pk).for_list()), user)[0]
        context = {"row": row, "problem": problem, "said": str(SAID[decision]), "may_decide": True}
        return render(request, "review/propositions/_notice.html", context, status=CONFLICT if problem else 200)
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, str(SAID[decision]))
    return redirect("links:notices")


def shown(rows: Sequence[OriginNotice], user: User) -> list[NoticeShown]:
    """With names a reader may see and the refuted answers both gave. Four queries."""
    ids = {pk for row in rows for pk in (row.one.standing_id, row.other.standing_id)}
    names = named(ids, user)
    refuted = _refuted_answers(ids, user)
    texts = Proposition.objects.defer("search").in_bulk(
        list({answer for row in rows for answer in _shared(row, refuted)[:ANSWERS_SHOWN]})
    )
    return [
        NoticeShown(
            notice=row,
            one=names[row.one.standing_id],
            other=names[row.other.standing_id],
            answers=[texts[pk] for pk in _shared(row, refuted)[:ANSWERS_SHOWN]],
        )
        for row in rows
    ]


Answers = dict[int, set[tuple[int, str]]]
"""By (standing) source: (proposition, stance) of what it said and what turned out wrong."""


def _refuted_answers(sources: set[int], user: User) -> Answers:
    wrong = Q(verdict=Outcome.FALSE, stance=Stance.ASSERTS) | Q(verdict=Outcome.TRUE, stance=Stance.DENIES)
    rows: Any = (
        Claim.objects.visible_to(user)
        .accepted()
        .annotate(standing=Coalesce("source__merged_into_id", "source_id"), verdict=F("proposition__verdicts__outcome"))
        .filter(standing__in=sources, proposition__verdicts__withdrawn_at__isnull=True)
        .filter(wrong)
        .order_by()
        .values_list("standing", "proposition_id", "stance")
    )
    found: Answers = defaultdict(set)
    for source, proposition, stance in rows:
        found[source].add((proposition, stance))
    return found


def _shared(row: OriginNotice, refuted: Answers) -> list[int]:
    both = refuted.get(row.one.standing_id, set()) & refuted.get(row.other.standing_id, set())
    return sorted({proposition for proposition, _stance in both}, reverse=True)
