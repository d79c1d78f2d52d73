"""The page of API keys: whose, shown once, revoked for good."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import ApiKey, User
from accounts.services import create_key, revoke_key
from documents.models import Collection
from tests.factories import CollectionFactory, UserFactory

PAGE = "/keys/"


@pytest.fixture
def admin(db: None) -> User:
    return UserFactory(username="root", groups=["admin"])


def page_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_analyst_makes_a_key_that_is_shown_once_and_works(
    browser_of_analyst: Client, analyst: User, collection: Collection
):
    CollectionFactory(name="Other").members.add(analyst)
    given = {"user": analyst.pk, "name": "notebook", "scopes": ["read"], "days": "30", "collections": [collection.pk]}

    answer = browser_of_analyst.post(PAGE, given)

    secret = re.search(r'value="(hs_[0-9a-f]+)"', answer.content.decode())
    assert answer.status_code == 200
    assert secret
    assert secret[1] not in browser_of_analyst.get(PAGE).content.decode()
    key = ApiKey.objects.get()
    assert (key.user, key.scopes, list(key.collections.all())) == (analyst, ["read"], [collection])
    assert timedelta(days=29) < key.expiry - key.created <= timedelta(days=30)
    seen = APIClient().get("/api/v1/collections/", HTTP_AUTHORIZATION=f"Bearer {secret[1]}").json()["results"]
    assert [row["name"] for row in seen] == ["Cabinet"]
    assert "no-store" in answer["Cache-Control"]


def test_nobody_but_an_administrator_sees_or_makes_keys_of_others(
    browser_of_analyst: Client, analyst: User, admin: User
):
    other, _ = create_key(admin, name="of the administrator", scopes=["read"])
    given = {"name": "notebook", "scopes": ["read"], "days": "30"}

    page = browser_of_analyst.get(PAGE).content.decode()
    for_other = browser_of_analyst.post(PAGE, {**given, "user": admin.pk})
    too_strong = browser_of_analyst.post(PAGE, {**given, "user": analyst.pk, "scopes": ["admin"]})
    revoked = browser_of_analyst.post(reverse("api_keys:revoke"), {"key": other.pk})

    assert "of the administrator" not in page
    assert "Whose" not in page
    assert (for_other.status_code, too_strong.status_code, revoked.status_code) == (422, 422, 404)
    assert ApiKey.objects.get().revoked_at is None


def test_an_administrator_gives_out_keys_and_revokes_them(analyst: User, admin: User):
    browser = page_of(admin)
    given = {"user": analyst.pk, "name": "cms", "scopes": ["read", "propose"], "days": "365"}

    browser.post(PAGE, given)
    key = ApiKey.objects.get()
    after = browser.post(reverse("api_keys:revoke"), {"key": key.pk}, follow=True).content.decode()
    again = browser.post(reverse("api_keys:revoke"), {"key": key.pk}, follow=True).content.decode()

    key.refresh_from_db()
    assert (key.user, key.revoked_by) == (analyst, admin)
    assert "“cms” opens nothing any more." in after
    assert "was revoked before" in again


def test_the_page_tells_good_from_expired_and_revoked(analyst: User, browser_of_analyst: Client):
    for name in ("good", "old", "lost"):
        create_key(analyst, name=name, scopes=["read"], lifetime=timedelta(days=1))
    revoke_key(ApiKey.objects.get(name="lost"), by=analyst)
    old = ApiKey.objects.get(name="old")
    ApiKey.objects.filter(pk=old.pk).update(
        created=old.created - timedelta(days=3), expiry=old.expiry - timedelta(days=2)
    )

    page = browser_of_analyst.get(PAGE).content.decode()

    assert [page.count(f">{state}</span>") for state in ("Good", "Expired", "Revoked")] == [1, 1, 1]
    assert page.count("For good") == 1


def test_what_is_missing_is_said_at_its_place(browser_of_analyst: Client, analyst: User):
    answer = browser_of_analyst.post(PAGE, {"user": analyst.pk, "name": "", "days": "5"})

    assert answer.status_code == 422
    assert answer.content.decode().count('class="field-error"') == 3
    assert not ApiKey.objects.exists()


def test_who_may_have_no_keys_is_told_whom_to_ask(db: None):
    answer = page_of(UserFactory(groups=["viewer"])).get(PAGE)

    assert answer.status_code == 403
    assert "analyst" in answer.content.decode()


def test_a_page_takes_as_many_queries_for_many_keys_as_for_one(
    admin: User, django_assert_num_queries: DjangoAssertNumQueries
):
    browser = page_of(admin)
    for more in (1, 2):
        for _ in range(more):
            user = UserFactory(groups=["analyst"])
            key, _secret = create_key(user, name="cms", scopes=["read"], collections=[CollectionFactory()])
        revoke_key(key, by=admin)
        with django_assert_num_queries(9):
            browser.get(PAGE)
