"""What a reader may call a source: what was worded from a collection the reader may not see stays out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Value

from accounts.models import User
from claims.models import Claim
from review.reader import Reader
from sources.models import Source, any_of


def named(ids: Iterable[int], user: User) -> dict[int, Source]:
    """The sources with these ids, fit for `shown_name`. One query (and one for the collections)."""
    return Source.objects.named_for(user).defer("search").in_bulk(list(set(ids)))


def name_sources(claims: Iterable[Claim], user: User) -> None:
    """Gives each claim `said_by`, the source that stands behind it today; `source__merged_into` is not needed."""
    rows = list(claims)
    found = standing_sources({row.source_id for row in rows if row.source_id}, user)
    for row in rows:
        row.said_by = found.get(row.source_id or 0)  # type: ignore[attr-defined]


def standing_sources(ids: Iterable[int], user: User) -> dict[int, Source]:
    """By each id the source that stands for it today, fit for `shown_name`. Two queries and one for collections."""
    wanted = set(ids)
    if not wanted:
        return {}
    standing = {
        pk: merged or pk for pk, merged in Source.objects.filter(pk__in=wanted).values_list("pk", "merged_into")
    }
    found = named(standing.values(), user)
    return {pk: found[stands] for pk, stands in standing.items()}


def name_beside(claim: Claim, source: Source, reader: Reader) -> str:
    """What `Claim.source_name` says, on the page of a claim: its document may name a known source before it does.

    One query; none where no collection is hidden, of a source that was never merged.
    """
    if source.merged_into_id is None and not reader.hidden:
        return source.descriptor
    heard = Claim.objects.filter(collection__in=reader.hidden)
    elsewhere = any_of(heard.filter(source=OuterRef("pk")), heard.filter(source__merged_into=OuterRef("pk")))
    rows = Source.objects.defer("search").annotate(worded_elsewhere=elsewhere if reader.hidden else Value(False))
    standing: Any = rows.get(pk=source.merged_into_id or source.pk)
    return claim.name_of(standing, worded_elsewhere=standing.worded_elsewhere)
