"""Accounts and keys from the command line."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import ApiKey, User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_a_new_user_gets_a_password_that_is_printed_once():
    said = run("create_user", "ana", "--role", "analyst", "--email", "ana@example.org")

    user = User.objects.get()
    password = said.split("password is ")[1].split()[0]
    assert user.check_password(password)
    assert (list(user.groups.values_list("name", flat=True)), user.email) == (["analyst"], "ana@example.org")


def test_a_password_can_come_from_standard_input_and_is_not_repeated(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough secret\n"))

    said = run("create_user", "ana", "--role", "viewer", "--password-stdin")

    assert User.objects.get().check_password("a long enough secret")
    assert "secret" not in said


@pytest.mark.parametrize("password", ["", "short", "password1234"])
def test_a_weak_password_is_refused(monkeypatch: pytest.MonkeyPatch, password: str):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))

    with pytest.raises(CommandError, match="password"):
        run("create_user", "ana", "--role", "viewer", "--password-stdin")

    assert not User.objects.exists()


def test_a_name_is_given_once():
    UserFactory(username="ana")

    with pytest.raises(CommandError, match="already"):
        run("create_user", "ana", "--role", "viewer")


def test_a_printed_key_opens_the_api():
    UserFactory(username="ana")

    secret = run(
        "create_key", "ana", "--name", "notebook", "--scope", "read", "--scope", "review", "--days", "7"
    ).strip()

    key = ApiKey.objects.get()
    assert (key.name, key.scopes) == ("notebook", ["read", "review"])
    assert timedelta(days=6) < key.expiry - timezone.now() <= timedelta(days=7)
    assert APIClient().get("/api/v1/claims/", HTTP_AUTHORIZATION=f"Bearer {secret}").status_code == 200


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["bob", "--name", "x", "--scope", "read"], "no user 'bob'"),
        (["ana", "--name", "x", "--scope", "write"], "invalid choice"),
        (["ana", "--name", "x"], "required"),
        (["ana", "--name", "x", "--scope", "read", "--days", "0"], "1 to"),
    ],
)
def test_a_key_for_nobody_or_nothing_is_refused(arguments: list[str], problem: str):
    UserFactory(username="ana")

    with pytest.raises(CommandError, match=problem):
        run("create_key", *arguments)

    assert not ApiKey.objects.exists()
