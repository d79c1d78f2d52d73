"""One record as objects of STIX 2.1: pure, each a plain dictionary. docs/exchange.md says what becomes of what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from exchange.formats import stix_extension
from exchange.formats.markings import traffic_light
from exchange.formats.records import (
    ClaimRecord,
    DocumentRecord,
    LinkRecord,
    PropositionRecord,
    SourceRecord,
    SpanRecord,
    VerdictRecord,
)
from exchange.formats.stix_extension import MADE, extension
from exchange.formats.tags import labels
from exchange.formats.writing import moment, said
from grading.confidence import credibility_as_confidence
from grading.machine_tags import reliability_tag
from grading.scales import Credibility, Reliability

Object = dict[str, Any]

IDENTITY_CLASSES = {
    "named_person": "individual",
    "unnamed_person": "individual",
    "group": "group",
    "organisation": "organization",
    "document": "unknown",
    "author": "individual",
}
OPINIONS = {"true": "strongly-agree", "partly": "neutral", "false": "strongly-disagree", "unverifiable": "neutral"}
"""STIX's five degrees of agreement have no "cannot be known": both middles read neutral, the extension tells them
apart."""
TLP_1 = {
    "clear": ("white", "613f2e26-407d-48c7-9eca-b8e91df99dc9"),
    "green": ("green", "34098fce-860f-48ae-8e50-ebd3cc5e41da"),
    "amber": ("amber", "f88d31f6-486f-44da-b317-01333bde0b82"),
    "red": ("red", "5e57c739-391a-4eb3-b6be-7d15ca92d5ed"),
}
"""The definitions that STIX 2.1 itself has (7.2.1.4): every reader knows these."""
AMBER_STRICT = "939a9414-2ddd-4d32-a0cd-375ea402b003"
TLP_2_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
"""Of TLP 2.0 (OASIS): needed for the one step that version 1 lacks."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What all objects of one export share. maker: id of the identity that is this installation."""

    maker: str
    at: datetime

    @classmethod
    def of(cls, namespace: UUID, at: datetime) -> Stamp:
        return cls(_maker(namespace), at)

    def on(self, kind: str, uid: UUID, created: datetime) -> Object:
        """Its id stays. What is exported later is a later version: a reader that has the object updates it."""
        return {
            "type": kind,
            "spec_version": "2.1",
            "id": f"{kind}--{uid}",
            "created_by_ref": self.maker,
            "created": moment(created),
            "modified": moment(max(self.at, created)),
        }


def _maker(namespace: UUID) -> str:
    return f"identity--{uuid5(namespace, 'installation')}"


def installation(namespace: UUID) -> Object:
    """Who says all this: the installation of Hearsay with these ids."""
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": _maker(namespace),
        "created": MADE,
        "modified": MADE,
        "name": f"Hearsay installation {str(namespace)[:8]}",
        "identity_class": "system",
    }


def marking_definitions(marking: str, namespace: UUID) -> list[Object]:
    """The Traffic Light Protocol's where a marking names it, and its words as a statement where it says more."""
    light = traffic_light(marking)
    found = [_traffic_light(light)] if light else []
    if marking.strip() and "".join(marking.upper().split()) not in _ONLY_TLP:
        statement = {"definition_type": "statement", "definition": {"statement": marking.strip()}}
        found.append(_definition(str(uuid5(namespace, f"marking/{marking.strip()}")), MADE, statement))
    return found


_ONLY_TLP = {f"TLP:{light}" for light in ("CLEAR", "WHITE", "GREEN", "AMBER", "AMBER+STRICT", "RED")}


def _traffic_light(light: str) -> Object:
    if light in TLP_1:
        color, uid = TLP_1[light]
        named = {"name": f"TLP:{color.upper()}", "definition_type": "tlp", "definition": {"tlp": color}}
        return _definition(uid, "2017-01-20T00:00:00.000Z", named)
    extended = {TLP_2_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": light}}
    named = {"name": f"TLP:{light.upper()}", "extensions": extended}
    return _definition(AMBER_STRICT, "2022-10-01T00:00:00.000Z", named)


def _definition(uid: str, created: str, rest: Object) -> Object:
    head = {"type": "marking-definition", "spec_version": "2.1", "id": f"marking-definition--{uid}"}
    return {**head, "created": created, **rest}


def note(record: ClaimRecord, stamp: Stamp, marks: Iterable[str] = ()) -> Object:
    """The claim: the words claimed, on the document it stands in and the source it is ascribed to; revoked when nobody
    stands by it any more.

    Its confidence is the credibility digit an analyst gave, by STIX's table; absent for 6 and where nobody judged.
    """
    graded = Credibility(record.credibility.grade) if record.credibility else Credibility.CANNOT_BE_JUDGED
    about = [f"report--{record.document.uid}"] + ([f"identity--{record.source.uid}"] if record.source else [])
    return said(
        {
            **stamp.on("note", record.uid, record.created_at),
            "abstract": _abstract(record),
            "content": record.content.quote,
            "authors": [record.decision.by]
            if record.decision
            else [f"{record.engine} {record.engine_version}".strip()],
            "object_refs": about,
            "labels": labels(record),
            "confidence": credibility_as_confidence(graded),
            "revoked": record.is_dropped or None,
            "external_references": [{"source_name": "Hearsay", "external_id": f"claim {record.id}"}],
            "object_marking_refs": sorted(marks),
            "extensions": extension(stix_extension.CLAIM, _claim_properties(record)),
        }
    )


def _abstract(record: ClaimRecord) -> str:
    who = record.source.name if record.source else record.source_span.quote if record.source_span else ""
    return " ".join(f"{who or 'Nobody named'}: {record.cue.quote if record.cue else 'said'}".split())


def _claim_properties(record: ClaimRecord) -> Object:
    judged, decided, proposition = record.credibility, record.decision, record.proposition
    return said(
        {
            "state": record.state,
            "stance": record.stance,
            "proposition_ref": f"grouping--{proposition.uid}" if proposition else None,
            "document_ref": f"report--{record.document.uid}",
            "source_ref": f"identity--{record.source.uid}" if record.source else None,
            "text_layer": str(record.document.layer_uid),
            "text_layer_version": record.document.layer_version,
            "content": _span(record.content),
            "source": _span(record.source_span),
            "cue": _span(record.cue),
            "circumstance": _span(record.circumstance),
            "chain": [" ".join(teller.canonical.split()) for teller in record.chain if teller.canonical.strip()],
            "type": record.type,
            "modality": record.modality,
            "hedge": record.hedge,
            "information_date": record.information_date and record.information_date.isoformat(),
            "reported_date": record.reported_date and record.reported_date.isoformat(),
            "credibility": judged and judged.grade,
            "credibility_basis": judged and judged.basis,
            "credibility_by": judged and judged.by,
            "credibility_at": judged and moment(judged.at),
            "likelihood_percent": judged and judged.likelihood,
            "likelihood_term": judged and judged.likelihood_words,
            "analytic_confidence": judged and judged.confidence,
            "score": record.score,
            "score_calibrated": record.score_calibrated if record.score is not None else None,
            "engine": record.engine,
            "engine_version": record.engine_version,
            "decided_by": decided and decided.by,
            "decided_at": decided and moment(decided.at),
        }
    )


def _span(span: SpanRecord | None) -> Object | None:
    return {"quote": span.quote, "fragments": [list(part) for part in span.fragments]} if span else None


def identity(source: SourceRecord, stamp: Stamp) -> Object:
    """The source, by the name that the reader may see."""
    judged = source.reliability_judged
    properties = {
        "kind": source.kind,
        "anonymous": source.anonymous,
        "sanitised": source.sanitised,
        "access": source.access,
        "placement": source.placement,
        "motive": source.motive,
        "expertise": source.expertise,
        "reliability": source.reliability,
        "reliability_judged": judged,
    }
    return said(
        {
            **stamp.on("identity", source.uid, source.created_at),
            "name": source.name,
            "description": source.placement,
            "identity_class": IDENTITY_CLASSES[source.kind],
            "labels": [reliability_tag(Reliability(source.reliability))] if judged else [],
            "external_references": [{"source_name": "Hearsay", "external_id": f"source {source.id}"}],
            "extensions": extension(stix_extension.SOURCE, said(properties)),
        }
    )


def report(document: DocumentRecord, stamp: Stamp) -> Object:
    """The document, without its text; `object_refs`, the claims in it, is added when all have passed."""
    numbers = {"Document number": document.doc_number, "Case number": document.case_number}
    properties = {
        "file_name": document.name,
        "media_type": document.media_type,
        "sha256": document.sha256,
        "author": document.author,
        "recipients": document.recipients,
        "information_date": document.information_date and document.information_date.isoformat(),
        "document_date": document.document_date and document.document_date.isoformat(),
        "release_date": document.release_date and document.release_date.isoformat(),
        "classification": document.classification,
        "release_mark": document.release_mark,
        "collection": document.collection,
        "marking": document.marking,
    }
    return said(
        {
            **stamp.on("report", document.uid, document.created_at),
            "name": document.label,
            "description": document.title if document.title != document.label else "",
            "published": _published(document),
            "external_references": [
                {"source_name": "Hearsay", "external_id": f"document {document.id}"},
                *({"source_name": name, "external_id": number} for name, number in numbers.items() if number),
            ],
            "extensions": extension(stix_extension.DOCUMENT, said(properties)),
        }
    )


def _published(document: DocumentRecord) -> str:
    """STIX wants a moment: the first of the day on the document, else of its release, else when it came."""
    return moment(
        document.document_date or document.release_date or document.created_at.replace(microsecond=0)
    ).replace(".000Z", "Z")


def grouping(proposition: PropositionRecord, stamp: Stamp) -> Object:
    """The proposition in which claims meet; `object_refs`, these claims, is added when all have passed."""
    properties = {
        "topic": proposition.topic,
        "question": proposition.question,
        "question_id": str(proposition.question_uid) if proposition.question_uid else None,
        "reports": proposition.reports,
        "origins": proposition.origins,
        "probability": proposition.probability,
    }
    return said(
        {
            **stamp.on("grouping", proposition.uid, proposition.created_at),
            "name": proposition.text,
            "description": proposition.question,
            "context": "unspecified",
            "external_references": [{"source_name": "Hearsay", "external_id": f"proposition {proposition.id}"}],
            "extensions": extension(stix_extension.PROPOSITION, said(properties)),
        }
    )


def opinion(verdict: VerdictRecord, proposition: UUID, stamp: Stamp) -> Object:
    """How the proposition turned out, in the five degrees of agreement that STIX has; revoked when it was withdrawn."""
    properties = {"outcome": verdict.outcome, "decided_on": verdict.decided_on.isoformat()}
    return {
        **stamp.on("opinion", verdict.uid, verdict.at),
        "opinion": OPINIONS[verdict.outcome],
        "explanation": verdict.evidence,
        "authors": [verdict.by],
        "object_refs": [f"grouping--{proposition}"],
        **({"revoked": True} if verdict.withdrawn_at else {}),
        "extensions": extension(stix_extension.VERDICT, properties),
    }


def relationship(record: ClaimRecord, link: LinkRecord, stamp: Stamp, marks: Iterable[str] = ()) -> Object:
    """A claim had from another claim or from a source, or one that takes another back; confirmed by an analyst."""
    target = f"note--{link.claim_uid}" if link.claim_uid else f"identity--{link.source_uid}"
    between_claims = "derived-from" if link.kind == "relays" else "retracts"
    return said(
        {
            **stamp.on("relationship", link.uid, record.created_at),
            "relationship_type": between_claims if link.claim_uid else "related-to",
            "description": link.why,
            "source_ref": f"note--{record.uid}",
            "target_ref": target,
            "object_marking_refs": sorted(marks),
        }
    )
