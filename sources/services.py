"""Changes to sources: new ones, and how reliable people judge them."""

from __future__ import annotations

from datetime import date

from accounts.models import User
from documents.models import Document
from sources.errors import BasisMissing, DescriptorMissing
from sources.models import ReliabilityAssessment, Source, SourceAlias, SourceKind


def create_source(
    descriptor: str,
    *,
    by: User | None,
    kind: str = SourceKind.UNNAMED_PERSON,
    anonymous: bool = True,
    placement: str = "",
) -> Source:
    """A new source as an analyst words it. White space is closed up; 500 characters at most are kept.

    Raises DescriptorMissing.
    """
    descriptor = " ".join(descriptor.split())[:500]
    if not descriptor:
        raise DescriptorMissing
    return Source.objects.create(
        descriptor=descriptor, kind=kind, anonymous=anonymous, placement=" ".join(placement.split()), created_by=by
    )


def note_wording(source: Source, wording: str, *, document: Document) -> tuple[SourceAlias, bool]:
    """Keep the words in which a document speaks of a source, and whether they are new in its collection.

    On one line; 500 characters at most are kept.
    """
    return SourceAlias.objects.get_or_create(
        source=source,
        wording=" ".join(wording.split())[:500],
        collection_id=document.collection_id,
        defaults={"document": document},
    )


def assess_reliability(
    source: Source, *, grade: str, basis: str, by: User, topic: str = "", review_by: date | None = None
) -> ReliabilityAssessment:
    """Record how reliable `by` judges a source (A-F), in general or on one topic. Raises BasisMissing.

    One merged into another: that one is judged.
    By a reviewer it is the source's grade from now on, by others an opinion beside it.
    """
    if not basis.strip():
        raise BasisMissing
    return ReliabilityAssessment.objects.create(
        source=source.standing,
        grade=grade,
        basis=basis.strip(),
        by=by,
        topic=topic,
        review_by=review_by,
        is_grade=by.has_perm("sources.grade_source"),
    )
