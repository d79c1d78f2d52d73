"""What a reader may call a source: what was worded from a collection the reader may not see stays out."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import User
from claims.models import Claim
from sources.models import Source


def named(ids: Iterable[int], user: User) -> dict[int, Source]:
    """The sources with these ids, fit for `shown_name`. One query (and one for the collections)."""
    return Source.objects.named_for(user).defer("search").in_bulk(list(set(ids)))


def name_sources(claims: Iterable[Claim], user: User) -> None:
    """Gives each claim `said_by`, the source that stands behind it today; `source__merged_into` is not needed."""
    rows = list(claims)
    standing = {
        pk: merged or pk
        for pk, merged in Source.objects.filter(pk__in={row.source_id for row in rows}).values_list("pk", "merged_into")
    }
    found = named(standing.values(), user)
    for row in rows:
        row.said_by = found.get(standing.get(row.source_id or 0, 0))  # type: ignore[attr-defined]
