"""Keys: who makes them, for which collections, and their end."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from accounts.errors import KeyAlreadyRevoked, KeyTooStrong, UnknownCollection
from accounts.models import ApiKey
from accounts.services import calling_with, collections_named, create_key, give_key, revoke_key
from claims.models import Claim, Proposition
from documents.models import Collection, Document
from sources.models import Source
from sources.services import create_source
from tests.accounts.test_commands import run
from tests.factories import ClaimFactory, CollectionFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_limited_key_sees_only_its_collections_even_of_an_administrator():
    admin = UserFactory(groups=["admin"])
    inside, outside = ClaimFactory(accepted=True), ClaimFactory(accepted=True)
    create_source("Recorded by hand", by=admin)
    key, _ = create_key(admin, name="cms", scopes=["read"], collections=[inside.collection])

    user = calling_with(ApiKey.objects.get(pk=key.pk))

    assert [row.pk for row in Claim.objects.visible_to(user)] == [inside.pk]
    assert [row.pk for row in Source.objects.visible_to(user)] == [inside.source_id]
    assert [row.pk for row in Proposition.objects.visible_to(user)] == [inside.proposition_id]
    assert [row.pk for row in Document.objects.visible_to(user)] == [inside.layer.document_id]
    assert Collection.objects.ids_hidden_from(user) == [outside.collection_id]
    assert Claim.objects.visible_to(admin).count() == 2


def test_a_key_gives_nobody_a_collection_they_do_not_see_themselves():
    user, other = UserFactory(groups=["analyst"]), CollectionFactory()
    key, _ = create_key(user, name="cms", scopes=["read"], collections=[other])

    assert not Collection.objects.visible_to(calling_with(key)).exists()


def test_a_revoked_key_stays_and_is_revoked_once():
    admin = UserFactory(groups=["admin"])
    key, _ = create_key(admin, name="cms", scopes=["read"])

    revoke_key(key, by=admin)

    assert (key.is_good, key.revoked_by) == (False, admin)
    assert not ApiKey.objects.good().exists()
    with pytest.raises(KeyAlreadyRevoked):
        revoke_key(key, by=admin)


def test_who_is_no_administrator_makes_keys_for_themselves_without_the_scope_admin():
    ana, bob = UserFactory(groups=["analyst"]), UserFactory(groups=["analyst"])
    given = {"name": "cms", "scopes": ["read"], "lifetime": None}

    with pytest.raises(KeyTooStrong, match="for others"):
        give_key(bob, by=ana, **given)
    with pytest.raises(KeyTooStrong, match="scope admin"):
        give_key(ana, by=ana, **{**given, "scopes": ["read", "admin"]})
    key, _ = give_key(ana, by=ana, **given)

    assert list(ApiKey.objects.manageable_by(ana)) == [key]
    assert not ApiKey.objects.manageable_by(bob).exists()
    assert ApiKey.objects.manageable_by(UserFactory(groups=["admin"])).count() == 1


def test_the_database_refuses_one_answer_twice():
    from accounts.models import StoredAnswer

    user = UserFactory()
    StoredAnswer.objects.create(user=user, name="one", fingerprint="x")

    with pytest.raises(IntegrityError, match="stored_answer_once"):
        StoredAnswer.objects.create(user=user, name="one", fingerprint="x")


def test_a_key_is_made_for_collections_listed_and_revoked_by_command():
    UserFactory(username="ana")
    CollectionFactory(name="Harbour")
    run("create_key", "ana", "--name", "cms", "--scope", "read", "--collection", "Harbour")
    run("create_key", "ana", "--name", "notebook", "--scope", "read", "--days", "7")
    key = ApiKey.objects.get(name="cms")

    before = run("list_keys", "--user", "ana").splitlines()
    run("revoke_key", key.token_key)
    good = run("list_keys", "--good").splitlines()

    assert [line.split("  ")[2] for line in before] == ["notebook", "cms"]
    assert before[1].split("  ")[3:5] == ["read", "Harbour"]
    assert before[0].split("  ")[4] == "all its user sees"
    assert len(good) == 1
    assert "revoked" in run("list_keys").splitlines()[1]


def test_commands_say_what_they_cannot_find():
    UserFactory(username="ana")

    with pytest.raises(CommandError, match="There is no collection 'Harbor'"):
        run("create_key", "ana", "--name", "cms", "--scope", "read", "--collection", "Harbor")
    with pytest.raises(CommandError, match="No key begins with"):
        call_command("revoke_key", "hs_nothing")
    with pytest.raises(UnknownCollection):
        collections_named(["Harbor"])
    assert not ApiKey.objects.exists()
