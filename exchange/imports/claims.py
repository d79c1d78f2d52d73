"""Rows of claims: each becomes a candidate, or an accepted claim, at its place in a document of the file's making."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import DatabaseError, transaction

from accounts.models import User
from claims.errors import ClaimError
from claims.models import Claim, ClaimType, Modality, Outcome, Proposition, Stance, Verdict
from claims.services import accept, reject, settle
from claims.services.store import fingerprint_of, role_fields
from documents.models import Collection, Document, TextLayer
from documents.services import mark_extracted, store_document, store_text
from exchange.imports import fields
from exchange.imports.errors import BadRow
from exchange.imports.flat import flat
from exchange.imports.known import digest, find, note
from exchange.imports.report import Result, RowResult
from exchange.models import RowKind
from extraction.spans import Span
from sources.models import Access, Source, SourceKind
from sources.services import create_source, note_wording

STATES = ("candidate", "accepted", "rejected")
DROPPED = ("superseded", "withdrawn")
"""States that our own exports have and that nothing is stored of."""
SAID = "said"
"""The cue between a source and what it says, where the row has none."""
READER, READER_VERSION = "import", "1"


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A row that can be stored: all its fields are read, and nothing about it is known to be wrong.

    source_known: whether its source is made even while the claim waits for an analyst.
    """

    line: int
    external_id: str
    digest: str
    document: str
    facts: dict[str, Any]
    source: str
    source_id: str
    source_facts: dict[str, Any]
    source_known: bool
    teller: str
    cue: str
    content: str
    proposition: str
    proposition_id: str
    topic: str
    stance: str
    state: str
    reason: str
    type: str
    modality: str
    hedge: str
    information_date: date | None
    reported_date: date | None
    outcome: str
    decided_on: date | None
    evidence: str


def read(line: int, row: Mapping[str, Any]) -> ClaimRow:
    """Raises BadRow."""
    row = flat(row)
    said = digest(row)
    content = fields.text(row, "content_quote", "content", "claim", "text")
    if not content:
        raise BadRow("it says nothing: content_quote is empty. Write the words that were claimed.")
    source = fields.line(row, "source", "source_quote")
    outcome = fields.choice(row, "verdict", Outcome.values)
    read = ClaimRow(
        line=line,
        external_id=fields.line(row, "external_id", "uid") or said,
        digest=said,
        document=fields.line(row, "document_uid", "doc_number", "document", "document_name", "document_title"),
        facts={
            "title": fields.line(row, "document_title", "document"),
            "doc_number": fields.line(row, "doc_number", most=100),
            "classification": fields.line(row, "classification", most=200),
            "document_date": fields.day(row, "document_date"),
        },
        source=source,
        source_id=fields.line(row, "source_uid", "source_id") or f"name {source}",
        source_facts={
            "kind": fields.choice(row, "source_kind", SourceKind.values, SourceKind.UNNAMED_PERSON),
            "anonymous": fields.flag(row, "source_anonymous", default=True),
            "access": fields.choice(row, "source_access", Access.values, Access.UNKNOWN),
            "placement": fields.text(row, "source_placement"),
        },
        source_known=fields.flag(row, "source_known", default=False),
        teller=fields.line(row, "source_quote", "source"),
        cue=fields.line(row, "cue_quote", "cue") or (SAID if source else ""),
        content=content,
        proposition=fields.text(row, "proposition"),
        proposition_id=fields.line(row, "proposition_uid"),
        topic=fields.line(row, "topic", most=100),
        stance=fields.choice(row, "stance", Stance.values, Stance.ASSERTS),
        state=fields.choice(row, "state", STATES + DROPPED, "candidate"),
        reason=fields.text(row, "decision_reason", "reason"),
        type=fields.choice(row, "type", ClaimType.values, ClaimType.INDIRECT),
        modality=fields.choice(row, "modality", Modality.values, Modality.FACT),
        hedge=fields.text(row, "hedge"),
        information_date=fields.day(row, "information_date"),
        reported_date=fields.day(row, "reported_date"),
        outcome=outcome,
        decided_on=fields.day(row, "verdict_decided_on", "decided_on"),
        evidence=fields.text(row, "verdict_evidence", "evidence"),
    )
    _check(read)
    return read


def _check(row: ClaimRow) -> None:
    if row.state in DROPPED:
        raise BadRow(f"it is {row.state}: it counts no more where it comes from. Leave it out.")
    if row.state == "accepted" and not row.source:
        raise BadRow("it is accepted, and has no source. Name one, or write the state candidate.")
    if row.outcome and row.state != "accepted":
        raise BadRow("it has a verdict, which only an accepted claim's proposition can have.")
    if row.outcome and not (row.decided_on and row.evidence):
        raise BadRow("its verdict lacks verdict_decided_on or verdict_evidence.")


class ClaimImport:
    """Stores rows of claims in a collection, for somebody."""

    def __init__(self, collection: Collection, by: User, *, decides: bool = True) -> None:
        self.collection, self.by = collection, by
        self.may_decide = decides and by.has_perm("claims.review_claim")
        self.may_settle = decides and by.has_perm("claims.settle_proposition")

    def take(self, rows: Iterable[tuple[int, Mapping[str, Any] | str]]) -> Iterator[RowResult]:
        """What becomes of each row, those of one document together. A row that is refused leaves nothing behind."""
        new: dict[str, list[ClaimRow]] = {}
        seen: dict[str, int] = {}
        for line, said in rows:
            if isinstance(said, str):
                yield RowResult(line, Result.REFUSED, said)
                continue
            try:
                row = self._allowed(read(line, said))
            except BadRow as error:
                yield RowResult(line, Result.REFUSED, str(error))
                continue
            if first := seen.get(row.external_id):
                yield RowResult(line, Result.REFUSED, f"line {first} has the same id.", row.external_id)
                continue
            seen[row.external_id] = line
            known = find(self.collection, RowKind.CLAIM, row.external_id)
            if known is None:
                new.setdefault(row.document, []).append(row)
            elif known.digest == row.digest:
                yield RowResult(line, Result.KNOWN, external_id=row.external_id)
            else:
                yield RowResult(
                    line,
                    Result.DIFFERS,
                    f"claim {known.row} came with this id and said something else. Correct it in the workbench.",
                    row.external_id,
                )
        for document, group in new.items():
            yield from self._store(document, group)

    def _allowed(self, row: ClaimRow) -> ClaimRow:
        if row.state in ("accepted", "rejected") and not self.may_decide:
            raise BadRow(
                f"it is {row.state}, and {self.by.username} may not decide on claims. Ask for the role analyst."
            )
        if row.outcome and not self.may_settle:
            raise BadRow(f"it has a verdict, and {self.by.username} may not settle. Ask for the role analyst.")
        return row

    def _store(self, document: str, group: list[ClaimRow]) -> Iterator[RowResult]:
        """Again without those that were refused, until all that are left go in together: a text is never edited."""
        while group:
            refused: dict[int, str] = {}
            details: dict[int, str] = {}
            with transaction.atomic():
                layer, places = self._layer(document, group)
                for row in group:
                    try:
                        with transaction.atomic():
                            details[row.line] = self._one(row, layer, places[row.line])
                    except (BadRow, ClaimError, DatabaseError, ValueError) as error:
                        refused[row.line] = str(error).partition("\n")[0]
                if refused:
                    transaction.set_rollback(True)
            for row in group:
                if row.line in refused:
                    yield RowResult(row.line, Result.REFUSED, refused[row.line], row.external_id)
                elif not refused:
                    yield RowResult(row.line, Result.ADDED, details[row.line], row.external_id)
            group = [row for row in group if refused and row.line not in refused]

    def _layer(
        self, name: str, group: list[ClaimRow]
    ) -> tuple[TextLayer, dict[int, tuple[Span | None, Span | None, Span]]]:
        """The text of these rows, a sentence each, as the newest layer of their document; and the places in it."""
        text, places = "", {}
        for row in group:
            begins = [len(text)]
            for part in (row.teller, row.cue):
                text += f"{part} " if part else ""
                begins.append(len(text))
            text += row.content
            ends = (begins[0] + len(row.teller), begins[1] + len(row.cue), len(text))
            source, cue, content = (
                Span.cut(text, [(start, end)]) if end > start else None for start, end in zip(begins, ends, strict=True)
            )
            assert content is not None  # noqa: S101 -- it was read
            places[row.line] = source, cue, content
            text += "\n"
        document = self._document(name, group[0], text)
        layer = store_text(document, text=text, reader=READER, reader_version=READER_VERSION, facts={})
        mark_extracted(document)
        return layer, places

    def _document(self, name: str, first: ClaimRow, text: str) -> Document:
        known = find(self.collection, RowKind.DOCUMENT, name or "unnamed")
        if known is not None:
            return Document.objects.get(pk=known.row)
        data = f"Imported: {name or 'claims without a document'}\n\n{text}".encode()
        document, _ = store_document(
            data, name=f"{name or 'imported'}.txt", collection=self.collection, added_by=self.by, to_be_read=False
        )
        facts = {field: value for field, value in first.facts.items() if value}
        Document.objects.filter(pk=document.pk).update(media_type="text/plain", **facts)
        note(self.collection, RowKind.DOCUMENT, name or "unnamed", document.pk)
        return document

    def _one(self, row: ClaimRow, layer: TextLayer, places: tuple[Span | None, Span | None, Span]) -> str:
        """Store one row. Returns what was left out of it."""
        source, cue, content = places
        claim = Claim.objects.create(
            layer=layer,
            collection=self.collection,
            fingerprint=fingerprint_of(source, cue, content),
            start=min(span.start for span in places if span),
            type=row.type,
            hedge=row.hedge,
            modality=row.modality,
            information_date=row.information_date,
            reported_date=row.reported_date or layer.document.document_date,
            **role_fields("source", source),
            **role_fields("cue", cue),
            **role_fields("content", content),
        )
        note(self.collection, RowKind.CLAIM, row.external_id, claim.pk, row.digest)
        if row.state == "rejected":
            reject(claim, by=self.by, reason=row.reason or "Rejected where it comes from.")
        if row.state != "accepted":
            if row.source_known:
                Claim.objects.filter(pk=claim.pk).update(source=self._source(row, layer.document))
            return ""
        known = self._proposition(row)
        wording = row.proposition or " ".join(row.content.split())
        accept(
            claim,
            by=self.by,
            source=self._source(row, layer.document),
            proposition=known,
            wording="" if known else wording,
            stance=row.stance,
        )
        claim.refresh_from_db()
        proposition = claim.proposition
        assert proposition is not None  # noqa: S101 -- it is accepted
        if known is None:
            note(
                self.collection,
                RowKind.PROPOSITION,
                row.proposition_id or f"text {digest({'': wording})}",
                proposition.pk,
            )
            if row.topic:
                Proposition.objects.filter(pk=proposition.pk).update(topic=row.topic)
        return self._settle(row, proposition) if row.outcome else ""

    def _proposition(self, row: ClaimRow) -> Proposition | None:
        wording = row.proposition or " ".join(row.content.split())
        found = find(self.collection, RowKind.PROPOSITION, row.proposition_id or f"text {digest({'': wording})}")
        return Proposition.objects.visible_to(self.by).filter(pk=found.row).first() if found else None

    def _source(self, row: ClaimRow, document: Document) -> Source:
        """The source that came under this id or name into this collection before; else a new one. None is tied to a
        source that is known from elsewhere: that is for an analyst to say."""
        found = find(self.collection, RowKind.SOURCE, row.source_id)
        source = Source.objects.filter(pk=found.row).first() if found else None
        if source is None:
            source = create_source(row.source, by=self.by, **row.source_facts)
            if found is not None:
                found.delete()
            note(self.collection, RowKind.SOURCE, row.source_id, source.pk)
        note_wording(source, row.teller, document=document)
        return source

    def _settle(self, row: ClaimRow, proposition: Proposition) -> str:
        in_force = Verdict.objects.in_force().filter(proposition=proposition).first()
        if in_force is None:
            assert row.decided_on is not None  # noqa: S101 -- checked with the row
            settle(proposition, outcome=row.outcome, decided_on=row.decided_on, evidence=row.evidence, by=self.by)
        elif in_force.outcome != row.outcome:
            raise BadRow(
                f"proposition {proposition.pk} has the verdict {in_force.outcome} already. Withdraw it first, or leave "
                "the verdict out."
            )
        return ""
