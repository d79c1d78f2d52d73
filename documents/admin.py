from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Count, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest

from accounts.records import RecordAdmin, RecordInline
from documents.models import Collection, Dispatch, Document, TextLayer


class OwnCollections(admin.SimpleListFilter):
    """By collection, of those the user may see."""

    title = "collection"
    parameter_name = "collection"
    path = "collection"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(row.pk), row.name) for row in Collection.objects.visible_to(request.user)]  # type: ignore[arg-type]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        return queryset.filter(**{self.path: chosen}) if chosen and chosen.isdecimal() else queryset


@admin.register(Collection)
class CollectionAdmin(RecordAdmin[Collection]):
    may_add = True
    may_change = True
    list_display = ["name", "marking", "people", "created_at"]
    search_fields = ["name"]
    formfield_overrides = {models.ManyToManyField: {"widget": CheckboxSelectMultiple}}
    readonly_fields = ["created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collection]:
        return super().get_queryset(request).annotate(people=Count("members", distinct=True))

    @admin.display(ordering="people")
    def people(self, collection: Collection) -> int:
        return collection.people  # type: ignore[attr-defined, no-any-return]  # annotated above


class TextLayerInline(RecordInline):
    model = TextLayer
    fields = ["version", "reader", "reader_version", "created_at"]


class DispatchInline(RecordInline):
    model = Dispatch
    fields = ["state", "attempts", "next_attempt_at", "lease_until", "last_error"]


class DocumentAdmin(RecordAdmin[Document]):
    """Registered in ingest/admin.py, which adds the actions: bringing in is that app's work."""

    workbench = "ingest:document"
    list_display = ["named", "state", "collection", "created_at", "in_workbench"]
    list_select_related = ["collection"]
    list_filter = ["state", OwnCollections]
    search_fields = ["name"]
    search_help_text = "Words of the name, title, document number or case number"
    inlines = [TextLayerInline, DispatchInline]
    exclude = ["original", "near_duplicate_of"]

    @admin.display(description="document")
    def named(self, document: Document) -> str:
        """Its number and its title, where it has both."""
        return " · ".join(dict.fromkeys(words for words in (document.label, document.title) if words))


@admin.register(TextLayer)
class TextLayerAdmin(RecordAdmin[TextLayer]):
    list_display = ["document", "version", "reader", "reader_version", "created_at"]
    list_select_related = ["document"]
    list_filter = ["reader"]
    fields = ["document", "version", "reader", "reader_version", "created_at", "page_starts", "text"]

    def visible(self, rows: QuerySet[TextLayer], user: Any) -> QuerySet[TextLayer]:
        return rows.filter(document__collection__in=Collection.objects.visible_to(user))

    def get_queryset(self, request: HttpRequest) -> QuerySet[TextLayer]:
        return super().get_queryset(request).defer("segments", "furniture")


@admin.register(Dispatch)
class DispatchAdmin(RecordAdmin[Dispatch]):
    """Work that documents still need. Failed ones are tried again from their document."""

    list_display = ["document", "state", "attempts", "next_attempt_at", "lease_until", "last_error"]
    list_select_related = ["document"]
    list_filter = ["state"]
    ordering = ["-id"]

    def visible(self, rows: QuerySet[Dispatch], user: Any) -> QuerySet[Dispatch]:
        return rows.filter(document__collection__in=Collection.objects.visible_to(user))

    def has_view_permission(self, request: HttpRequest, obj: Dispatch | None = None) -> bool:
        return request.user.has_perm("documents.view_document")
