from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import UnknownRole
from accounts.models import ApiKey, User
from accounts.roles import ROLES, sync_roles
from accounts.services import create_key, create_user
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_an_analyst_may_review_and_not_administer():
    user = create_user("ana", password="correct horse battery", role="analyst")

    assert user.has_perm("claims.review_claim")
    assert not user.has_perm("accounts.manage_keys")
    assert not user.is_staff
    assert user.check_password("correct horse battery")


def test_an_admin_may_enter_the_records_pages():
    user = create_user("root", password="correct horse battery", role="admin")

    assert user.is_staff
    assert user.has_perm("documents.view_all_collections")


def test_an_unknown_role_is_refused_and_leaves_no_user():
    with pytest.raises(UnknownRole, match="analyst"):
        create_user("bob", password="correct horse battery", role="king")

    assert not User.objects.exists()


def test_every_permission_that_a_role_names_exists():
    for role, wanted in ROLES.items():
        held = Group.objects.get(name=role).permissions.select_related("content_type")
        assert {f"{p.content_type.app_label}.{p.codename}" for p in held} == set(wanted)


def test_syncing_takes_away_what_a_role_should_not_have():
    viewer = Group.objects.get(name="viewer")
    viewer.permissions.set(Group.objects.get(name="admin").permissions.all())

    sync_roles()

    assert viewer.permissions.count() == len(ROLES["viewer"])


def test_a_key_is_stored_hashed_and_shown_once():
    key, secret = create_key(UserFactory(), name="notebook", scopes=["read"])

    assert secret.startswith("hs_")
    assert secret not in {key.digest, key.token_key}
    assert key.prefix == secret[:8]
    assert key.expiry - timezone.now() > timedelta(days=89)


@pytest.mark.parametrize("scopes", [[], ["read", "fly"]])
def test_the_database_refuses_a_key_without_a_known_scope(scopes):
    with pytest.raises(IntegrityError, match="api_key_scopes_known"), transaction.atomic():
        create_key(UserFactory(), name="notebook", scopes=scopes)

    assert not ApiKey.objects.exists()
