"""Changes to sources: new ones, and how reliable people judge them."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from documents.models import Document
from sources.errors import BasisMissing, CannotDescribe, DepartureUnexplained, DescriptorMissing, SourceChanged
from sources.models import Access, ReliabilityAssessment, Source, SourceAlias, SourceKind


def create_source(
    descriptor: str,
    *,
    by: User | None,
    kind: str = SourceKind.UNNAMED_PERSON,
    anonymous: bool = True,
    access: str = Access.UNKNOWN,
    placement: str = "",
    expertise: str = "",
) -> Source:
    """A new source as an analyst words it. White space is closed up; 500 characters of the descriptor are kept.

    Raises DescriptorMissing.
    """
    source = new_source_of(
        descriptor,
        by=by,
        kind=kind,
        anonymous=anonymous,
        access=access,
        placement=placement,
        expertise=expertise,
    )
    source.save()
    return source


def new_source_of(
    descriptor: str,
    *,
    by: User | None,
    kind: str = SourceKind.UNNAMED_PERSON,
    anonymous: bool = True,
    access: str = Access.UNKNOWN,
    placement: str = "",
    expertise: str = "",
) -> Source:
    """The same, not stored yet. Raises DescriptorMissing."""
    descriptor = " ".join(descriptor.split())[:500]
    if not descriptor:
        raise DescriptorMissing
    return Source(
        descriptor=descriptor,
        kind=kind,
        anonymous=anonymous,
        access=access,
        placement=" ".join(placement.split()),
        expertise=" ".join(expertise.split()),
        created_by=by,
    )


def note_wording(source: Source, wording: str, *, document: Document) -> tuple[SourceAlias, bool]:
    """Keep the words in which a document speaks of a source, and whether they are new in its collection.

    On one line; 500 characters at most are kept.
    """
    return SourceAlias.objects.get_or_create(
        source=source,
        wording=_kept(wording),
        collection_id=document.collection_id,
        defaults={"document": document},
    )


def new_wording_of(wording: str, *, document_id: int, collection_id: int) -> SourceAlias:
    """The same, not stored yet, and of a source that is still to be named."""
    return SourceAlias(wording=_kept(wording), document_id=document_id, collection_id=collection_id)


def _kept(wording: str) -> str:
    return " ".join(wording.split())[:500]


DESCRIBED = ("descriptor", "sanitised_name", "kind", "anonymous", "access", "placement", "motive", "expertise")
"""What people say of a source; the rest is counted or follows from its claims."""


@transaction.atomic
def describe_source(source: Source, *, by: User, expected_tag: str | None = None, **said: str | bool) -> Source:
    """Say anew who a source is. said: some of DESCRIBED; what is not given stays. White space is closed up.

    expected_tag: the `description_tag` the analyst has seen.
    Raises DescriptorMissing; SourceChanged when it was described anew since; CannotDescribe when the source also speaks
    in collections that `by` may not see; TypeError for a field not in DESCRIBED.
    """
    if unknown := said.keys() - set(DESCRIBED):
        raise TypeError(f"a source is not described by {', '.join(sorted(unknown))}")
    row = Source.objects.select_for_update(of=("self",)).defer("search").get(pk=source.pk)
    if not Source.objects.worded_for(by).filter(pk=row.pk).exists():
        raise CannotDescribe(row.pk)
    if expected_tag is not None and row.description_tag != expected_tag:
        raise SourceChanged(row.pk)
    for field, value in said.items():
        setattr(row, field, " ".join(value.split()) if isinstance(value, str) else value)
    if not row.descriptor:
        raise DescriptorMissing
    row.save(update_fields=list(said))
    return row


def is_departure(grade: str, suggestion: str) -> bool:
    """Whether a grade lies outside what the verdicts suggest ("B", "B-C"); F and "" suggest nothing."""
    letters = suggestion.split("-") if suggestion else []
    return bool(letters) and "F" not in letters and grade not in letters


def assess_reliability(
    source: Source,
    *,
    grade: str,
    basis: str,
    by: User,
    topic: str = "",
    review_by: date | None = None,
    suggestion: str = "",
    departure: str = "",
) -> ReliabilityAssessment:
    """Add a judgement of how reliable a source is (A-F), in general or on one topic.

    Pages, API and admin call `claims.services.grade_source`, which knows what the verdicts suggest. suggestion: "B",
    "B-C", "F" (none) or "". departure: why the grade lies outside of it.
    One merged into another: that one is judged. By a reviewer it is the source's grade from now on, by others an
    opinion beside it.
    Raises BasisMissing; DepartureUnexplained for a grade outside the suggestion without a departure.
    """
    if not basis.strip():
        raise BasisMissing
    if is_departure(grade, suggestion) and not departure.strip():
        raise DepartureUnexplained(grade, suggestion)
    return ReliabilityAssessment.objects.create(
        source_id=source.standing_id,
        grade=grade,
        basis=basis.strip(),
        by=by,
        topic=topic,
        review_by=review_by,
        is_grade=by.has_perm("sources.grade_source"),
        suggestion=suggestion,
        departure=departure.strip(),
    )
