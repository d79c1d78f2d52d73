"""Who may use the pages of the exchange with others, said so that a refusal names what to ask for."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User

ROLES = {"exchange.view_job": "viewer", "exchange.manage_webhooks": "analyst"}


def allowed(request: HttpRequest, permission: str) -> User:
    """The user, if `permission` is theirs; otherwise PermissionDenied, saying what to ask for."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 -- LoginRequiredMiddleware lets nobody else in
    if not user.has_perm(permission):
        raise PermissionDenied(
            _("This needs the role “%s”. Ask an administrator to give it to you.") % ROLES[permission]
        )
    return user
