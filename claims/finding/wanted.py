"""What a search asks for: words and filters, checked; and the query strings that lead on from it."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.ids import LARGEST_ID
from claims.models import ClaimState, ClaimType, Outcome
from grading.scales import Credibility, Reliability

NONE = "none"
"""Never judged; without a verdict."""


class Kind(models.TextChoices):
    CLAIMS = "claims", _("Claims")
    DOCUMENTS = "documents", _("Documents")


ONLY_OF_CLAIMS = ("document", "source", "cue", "type", "state", "reliability", "credibility", "outcome")
ONLY_OF_DOCUMENTS = ("classification", "author")
ANY = ("", _("Any"))
NEVER = (NONE, _("Never judged"))
RELIABILITIES = [*((grade.value, f"{grade.value} {grade.label}") for grade in Reliability), NEVER]
CREDIBILITIES = [*((grade.value, f"{grade.value} {grade.label}") for grade in Credibility), NEVER]
OUTCOMES = [*Outcome.choices, (NONE, _("Open"))]


@dataclass(frozen=True, slots=True)
class Period:
    """A year or a month: `text` is "2013" or "2013-01"."""

    text: str
    first: date
    last: date

    def __str__(self) -> str:
        return self.text

    @property
    def is_year(self) -> bool:
        return len(self.text) == len("2013")


class PeriodField(forms.Field):
    def to_python(self, value: Any) -> Period | None:
        text = str(value or "").strip()
        if not text:
            return None
        found = re.fullmatch(r"(\d{4})(?:-(\d{2}))?", text, re.ASCII)
        year, month = (int(found[1]), int(found[2] or 0)) if found else (0, 0)
        if not found or year < 1 or (found[2] and not 1 <= month <= 12):
            raise forms.ValidationError(_("Give a year or a month, as 2013 or 2013-01."))
        last = monthrange(year, month or 12)[1]
        return Period(text, date(year, month or 1, 1), date(year, month or 12, last))


class WantedForm(forms.Form):
    """The parameters of a search, as its address and the API have them."""

    kind = forms.ChoiceField(required=False, choices=[ANY, *Kind.choices])
    q = forms.CharField(required=False, max_length=300)
    collection = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    state = forms.ChoiceField(required=False, choices=[ANY, *ClaimState.choices])
    source = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    cue = forms.CharField(required=False, max_length=200)
    type = forms.ChoiceField(required=False, choices=[ANY, *ClaimType.choices])
    reliability = forms.ChoiceField(required=False, choices=[ANY, *RELIABILITIES])
    credibility = forms.ChoiceField(required=False, choices=[ANY, *CREDIBILITIES])
    outcome = forms.ChoiceField(required=False, choices=[ANY, *OUTCOMES])
    document = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    classification = forms.CharField(required=False, max_length=200)
    author = forms.CharField(required=False, max_length=500)
    reported = PeriodField(required=False)
    """When it was reported; of documents the date they bear."""
    about = PeriodField(required=False)
    """When what is reported happened or was known."""
    since = forms.DateField(required=False, error_messages={"invalid": _("Give a day as 2013-01-31.")})
    until = forms.DateField(required=False, error_messages={"invalid": _("Give a day as 2013-01-31.")})

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", _("It lies before the start. Give the same day or a later one."))
        return values


@dataclass(frozen=True)
class Wanted:
    """A checked search. values: by name, without those not given. errors: by name, what was wrong."""

    values: Mapping[str, Any]
    errors: Mapping[str, list[str]]
    given: Mapping[str, str]
    """As typed, right or wrong."""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Wanted:
        """Reads what is known of `given`; other names mean nothing. What only the other kind has is left out."""
        form = WantedForm(given)
        form.is_valid()
        kind = form.cleaned_data.get("kind") or Kind.CLAIMS
        foreign = ONLY_OF_DOCUMENTS if kind == Kind.CLAIMS else ONLY_OF_CLAIMS
        names = [name for name in form.fields if name not in foreign]
        values = {name: form.cleaned_data[name] for name in names if form.cleaned_data.get(name)}
        errors = {name: [str(each) for each in said] for name, said in form.errors.items()}
        typed = {name: given[name].strip() for name in form.fields if given.get(name, "").strip()}
        return cls(values | {"kind": Kind(kind)}, errors, typed)

    @property
    def kind(self) -> Kind:
        return Kind(self.values["kind"])

    @property
    def text(self) -> str:
        return str(self.values.get("q", ""))

    @property
    def filters(self) -> dict[str, Any]:
        return {name: value for name, value in self.values.items() if name not in ("kind", "q")}

    @property
    def is_empty(self) -> bool:
        return not self.text and not self.filters

    @property
    def plain(self) -> dict[str, str]:
        """As text: what is kept of it, and what makes an address."""
        return {name: str(value) for name, value in self.values.items() if name != "kind" or value != Kind.CLAIMS}

    def query(self, **changed: object) -> str:
        """The query string of this search with some values changed; None takes one away."""
        plain = self.plain | {name: "" if value is None else str(value) for name, value in changed.items()}
        return urlencode({name: value for name, value in plain.items() if value})

    @property
    def words_query(self) -> str:
        """The same words without any filter."""
        return self.query(**dict.fromkeys(self.filters))

    @property
    def filters_query(self) -> str:
        return self.query(q=None)

    def query_of(self, kind: Kind) -> str:
        """The same words and what of the filters the other kind has, too."""
        foreign = ONLY_OF_DOCUMENTS if kind == Kind.CLAIMS else ONLY_OF_CLAIMS
        return self.query(kind="" if kind == Kind.CLAIMS else kind.value, **dict.fromkeys(foreign))

    def of_kind(self, kind: Kind) -> Wanted:
        foreign = ONLY_OF_DOCUMENTS if kind == Kind.CLAIMS else ONLY_OF_CLAIMS
        kept = {name: value for name, value in self.values.items() if name not in foreign}
        return Wanted(kept | {"kind": kind}, self.errors, self.given)
