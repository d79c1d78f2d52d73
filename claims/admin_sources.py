"""The records of sources and their grades: here, because grading a source takes its claims as well."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.changes import Change
from accounts.records import RecordAdmin, RecordInline
from claims.admin_grading import GradeSourcesForm, grade_alike
from claims.admin_history import of_source
from claims.records import record_of
from claims.services.reliability import grade_source
from sources.errors import DepartureUnexplained
from sources.models import ReliabilityAssessment, Source, SourceAlias
from sources.services import describe_source, is_departure


class AliasInline(RecordInline):
    model = SourceAlias
    fields = ["wording", "collection", "created_at"]
    show_change_link = False


class ReliabilityInline(RecordInline):
    model = ReliabilityAssessment
    fields = ["grade", "is_grade", "topic", "basis", "suggestion", "departure", "by", "at", "review_by"]


@admin.register(Source)
class SourceAdmin(RecordAdmin[Source]):
    """Who speaks. New sources come from accepted claims; here their descriptors are kept."""

    may_change = True
    workbench = "sources:source"
    list_display = [
        "descriptor",
        "kind",
        "anonymous",
        "access",
        "merged_into",
        "created_by",
        "created_at",
        "in_workbench",
    ]
    list_select_related = ["created_by", "merged_into"]
    list_filter = ["kind", "anonymous", "access"]
    search_fields = ["descriptor"]
    search_help_text = "Words of the descriptor or of a wording it was seen under; the last may be unfinished"
    readonly_fields = ["merged_into", "created_by", "created_at"]
    inlines = [AliasInline, ReliabilityInline]
    actions = ["grade_selected"]
    ordering = ["-id"]

    def visible(self, rows: QuerySet[Source], user: Any) -> QuerySet[Source]:
        """Those of which the user sees all claims: a record shows everything that was said of a source."""
        sources: Any = rows
        found: QuerySet[Source] = sources.visible_to(user).worded_for(user)
        return found

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:
        said = {name: form.cleaned_data[name] for name in form.changed_data}
        describe_source(obj, by=request.user, **said)  # type: ignore[arg-type]

    def told_beside(self, row: Source, reader: Any) -> Iterable[Change]:
        return of_source(row)

    def has_grade_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("sources.assess_source")

    @admin.action(description="Grade selected sources", permissions=["grade"])
    def grade_selected(self, request: HttpRequest, sources: QuerySet[Source]) -> TemplateResponse | None:
        """Asks for grade and basis first; each source is graded by itself, and each refusal reported."""
        return grade_alike(self, request, sources, GradeSourcesForm, grade_source)


class ReliabilityForm(forms.ModelForm[ReliabilityAssessment]):
    """Says before the service does that a departure needs its reason, so that the form can show it."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        source, grade = given.get("source"), given.get("grade")
        if source and grade and not given.get("departure", "").strip():
            suggestion = str(record_of(source, topic=given.get("topic", "")).suggestion)
            if is_departure(grade, suggestion):
                raise ValidationError({"departure": str(DepartureUnexplained(grade, suggestion))})
        return given


@admin.register(ReliabilityAssessment)
class ReliabilityAssessmentAdmin(RecordAdmin[ReliabilityAssessment]):
    """Grades are added, never changed: the newest counts."""

    may_add = True
    form = ReliabilityForm
    list_display = ["source", "grade", "is_grade", "suggestion", "topic", "by", "at", "review_by", "in_workbench"]
    list_select_related = ["source", "by"]
    list_filter = ["grade", "is_grade"]
    search_fields = ["basis"]
    autocomplete_fields = ["source"]
    ordering = ["-id"]
    workbench = "sources:source"

    def in_workbench_address(self, row: ReliabilityAssessment) -> str:
        return reverse(self.workbench, args=[row.source_id])

    def get_fields(self, request: HttpRequest, obj: ReliabilityAssessment | None = None) -> Any:
        fields = ["source", "grade", "topic", "basis", "departure", "review_by"]
        return [*fields, "is_grade", "suggestion", "by", "at"] if obj else fields

    def visible(self, rows: QuerySet[ReliabilityAssessment], user: Any) -> QuerySet[ReliabilityAssessment]:
        return rows.filter(source__in=Source.objects.visible_to(user).worded_for(user))

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[ReliabilityAssessment], bool]:
        found = Source.objects.matching(search_term) if search_term else None
        return (queryset if found is None else queryset.filter(source__in=found)), False

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm("sources.assess_source")

    def save_model(self, request: HttpRequest, obj: ReliabilityAssessment, form: Any, change: bool) -> None:
        given = {name: form.cleaned_data[name] for name in ("grade", "topic", "basis", "review_by", "departure")}
        obj.pk = grade_source(obj.source, by=request.user, **given).pk  # type: ignore[arg-type]
