"""Claims as PROV-JSON, streamed: which document, read by what, gave which claim, and what an analyst made of it.

PROV-JSON (W3C member submission, 24 April 2013) sorts its statements by kind. Entities are written as claims pass; the
other kinds wait in files without a name, so that memory does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import Any
from uuid import UUID, uuid5

from exchange.formats.catalogue import Heading
from exchange.formats.gathering import IN_MEMORY
from exchange.formats.records import ClaimRecord, DocumentRecord, PropositionRecord, SourceRecord, VerdictRecord
from exchange.formats.writing import encode, moment, said

Json = dict[str, Any]
PREFIXES = {"uuid": "urn:uuid:", "hearsay": "urn:hearsay:"}
ORGANISED = {"group", "organisation"}
LATER = (
    "activity",
    "agent",
    "wasGeneratedBy",
    "used",
    "wasAssociatedWith",
    "wasAttributedTo",
    "wasDerivedFrom",
    "wasInfluencedBy",
)
"""What follows the entities, in this order."""


def write_prov(records: Iterator[ClaimRecord], heading: Heading) -> Iterator[str]:
    """One PROV-JSON document."""
    yield f'{{"prefix":{encode(PREFIXES)},"entity":{{'
    with ExitStack() as stack:
        sections = {kind: stack.enter_context(_Section(kind)) for kind in LATER}
        story = _Story(heading.namespace, sections)
        comma = ""
        for record in records:
            for name, said_of_it in story.entities(record):
                yield f"{comma}\n{encode(name)}:{encode(said_of_it)}"
                comma = ","
        yield "}"
        for kind, section in sections.items():
            if section.count:
                yield f',\n"{kind}":{{'
                yield from section.read()
                yield "}"
    yield "}\n"


class _Section:
    """The statements of one kind, kept until the others before them were written."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- closed by __exit__
        self.count = 0

    def add(self, name: str, said_of_it: Json) -> None:
        comma = "," if self.count else ""
        self.file.write(f"{comma}\n{encode(name)}:{encode(said_of_it)}".encode())
        self.count += 1

    def relate(self, *, kind: str = "", **said_of_it: str | None) -> None:
        """A relation, which needs no name of its own but one that no other has. kind: its subtype."""
        told = {f"prov:{name}": value for name, value in said_of_it.items()}
        self.add(f"_:{self.kind}{self.count + 1}", said(told | {"prov:type": _qualified(kind) if kind else None}))

    def read(self) -> Iterator[str]:
        self.file.seek(0)
        for line in self.file:
            yield line.decode()

    def __enter__(self) -> _Section:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()


def _id(uid: UUID) -> str:
    return f"uuid:{uid}"


class _Story:
    """Who derived what from what; each thing is told once."""

    def __init__(self, namespace: UUID, sections: dict[str, _Section]) -> None:
        self.namespace = namespace
        self.sections = sections
        self.told: set[bytes] = set()

    def _is_new(self, uid: UUID) -> bool:
        new = uid.bytes not in self.told
        self.told.add(uid.bytes)
        return new

    def entities(self, record: ClaimRecord) -> Iterator[tuple[str, Json]]:
        """The entities that a claim brings, itself among them; the rest of what it says goes to the other sections."""
        document, proposition = record.document, record.proposition
        if self._is_new(document.uid):
            yield _id(document.uid), _document(document)
        if self._is_new(document.layer_uid):
            yield _id(document.layer_uid), self._read(document)
        yield _id(record.uid), self._claim(record)
        if proposition and self._is_new(proposition.uid):
            yield _id(proposition.uid), {"prov:type": _qualified("hearsay:Proposition"), "prov:label": proposition.text}
            if proposition.verdict:
                yield _id(proposition.verdict.uid), self._settled(proposition, proposition.verdict)

    def _read(self, document: DocumentRecord) -> Json:
        """A reader made the text layer from the document."""
        reading = _id(uuid5(document.layer_uid, "reading"))
        self.sections["activity"].add(reading, {"prov:type": _qualified("hearsay:Reading")})
        self.sections["used"].relate(activity=reading, entity=_id(document.uid))
        self.sections["wasGeneratedBy"].relate(entity=_id(document.layer_uid), activity=reading)
        reader = self._software(f"{document.reader} {document.reader_version}")
        self.sections["wasAssociatedWith"].relate(activity=reading, agent=reader)
        self.sections["wasDerivedFrom"].relate(
            generatedEntity=_id(document.layer_uid), usedEntity=_id(document.uid), activity=reading
        )
        return {"prov:type": _qualified("hearsay:TextLayer"), "hearsay:version": document.layer_version}

    def _claim(self, record: ClaimRecord) -> Json:
        claim, layer = _id(record.uid), record.document.layer_uid
        run = self._run(record)
        self.sections["wasDerivedFrom"].relate(
            generatedEntity=claim, usedEntity=_id(layer), activity=run, kind="prov:Quotation"
        )
        if run:
            self.sections["wasGeneratedBy"].relate(entity=claim, activity=run)
        if record.source:
            self.sections["wasAttributedTo"].relate(entity=claim, agent=self._source(record.source))
        self._had_from(record)
        self._decided(record)
        return said(
            {
                "prov:type": _qualified("hearsay:Claim"),
                "prov:label": record.content.quote,
                "hearsay:state": record.state,
                "hearsay:stance": record.stance,
                "hearsay:start": record.start,
                "hearsay:credibility": record.credibility and record.credibility.grade,
                "hearsay:score": record.score,
            }
        )

    def _run(self, record: ClaimRecord) -> str | None:
        """The engine's pass over the text layer; None for a claim that a person added."""
        if not record.engine:
            return None
        run = uuid5(record.document.layer_uid, f"run/{record.engine}/{record.engine_version}")
        if self._is_new(run):
            self.sections["activity"].add(_id(run), {"prov:type": _qualified("hearsay:Extraction")})
            self.sections["used"].relate(activity=_id(run), entity=_id(record.document.layer_uid))
            engine = self._software(f"{record.engine} {record.engine_version}")
            self.sections["wasAssociatedWith"].relate(activity=_id(run), agent=engine)
        return _id(run)

    def _had_from(self, record: ClaimRecord) -> None:
        """Whom it repeats, and what it takes back, as an analyst confirmed."""
        for link in record.links:
            if link.claim_uid:
                kind = "prov:PrimarySource" if link.kind == "relays" else "prov:Revision"
                self.sections["wasDerivedFrom"].relate(
                    generatedEntity=_id(record.uid), usedEntity=_id(link.claim_uid), kind=kind
                )
            elif link.source_uid:
                self.sections["wasInfluencedBy"].relate(influencee=_id(record.uid), influencer=_id(link.source_uid))

    def _decided(self, record: ClaimRecord) -> None:
        """The review that accepted or rejected it, and the proposition it was put on by that."""
        if not record.decision:
            return
        review = _id(uuid5(record.uid, "decision"))
        at = moment(record.decision.at)
        self.sections["activity"].add(
            review,
            {"prov:startTime": at, "prov:endTime": at, "prov:type": _qualified(f"hearsay:{record.decision.decision}")},
        )
        self.sections["used"].relate(activity=review, entity=_id(record.uid))
        self.sections["wasAssociatedWith"].relate(activity=review, agent=self._person(record.decision.by))
        if record.proposition:
            self.sections["wasDerivedFrom"].relate(
                generatedEntity=_id(record.proposition.uid), usedEntity=_id(record.uid), activity=review
            )

    def _settled(self, proposition: PropositionRecord, verdict: VerdictRecord) -> Json:
        settling = _id(uuid5(verdict.uid, "settling"))
        at = moment(verdict.at)
        self.sections["activity"].add(
            settling, {"prov:startTime": at, "prov:endTime": at, "prov:type": _qualified("hearsay:Settling")}
        )
        self.sections["used"].relate(activity=settling, entity=_id(proposition.uid))
        self.sections["wasGeneratedBy"].relate(entity=_id(verdict.uid), activity=settling)
        self.sections["wasAssociatedWith"].relate(activity=settling, agent=self._person(verdict.by))
        self.sections["wasDerivedFrom"].relate(
            generatedEntity=_id(verdict.uid), usedEntity=_id(proposition.uid), activity=settling
        )
        return {
            "prov:type": _qualified("hearsay:Verdict"),
            "hearsay:outcome": verdict.outcome,
            "hearsay:decided_on": verdict.decided_on.isoformat(),
            "hearsay:evidence": verdict.evidence,
        }

    def _source(self, source: SourceRecord) -> str:
        kind = "prov:Organization" if source.kind in ORGANISED else "prov:Person"
        if source.kind == "document":
            kind = "hearsay:Outlet"
        return self._agent(source.uid, source.name, kind)

    def _software(self, name: str) -> str:
        return self._agent(uuid5(self.namespace, f"software/{name}"), name, "prov:SoftwareAgent")

    def _person(self, name: str) -> str:
        return self._agent(uuid5(self.namespace, f"person/{name}"), name, "prov:Person")

    def _agent(self, uid: UUID, name: str, kind: str) -> str:
        if self._is_new(uid):
            self.sections["agent"].add(_id(uid), {"prov:type": _qualified(kind), "prov:label": name})
        return _id(uid)


def _document(document: DocumentRecord) -> Json:
    return said(
        {
            "prov:type": _qualified("hearsay:Document"),
            "prov:label": document.label,
            "hearsay:sha256": document.sha256,
            "hearsay:document_date": document.document_date and document.document_date.isoformat(),
            "hearsay:marking": document.marking,
        }
    )


def _qualified(name: str) -> Json:
    return {"$": name, "type": "prov:QUALIFIED_NAME"}
