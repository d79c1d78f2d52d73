"""`manage.py create_first_analyst`: the account to start with, on a system that has none."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.models import User
from accounts.services import create_user


class Command(BaseCommand):
    help = "Create the first account, with a random password printed once. Does nothing where there are accounts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", default="analyst")
        parser.add_argument(
            "--role", default="admin", help="admin (the default: somebody must add the others) or another"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            self.stdout.write(
                "There are accounts already. A lost password is set anew by: manage.py changepassword NAME"
            )
            return
        password = secrets.token_urlsafe(12)
        user = create_user(options["username"], password=password, role=options["role"])
        self.stdout.write(f"Log in as {user.get_username()} with the password {password} (it is not shown again).")
