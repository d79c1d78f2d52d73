import re

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command

from accounts.models import User
from tests.factories import UserFactory


@pytest.mark.django_db
def test_the_first_account_gets_a_random_password_that_is_printed_and_works(capsys: pytest.CaptureFixture[str]):
    call_command("create_first_analyst")

    printed = re.fullmatch(r"Log in as analyst with the password (\S{16}) .*\n", capsys.readouterr().out)
    assert printed is not None
    user = authenticate(username="analyst", password=printed.group(1))
    assert user == User.objects.get()
    assert [group.name for group in User.objects.get().groups.all()] == ["admin"]


@pytest.mark.django_db
def test_where_there_are_accounts_none_is_added(capsys: pytest.CaptureFixture[str]):
    existing = UserFactory()

    call_command("create_first_analyst")

    assert list(User.objects.all()) == [existing]
    assert capsys.readouterr().out == (
        "There are accounts already. A lost password is set anew by: manage.py changepassword NAME\n"
    )
