"""The claims of a source, in groups by how what they say turned out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from claims.models import Outcome, Stance, Verdict
from claims.models.claim import ClaimQuerySet

PAGE_SIZE = 20
OPEN = "open"
GROUPS = [
    ("", _("All")),
    (Outcome.TRUE.value, _("Confirmed")),
    (Outcome.PARTLY.value, _("Partly")),
    (Outcome.FALSE.value, _("Refuted")),
    (Outcome.UNVERIFIABLE.value, _("Unverifiable")),
    (OPEN, _("Not settled")),
]
NAMES = dict(GROUPS)


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    name: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class ClaimsPage:
    groups: list[Group]
    claims: list[Any]
    """Claims with `turned_out`: true, partly, false, unverifiable or open, seen from the claim."""
    chosen: str
    before: int | None
    older: int | None


def claims_page(spoken: ClaimQuerySet, *, group: str = "", before: int | None = None) -> ClaimsPage:
    """One page of these claims, newest first, with the counts of all groups. Two queries."""
    claims = with_outcome(spoken)
    counts: dict[str, int] = {
        row["turned_out"]: row["count"] for row in claims.order_by().values("turned_out").annotate(count=Count("id"))
    }
    chosen = group if group in NAMES else ""
    wanted = claims.filter(turned_out=chosen) if chosen else claims
    if before:
        wanted = wanted.filter(pk__lt=before)
    found = list(
        wanted.select_related("proposition", "layer__document")
        .defer("search", "proposition__search")
        .defer("layer__text", "layer__furniture", "layer__segments", "layer__page_starts")
        .order_by("-id")[: PAGE_SIZE + 1]
    )
    return ClaimsPage(
        groups=[
            Group(key, str(name), counts.get(key, 0) if key else sum(counts.values()), key == chosen)
            for key, name in GROUPS
        ],
        claims=found[:PAGE_SIZE],
        chosen=chosen,
        before=before,
        older=found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None,
    )


def with_outcome(claims: ClaimQuerySet) -> Any:
    """Adds `turned_out`: the verdict in force seen from the claim (a denial of something false is true), or "open"."""
    verdict = Verdict.objects.in_force().filter(proposition=OuterRef("proposition")).values("outcome")[:1]
    return claims.annotate(verdict_in_force=Subquery(verdict)).annotate(
        turned_out=Case(
            When(verdict_in_force=Outcome.TRUE, stance=Stance.DENIES, then=Value(Outcome.FALSE.value)),
            When(verdict_in_force=Outcome.FALSE, stance=Stance.DENIES, then=Value(Outcome.TRUE.value)),
            default=Coalesce("verdict_in_force", Value(OPEN)),
            output_field=CharField(),
        )
    )
