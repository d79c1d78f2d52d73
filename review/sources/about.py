"""What surrounds a source: the wordings it was seen under, what it speaks of, and who is told of beside it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Value
from django.db.models.functions import Coalesce, NullIf

from accounts.models import User
from claims.models import ChainLink, Claim, DocumentSource
from claims.models.claim import ClaimQuerySet
from documents.models import Collection
from sources.models import Source, SourceAlias

WORDINGS_READ = 1_000
"""Namings in documents that are looked through; a source has a few hundred at most."""
CLAIMS_READ = 500
"""Newest claims whose words are looked through for names."""
SHOWN = 12
PLACES_SHOWN = 3
_LONE_WORDS = """
    The This That These Those A An In On At By For From With And But If When While He She They It His Her Their Its We I
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August
    September October November December According There No Not
"""
LONE_WORDS = frozenset(_LONE_WORDS.split())
_NAME = re.compile(r"(?:[A-Z][\w'’.-]*[\w]|[A-Z]{2,})(?:\s+(?:(?:of|the|al|de|bin|el)\s+){0,2}(?:[A-Z][\w'’-]*\w))*")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader may see of a source and those merged into it; the collections are asked for once."""

    members: Sequence[int]
    collections: Sequence[int]
    visible: ClaimQuerySet
    """All accepted claims in these collections."""

    @classmethod
    def of(cls, source: Source, user: User) -> Reading:
        visible = Claim.objects.visible_to(user).accepted()
        return cls(Source.objects.family_ids(source.pk), Collection.objects.ids_visible_to(user), visible)

    @property
    def spoken(self) -> ClaimQuerySet:
        """Its own claims."""
        return self.visible.filter(source__in=self.members)


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording the source was seen under, and documents where: `[(id, label), ...]`."""

    words: str
    documents: list[tuple[int, str]]

    @property
    def total(self) -> int:
        return len(self.documents)

    @property
    def shown(self) -> list[tuple[int, str]]:
        return self.documents[:PLACES_SHOWN]

    @property
    def more(self) -> int:
        return max(0, self.total - PLACES_SHOWN)


@dataclass(frozen=True, slots=True)
class Company:
    """Somebody told of beside the source."""

    name: str
    source_id: int | None
    shared: int
    """Documents, or chains, that have both."""
    of: int

    @property
    def always(self) -> bool:
        return self.of > 1 and self.shared == self.of


@dataclass(frozen=True, slots=True)
class Seen:
    """Computed from the claims a reader may see."""

    claims: int
    documents: int
    first: object
    last: object


def wordings(reading: Reading) -> list[Wording]:
    """The source's wordings, most seen first. Two queries, however many there are."""
    known = SourceAlias.objects.filter(source__in=reading.members, collection__in=reading.collections)
    seen = (
        DocumentSource.objects.filter(
            source__in=reading.members, run__layer__document__collection__in=reading.collections
        )
        .order_by("-id")
        .values_list(
            "canonical",
            "run__layer__document",
            Coalesce(
                NullIf("run__layer__document__doc_number", Value("")),
                NullIf("run__layer__document__title", Value("")),
                "run__layer__document__name",
            ),
        )[:WORDINGS_READ]
    )
    places: dict[str, dict[int, str]] = defaultdict(dict)
    for canonical, document, label in seen:
        places[one_line(canonical)][document] = label
    names = dict.fromkeys([*places, *known.order_by("id").values_list("wording", flat=True)[:WORDINGS_READ]])
    found = [Wording(name, list(places.get(name, {}).items())) for name in names]
    return sorted(found, key=lambda wording: -wording.total)


def seen(reading: Reading) -> Seen:
    found = reading.spoken.aggregate(
        claims=Count("id"),
        documents=Count("layer__document", distinct=True),
        first=Min("reported_date"),
        last=Max("reported_date"),
    )
    return Seen(**found)


def names_in(contents: Iterable[str]) -> list[tuple[str, int]]:
    """Proper names in what was said, by spelling alone, most frequent first, each counted once per claim.

    A word that merely begins a sentence is left out unless it is seen elsewhere as well.
    """
    counts: Counter[str] = Counter()
    for content in contents:
        words = one_line(content)
        found = {
            match.group().removesuffix("'s").removesuffix("’s")
            for match in _NAME.finditer(words)
            if match.start() > 0 or " " in match.group()
        }
        counts.update(name for name in found if name not in LONE_WORDS and len(name) > 1)
    return counts.most_common(SHOWN)


def speaks_of(reading: Reading) -> list[tuple[str, int]]:
    """The people and places it speaks of."""
    return names_in(reading.spoken.order_by("-id").values_list("content_quote", flat=True)[:CLAIMS_READ])


def topics(reading: Reading) -> list[str]:
    """What its propositions are about, for the chooser."""
    named = reading.spoken.filter(proposition__topic__gt="").order_by("proposition__topic")
    return list(named.values_list("proposition__topic", flat=True).distinct())


def told_with(reading: Reading) -> list[Company]:
    """Through whom it is told: the other tellers of its claims' chains, most frequent first."""
    chained = reading.spoken.order_by().filter(chain__position__gt=0)
    claims = list(chained.values_list("pk", flat=True).distinct()[:WORDINGS_READ])
    rows = (
        ChainLink.objects.filter(claim__in=claims)
        .exclude(document_source__source__in=reading.members)
        .values_list("claim_id", "document_source__canonical", "document_source__source")
    )
    chains: dict[tuple[str, int | None], set[int]] = defaultdict(set)
    for claim_id, canonical, source_id in rows:
        chains[one_line(canonical), source_id].add(claim_id)
    return _most_shared(chains, of=len(claims))


def cited_with(reading: Reading) -> list[Company]:
    """Other sources of the documents it speaks in, by how many documents they share; still without names."""
    layers = list(reading.spoken.order_by().values_list("layer_id", flat=True).distinct()[:WORDINGS_READ])
    rows = (
        reading.visible.filter(layer__in=layers)
        .exclude(source__in=reading.members)
        .order_by()
        .annotate(standing=Coalesce("source__merged_into", "source"))
        .values_list("standing")
        .annotate(shared=Count("layer", distinct=True))
        .order_by("-shared", "standing")[:SHOWN]
    )
    return [Company("", pk, shared, len(layers)) for pk, shared in rows]


def _most_shared(groups: dict[tuple[str, int | None], set[int]], *, of: int) -> list[Company]:
    found = [Company(name, source_id, len(shared), of) for (name, source_id), shared in groups.items()]
    return sorted(found, key=lambda company: (-company.shared, company.name))[:SHOWN]


def one_line(words: str) -> str:
    return " ".join(words.split())
