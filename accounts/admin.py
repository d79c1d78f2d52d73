from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from accounts.models import ApiKey, User
from accounts.records import RecordAdmin
from accounts.roles import ROLES

admin.site.unregister(Group)  # registered below without the roles


@admin.register(User)
class PeopleAdmin(UserAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """People and their roles. Only superusers see and make superusers."""

    list_display = ["username", "display_name", "email", "roles", "is_active", "last_login"]
    list_filter = ["is_active", "is_staff", "groups"]
    search_fields = ["username", "first_name", "last_name", "email"]
    filter_horizontal = []
    autocomplete_fields = []
    readonly_fields = ["last_login", "date_joined"]
    show_full_result_count = False
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Person", {"fields": ["first_name", "last_name", "email"]}),
        ("What they may do", {"fields": ["groups", "is_active", "is_staff"], "description": "Roles are groups."}),
        ("Seen", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["username", "password1", "password2", "groups", "is_staff"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        people = super().get_queryset(request).prefetch_related("groups")
        return people if request.user.is_superuser else people.filter(is_superuser=False)

    @admin.display(description="roles")
    def roles(self, person: User) -> str:
        return ", ".join(group.name for group in person.groups.all())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People who have decided something stay; make them inactive instead."""
        return False


@admin.register(ApiKey)
class ApiKeyAdmin(RecordAdmin[ApiKey]):
    """Keys are given out by `manage.py` and the service only, which show the secret once; here they are revoked."""

    list_display = ["name", "prefix", "user", "scopes", "created", "expiry"]
    list_select_related = ["user"]
    search_fields = ["name", "user__username", "token_key"]
    fields = ["name", "prefix", "user", "scopes", "created", "expiry"]
    readonly_fields = ["prefix"]
    ordering = ["-created"]

    def has_view_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return request.user.has_perm("accounts.manage_keys")

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return request.user.has_perm("accounts.manage_keys")

    @admin.display(description="begins with")
    def prefix(self, key: ApiKey) -> str:
        return key.prefix


@admin.register(Group)
class TeamAdmin(RecordAdmin[Group]):
    """Teams: groups of people that documents are given to. People join one on their own page."""

    may_add = True
    may_change = True
    list_display = ["name", "people"]
    search_fields = ["name"]
    fields = ["name"]
    ordering = ["name"]

    def visible(self, rows: QuerySet[Group], user: Any) -> QuerySet[Group]:
        """Roles are kept in accounts/roles.py; `migrate` would undo what is changed here."""
        return rows.exclude(name__in=ROLES).annotate(members=Count("user"))

    @admin.display(description="people", ordering="members")
    def people(self, team: Any) -> int:
        return int(team.members)
