"""What surrounds a source: the wordings it was seen under, what it speaks of, and who is told of beside it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Max, Min
from django.db.models.functions import Coalesce

from accounts.models import User
from claims.models import ChainLink, Claim, DocumentSource
from documents.models import Document
from review.sources.names import named
from sources.models import SourceAlias

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
class Wording:
    """A wording the source was seen under, and documents where."""

    words: str
    documents: list[Document] = field(default_factory=list)
    total: int = 0

    @property
    def shown(self) -> list[Document]:
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


def wordings(members: Sequence[int], user: User) -> list[Wording]:
    """The source's wordings, most seen first. Two queries, however many there are."""
    known = list(
        SourceAlias.objects.visible_to(user)
        .filter(source__in=members)
        .order_by("id")
        .values_list("wording", flat=True)[:WORDINGS_READ]
    )
    seen = (
        DocumentSource.objects.filter(source__in=members, run__layer__document__in=Document.objects.visible_to(user))
        .select_related("run__layer__document")
        .only(
            "canonical",
            "run__layer__document__name",
            "run__layer__document__title",
            "run__layer__document__doc_number",
        )
        .order_by("-id")[:WORDINGS_READ]
    )
    places: dict[str, dict[int, Document]] = defaultdict(dict)
    for row in seen:
        document = row.run.layer.document
        places[_one_line(row.canonical)][document.pk] = document
    names = dict.fromkeys([*places, *known])
    found = [Wording(name, list(places.get(name, {}).values()), len(places.get(name, {}))) for name in names]
    return sorted(found, key=lambda wording: -wording.total)


def seen(members: Sequence[int], user: User) -> Seen:
    found = (
        Claim.objects.visible_to(user)
        .accepted()
        .filter(source__in=members)
        .aggregate(
            claims=Count("id"),
            documents=Count("layer__document", distinct=True),
            first=Min("reported_date"),
            last=Max("reported_date"),
        )
    )
    return Seen(**found)


def names_in(contents: Iterable[str]) -> list[tuple[str, int]]:
    """Proper names in what was said, by spelling alone, most frequent first, each counted once per claim.

    A word that merely begins a sentence is left out unless it is seen elsewhere as well.
    """
    counts: Counter[str] = Counter()
    for content in contents:
        words = _one_line(content)
        found = {
            match.group().removesuffix("'s").removesuffix("’s")
            for match in _NAME.finditer(words)
            if match.start() > 0 or " " in match.group()
        }
        counts.update(name for name in found if name not in LONE_WORDS and len(name) > 1)
    return counts.most_common(SHOWN)


def speaks_of(members: Sequence[int], user: User) -> list[tuple[str, int]]:
    """The people and places it speaks of."""
    contents = (
        Claim.objects.visible_to(user)
        .accepted()
        .filter(source__in=members)
        .order_by("-id")
        .values_list("content_quote", flat=True)[:CLAIMS_READ]
    )
    return names_in(contents)


def told_with(members: Sequence[int], user: User) -> list[Company]:
    """Through whom it is told: the other tellers of its claims' chains, most frequent first."""
    own = Claim.objects.visible_to(user).accepted().filter(source__in=members).order_by("-id").values("pk")
    chained = list(own.filter(chain__position__gt=0).distinct().values_list("pk", flat=True)[:WORDINGS_READ])
    rows = (
        ChainLink.objects.filter(claim__in=chained)
        .exclude(document_source__source__in=members)
        .values_list("claim_id", "document_source__canonical", "document_source__source", "claim__document_source")
        .order_by("-claim_id", "position")
    )
    chains: dict[tuple[str, int | None], set[int]] = defaultdict(set)
    for claim_id, canonical, source_id, _own in rows:
        chains[_one_line(canonical), source_id].add(claim_id)
    return _most_shared(chains, of=len(chained))


def cited_with(members: Sequence[int], user: User) -> list[Company]:
    """Other sources of the documents it speaks in, by how many documents they share."""
    claims = Claim.objects.visible_to(user).accepted()
    layers = list(
        claims.filter(source__in=members).order_by().values_list("layer_id", flat=True).distinct()[:WORDINGS_READ]
    )
    rows = (
        claims.filter(layer__in=layers)
        .exclude(source__in=members)
        .order_by()
        .annotate(standing=Coalesce("source__merged_into", "source"))
        .values("standing")
        .annotate(shared=Count("layer", distinct=True))
        .order_by("-shared", "standing")[:SHOWN]
    )
    shared = {row["standing"]: row["shared"] for row in rows}
    names = named(shared, user)
    return [Company(names[pk].shown_name, pk, count, len(layers)) for pk, count in shared.items()]


def _most_shared(groups: dict[tuple[str, int | None], set[int]], *, of: int) -> list[Company]:
    found = [Company(name, source_id, len(shared), of) for (name, source_id), shared in groups.items()]
    return sorted(found, key=lambda company: (-company.shared, company.name))[:SHOWN]


def _one_line(words: str) -> str:
    return " ".join(words.split())
