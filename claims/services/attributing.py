"""Which source a claim gets when an analyst says who it is, or takes it as the engine found it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from claims.errors import NoSource
from claims.models import Claim, DocumentSource
from claims.services.records import first_record
from claims.services.together import Id, Together
from sources.models import Source, TrackRecord
from sources.services import new_source_of, new_wording_of


@dataclass(frozen=True, slots=True)
class Given:
    """What a claim was given. made: the rows it took, as far as they are new."""

    source_id: Id
    made: dict[str, Id]
    unrecorded: Source | None = None
    """The source, when it has said nothing yet and has no record."""


def locked_source_of(claim: Claim) -> DocumentSource | None:
    """The claim's source as its document speaks of it, locked: two claims of it must not make two sources."""
    if claim.document_source_id is None:
        return None
    return DocumentSource.objects.select_for_update().get(pk=claim.document_source_id)


def attribute(
    claim: Claim,
    in_document: DocumentSource | None,
    *,
    source: Source | None,
    new_source: str,
    by: User,
    writes: Together,
    tied: bool = True,
) -> Given:
    """Find the source a claim gets, and note down in `writes` what has to be made for it.

    in_document: as by `locked_source_of`. source: a known one; else new_source, the descriptor of one to make; else the
    one that the claim or `in_document` is tied to; else a new one made from `in_document`. One that `in_document` was
    not tied to yet is tied to it, if it is to be `tied`. Raises NoSource.
    """
    made: dict[str, Id] = {}
    known = None if new_source and source is None else _known(claim, in_document, source)
    source_id: Id
    if known is not None:
        source_id = known.standing_id
        new = None if known.recorded else known  # type: ignore[attr-defined]  # an annotation
    else:
        new = _worded(claim, in_document, new_source, by=by)
        source_id = made["source"] = writes.insert(new)
    if tied and in_document is not None and in_document.source_id is None:
        writes.update(in_document, source_id=source_id)
        made["resolved"] = in_document.pk
        alias = new_wording_of(
            in_document.canonical, document_id=claim.layer.document_id, collection_id=claim.collection_id
        )
        alias.source_id = source_id
        made["alias"] = writes.insert(alias, unless_there=True)
    return Given(source_id, made, new)


def note_first_record(
    given: Given, writes: Together, *, claims: int, reported: date | None = None
) -> TrackRecord | None:
    """The record of a source that has said nothing yet; None where there is one already, or must be."""
    if given.unrecorded is None:
        return None
    record = first_record(given.unrecorded, claims=claims, reported=reported)
    record.source_id = given.source_id
    writes.insert(record, unless_there=True)
    return record


def _known(claim: Claim, in_document: DocumentSource | None, source: Source | None) -> Source | None:
    """The source given, or the one that the claim is tied to. recorded: whether a record is there, or must be."""
    known = source.pk if source else claim.source_id or (in_document.source_id if in_document else None)
    if known is None:
        return None
    record = TrackRecord.objects.overall().filter(source=OuterRef("pk"))
    said = Claim.objects.accepted().filter(source=OuterRef("pk"))
    merged = Q(merged_into__isnull=False)
    rows = Source.objects.only("merged_into", "kind").annotate(recorded=Exists(record) | Exists(said) | merged)
    return rows.get(pk=known)


def _worded(claim: Claim, in_document: DocumentSource | None, descriptor: str, *, by: User) -> Source:
    if descriptor:
        return new_source_of(descriptor, by=by)
    if in_document is None:
        raise NoSource(claim.pk)
    return new_source_of(
        in_document.canonical,
        kind=in_document.kind,
        anonymous=in_document.anonymous,
        access=in_document.knowledge_level,
        placement=in_document.access or in_document.knowledge or in_document.affiliation,
        expertise=in_document.expertise,
        by=by,
    )
