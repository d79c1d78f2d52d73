from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from claims.api.filters import ClaimFilter
from exchange.formats.errors import BadSelection
from exchange.formats.exporting import FORMATS, export
from exchange.whole_files import written_whole


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
        try:
            pieces = export(FORMATS[options["format"]], user, _filters(options["filters"]))
        except BadSelection as error:
            raise CommandError(str(error)) from error
        path: Path | None = options["output"]
        try:
            with written_whole(path) if path else _standard_output() as file:
                for piece in pieces:
                    file.write(piece)
        except OSError as error:
            raise CommandError(f"{path or 'The output'} cannot be written: {error}") from error


def _filters(texts: list[str]) -> dict[str, str]:
    wanted: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise CommandError(f"'{text}' is no filter. Write NAME=VALUE.")
        if name in wanted:
            raise CommandError(f"'{name}' is there twice. Give each filter once.")
        wanted[name] = value
    return wanted


@contextmanager
def _standard_output() -> Iterator[IO[str]]:
    """UTF-8, lines ended as the format says."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    yield sys.stdout
    sys.stdout.flush()
