from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.auth.models import AbstractUser, Permission
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q, Value
from django.db.models.functions import Concat

if TYPE_CHECKING:
    from accounts.models.key import ApiKey

Answer = TypeVar("Answer")


class User(AbstractUser):  # type: ignore[django-manager-missing]  # that of the keys, see ApiKey
    """A person, or the account behind a machine's keys. What it may do comes from its groups."""

    preferences = models.JSONField(
        default=dict, blank=True, help_text="What a person set for themselves, by the part of the product it is for."
    )

    limited_by: ApiKey | None = None
    """The key it calls with, where that is limited to some collections: then it sees no others, whoever it is."""
    sight: tuple[frozenset[int], list[int]] | None = None
    """The ids of the collections it is a member of, and of all there are, where both came with it for one request."""
    _answers: dict[str, Any] | None = None

    class Meta(AbstractUser.Meta):
        permissions = [
            ("manage_keys", "Can give out and revoke API keys"),
            ("use_keys", "Can make and revoke API keys of their own"),
        ]

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.username

    def remember_permissions(self, granted: Iterable[str]) -> None:
        """Have `has_perm` answer from what `permissions_of` found."""
        if not self.is_superuser:  # they may do everything, which Django knows without a list
            self._perm_cache = set(granted)  # where Django keeps it, too

    @contextmanager
    def asked_once(self) -> Iterator[None]:
        """For calls that change nothing: until its end, what is asked by `once` is asked once."""
        self._answers = {}
        try:
            yield
        finally:
            self._answers = None

    @property
    def is_asked_once(self) -> bool:
        return self._answers is not None

    def once(self, question: str, ask: Callable[[], Answer]) -> Answer:
        """What `ask` says about this user; what it said already, within `asked_once`."""
        if self._answers is None:
            return ask()
        if question not in self._answers:
            self._answers[question] = ask()
        answer: Answer = self._answers[question]
        return answer


def permissions_of(user: str) -> Any:
    """Names of the permissions of the user whose id is in this column: their own, and those of their groups."""
    person = OuterRef(OuterRef(user))
    found = (
        Permission.objects.filter(
            Q(pk__in=User.user_permissions.through.objects.filter(user=person).values("permission"))
            | Q(pk__in=Permission.group_set.through.objects.filter(group__user=person).values("permission"))
        )
        .order_by()
        .annotate(full_name=Concat(F("content_type__app_label"), Value("."), F("codename")))
    )
    return ArraySubquery(found.values("full_name"))


def memberships_of(user: str) -> Any:
    """Ids of the collections that the user whose id is in this column is a member of."""
    return ArraySubquery(User.collections.through.objects.filter(user=OuterRef(user)).values("collection"))


def all_collections() -> Any:
    collections = User._meta.get_field("collections").related_model._default_manager
    return ArraySubquery(collections.order_by("pk").values("pk"))
