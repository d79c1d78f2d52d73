"""Who may call what: each view names, per action, the permission of the user and the scope of the key it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import ApiKey, Scope, User

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which reads the settings that name this module


@dataclass(frozen=True)
class Need:
    """What one action takes: a Django permission of the user and, when called with a key, a scope of the key."""

    permission: str
    scope: Scope


def reading(permission: str) -> dict[str, Need]:
    """The needs of a read-only resource."""
    need = Need(permission, Scope.READ)
    return {"list": need, "retrieve": need}


class PermissionMissing(PermissionDenied):
    default_code = "permission_missing"

    def __init__(self, permission: str) -> None:
        super().__init__(f"Your account may not do this: it lacks the permission {permission}.")


class ScopeMissing(PermissionDenied):
    default_code = "scope_missing"

    def __init__(self, scope: Scope) -> None:
        super().__init__(f"This API key may not do this: it lacks the scope {scope.value}. Use a key that has it.")
        self.auth_header = f'Bearer realm="Hearsay", error="insufficient_scope", scope="{scope.value}"'


class ScopedPermission(BasePermission):
    """Lets a call through when user and key have what the view's `needs` ask for its action.

    An action without an entry in `needs` is open to nobody: forgetting one is safe.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return False
        action = getattr(view, "action", None)
        if action in (None, "metadata"):
            return True  # no such method here, and OPTIONS is none of ours: the answer is 405
        need = getattr(view, "needs", {}).get(action)
        if need is None:
            return False
        if not request.user.has_perm(need.permission):
            raise PermissionMissing(need.permission)
        if isinstance(request.auth, ApiKey) and not _reaches(request.auth, need.scope):
            raise ScopeMissing(need.scope)
        return True


def caller(request: Request) -> User:
    """The user behind a call that ScopedPermission has let through."""
    return cast(User, request.user)


def _reaches(key: ApiKey, scope: Scope) -> bool:
    return scope in key.scopes or Scope.ADMIN in key.scopes
