from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from claims.api.filters import ClaimFilter
from exchange.formats.errors import BadSelection
from exchange.formats.exporting import FORMATS, export


class Command(BaseCommand):
    help = (
        "Write the claims that a user may see to a file, newest first. The filters are those of the list of claims, "
        "as NAME=VALUE: " + ", ".join(ClaimFilter.base_filters) + "."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("filters", nargs="*", metavar="NAME=VALUE", help='Such as state=accepted or cue="told".')
        parser.add_argument("--format", choices=list(FORMATS), default="jsonl", help="Default: jsonl.")
        parser.add_argument("--as", dest="user", required=True, metavar="USER", help="Whose view of the claims it is.")
        parser.add_argument("--output", type=Path, metavar="FILE", help="Default: standard output.")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(f"There is no user '{options['user']}'.")
        wanted = dict(_filter(text) for text in options["filters"])
        try:
            pieces = export(FORMATS[options["format"]], user, wanted)
        except BadSelection as error:
            raise CommandError(str(error)) from error
        with _opened(options["output"]) as file:
            for piece in pieces:
                file.write(piece)


def _filter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise CommandError(f"'{text}' is no filter. Write NAME=VALUE.")
    return name, value


@contextlib.contextmanager
def _opened(path: Path | None) -> Iterator[TextIO]:
    """UTF-8, lines ended as the format says."""
    if path is None:
        if isinstance(sys.stdout, contextlib.AbstractContextManager) and hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        yield sys.stdout
        return
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error}") from error
