"""Known sources that somebody a document speaks of may be: proposed with reasons, tied by analysts alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from claims.models import DocumentSource
from documents.models import Collection, Document
from sources.models import Source, SourceAlias
from sources.naming import parse_name, sound
from sources.resolution import Occasion, Profile, affiliations, name_of, rank

MOST_PROPOSED = 5
MOST_CANDIDATES = 50
OCCASIONS_READ = 1_000
"""Places in documents looked at for all candidates together, the newest first."""


@dataclass(frozen=True, slots=True)
class SourceProposal:
    """source: standing, and named for the reader (`shown_name`). score: 0 to 1. reasons: the weightiest first."""

    source: Source
    score: float
    reasons: tuple[str, ...]


def source_proposals(found: DocumentSource, *, user: User, most: int = MOST_PROPOSED) -> list[SourceProposal]:
    """Who somebody a document speaks of may be, likeliest first, out of the sources the user may see.

    Rests on what the user may see alone. Never decided here: the likeliest may be wrong. Twenty queries and at most 50
    candidates, however many sources there are.
    """
    visible = Collection.objects.ids_visible_to(user)
    heard = _heard(found)
    candidates = _candidates(heard, user)
    sources = {
        row.pk: row
        for row in Source.objects.visible_to(user).standing().named_for(user).defer("search").filter(pk__in=candidates)
    }
    known = _known(sources, visible, leaving_out=found)
    return [SourceProposal(sources[source], like.score, like.reasons) for source, like in rank(heard, known, most=most)]


def _heard(found: DocumentSource) -> Profile:
    """The document's own source as a profile. Two queries."""
    document = Document.objects.get(layers__runs=found.run_id)
    beside = DocumentSource.objects.filter(run=found.run_id, source__isnull=False).exclude(pk=found.pk)
    companions = beside.values_list(Coalesce("source__merged_into", "source"), flat=True)
    return Profile(
        kind=found.kind,
        wordings=(_one_line(found.canonical),),
        affiliations=tuple(_one_line(words) for words in (found.access, found.affiliation) if words),
        occasions=(
            _occasion(document.author, document.document_date or document.information_date, document.case_number),
        ),
        companions=frozenset(companions),
    )


def _candidates(heard: Profile, user: User) -> set[int]:
    """Ids of standing sources that share the sound of a name, an affiliation or, failing both, all the words.

    First those that have everything, then those that have some of it. Four queries.
    """
    strict, loose, column = _queries(heard)
    found: dict[int, None] = {}
    for query in (strict, loose):
        aliases = SourceAlias.objects.visible_to(user).filter(
            **{column: SearchQuery(query, search_type="raw", config="simple")}
        )
        found |= dict.fromkeys(_standing(aliases.order_by("-id"), "source__merged_into", "source_id"))
        if column == "search":
            words = SearchQuery(query, search_type="raw", config="simple")
            # Only for the newest is it looked up whether the user may read the descriptor.
            newest = Source.objects.filter(search=words).order_by("-id").values("pk")[: 2 * MOST_CANDIDATES]
            described = Source.objects.worded_for(user).filter(pk__in=newest).order_by("-id")
            found |= dict.fromkeys(_standing(described, "merged_into", "pk"))
    return set(list(found)[:MOST_CANDIDATES])


def _queries(heard: Profile) -> tuple[str, str, str]:
    """Two text-index queries, the strict one and the loose one, and the column they are for."""
    name = parse_name(name_of(heard))
    if name is not None:
        sounds = [bones for part in name.parts if len(bones := sound(part)) > 1]
        family = sound(name.family) or name.family
        return " & ".join(sounds or [family]), family, "sounds"
    ties = []
    for tie in affiliations(heard):
        stems = " & ".join(f"{_term(stem)}:*" for stem in sorted(tie.stems) if _term(stem))
        ties.append(" | ".join([f"({stems})", *sorted(tie.initials)]) if stems else "")
    ties = [f"({tie})" for tie in ties if tie]
    if not ties:
        words = " & ".join(filter(None, map(_term, heard.wordings[0].lower().split())))
        return words or "nobody", words or "nobody", "search"
    return " & ".join(ties), " | ".join(ties), "search"


def _standing(rows: QuerySet[Any], merged_into: str, own: str) -> Iterable[int]:
    standing: Iterable[int] = rows.values_list(Coalesce(merged_into, own), flat=True)[: MOST_CANDIDATES // 2]
    return standing


def _known(sources: dict[int, Source], visible: list[int], *, leaving_out: DocumentSource) -> dict[int, Profile]:
    """What the reader may know of each source. Four queries."""
    standing = dict(Source.objects.families(sources).values_list("pk", Coalesce("merged_into", "pk")))
    wordings: dict[int, list[str]] = defaultdict(list)
    aliases = SourceAlias.objects.filter(source__in=list(standing), collection__in=visible).order_by("id")
    for source, wording in aliases.values_list("source", "wording"):
        wordings[standing[source]].append(wording)
    heard_in = DocumentSource.objects.filter(source__in=list(standing), run__layer__document__collection__in=visible)
    rows = list(
        heard_in.exclude(run=leaving_out.run_id)
        .order_by("-id")
        .values_list(
            "source",
            "run",
            "access",
            "affiliation",
            "run__layer__document__author",
            Coalesce("run__layer__document__document_date", "run__layer__document__information_date"),
            "run__layer__document__case_number",
        )[:OCCASIONS_READ]
    )
    beside: dict[int, set[int]] = defaultdict(set)
    neighbours = DocumentSource.objects.filter(run__in={row[1] for row in rows}, source__isnull=False)
    for run, source in neighbours.values_list("run", Coalesce("source__merged_into", "source")):
        beside[run].add(source)
    affiliated: dict[int, dict[str, None]] = defaultdict(dict)
    occasions: dict[int, dict[Occasion, None]] = defaultdict(dict)
    companions: dict[int, set[int]] = defaultdict(set)
    for member, run, access, affiliation, author, day, case in rows:
        source = standing[member]
        affiliated[source] |= dict.fromkeys(_one_line(words) for words in (access, affiliation) if words)
        occasions[source][_occasion(author, day, case)] = None
        companions[source] |= beside[run] - {source}
    return {
        pk: Profile(
            kind=source.kind,
            wordings=tuple(dict.fromkeys([source.shown_name, *wordings[pk]])),
            affiliations=tuple(affiliated[pk]),
            occasions=tuple(occasions[pk]),
            companions=frozenset(companions[pk]),
        )
        for pk, source in sources.items()
    }


def _occasion(author: str, day: object, case: str) -> Occasion:
    return Occasion(author=_one_line(author), day=day, case=case)  # type: ignore[arg-type]  # a date or None


def _term(word: str) -> str:
    return "".join(letter for letter in word.lower() if letter.isalnum())


def _one_line(words: str) -> str:
    return " ".join(words.split())
