"""What I did last, to take any of it back."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.ids import row_ids
from accounts.models import User
from claims import services
from claims.errors import ClaimError
from claims.models import Claim, Review
from claims.models.review import ReviewQuerySet
from review.permissions import needs
from review.views import user_of

STEPS_SHOWN = 50
ROWS_READ = 2_000
"""Rows looked at for them: a step on many claims has many."""


@dataclass(frozen=True, slots=True)
class MyStep:
    """One step, on one claim or on several."""

    rows: list[Review]

    @property
    def first(self) -> Review:
        return self.rows[-1]

    @property
    def blocked(self) -> bool:
        """Whether somebody, or I, did something to one of its claims afterwards."""
        return any(row.followed for row in self.rows)  # type: ignore[attr-defined]  # an annotation


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs("claims.review_claim")
def steps(request: HttpRequest) -> HttpResponse:
    """My latest steps; POST undoes those that were ticked, all or none of them."""
    user = user_of(request)
    if request.method == "POST":
        chosen = row_ids(request.POST.getlist("step"))
        _undo(request, Review.objects.visible_to(user).undoable_by(user).filter(pk__in=chosen))
        return redirect("review:steps")
    return render(request, "review/steps.html", {"steps": my_steps(user), "most": STEPS_SHOWN})


def my_steps(user: User) -> list[MyStep]:
    """The latest steps of one analyst that stand, newest first, in two queries."""
    later = Review.objects.standing().filter(claim=OuterRef("claim"), pk__gt=OuterRef("pk"))
    claims = Claim.objects.visible_to(user).select_related("layer__document")
    claims = claims.defer("search", "layer__text", "layer__furniture", "layer__segments")
    rows = (
        Review.objects.undoable_by(user)
        .filter(claim__in=Claim.objects.visible_to(user))
        .annotate(followed=Exists(later))
        .prefetch_related(Prefetch("claim", queryset=claims))
    )
    groups = groupby(rows[:ROWS_READ], key=lambda row: row.batch or row.pk)
    return [MyStep(list(group)) for _key, group in groups][:STEPS_SHOWN]


def _undo(request: HttpRequest, chosen: ReviewQuerySet) -> None:
    if not chosen:
        messages.warning(request, _("Tick the steps that are to be undone."))
        return
    try:
        undone = services.undo_steps(chosen, by=user_of(request), among=Review.objects.visible_to(user_of(request)))
    except ClaimError as error:
        messages.warning(request, str(error))
        return
    count = len({step.batch or step.pk for step in chosen})
    text = ngettext("Undone: %(n)d step", "Undone: %(n)d steps", count) % {"n": count}
    claims = ngettext("on %(n)d claim.", "on %(n)d claims.", len(undone)) % {"n": len(undone)}
    messages.success(request, f"{text} {claims}")
