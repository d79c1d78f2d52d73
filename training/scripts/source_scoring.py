"""How well the sources of a document are told apart: chains, anaphora, clusters. Pure functions of records.

Measured on the attributions that were found: those with a partner whose cue and source overlap (ANNOTATION.md,
"Suggested matching"). Where the text leaves the antecedent open (`resolution_uncertain`), nothing is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from training.scripts.scoring import Record, Tallies, Tally, TokenPlaces, Unit, Units, pairs, units_of

PRONOUNS = frozenset(["he", "she", "they", "it", "his", "her", "hers", "their", "theirs", "its", "him", "them"])
DEMONSTRATIVES = frozenset(["this", "that", "these", "those"])
DEFINITE = DEMONSTRATIVES | {"the"}
Fragments = Sequence[Sequence[int]]
"""The stretches `[start, end)` of a span, in characters."""


def overlap(gold: Units, found: Units) -> bool:
    """Do the cues share a word, and the sources, too?"""
    return bool(gold.cue & found.cue) and bool(gold.source & found.source)


def source_tallies(record: Record, found: Record) -> Tallies:
    """Of one document: "chains", "anaphora", "one to one" (shares of those found) and "clusters" (B-cubed).

    "one to one": attributions whose source is the partner of the annotated one, each source having one partner at most.
    """
    text = record["text"]
    gold, seen = record["attributions"], found["attributions"]
    partners = pairs(units_of(text, gold), units_of(text, seen), fit=overlap)
    sure = [(gold[i], seen[j]) for i, j in partners if not gold[i].get("resolution_uncertain")]
    places = TokenPlaces(text)
    same = same_sources(_mentions(record, places), _mentions(found, places))
    return {
        "chains": _chains(sure, same),
        "anaphora": _anaphora(record, found, sure, same),
        "one to one": Tally.of_share(sum(same.get(b["source_id"]) == a["source_id"] for a, b in sure), len(sure)),
        "clusters": b_cubed([(a["source_id"], b["source_id"]) for a, b in sure]),
    }


def _mentions(record: Record, places: TokenPlaces) -> dict[str, set[Unit]]:
    """The mentions of each source, in tokens."""
    return {
        source["id"]: {places.under(_fragments(mention)) for mention in source["mentions"]}
        for source in record["sources"]
    }


def _fragments(mention: Sequence[Any]) -> Fragments:
    """A mention is one stretch in the annotations, a list of them in what the engine found."""
    return [mention] if isinstance(mention[0], int) else list(mention)


def same_sources(gold: dict[str, set[Unit]], found: dict[str, set[Unit]]) -> dict[str, str]:
    """Found id -> gold id, one to one, so that as many mentions as possible overlap with one of their partner's."""
    if not gold or not found:
        return {}
    golds, founds = sorted(gold), sorted(found)
    weights = np.array([[_shared(found[f], gold[g]) for g in golds] for f in founds])
    rows, columns = linear_sum_assignment(weights, maximize=True)
    return {founds[r]: golds[c] for r, c in zip(rows, columns, strict=True) if weights[r, c]}


def _shared(found: Iterable[Unit], gold: Iterable[Unit]) -> int:
    mentions = list(gold)
    return sum(any(one & other for other in mentions) for one in found)


def _chains(partners: Sequence[tuple[Record, Record]], same: dict[str, str]) -> Tally:
    """Nested attributions whose chain is exactly the annotated one, teller by teller."""
    nested = [(a, b) for a, b in partners if len(a["chain"]) > 1]
    right = sum([same.get(teller) for teller in b["chain"]] == a["chain"] for a, b in nested)
    return Tally.of_share(right, len(nested))


def is_anaphoric(record: Record, attribution: Record) -> bool:
    """Is its source a pronoun of the third person, or a definite phrase for a source mentioned before?"""
    source = next(source for source in record["sources"] if source["id"] == attribution["source_id"])
    return bool(attribution["source"]) and _points_back(record["text"], source, attribution["source"], DEFINITE)


def _points_back(text: str, source: Record, mention: Fragments, openers: frozenset[str]) -> bool:
    """Is a mention of a source a pronoun, or opened by one of the words after an earlier mention?"""
    first, *more = _words(text, mention)
    if not more and first.lower() in PRONOUNS:
        return True
    return first.lower() in openers and any(_fragments(m)[0][0] < mention[0][0] for m in source["mentions"])


def _words(text: str, fragments: Fragments) -> list[str]:
    return " ".join(text[start:end] for start, end in fragments).split()


def _anaphora(record: Record, found: Record, partners: Sequence[tuple[Record, Record]], same: dict[str, str]) -> Tally:
    """Anaphoric sources that stand in the right cluster, together with other words that name that source.

    A pronoun in a cluster of its own points to nobody, even where no other cluster claims the source.
    """
    golds = {source["id"]: source for source in record["sources"]}
    founds = {source["id"]: source for source in found["sources"]}
    anaphors = [(a, b) for a, b in partners if is_anaphoric(record, a)]
    right = 0
    for a, b in anaphors:
        namings = _namings(record["text"], golds[a["source_id"]], besides=a["source"])
        candidates = _namings(record["text"], founds[b["source_id"]], besides=a["source"])
        fits = same.get(b["source_id"]) == a["source_id"]
        right += fits and any(_same_naming(record["text"], c, n) for c in candidates for n in namings)
    return Tally.of_share(right, len(anaphors))


def _namings(text: str, source: Record, *, besides: Fragments) -> list[Fragments]:
    """The mentions that say who it is: no pronoun, no "this source"; without the one that is asked about."""
    mentions = [_fragments(mention) for mention in source["mentions"]]
    return [m for m in mentions if not _touch(m, besides) and not _points_back(text, source, m, DEMONSTRATIVES)]


def _same_naming(text: str, one: Fragments, other: Fragments) -> bool:
    """The same place in the text, or the same last name."""
    name = _last_name(text, one)
    return _touch(one, other) or (name is not None and name == _last_name(text, other))


def _last_name(text: str, mention: Fragments) -> str | None:
    """The last word if it is a name by its capital letter; None in text without small letters."""
    last = re.sub(r"\W+$|['’]s$", "", _words(text, mention)[-1])
    return last if last.istitle() else None


def _touch(one: Fragments, other: Fragments) -> bool:
    return any(start < high and low < end for start, end in one for low, high in other)


def b_cubed(labels: Sequence[tuple[str, str]]) -> Tally:
    """B-cubed of a clustering (Bagga and Baldwin 1998). labels: (gold cluster, found cluster) of each element."""
    golds, founds = Counter(gold for gold, _ in labels), Counter(found for _, found in labels)
    both = Counter(labels)
    credit_found = sum(count * count / founds[found] for (_, found), count in both.items())
    credit_there = sum(count * count / golds[gold] for (gold, _), count in both.items())
    return Tally(credit_found, len(labels), credit_there, len(labels))
