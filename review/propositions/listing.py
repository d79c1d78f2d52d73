"""One page of the list of propositions: filters, counts of reports, and the next page by key."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, Exists, Max, OuterRef
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from claims.models import Claim, Outcome, Proposition, Stance
from claims.models.proposition import PropositionQuerySet
from claims.origins import Standing, standings
from documents.models import Collection

PAGE_SIZE = 50
CONTESTED, OPEN, SETTLED = "contested", "open", "settled"
TABS = [("", _("All")), (CONTESTED, _("Contested")), (OPEN, _("Not settled")), (SETTLED, _("Settled"))]
ANY = [("", _("Any"))]


class FilterForm(forms.Form):
    """What the list is narrowed to. A value that names nothing narrows to nothing."""

    words = forms.CharField(required=False, max_length=200)
    topic = forms.CharField(required=False, max_length=100)
    outcome = forms.ChoiceField(required=False, choices=[*ANY, *Outcome.choices])
    state = forms.ChoiceField(required=False, choices=TABS)
    collection = forms.IntegerField(required=False, min_value=1)
    before = forms.IntegerField(required=False, min_value=1)
    """Where the page begins: the id of the last proposition on the page before."""


@dataclass(frozen=True, slots=True)
class Row:
    proposition: Proposition
    standing: Standing
    denied: int
    latest: date | None
    contested: bool


@dataclass(frozen=True, slots=True)
class Tab:
    key: str
    name: str
    query: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Listing:
    rows: list[Row]
    chosen: dict[str, str]
    """The filters as the reader set them, without the place in the list."""
    after: bool
    last: int

    @property
    def filtered(self) -> bool:
        return bool(set(self.chosen) - {"state"})

    @property
    def state(self) -> str:
        return self.chosen.get("state", "")

    @property
    def topics(self) -> list[str]:
        """Those on this page, to choose from."""
        return sorted({row.proposition.topic for row in self.rows} - {""})

    @property
    def next_query(self) -> str:
        return urlencode(self.chosen | {"before": str(self.last)}) if self.last else ""

    @property
    def first_query(self) -> str:
        return urlencode(self.chosen)

    @property
    def tabs(self) -> list[Tab]:
        others = {name: value for name, value in self.chosen.items() if name != "state"}
        return [
            Tab(key, str(name), urlencode(others | ({"state": key} if key else {})), key == self.state)
            for key, name in TABS
        ]


def listing(user: User, wanted: QueryDict) -> Listing:
    """The page of propositions that `wanted` asks for, newest first. The same queries, however many there are."""
    form = FilterForm(wanted)
    rows = Proposition.objects.visible_to(user)
    rows = _narrowed(rows, form.cleaned_data, user) if form.is_valid() else rows.none()
    found = list(rows.for_list()[: PAGE_SIZE + 1])
    page = found[:PAGE_SIZE]
    return Listing(
        rows=_counted(page, user),
        chosen={name: str(wanted[name]) for name in form.fields if name != "before" and wanted.get(name)},
        after=bool(wanted.get("before")),
        last=page[-1].pk if len(found) > PAGE_SIZE else 0,
    )


def _narrowed(rows: PropositionQuerySet, values: dict[str, Any], user: User) -> PropositionQuerySet:
    if words := values.get("words"):
        rows = rows.matching(str(words))
    if topic := values.get("topic"):
        rows = rows.filter(topic__iexact=topic)
    if outcome := values.get("outcome"):
        rows = rows.settled(str(outcome))
    if collection := values.get("collection"):
        spoken = Claim.objects.visible_to(user).accepted().filter(collection=collection, proposition=OuterRef("pk"))
        rows = rows.filter(Exists(spoken))
    if before := values.get("before"):
        rows = rows.filter(pk__lt=before)
    if values.get("state") == CONTESTED:
        return rows.contested(user)
    if values.get("state") == OPEN:
        return rows.unsettled()
    return rows.settled() if values.get("state") == SETTLED else rows


def _counted(page: list[Proposition], user: User) -> list[Row]:
    ids = [row.pk for row in page]
    visible = Claim.objects.visible_to(user)
    standing = standings(ids, visible)
    claims = visible.accepted().filter(proposition__in=ids).order_by()
    reports: dict[int, dict[str, int]] = defaultdict(dict)
    latest: dict[int, date | None] = {}
    for pk, stance, count, last in claims.values_list("proposition", "stance").annotate(
        Count("pk"), Max("reported_date")
    ):
        reports[pk][stance] = count
        latest[pk] = max((day for day in (latest.get(pk), last) if day), default=None)
    contested = set(Proposition.objects.filter(pk__in=ids).contested(user).values_list("pk", flat=True))
    return [
        Row(
            proposition=row,
            standing=standing[row.pk],
            denied=reports[row.pk].get(Stance.DENIES, 0),
            latest=latest.get(row.pk),
            contested=row.pk in contested,
        )
        for row in page
    ]


def collections_for(user: User) -> list[Collection]:
    return list(Collection.objects.visible_to(user))
