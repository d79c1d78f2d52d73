"""Changes to accounts: people get roles, machines get keys."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.errors import UnknownRole
from accounts.models import ApiKey, User
from accounts.roles import ROLES


@transaction.atomic
def create_user(username: str, *, password: str, role: str, email: str = "") -> User:
    """A new account with one role. Admins may also enter the records pages (`is_staff`).

    Raises UnknownRole when `role` is none of accounts.roles.ROLES.
    """
    if role not in ROLES:
        raise UnknownRole(role, known=list(ROLES))
    user = User.objects.create_user(username, email=email, password=password, is_staff=role == "admin")
    user.groups.add(Group.objects.get(name=role))
    return user


def create_key(
    user: User, *, name: str, scopes: list[str], lifetime: timedelta | None = timedelta(days=90)
) -> tuple[ApiKey, str]:
    """A new API key for `user` and its secret, which is stored nowhere and cannot be shown again."""
    key, secret = ApiKey.objects.create(user, expiry=lifetime, name=name, scopes=scopes)
    return key, secret


def importer() -> User:
    """The account that stands for imports nobody in particular answers for. Nobody can log in with it."""
    user, created = User.objects.get_or_create(username="import", defaults={"is_active": False})
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
