"""What makes several accepted claims one report, and what takes a claim out of the count.

Loaded in a fixed number of queries for any number of claims.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.db.models.functions import Coalesce

from claims.judged import links_around
from claims.models import Claim, ClaimLink, Discrediting, IndependentOrigin, LinkState, OriginNotice
from claims.one_of import OneOf
from grading.origins import origin_of_each

DISCREDITED, TAKEN_BACK = "discredited", "taken back"

Pair = tuple[int, int]


@dataclass(frozen=True)
class Ties:
    """origin: for each claim the lowest id among those that confirmed links tie it to. repeating: claims that repeat
    another. from_source: repeating claim to the (standing) source it was had from, where no claim of it is linked.
    one_origin: pairs of (standing) sources that an analyst holds for one origin. suspected: by pair, lower id first,
    how probable it is that one copies the other, while nobody has decided. independent: claims whose origin an
    analyst confirmed. aside: claims that do not count, and why. discredited: sources that nobody is to believe.
    """

    origin: Mapping[int, int] = field(default_factory=dict)
    repeating: frozenset[int] = frozenset()
    from_source: Mapping[int, int] = field(default_factory=dict)
    one_origin: tuple[Pair, ...] = ()
    suspected: Mapping[Pair, float] = field(default_factory=dict)
    independent: frozenset[int] = frozenset()
    aside: Mapping[int, str] = field(default_factory=dict)
    discredited: frozenset[int] = frozenset()

    @classmethod
    def of(cls, claims: Mapping[int, int]) -> Ties:
        """claims: by id the standing source. Six queries, one more where documents are discredited."""
        ids = list(claims)
        links = links_around(ids)
        from_source, taken_back = _other_links(ids)
        one_origin, suspected = _notices(set(claims.values()))
        confirmed = IndependentOrigin.objects.in_force().filter(OneOf("claim", ids)).values_list("claim_id", flat=True)
        discredited, sources = _discredited(claims)
        return cls(
            origin=origin_of_each(ids, links),
            repeating=frozenset(claim for claim, _ in links),
            from_source=from_source,
            one_origin=one_origin,
            suspected=suspected,
            independent=frozenset(confirmed),
            aside=dict.fromkeys(taken_back, TAKEN_BACK) | dict.fromkeys(discredited, DISCREDITED),
            discredited=frozenset(sources),
        )


def _other_links(claims: list[int]) -> tuple[dict[int, int], list[int]]:
    """Which claims were had from a source that is not heard itself, and which were taken back. One query."""
    links = ClaimLink.objects.confirmed().annotate(
        heard_from=Coalesce("origin_source__merged_into_id", "origin_source_id")
    )
    repeating = Q(OneOf("claim", claims), kind="relays", origin_source__isnull=False)
    rows = links.filter(repeating | Q(OneOf("origin", claims), kind="retracts")).values_list(
        "kind", "claim_id", "origin_id", "heard_from"
    )
    from_source, taken_back = {}, []
    for kind, claim, origin, source in rows:
        if kind == "relays":
            from_source[claim] = source
        elif origin:
            taken_back.append(origin)
    return from_source, taken_back


def _notices(sources: Collection[int]) -> tuple[tuple[Pair, ...], dict[Pair, float]]:
    """Accepted and undecided notices about these sources; those of merged sources speak of the one that stands."""
    rows = (
        OriginNotice.objects.exclude(state=LinkState.DISMISSED)
        .annotate(
            first=Coalesce("one__merged_into_id", "one_id"),
            second=Coalesce("other__merged_into_id", "other_id"),
        )
        .values_list("first", "second", "state", "posterior")
    )
    accepted: list[Pair] = []
    suspected: dict[Pair, float] = {}
    for first, second, state, posterior in rows:
        pair = (min(first, second), max(first, second))
        if not (first in sources and second in sources) or first == second:
            continue
        if state == LinkState.CONFIRMED:
            accepted.append(pair)
        else:
            suspected[pair] = max(posterior, suspected.get(pair, 0.0))
    return tuple(sorted(set(accepted))), suspected


def _discredited(claims: Mapping[int, int]) -> tuple[set[int], set[int]]:
    """The claims discredited by themselves, with their source or with their document; and the sources that are.

    One or two queries.
    """
    rows = list(
        Discrediting.objects.in_force()
        .annotate(standing=Coalesce("source__merged_into_id", "source_id"))
        .values_list("claim_id", "standing", "document_id")
    )
    alone = {claim for claim, _, _ in rows if claim}
    sources = {source for _, source, _ in rows if source}
    documents = {document for _, _, document in rows if document}
    found = {claim for claim, source in claims.items() if claim in alone or source in sources}
    if documents:
        found |= set(
            Claim.objects.filter(pk__in=claims, layer__document__in=documents).order_by().values_list("pk", flat=True)
        )
    return found, sources
