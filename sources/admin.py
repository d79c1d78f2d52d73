from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.records import RecordAdmin, RecordInline
from sources.models import ReliabilityAssessment, Source, SourceAlias
from sources.services import assess_reliability


class AliasInline(RecordInline):
    model = SourceAlias
    fields = ["wording", "created_at"]
    show_change_link = False


class ReliabilityInline(RecordInline):
    model = ReliabilityAssessment
    fields = ["grade", "topic", "basis", "by", "at", "review_by"]


@admin.register(Source)
class SourceAdmin(RecordAdmin[Source]):
    """Who speaks. New sources come from accepted claims; here their descriptors are kept."""

    may_change = True
    list_display = ["descriptor", "kind", "anonymous", "access", "created_by", "created_at"]
    list_select_related = ["created_by"]
    list_filter = ["kind", "anonymous", "access"]
    search_fields = ["descriptor"]
    search_help_text = "Words of the descriptor or of a wording it was seen under; the last may be unfinished"
    readonly_fields = ["created_by", "created_at"]
    inlines = [AliasInline, ReliabilityInline]
    ordering = ["-id"]


@admin.register(SourceAlias)
class SourceAliasAdmin(RecordAdmin[SourceAlias]):
    list_display = ["wording", "source", "created_at"]
    list_select_related = ["source"]
    search_fields = ["wording__istartswith"]
    fields = ["wording", "source", "created_at"]
    readonly_fields = ["created_at"]
    ordering = ["-id"]

    def visible(self, rows: QuerySet[SourceAlias], user: Any) -> QuerySet[SourceAlias]:
        return rows.filter(source__in=Source.objects.visible_to(user))


@admin.register(ReliabilityAssessment)
class ReliabilityAssessmentAdmin(RecordAdmin[ReliabilityAssessment]):
    """Grades are added, never changed: the newest counts."""

    may_add = True
    list_display = ["source", "grade", "topic", "by", "at", "review_by"]
    list_select_related = ["source", "by"]
    list_filter = ["grade"]
    search_fields = ["basis"]
    fields = ["source", "grade", "topic", "basis", "review_by"]
    autocomplete_fields = ["source"]
    ordering = ["-at", "-id"]

    def visible(self, rows: QuerySet[ReliabilityAssessment], user: Any) -> QuerySet[ReliabilityAssessment]:
        return rows.filter(source__in=Source.objects.visible_to(user))

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[ReliabilityAssessment], bool]:
        found = Source.objects.matching(search_term) if search_term else None
        return (queryset if found is None else queryset.filter(source__in=found)), False

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm("sources.assess_source")

    def save_model(self, request: HttpRequest, obj: ReliabilityAssessment, form: Any, change: bool) -> None:
        given = {name: form.cleaned_data[name] for name in ("grade", "topic", "basis", "review_by")}
        obj.pk = assess_reliability(obj.source, by=request.user, **given).pk  # type: ignore[arg-type]
