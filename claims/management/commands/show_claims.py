"""`manage.py show_claims C05797165`: what a document's sources say, as a table."""

from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table
from rich.text import Text

from claims.models import Claim
from documents.models import Document

NARROWEST = 120  # columns; a narrower table breaks into single words


class Command(BaseCommand):
    help = "Print the claims of one document: source, cue, claim, score, state."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("doc_number", help="the document number as printed, or the name of the file it came in")

    def handle(self, *args: Any, **options: Any) -> None:
        number = options["doc_number"]
        matching = Document.objects.filter(doc_number=number) or Document.objects.filter(name=number)
        document = matching.order_by("-pk").first()
        if document is None:
            raise CommandError(f"No document has the number or name {number!r}.")
        claims = Claim.objects.of_document(document).current().in_reading_order()
        console = Console(file=cast(IO[str], self.stdout), highlight=False)
        console.width = max(console.width, NARROWEST)
        console.print(_table(document, list(claims)))


def _table(document: Document, claims: list[Claim]) -> Table:
    title = f"{document.label}: {len(claims)} claims"
    table = Table("source", "cue", "claim", "score", "state", title=title, show_lines=True)
    for claim in claims:
        score = "" if claim.score is None else f"{claim.score:.2f}"
        cells = [_one_line(claim.source_quote), _one_line(claim.cue_quote), claim.wording, score, claim.state]
        table.add_row(*map(Text, cells))
    return table


def _one_line(quote: str) -> str:
    return " ".join(quote.split())
