from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.errors import KeyAlreadyRevoked, KeyTooStrong, UnknownCollection
from accounts.models import ApiKey, Scope, User

NOTED_EVERY = timedelta(minutes=1)
"""How exact `last_used_at` is. One write a minute and key, not one a call."""


def collections_named(names: Iterable[str]) -> list[Any]:
    """The collections that a key can be limited to, by their names. Raises UnknownCollection."""
    # By way of the relation: collections stand above accounts.
    known = {row.name: row for row in ApiKey._meta.get_field("collections").related_model._default_manager.all()}
    names = list(names)
    if unknown := [name for name in names if name not in known]:
        raise UnknownCollection(unknown[0], known=sorted(known))
    return [known[name] for name in names]


@transaction.atomic
def create_key(
    user: User,
    *,
    name: str,
    scopes: list[str],
    lifetime: timedelta | None = timedelta(days=90),
    collections: Iterable[Any] | None = None,
) -> tuple[ApiKey, str]:
    """A new API key for `user` and its secret, which is stored nowhere and cannot be shown again.

    collections: it will see these only, as far as its user does; None: all that its user sees.
    """
    key, secret = ApiKey.objects.create(
        user, expiry=lifetime, name=name, scopes=scopes, limited=collections is not None
    )
    if collections is not None:
        key.collections.set(collections)
    return key, secret


@transaction.atomic
def give_key(
    user: User,
    *,
    by: User,
    name: str,
    scopes: list[str],
    lifetime: timedelta | None,
    collections: Iterable[Any] | None = None,
) -> tuple[ApiKey, str]:
    """A new key as somebody asks for it on a page.

    Raises KeyTooStrong for a key of somebody else, and for the scope admin, unless `by` may give out keys.
    """
    if not by.has_perm("accounts.manage_keys"):
        if user.pk != by.pk:
            raise KeyTooStrong("Only administrators make keys for others.")
        if Scope.ADMIN in scopes:
            raise KeyTooStrong("Only administrators make keys with the scope admin.")
    return create_key(user, name=name, scopes=scopes, lifetime=lifetime, collections=collections)


def revoke_key(key: ApiKey, *, by: User | None) -> ApiKey:
    """Have a key open nothing any more, from the next call on. The row stays.

    Raises KeyAlreadyRevoked.
    """
    won = ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=timezone.now(), revoked_by=by)
    if not won:
        raise KeyAlreadyRevoked(key.name)
    key.refresh_from_db(fields=["revoked_at", "revoked_by"])
    return key


def note_use(key: ApiKey) -> None:
    """Note that a key was used just now, at most once a minute."""
    now = timezone.now()
    if key.last_used_at is not None and key.last_used_at > now - NOTED_EVERY:
        return
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - NOTED_EVERY)
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


def calling_with(key: ApiKey) -> User:
    """The user of a key, who then sees no more than the key: for calls, and for work that a call leaves to a task."""
    user: User = key.user
    user.limited_by = key if key.limited else None
    return user
