"""Signing in: a person comes with what they may do."""

import pytest
from django.contrib.auth.models import Group, Permission

from accounts.backends import RolesBackend
from accounts.models import User
from tests.factories import UserFactory


def of_role(role: str) -> User:
    return UserFactory(groups=[role])


@pytest.mark.parametrize("role", ["viewer", "analyst", "admin"])
def test_a_person_comes_with_the_permissions_of_their_roles_and_their_own_in_one_query(
    db: None, django_assert_num_queries, role: str
):
    user = of_role(role)
    user.user_permissions.add(Permission.objects.get(codename="delete_session"))

    with django_assert_num_queries(1):
        found = RolesBackend().get_user(user.pk)
        granted = found.get_all_permissions()

    assert granted == User.objects.get(pk=user.pk).get_all_permissions()
    assert "sessions.delete_session" in granted


def test_who_has_no_role_may_do_nothing(db: None):
    found = RolesBackend().get_user(UserFactory(groups=[]).pk)

    assert found.get_all_permissions() == set()


def test_a_superuser_may_do_everything_as_ever(db: None):
    found = RolesBackend().get_user(UserFactory(is_superuser=True, groups=[]).pk)

    assert found.has_perm("claims.review_claim")
    assert found.get_all_permissions() == {
        f"{app}.{name}" for app, name in Permission.objects.values_list("content_type__app_label", "codename")
    }


def test_a_role_taken_away_is_gone_with_the_next_request(db: None):
    user = of_role("analyst")
    user.groups.remove(Group.objects.get(name="analyst"))

    assert not RolesBackend().get_user(user.pk).has_perm("claims.review_claim")


@pytest.mark.parametrize("who", ["gone", "inactive"])
def test_who_may_not_sign_in_is_nobody(db: None, who: str):
    user = UserFactory(is_active=False)

    assert RolesBackend().get_user(user.pk if who == "inactive" else user.pk + 1) is None
