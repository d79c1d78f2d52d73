"""The decisions behind the figures of the front page: by whom, when, and at which score of the engine."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from claims.models import Decision, Review
from review.permissions import needs
from review.sources.views import the_user

PAGE_SIZE = 50
MADE = [("", _("Both")), (Decision.ACCEPT.value, Decision.ACCEPT.label), (Decision.REJECT.value, Decision.REJECT.label)]
WHOSE = [("", _("Everybody's")), ("mine", _("My own"))]


class FilterForm(forms.Form):
    """What the list is narrowed to. A value that names nothing narrows to nothing."""

    by = forms.ChoiceField(required=False, choices=WHOSE)
    decision = forms.ChoiceField(required=False, choices=MADE)
    day = forms.DateField(
        required=False, validators=[MinValueValidator(date(2, 1, 1)), MaxValueValidator(date(9998, 12, 31))]
    )
    """Its neighbours are days, too: in whatever time zone, it begins and ends."""
    hour = forms.IntegerField(required=False, min_value=0, max_value=23)
    """Of the day; without a day it means nothing."""
    score_from = forms.FloatField(required=False, min_value=0, max_value=1)
    score_to = forms.FloatField(required=False, min_value=0, max_value=1)
    """Scores below this one; 1 includes 1."""
    before = forms.IntegerField(required=False, min_value=1)
    """Where the page begins: the id of the last decision on the page before."""


@require_GET
@never_cache
@needs("claims.view_review")
def decisions(request: HttpRequest) -> HttpResponse:
    """Decisions that stand, newest first. The same queries, however many there are."""
    user = the_user(request)
    form = FilterForm(request.GET)
    rows = Review.objects.deciding().visible_to(user)
    rows = _narrowed(rows, form.cleaned_data, user) if form.is_valid() else rows.none()
    found = list(rows.order_by("-pk").values_list("pk", flat=True)[: PAGE_SIZE + 1])
    chosen = {name: request.GET[name] for name in form.fields if name != "before" and request.GET.get(name)}
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else 0
    context = {
        "form": form,
        "rows": with_what_a_row_shows(found[:PAGE_SIZE]),
        "chosen": chosen,
        "after": bool(request.GET.get("before")),
        "first_query": urlencode(chosen),
        "next_query": urlencode(chosen | {"before": str(last)}) if last else "",
        "whose": WHOSE,
        "made": MADE,
    }
    return render(request, "review/front/decisions.html", context)


def with_what_a_row_shows(ids: list[int]) -> list[Review]:
    return list(
        Review.objects.filter(pk__in=ids)
        .select_related("analyst", "claim__layer__document")
        .defer("before", "made", "claim__search", "claim__commitment")
        .defer(*(f"claim__layer__{name}" for name in ("text", "furniture", "segments", "page_starts")))
        .order_by("-pk")
    )


def _narrowed(rows: Any, values: dict[str, Any], user: User) -> Any:
    if values["by"]:
        rows = rows.filter(analyst=user)
    if decision := values["decision"]:
        rows = rows.filter(decision=decision)
    if values["day"]:
        begins, ends = _within(values["day"], values["hour"])
        rows = rows.filter(at__gte=begins, at__lt=ends)
    if values["score_from"] is not None:
        rows = rows.filter(claim__score__gte=values["score_from"])
    if (below := values["score_to"]) is not None:
        rows = rows.filter(**{"claim__score__lte" if below == 1 else "claim__score__lt": below})
    if before := values["before"]:
        rows = rows.filter(pk__lt=before)
    return rows


def _within(day: date, hour: int | None) -> tuple[datetime, datetime]:
    begins = timezone.make_aware(datetime.combine(day, time(hour or 0)))
    return begins, begins + (timedelta(days=1) if hour is None else timedelta(hours=1))
