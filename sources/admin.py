from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet

from accounts.records import RecordAdmin
from sources.models import Source, SourceAlias


@admin.register(SourceAlias)
class SourceAliasAdmin(RecordAdmin[SourceAlias]):
    list_display = ["wording", "source", "collection", "created_at"]
    list_select_related = ["source", "collection"]
    search_fields = ["wording__istartswith"]
    fields = ["wording", "source", "collection", "document", "created_at"]
    readonly_fields = ["created_at"]
    ordering = ["-id"]

    def visible(self, rows: QuerySet[SourceAlias], user: Any) -> QuerySet[SourceAlias]:
        return rows.filter(source__in=Source.objects.visible_to(user).worded_for(user))
