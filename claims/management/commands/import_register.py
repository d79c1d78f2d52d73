from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from accounts.models import User
from accounts.services import importer
from claims.errors import BadRegister
from claims.registers import read_register
from claims.services.records import recompute
from claims.services.registers import import_register
from documents.errors import TooLarge
from documents.services import open_collection


class Command(BaseCommand):
    help = (
        "Load a claim register: a folder with claims.csv (claim_id, source, question, value, day), and if there are "
        "any provenance.csv (claim_id, derived_from_source) and verdicts.csv (question, true_value). Every row becomes "
        "an accepted claim, every answer whose truth is known a verdict, and all records are computed anew. The same "
        "folder again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--collection", metavar="NAME", help="Made if there is none (default: the folder's name).")
        parser.add_argument("--by", metavar="USER", help="Whose decision it is (default: the account 'import').")
        parser.add_argument(
            "--day-zero",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="What day 0 is, where days are numbers (default: so that the last claim is of today).",
        )
        parser.add_argument(
            "--decided-on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="Day of the verdicts (default: today)."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        today = timezone.localdate()
        try:
            register = read_register(options["folder"])
            collection, _ = open_collection(options["collection"] or register.name)
            added = import_register(
                register,
                collection=collection,
                by=_user(options["by"]) if options["by"] else importer(),
                day_zero=options["day_zero"] or today - timedelta(register.last_day),
                decided_on=options["decided_on"] or today,
            )
            if added.claims or added.verdicts:
                recompute()
        except (BadRegister, TooLarge) as error:
            raise CommandError(str(error)) from error
        table = Table("Added", "", box=None, header_style="bold", title=f"{register.name} in {collection.name}")
        for what in ("claims", "sources", "questions", "repeats", "verdicts"):
            table.add_row(what, str(getattr(added, what)))
        console = Console()
        console.print(table)
        console.print(f"Answers: manage.py predict_answers '{collection.name}'", highlight=False)


def _user(name: str) -> User:
    try:
        return User.objects.get(username=name)
    except User.DoesNotExist:
        raise CommandError(f"There is no user '{name}'.") from None
