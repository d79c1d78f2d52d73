"""`manage.py revoke_key`: a key of the REST API opens nothing any more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import KeyAlreadyRevoked
from accounts.models import ApiKey
from accounts.services import revoke_key


class Command(BaseCommand):
    help = "Revoke an API key, from its next call on. It stays on record."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("prefix", metavar="BEGINNING", help="How the key begins, as list_keys shows it.")

    def handle(self, *_args: Any, **options: Any) -> None:
        found = list(ApiKey.objects.filter(token_key__startswith=options["prefix"])[:2])
        if not found:
            raise CommandError(f"No key begins with '{options['prefix']}'.")
        if len(found) > 1:
            raise CommandError(f"More than one key begins with '{options['prefix']}'. Give more of it.")
        try:
            revoke_key(found[0], by=None)
        except KeyAlreadyRevoked as error:
            raise CommandError(str(error)) from error
        self.stderr.write(f"The key '{found[0].name}' of {found[0].user.username} opens nothing any more.")
