"""`manage.py create_key`: a key for the REST API."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import UnknownCollection
from accounts.models import Scope, User
from accounts.services import collections_named, create_key

LONGEST_DAYS = 3650


class Command(BaseCommand):
    help = (
        "Create an API key for a user and print it once. It may never do more than its user, nor more than its scopes: "
        "read (look at everything the user sees), propose (upload), review (decide, grade, settle), admin (all)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", metavar="USER")
        parser.add_argument("--name", required=True, help="What it is for: 'newsroom CMS'.")
        parser.add_argument(
            "--scope", action="append", required=True, choices=list(Scope.values), help="What it may do; repeatable."
        )
        parser.add_argument(
            "--collection", action="append", metavar="NAME", help="It sees this one only; repeatable. All without."
        )
        parser.add_argument("--days", type=int, default=90, help=f"How long it is good for, 1 to {LONGEST_DAYS} (90).")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(f"There is no user '{options['user']}'.")
        if not 1 <= options["days"] <= LONGEST_DAYS:
            raise CommandError(f"A key is good for 1 to {LONGEST_DAYS} days.")
        scopes = sorted(set(options["scope"]))
        try:
            only = collections_named(options["collection"]) if options["collection"] else None
        except UnknownCollection as error:
            raise CommandError(str(error)) from error
        lifetime = timedelta(days=options["days"])
        key, secret = create_key(user, name=options["name"], scopes=scopes, lifetime=lifetime, collections=only)
        self.stdout.write(secret)
        self.stderr.write(
            f"A key of {user.username} for {', '.join(scopes)}, good until {key.expiry:%Y-%m-%d}. It is shown once."
        )
