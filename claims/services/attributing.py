"""Which source a claim gets when an analyst says who it is, or takes it as the engine found it."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from claims.errors import NoSource
from claims.models import Claim, DocumentSource
from claims.services.together import Id, Together
from sources.models import Source
from sources.services import new_source_of, new_wording_of


@dataclass(frozen=True, slots=True)
class Given:
    """What a claim was given. made: the rows it took, as far as they are new."""

    source_id: Id
    made: dict[str, Id]
    new: Source | None = None
    """The source, when it is one of those rows."""


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
    known = None if new_source and source is None else source or _tied(claim, in_document)
    new = None
    source_id: Id
    if known is not None:
        source_id = known.standing_id
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


def _tied(claim: Claim, in_document: DocumentSource | None) -> Source | None:
    tied = claim.source_id or (in_document.source_id if in_document else None)
    return Source.objects.only("merged_into").get(pk=tied) if tied else None


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
