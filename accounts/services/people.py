from __future__ import annotations

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.errors import UnknownRole
from accounts.models import User
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


@transaction.atomic
def set_preference(user: User, part: str, value: dict[str, str]) -> None:
    """Keep what a person set for themselves in one part of the product; what is empty is forgotten."""
    row = User.objects.select_for_update().get(pk=user.pk)
    row.preferences = {name: kept for name, kept in {**row.preferences, part: value}.items() if kept}
    row.save(update_fields=["preferences"])
    user.preferences = row.preferences


def importer() -> User:
    """The account that stands for imports nobody in particular answers for. Nobody can log in with it."""
    user, created = User.objects.get_or_create(username="import", defaults={"is_active": False})
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
