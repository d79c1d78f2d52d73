"""Who is signed in, and what they may do, in one query: every page asks for both."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, Value
from django.db.models.functions import Concat

from accounts.models import User


class RolesBackend(ModelBackend):
    """Django's own, but that a person comes with their permissions, which Django asks for in two queries more."""

    def get_user(self, user_id: Any) -> User | None:
        person = OuterRef(OuterRef("pk"))
        granted = (
            Permission.objects.filter(
                Q(pk__in=User.user_permissions.through.objects.filter(user=person).values("permission"))
                | Q(pk__in=Permission.group_set.through.objects.filter(group__user=person).values("permission"))
            )
            .order_by()
            .annotate(full_name=Concat(F("content_type__app_label"), Value("."), F("codename")))
        )
        user = User.objects.filter(pk=user_id).annotate(granted=ArraySubquery(granted.values("full_name"))).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        if not user.is_superuser:  # they may do everything, which Django knows without a list
            user._perm_cache = set(user.granted)  # type: ignore[attr-defined]  # where Django keeps it, too
        return user
