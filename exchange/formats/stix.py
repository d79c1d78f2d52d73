"""Claims as a STIX 2.1 bundle, streamed: the claims as they pass, what they share after them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from exchange.formats import stix_objects as objects
from exchange.formats.catalogue import Heading
from exchange.formats.gathering import Gathering
from exchange.formats.records import ClaimRecord
from exchange.formats.stix_extension import definitions
from exchange.formats.writing import encode, separated


def write_stix(records: Iterator[ClaimRecord], heading: Heading) -> Iterator[str]:
    """One bundle. The same row has the same id in every export, so that a reader updates what it has.

    A reference may lead to an object that comes later, as STIX allows, and to a claim or source that was not asked for.
    """
    yield f'{{"type":"bundle","id":"bundle--{uuid5(heading.namespace, "bundle")}","objects":['
    yield from separated(encode(found) for found in bundled(records, heading))
    yield "\n]}\n"


def bundled(records: Iterator[ClaimRecord], heading: Heading) -> Iterator[dict[str, Any]]:
    """The objects of the bundle, in order: definitions, claims with their markings, then what claims share."""
    yield from definitions()
    yield objects.installation(heading.namespace)
    with closing(_Shared(heading)) as shared:
        for record in records:
            yield from shared.claim(record)
        yield from shared.rest()


class _Shared:
    """What the claims of one export have in common."""

    def __init__(self, heading: Heading) -> None:
        self.namespace = heading.namespace
        self.stamp = objects.Stamp.of(heading.namespace, heading.at)
        self.marks: dict[str, frozenset[str]] = {}
        self.sources, self.documents = Gathering(), Gathering()
        self.propositions, self.verdicts = Gathering(), Gathering()

    def claim(self, record: ClaimRecord) -> Iterator[dict[str, Any]]:
        """The note, with what nothing else shares, and before it its marking when that is new."""
        marking = record.document.marking
        if marking not in self.marks:
            defined = objects.marking_definitions(marking, self.namespace)
            known = frozenset().union(*self.marks.values())
            self.marks[marking] = frozenset(one["id"] for one in defined)
            yield from (one for one in defined if one["id"] not in known)
        marks = self.marks[marking]
        self._meet(record, marks)
        yield objects.note(record, self.stamp, marks)
        for link in record.links:
            yield objects.relationship(record, link, self.stamp, marks)

    def _meet(self, record: ClaimRecord, marks: frozenset[str]) -> None:
        stamp, source, proposition = self.stamp, record.source, record.proposition
        self.documents.meet(
            record.document.uid, lambda: objects.report(record.document, stamp), marks=marks, member=record.uid
        )
        if source:
            self.sources.meet(source.uid, lambda: objects.identity(source, stamp), marks=marks)
        if proposition:
            self.propositions.meet(
                proposition.uid, lambda: objects.grouping(proposition, stamp), marks=marks, member=record.uid
            )
            for verdict in (*proposition.withdrawn, *filter(None, [proposition.verdict])):
                self.verdicts.meet(verdict.uid, partial(objects.opinion, verdict, proposition.uid, stamp), marks=marks)

    def rest(self) -> Iterator[dict[str, Any]]:
        for shared in (self.sources, self.documents, self.propositions, self.verdicts):
            for found, marks, members in shared:
                if members:
                    found["object_refs"] = _notes(members)
                if marks:
                    found["object_marking_refs"] = marks
                yield found

    def close(self) -> None:
        for shared in (self.sources, self.documents, self.propositions, self.verdicts):
            shared.close()


def _notes(claims: list[UUID]) -> list[str]:
    return [f"note--{claim}" for claim in claims]
