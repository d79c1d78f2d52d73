"""`manage.py create_user`: an account with one role."""

import secrets
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.roles import ROLES
from accounts.services import create_user


class Command(BaseCommand):
    help = "Create an account with one role. Its password is made up and printed once, or read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="NAME")
        parser.add_argument("--role", required=True, choices=list(ROLES))
        parser.add_argument("--email", default="")
        parser.add_argument("--password-stdin", action="store_true", help="Read the password from standard input.")

    def handle(self, *_args: Any, **options: Any) -> None:
        username = options["username"]
        if User.objects.filter(username=username).exists():
            raise CommandError(f"There is a user '{username}' already.")
        given = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else ""
        if options["password_stdin"]:
            _check(username, given)
        password = given or secrets.token_urlsafe(12)
        create_user(username, password=password, role=options["role"], email=options["email"])
        told = "" if given else f" Their password is {password} (it is not shown again)."
        self.stdout.write(f"{username} can log in as {options['role']}.{told}")


def _check(username: str, password: str) -> None:
    try:
        validate_password(password, User(username=username))
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
