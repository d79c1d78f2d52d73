"""What the admin classes of all our apps share: rows only of what the user may see, and no way around the services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.changes import Change, changes_of

M = TypeVar("M", bound=models.Model)

MOST_COUNTED = 2_000
"""Rows: forty pages. Counting more takes longer than showing the page; a list says at most this many and one."""


class CappedPaginator(Paginator):  # type: ignore[type-arg]  # generic in the stubs only
    """Counts no further than anybody leafs."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: MOST_COUNTED + 1].count())


class RecordAdmin(admin.ModelAdmin[M]):
    """A record that is looked up here and changed, if at all, in the few fields a subclass opens."""

    show_full_result_count = False
    list_per_page = 50
    paginator = CappedPaginator
    actions_on_bottom = False
    may_add = False
    may_change = False
    workbench = ""
    """The name of the row's page in the workbench, which takes its id; empty where it has none."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[M]:
        return self.visible(super().get_queryset(request), request.user)

    def visible(self, rows: QuerySet[M], user: Any) -> QuerySet[M]:
        """The rows `user` may see; a model with `visible_to` says so itself."""
        return rows.visible_to(user) if hasattr(rows, "visible_to") else rows

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[QuerySet[M], bool]:
        """By our text indexes where the model has one: `icontains` would read the whole table."""
        if search_term and hasattr(queryset, "matching"):
            return queryset.matching(search_term), False
        return super().get_search_results(request, queryset, search_term)

    def in_workbench_address(self, row: M) -> str:
        return reverse(self.workbench, args=[row.pk])

    @admin.display(description=_lazy("workbench"))
    def in_workbench(self, row: M) -> SafeString:
        return link(self.in_workbench_address(row), _("open"))

    def get_view_on_site_url(self, obj: M | None = None) -> str | None:
        """The button "In the workbench" of a record; there is no table of sites to go through."""
        return self.in_workbench_address(obj) if obj is not None and self.workbench else None

    def told_beside(self, row: M, reader: Any) -> Iterable[Change]:
        """What other rows tell of this one's history."""
        return ()

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """All that became of the row, whoever changed it and wherever, instead of what was changed on these pages."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %s") % row,
            "subtitle": None,
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "object": row,
            "opts": self.opts,
            "changes": changes_of(
                row,
                reader=request.user,  # type: ignore[arg-type]  # staff
                beside=self.told_beside(row, request.user),
            ),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self.may_add and super().has_add_permission(request, *args)

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return self.may_change and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


class RecordInline(admin.TabularInline[Any, Any]):
    """Rows shown below their record, never changed there."""

    extra = 0
    show_change_link = True
    can_delete = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields or ()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def link(address: str, words: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, words)
