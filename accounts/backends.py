"""Who is signed in, what they may do and of which collections they are members, in one query: every page asks."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.auth.backends import ModelBackend

from accounts.kept import KeptQuery, given
from accounts.models import User, all_collections, memberships_of, permissions_of


class RolesBackend(ModelBackend):
    """Django's own, but that a person comes with their permissions, which Django asks for in two queries more."""

    def get_user(self, user_id: Any) -> User | None:
        found = _person().ask(id=User._meta.pk.to_python(user_id))
        if not found or not self.user_can_authenticate(found[0]):
            return None
        person: Any = found[0]
        person.remember_permissions(person.granted)
        person.sight = frozenset(person.member_of), person.collections_there
        return found[0]


@cache
def _person() -> KeptQuery[User]:
    return KeptQuery(
        User.objects.filter(pk=given("id")).annotate(
            granted=permissions_of("pk"), member_of=memberships_of("pk"), collections_there=all_collections()
        )
    )
