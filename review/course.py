"""What an analyst wants of the queue: its order, and which claims. Kept in the session while they decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, ClaimType
from claims.models.claim import ClaimQuerySet
from claims.models.review import Picked
from documents.models import Collection, Document
from review import upcoming
from review.models import Assignment, Lease
from review.reader import Reader
from review.upcoming import Mode, Narrow, Upcoming

KEPT_AS = "queue"
"""Under which name the session keeps it."""


class FilterForm(forms.Form):
    """Which claims of the queue; what is left out does not narrow it."""

    collection = forms.IntegerField(required=False, min_value=1, label=_("Collection"))
    document = forms.IntegerField(required=False, min_value=1, label=_("Document"))
    source = forms.CharField(required=False, max_length=200, label=_("Words of the source"))
    cue = forms.CharField(required=False, max_length=100, label=_("Cue"))
    type = forms.ChoiceField(required=False, choices=[("", _("any")), *ClaimType.choices], label=_("Kind"))
    score_from = forms.FloatField(required=False, min_value=0, max_value=1, label=_("Score from"))
    score_to = forms.FloatField(required=False, min_value=0, max_value=1, label=_("Score to"))
    since = forms.DateField(required=False, label=_("Reported since"))
    until = forms.DateField(required=False, label=_("Reported until"))
    given = forms.ChoiceField(
        required=False,
        choices=[("", _("anybody or nobody")), ("me", _("me or my teams")), ("nobody", _("nobody"))],
        label=_("Documents given to"),
    )

    def __init__(self, data: Mapping[str, Any], reader: Reader, *, kept: bool = False) -> None:
        """kept: what was found valid when it was kept; no document is looked up again."""
        self.reader = reader
        self.kept = kept
        super().__init__(data)

    def clean_collection(self) -> int | None:
        chosen: int | None = self.cleaned_data["collection"]
        if chosen is not None and chosen not in self.reader.collections:
            raise forms.ValidationError(_("There is no such collection, or you cannot see it."))
        return chosen

    def clean_document(self) -> int | None:
        chosen: int | None = self.cleaned_data["document"]
        if chosen is None or self.kept:
            return chosen
        if not Document.objects.filter(pk=chosen, collection__in=self.reader.collections).exists():
            raise forms.ValidationError(_("There is no such document, or you cannot see it."))
        return chosen

    @property
    def chosen(self) -> dict[str, str]:
        """What narrows the queue, as it was typed. Only what is valid."""
        given = {name for name in self.fields if self.cleaned_data.get(name) not in (None, "", False)}
        return {name: str(self.data[name]) for name in self.fields if name in given}

    @property
    def problems(self) -> list[str]:
        return [f"{self.fields[name].label}: {error}" for name, errors in self.errors.items() for error in errors]


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that narrows the queue, and the address of the queue without it."""

    name: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class Course:
    mode: str
    filters: dict[str, str]

    @classmethod
    def of(cls, request: HttpRequest) -> Course:
        """Most useful first until somebody chooses, but who opened a claim themselves and decides it reads on there."""
        posted = request.method == "POST"
        directly = (request.POST.get("picked", Picked.DIRECT) if posted else request.GET.get("picked")) == Picked.DIRECT
        kept = request.session.get(KEPT_AS, {})
        return cls(kept.get("mode", Mode.DOCUMENT if directly else Mode.STREAM), kept.get("filters", {}))

    def keep(self, request: HttpRequest, *, chosen: bool = False) -> None:
        """chosen: the analyst asked for this order, be it the usual one."""
        if self != Course.of(request) or (chosen and KEPT_AS not in request.session):
            request.session[KEPT_AS] = {"mode": self.mode, "filters": self.filters}

    def next(
        self, reader: Reader, *, done: Claim | None = None, document_id: int | None = None, ahead: bool = False
    ) -> Upcoming | None:
        """The claim to go on with, after one that is done, or of a document; at the very end what colleagues have next.

        ahead: it comes next, and is held beside the one before them.
        """
        if found := self._next(reader, done=done, document_id=document_id, ahead=ahead):
            return found
        if ahead or not Lease.objects.of_others(reader.user).filter(ahead=True).exists():
            return None
        return self._next(replace(reader, spare=True), done=done, document_id=document_id, ahead=ahead)

    def _next(self, reader: Reader, *, done: Claim | None, document_id: int | None, ahead: bool) -> Upcoming | None:
        if document_id is not None:
            return upcoming.first(reader, self._narrow(reader), document_id=document_id)
        if self.mode == Mode.STREAM:
            return upcoming.most_useful(reader, self._narrow(reader), done=done, ahead=ahead)
        if done is not None:
            return upcoming.after(done, reader, self._narrow(reader), ahead=ahead)
        return upcoming.first(reader, self._narrow(reader))

    def go_on_with(self, reader: Reader, claim_id: int, version: int) -> bool:
        """Hold the claim that `next` foresaw. False: it is not what it was, or not free."""
        return upcoming.this_one(claim_id, version, reader, self._narrow(reader))

    def _narrow(self, reader: Reader) -> Narrow:
        return lambda claims: narrowed(claims, self.filters, reader)

    @property
    def nothing_left(self) -> str:
        """What to say when no claim is left to go on with."""
        if self.filters:
            return str(_("Nothing that waits fits what you narrowed the queue to. Take a filter away to go on."))
        return str(_("Nothing is waiting for review."))

    def chips(self) -> list[Chip]:
        """For people: the ids of collections and documents with their names, in two queries at most."""
        return [
            Chip(
                str(FilterForm.base_fields[name].label),
                _name_of(name, value),
                urlencode({other: kept for other, kept in self.filters.items() if other != name} | {"filters": "1"}),
            )
            for name, value in self.filters.items()
        ]


def narrowed(claims: ClaimQuerySet, filters: Mapping[str, str], reader: Reader) -> ClaimQuerySet:
    """The claims that fit. filters: as `FilterForm.chosen` gives them; what is no longer valid narrows nothing."""
    if not filters:
        return claims
    form = FilterForm(filters, reader, kept=True)
    form.is_valid()
    wanted = {name: value for name, value in form.cleaned_data.items() if value not in (None, "", False)}
    by_field = {
        "collection": "collection_id",
        "document": "layer__document_id",
        "cue": "cue_quote__iexact",
        "type": "type",
        "score_from": "score__gte",
        "score_to": "score__lte",
    }
    if wanted.keys() & {"cue", "type", "source"}:
        claims = claims.as_worded(reader.user)  # else what the first analyst made of a claim would show
    if "source" in wanted:
        claims = claims.as_ascribed(reader.user)
    claims = claims.filter(**{field: wanted[name] for name, field in by_field.items() if name in wanted})
    if "source" in wanted:
        words = wanted["source"]
        claims = claims.filter(Q(source_quote__icontains=words) | Q(document_source__canonical__icontains=words))
    if "since" in wanted or "until" in wanted:
        day = Coalesce("reported_date", "layer__document__document_date", "layer__document__information_date")
        claims = claims.annotate(day=day)
        claims = claims.filter(Q(day__gte=wanted["since"])) if "since" in wanted else claims
        claims = claims.filter(Q(day__lte=wanted["until"])) if "until" in wanted else claims
    if wanted.get("given") == "me":
        claims = claims.filter(layer__document__in=Assignment.objects.of(reader.user).values("document"))
    elif "given" in wanted:
        claims = claims.filter(~Exists(Assignment.objects.filter(document=OuterRef("layer__document"))))
    return claims


def _name_of(filter_name: str, value: str) -> str:
    if filter_name == "collection":
        return str(Collection.objects.filter(pk=value).values_list("name", flat=True).first() or value)
    if filter_name == "document":
        document = Document.objects.filter(pk=value).first()
        return document.label if document else value
    if filter_name == "given":
        return str(dict(FilterForm.base_fields["given"].choices).get(value, value))  # type: ignore[attr-defined]
    return value
