"""What the search page shows: hits, filters that can be taken away, facets that can be added, saved searches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.ids import row_id
from accounts.models import User
from claims.finding.facets import READ
from claims.finding.searching import Found, search
from claims.finding.wanted import CREDIBILITIES, OUTCOMES, RELIABILITIES, Kind, Period, Wanted
from claims.models import ClaimState, ClaimType
from documents.models import Collection, Document
from review.front.tally import Tally
from review.models import SavedSearch
from review.services.saved_searches import COUNTED, new_hits
from review.sources.names import named
from sources.models import Source

SHOWN = 7
"""Values of a facet that are shown, the most frequent; of years the newest."""
LABELS = {
    "state": gettext_lazy("State"),
    "source": gettext_lazy("Source"),
    "cue": gettext_lazy("Cue"),
    "type": gettext_lazy("Type"),
    "reliability": gettext_lazy("Source’s reliability"),
    "credibility": gettext_lazy("Credibility"),
    "outcome": gettext_lazy("Verdict on what is said"),
    "reported": gettext_lazy("Reported"),
    "about": gettext_lazy("Happened"),
    "collection": gettext_lazy("Collection"),
    "author": gettext_lazy("Author"),
    "classification": gettext_lazy("Classification"),
    "document": gettext_lazy("Document"),
    "since": gettext_lazy("From"),
    "until": gettext_lazy("Until"),
}
CHOICES: dict[str, dict[str, Any]] = {
    "state": dict(ClaimState.choices),
    "type": dict(ClaimType.choices),
    "reliability": dict(RELIABILITIES),
    "credibility": dict(CREDIBILITIES),
    "outcome": dict(OUTCOMES),
}


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet; `query` leads to the search with it."""

    label: str
    count: int
    query: str


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    label: str
    values: list[Value]
    others: int
    """Values that are not shown."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force; `query` leads to the search without it."""

    label: str
    value: str
    query: str


@dataclass(frozen=True, slots=True)
class Tab:
    kind: Kind
    count: Tally
    query: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    """new_after: hits stored after this one are new to the reader of a saved search."""

    found: Found
    tabs: list[Tab]
    chips: list[Chip]
    facets: list[Facet]
    new_after: int | None
    first_query: str
    next_query: str

    @property
    def total(self) -> Tally:
        return Tally(self.found.total, self.found.more)

    @property
    def read(self) -> int:
        return READ


@dataclass(frozen=True, slots=True)
class SavedShown:
    saved: SavedSearch
    new: Tally


def page_of(wanted: Wanted, user: User, given: QueryDict) -> SearchPage:
    """The same queries for any number of hits."""
    before, new_after = row_id(given.get("before", "")), row_id(given.get("new", ""))
    found = search(wanted, user, before=before)
    label = _labels(found, user)
    place = {"new": new_after} if new_after is not None else {}
    return SearchPage(
        found=found,
        tabs=_tabs(found),
        chips=[
            Chip(str(LABELS[name]), label(name, value), wanted.query(**{name: None}))
            for name, value in wanted.filters.items()
        ],
        facets=list(_facets(found, label)),
        new_after=new_after,
        first_query=wanted.query(**place) if before else "",
        next_query=wanted.query(**place, before=found.next_before) if found.next_before else "",
    )


def saved_with_news(user: User) -> list[SavedShown]:
    saved = list(SavedSearch.objects.visible_to(user).by_name())
    news = new_hits(saved, user)
    return [SavedShown(each, Tally(min(news[each.pk], COUNTED), news[each.pk] > COUNTED)) for each in saved]


def _tabs(found: Found) -> list[Tab]:
    own, others = Tally(found.total, found.more), Tally(min(found.others, READ), found.others > READ)
    wanted = found.wanted
    return [
        Tab(kind, own if kind == wanted.kind else others, wanted.query_of(kind), kind == wanted.kind) for kind in Kind
    ]


def _facets(found: Found, label: Callable[[str, Any], str]) -> Iterable[Facet]:
    """Those that would narrow the search. A year that is chosen is spread over its months."""
    wanted = found.wanted
    for name, counted in found.facets.by_name.items():
        chosen = wanted.values.get(name)
        if name in ("reported", "about"):
            if chosen is not None and not chosen.is_year:
                continue
            spread = _by_period(counted, chosen)
            rows = sorted(spread.items(), reverse=True)
        elif chosen is not None:
            continue
        else:
            rows = counted.most_common()
        if not rows:
            continue
        values = [
            Value(label(name, value), count, wanted.query(**{name: value})) for value, count in rows[: _most(name)]
        ]
        yield Facet(name, str(LABELS[name]), values, max(0, len(rows) - len(values)))


def _most(name: str) -> int:
    return 12 if name in ("reported", "about") else SHOWN


def _by_period(counted: Counter[date], year: Period | None) -> Counter[str]:
    spread: Counter[str] = Counter()
    for day, count in counted.items():
        spread[f"{day:%Y}" if year is None else f"{day:%Y-%m}"] += count
    return spread


def _labels(found: Found, user: User) -> Callable[[str, Any], str]:
    """How values are called, as far as this reader may know. Five queries at most."""
    wanted, by_name = found.wanted, found.facets.by_name
    sources = [pk for pk, _count in by_name.get("source", Counter()).most_common(SHOWN)]
    if chosen := wanted.values.get("source"):
        sources += Source.objects.visible_to(user).filter(pk=chosen).values_list("pk", flat=True)
    names = {pk: source.shown_name for pk, source in named(sources, user).items()}
    collections = dict(Collection.objects.visible_to(user).values_list("pk", "name"))
    document = Document.objects.visible_to(user).filter(pk=wanted.values.get("document", 0)).first()

    def label(name: str, value: Any) -> str:
        if name == "source":
            return names.get(value, _("unknown"))
        if name == "collection":
            return collections.get(value, _("unknown"))
        if name == "document":
            return document.label if document else _("unknown")
        if name in ("reported", "about"):
            year, _dash, month = str(value).partition("-")
            return f"{MONTHS[int(month)]} {year}" if month else year
        if name in ("since", "until"):
            return date_format(value, "j M Y")
        return str(CHOICES[name][value]) if name in CHOICES else str(value)

    return label
