"""One page of the list of sources: filters, order, and the next page by key, each from an index of the records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from claims.models import Claim
from documents.models import Collection
from grading.scales import Reliability
from grading.suggestion import evidence_in_words
from review.charts import IntervalBar, interval_bar
from sources.models import ReliabilityAssessment, Source, SourceKind, TrackRecord
from sources.models.record import TrackRecordQuerySet

PAGE_SIZE = 50
ACTIVITY, DIVERGENCE = "activity", "divergence"
ORDERS = [(ACTIVITY, _("Most claims")), (DIVERGENCE, _("Strongest divergence"))]
NEVER = "never"
GRADES = [*[(letter.value, f"{letter.value} {letter.label}") for letter in Reliability], (NEVER, _("Never judged"))]
SUGGESTIONS = [(letters, letters) for letters in ("A", "A-B", "B", "B-C", "C", "C-D", "D", "D-E", "E", "F")]
NAMING = [("named", _("Named")), ("unnamed", _("Not named"))]
RECORDS = [("yes", _("With verdicts")), ("no", _("Without verdicts"))]
ANY = [("", _("Any"))]


class FilterForm(forms.Form):
    """What the list is narrowed to. A value that names nothing narrows to nothing."""

    words = forms.CharField(required=False, max_length=200)
    kind = forms.ChoiceField(required=False, choices=[*ANY, *SourceKind.choices])
    naming = forms.ChoiceField(required=False, choices=[*ANY, *NAMING])
    grade = forms.ChoiceField(required=False, choices=[*ANY, *GRADES])
    suggestion = forms.ChoiceField(required=False, choices=[*ANY, *SUGGESTIONS])
    record = forms.ChoiceField(required=False, choices=[*ANY, *RECORDS])
    diverges = forms.BooleanField(required=False)
    collection = forms.IntegerField(required=False, min_value=1)
    order = forms.ChoiceField(required=False, choices=ORDERS)
    uncover = forms.BooleanField(required=False)
    """Show suggested letters that are covered until the reader has graded the source."""
    after = forms.CharField(required=False, max_length=60)
    """Where the page begins: the value the list is sorted by and the id of the last source before, with a comma."""

    def clean_after(self) -> tuple[float, int] | None:
        value, _comma, source = self.cleaned_data["after"].partition(",")
        if not value and not source:
            return None
        try:
            return float(value), int(source)
        except ValueError:
            raise forms.ValidationError(_("The list begins nowhere.")) from None


@dataclass(frozen=True, slots=True)
class Row:
    """covered: whether the machine's letter is not shown, because the reader may grade the source and has not yet."""

    record: TrackRecord
    covered: bool

    @property
    def source(self) -> Source:
        return self.record.source

    @property
    def verdicts(self) -> int:
        return self.record.true + self.record.partly + self.record.false

    @property
    def bar(self) -> IntervalBar:
        return interval_bar(self.record.mean, self.record.low, self.record.high)

    @property
    def words(self) -> str:
        words = evidence_in_words(self.record.figures)
        return words.rpartition("; ")[0] if self.covered else words

    @property
    def grade_label(self) -> str:
        return Reliability(self.record.grade).label if self.record.grade else ""


@dataclass(frozen=True, slots=True)
class Listing:
    rows: list[Row]
    chosen: dict[str, str]
    """The filters as the reader set them, without the place in the list."""
    after: bool
    next_after: str

    @property
    def filtered(self) -> bool:
        return bool(set(self.chosen) - {"order", "uncover"})

    @property
    def covers(self) -> bool:
        return any(row.covered for row in self.rows)

    @property
    def uncovered_query(self) -> str:
        return urlencode(self.chosen | {"uncover": "1"})

    @property
    def next_query(self) -> str:
        return urlencode(self.chosen | {"after": self.next_after})

    @property
    def first_query(self) -> str:
        return urlencode(self.chosen)


def listing(user: User, wanted: QueryDict) -> Listing:
    """The page of sources that `wanted` asks for. The same queries, however many there are."""
    form = FilterForm(wanted)
    records = TrackRecord.objects.overall().filter(source__in=Source.objects.visible_to(user).standing())
    values = form.cleaned_data if form.is_valid() else {}
    if not form.is_valid():
        records = records.none()
    order = values.get("order") or ACTIVITY
    field = {ACTIVITY: "claims", DIVERGENCE: "divergence"}[order]
    records = _narrowed(records, values, user)
    records = records.most_divergent_first() if order == DIVERGENCE else records.most_active_first()
    if after := values.get("after"):
        value, source = after
        records = records.filter(Q(**{f"{field}__lt": value}) | Q(**{field: value}, source_id__lt=source))
        records = records.filter(**{f"{field}__lte": value})  # so that the index knows where to begin
    sources = Prefetch("source", Source.objects.named_for(user).defer("search"))
    found = list(records.prefetch_related(sources)[: PAGE_SIZE + 1])
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    covered = set() if values.get("uncover") else covered_from(user, [record.source_id for record in found])
    return Listing(
        rows=[Row(record, record.source_id in covered) for record in found[:PAGE_SIZE]],
        chosen={name: str(wanted[name]) for name in form.fields if name != "after" and wanted.get(name)},
        after=bool(values.get("after")),
        next_after=f"{getattr(last, field)!r},{last.source_id}" if last else "",
    )


def covered_from(user: User, sources: list[int]) -> set[int]:
    """Of these standing sources those whose suggested letter the user is not to see yet, as on a source's own page."""
    if not (settings.HEARSAY_HIDE_SUGGESTION and user.has_perm("sources.assess_source")):
        return set()
    own = ReliabilityAssessment.objects.filter(by=user, topic="").order_by()
    judged = own.filter(source__in=sources).values_list("source")
    as_another = own.filter(source__merged_into__in=sources).values_list("source__merged_into")
    return set(sources) - {source for (source,) in judged.union(as_another)}


def _narrowed(records: TrackRecordQuerySet, values: dict[str, Any], user: User) -> TrackRecordQuerySet:
    if words := values.get("words"):
        records = records.filter(source__in=Source.objects.matching(str(words), reader=user))
    if kind := values.get("kind"):
        records = records.filter(source__kind=kind)
    if naming := values.get("naming"):
        records = records.filter(source__anonymous=naming == "unnamed")
    if grade := values.get("grade"):
        records = records.filter(grade="" if grade == NEVER else grade)
    if suggestion := values.get("suggestion"):
        records = records.filter(suggestion=suggestion)
    if record := values.get("record"):
        verdicts = Q(true__gt=0) | Q(partly__gt=0) | Q(false__gt=0)
        records = records.filter(verdicts if record == "yes" else ~verdicts)
    if values.get("diverges"):
        records = records.filter(divergence__gt=0)
    if collection := values.get("collection"):
        spoken = Claim.objects.visible_to(user).accepted().filter(collection=collection)
        own, absorbed = OuterRef("source"), OuterRef("source")
        records = records.filter(
            Exists(spoken.filter(source=own)) | Exists(spoken.filter(source__merged_into=absorbed))
        )
    return records


def collections_for(user: User) -> list[Collection]:
    return list(Collection.objects.visible_to(user))
