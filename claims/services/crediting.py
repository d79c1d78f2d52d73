"""When a document's own source is tied to the source that one of its claims was given.

Accepting ties it at once, for all claims of the document, but for a claim that a second analyst is to judge blind: the
tie would show them what the first chose. It is made when both agree, or when somebody has adjudicated.
"""

from __future__ import annotations

from accounts.models import User
from claims.models import Claim, ClaimState, DocumentSource, SecondReview
from claims.services.attributing import attribute, locked_source_of
from claims.services.together import Together, known_ids
from sources.models import Source, SourceAlias


def tie(claim: Claim, *, by: User) -> dict[str, int]:
    """Tie the document's own source to that of an accepted claim, if it is tied to none; what that made."""
    in_document = locked_source_of(claim)
    if claim.state != ClaimState.ACCEPTED or in_document is None or in_document.source_id is not None:
        return {}
    writes = Together()
    given = attribute(claim, in_document, source=claim.source, new_source="", by=by, writes=writes)
    writes.write()
    return known_ids(given.made)


def untie(made: dict[str, int]) -> None:
    """Take back what `tie` made, unless accepted claims rest on it by now."""
    unused = DocumentSource.objects.filter(pk=made.get("resolved", 0)).exclude(claims__state=ClaimState.ACCEPTED)
    if unused.update(source=None):
        SourceAlias.objects.filter(pk=made.get("alias", 0)).delete()


def taken_for(in_document: DocumentSource | None, *, by: User) -> Source | None:
    """Whom the analyst took a document's source for that is not tied yet, since a second opinion is awaited."""
    if in_document is None or in_document.source_id is not None:
        return None
    taken = SecondReview.objects.filter(first_analyst=by, claim__document_source=in_document)
    row = taken.filter(claim__state=ClaimState.ACCEPTED).select_related("claim__source__merged_into").last()
    return row.claim.source if row else None
