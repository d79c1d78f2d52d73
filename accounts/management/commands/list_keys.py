"""`manage.py list_keys`: the keys of the REST API."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.models import ApiKey


class Command(BaseCommand):
    help = "List API keys, newest first: how each begins, whose it is, what it may do, and when it was used."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", help="Those of this user only.")
        parser.add_argument("--good", action="store_true", help="Only those that still open something.")

    def handle(self, *_args: Any, **options: Any) -> None:
        keys = ApiKey.objects.for_list()
        if options["user"]:
            keys = keys.filter(user__username=options["user"])
        if options["good"]:
            keys = keys.good()
        for key in keys:
            self.stdout.write("  ".join(_cells(key)))


def _cells(key: ApiKey) -> list[str]:
    """Of one line; tabs are for machines, blanks for people."""
    if key.revoked_at:
        state = f"revoked {key.revoked_at:%Y-%m-%d}"
    elif key.expiry is None:
        state = "does not expire"
    else:
        state = f"{'expired' if key.is_expired else 'until'} {key.expiry:%Y-%m-%d}"
    used = f"used {key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never used"
    sees = ", ".join(row.name for row in key.collections.all()) or "nothing" if key.limited else "all its user sees"
    return [key.token_key, key.user.username, key.name, ",".join(key.scopes), sees, state, used]
