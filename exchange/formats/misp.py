"""Claims as one MISP event, streamed: each an `intelligence-source-assessment` object, on its report and proposition.

The object templates are those of misp-objects; docs/exchange.md says what becomes of what.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from exchange.formats.catalogue import Heading
from exchange.formats.markings import TRAFFIC_LIGHTS, traffic_light
from exchange.formats.records import (
    ClaimRecord,
    CredibilityRecord,
    DocumentRecord,
    LinkRecord,
    PropositionRecord,
    SourceRecord,
    VerdictRecord,
)
from exchange.formats.tags import automation_level
from exchange.formats.writing import encode, moment, said, separated
from grading.machine_tags import (
    CREDIBILITY_LABELS,
    RELIABILITY_LABELS,
    analytic_confidence_tag,
    automation_tag,
    credibility_tag,
    likelihood_tag,
    machine_tag,
    reliability_tag,
)
from grading.scales import Credibility, Reliability

Json = dict[str, Any]

TEMPLATES = {
    "intelligence-source-assessment": ("2d3a5895-6c54-50b5-bd25-ce33e974c50a", "1"),
    "report": ("70a68471-df22-4e3f-aa1a-5a3be19f82df", "8"),
    "annotation": ("5d8dc046-15a1-4ca3-a09f-ed4ede7c4487", "3"),
}
"""By name: the template's uuid and the version written here. All are of the category misc."""
NEUTRAL = 50
OPINIONS = {"true": 100, "partly": NEUTRAL, "false": 0, "unverifiable": NEUTRAL}
"""Of 100; 50 is neutral. The comment says which of the two it is."""
CONFIDENCES = {"low": "low", "moderate": "medium", "high": "high"}
OWN_ORGANISATION_ONLY = "0"
INHERITED = "5"
UNDEFINED_THREAT = "4"
COMPLETED = "2"


def write_misp(records: Iterator[ClaimRecord], heading: Heading) -> Iterator[str]:
    """One event, to be shared with nobody until somebody decides to. The same selection is the same event again."""
    event = _Event(heading)
    yield f'{{"Event":{encode(event.head())[:-1]},"Object":['
    yield from separated(encode(found) for found in event.objects(records))
    yield f'],"Tag":{encode(event.tags())}}}}}\n'


class _Event:
    """What is known of the event while claims pass."""

    def __init__(self, heading: Heading) -> None:
        self.heading = heading
        self.at = str(int(heading.at.timestamp()))
        self.markings: set[str] = set()
        self.seen: set[bytes] = set()

    def head(self) -> Json:
        namespace = self.heading.namespace
        chosen = ", ".join(f"{name} {value}" for name, value in sorted(self.heading.chosen.items()))
        return {
            "uuid": str(uuid5(namespace, f"misp-event/{encode(sorted(self.heading.chosen.items()))}")),
            "info": f"Attributed claims from Hearsay ({chosen or 'all'})",
            "date": self.heading.at.date().isoformat(),
            "timestamp": self.at,
            "published": False,
            "analysis": COMPLETED,
            "threat_level_id": UNDEFINED_THREAT,
            "distribution": OWN_ORGANISATION_ONLY,
            "Orgc": {
                "name": f"Hearsay installation {str(namespace)[:8]}",
                "uuid": str(uuid5(namespace, "installation")),
            },
        }

    def objects(self, records: Iterator[ClaimRecord]) -> Iterator[Json]:
        for record in records:
            self.markings.add(record.document.marking)
            if self._is_new(record.document.uid):
                yield report(record.document, self.at)
            if record.proposition and self._is_new(record.proposition.uid):
                yield annotation(record.proposition, self.at)
            yield assessment(record, self.at)

    def _is_new(self, uid: UUID) -> bool:
        new = uid.bytes not in self.seen
        self.seen.add(uid.bytes)
        return new

    def tags(self) -> list[Json]:
        """The strictest of the Traffic Lights, and each other marking in its own words."""
        lights = {traffic_light(marking) for marking in self.markings} - {""}
        strictest = [f"tlp:{max(lights, key=TRAFFIC_LIGHTS.index)}"] if lights else []
        others = sorted(marking for marking in self.markings if marking.strip() and not traffic_light(marking))
        return _tags(*strictest, *(machine_tag("hearsay", "marking", other.replace('"', "'")) for other in others))


def assessment(record: ClaimRecord, at: str) -> Json:
    """The claim: who said it, by which grades, and what was said, as a comment. Dropped, it is deleted there, too."""
    source, judged, proposition = record.source, record.credibility, record.proposition
    values = _Values(record.uid, at)
    if source:
        values.add("source-id", str(source.uid))
    if summary := _summary(record, source):
        values.add("source-summary", summary)
    if source and source.reliability_judged:
        grade = Reliability(source.reliability)
        values.add("source-reliability", RELIABILITY_LABELS[grade], tags=[reliability_tag(grade)])
    if judged or not summary:
        credibility = Credibility(judged.grade) if judged else Credibility.CANNOT_BE_JUDGED
        values.add("information-credibility", CREDIBILITY_LABELS[credibility], tags=_judged_tags(credibility, judged))
    if judged:
        values.add("confidence", CONFIDENCES.get(judged.confidence, "unknown"))
        values.add("evaluation", judged.basis)
    if told := record.reported_date or record.document.document_date:
        values.add("collection-time", moment(told), kind="datetime")
    values.add("related-report", record.document.label)
    tags = [automation_tag(automation_level(record))]
    values.add("comment", record.content.quote, kind="comment", tags=tags)
    if proposition:
        values.add("comment", f"{record.stance}: {proposition.text}", kind="comment")
    references = [_reference(record.uid, record.document.uid, "extracted-from")]
    if proposition:
        stands = "supports" if record.stance == "asserts" else "weakens"
        references.append(_reference(record.uid, proposition.uid, stands, record.stance))
    references += [_had_from(record, link) for link in record.links if link.claim_uid]
    dropped = {"deleted": True} if record.is_dropped else {}
    return _object("intelligence-source-assessment", record.uid, at, values) | {"ObjectReference": references} | dropped


def _summary(record: ClaimRecord, source: SourceRecord | None) -> str:
    """Whom it is ascribed to, as the reader may know; else the words of the document."""
    if source:
        return "; ".join(filter(None, (source.name, source.placement, f"{source.access} access")))
    return " ".join(record.source_span.quote.split()) if record.source_span else ""


def _judged_tags(credibility: Credibility, judged: CredibilityRecord | None) -> list[str]:
    tags = [credibility_tag(credibility)]
    if judged and judged.likelihood:
        tags.append(likelihood_tag(judged.likelihood))
    if judged and judged.confidence:
        tags.append(analytic_confidence_tag(judged.confidence))
    return tags


def _had_from(record: ClaimRecord, link: LinkRecord) -> Json:
    assert link.claim_uid is not None  # noqa: S101 -- asked by the caller
    return _reference(record.uid, link.claim_uid, "derived-from" if link.kind == "relays" else "supersedes", link.kind)


def report(document: DocumentRecord, at: str) -> Json:
    """The document, without its text."""
    values = _Values(document.uid, at)
    values.add("title", document.title or document.label)
    if document.case_number:
        values.add("case-number", document.case_number)
    values.add("type", "Document")
    printed = "; ".join(filter(None, (document.doc_number, document.classification, document.release_mark)))
    return _object("report", document.uid, at, values, comment=printed)


def annotation(proposition: PropositionRecord, at: str) -> Json:
    """The proposition in which claims meet, with the verdict as an opinion on it, and neutral those withdrawn."""
    values = _Values(proposition.uid, at)
    values.add("text", proposition.text)
    values.add("type", "Other")
    found = _object("annotation", proposition.uid, at, values, comment="Proposition")
    verdicts = (*proposition.withdrawn, *filter(None, [proposition.verdict]))
    if verdicts:
        found["Opinion"] = [_opinion(verdict, proposition.uid) for verdict in verdicts]
    return found


def _opinion(verdict: VerdictRecord, proposition: UUID) -> Json:
    said_of_it = f"{verdict.outcome} since {verdict.decided_on.isoformat()}: {verdict.evidence}"
    return {
        "uuid": str(verdict.uid),
        "object_uuid": str(proposition),
        "object_type": "Object",
        "opinion": NEUTRAL if verdict.withdrawn_at else OPINIONS[verdict.outcome],
        "comment": f"withdrawn: {said_of_it}" if verdict.withdrawn_at else said_of_it,
        "authors": verdict.by,
        "created": _moment(verdict.at),
        "modified": _moment(verdict.withdrawn_at or verdict.at),
        "distribution": OWN_ORGANISATION_ONLY,
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


class _Values:
    """The attributes of one object, each with an id that stays."""

    def __init__(self, uid: UUID, at: str) -> None:
        self.uid = uid
        self.at = at
        self.all: list[Json] = []

    def add(self, relation: str, value: str, *, kind: str = "text", tags: list[str] | None = None) -> None:
        attribute = {
            "uuid": str(uuid5(self.uid, f"{relation}/{len(self.all)}")),
            "object_relation": relation,
            "type": kind,
            "category": "Other",
            "value": value,
            "to_ids": False,
            "disable_correlation": relation not in {"source-id", "related-report", "case-number"},
            "distribution": INHERITED,
            "timestamp": self.at,
            "Tag": _tags(*(tags or ())),
        }
        self.all.append(said(attribute))


def _object(name: str, uid: UUID, at: str, values: _Values, *, comment: str = "") -> Json:
    template, version = TEMPLATES[name]
    found = {
        "uuid": str(uid),
        "name": name,
        "meta-category": "misc",
        "template_uuid": template,
        "template_version": version,
        "distribution": INHERITED,
        "timestamp": at,
        "comment": comment,
        "Attribute": values.all,
    }
    return said(found)


def _reference(of: UUID, to: UUID, kind: str, comment: str = "") -> Json:
    return said(
        {
            "uuid": str(uuid5(of, f"{kind}/{to}")),
            "object_uuid": str(of),
            "referenced_uuid": str(to),
            "relationship_type": kind,
            "comment": comment,
        }
    )


def _tags(*names: str) -> list[Json]:
    return [{"name": name} for name in names]
