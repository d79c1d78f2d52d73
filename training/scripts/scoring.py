"""How well attributions fit the annotated ones: spans and relations. Pure functions of records.

Everything is compared in tokens: a run of word characters, or a single other character that is no white space. So
white space at an edge never counts. The tokens that one attribution gives to one role are a *unit*; a unit that occurs
twice in a document counts once. Soft: a unit earns the share of its tokens that the other side has in that role
anywhere in the document. A relation is right when source and content of a one-to-one pair both reach a token F of one
half. Figures of documents are added up before F is taken.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]
Unit = frozenset[int]
ROLES = ("source", "cue", "content")
ALIKE = 0.5
"""Token F from which on two units are the same source, or the same content."""
TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(slots=True)
class Tally:
    """Credit, and the number of units it is shared among: on the side of what was found and of what is there."""

    credit_found: float = 0
    found: int = 0
    credit_there: float = 0
    there: int = 0

    @classmethod
    def of_share(cls, right: float, of: int) -> Tally:
        """A plain share: `f` is then right / of."""
        return cls(right, of, right, of)

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.credit_found + other.credit_found,
            self.found + other.found,
            self.credit_there + other.credit_there,
            self.there + other.there,
        )

    @property
    def precision(self) -> float:
        return self.credit_found / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.credit_there / self.there if self.there else 0.0

    @property
    def f(self) -> float:
        """Harmonic mean of precision and recall, 0 to 1; 0 when nothing is right."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


Tallies = dict[str, Tally]


def added(parts: Iterable[Tallies]) -> Tallies:
    """The sum, measure by measure."""
    total: Tallies = {}
    for part in parts:
        for measure, tally in part.items():
            total[measure] = total.get(measure, Tally()) + tally
    return total


class TokenPlaces:
    """Where the tokens of a text stand."""

    def __init__(self, text: str) -> None:
        places = [match.span() for match in TOKEN.finditer(text)]
        self._starts = [start for start, _ in places]
        self._ends = [end for _, end in places]

    def under(self, spans: Iterable[Sequence[int]]) -> Unit:
        """Numbers of the tokens that share a character with one of the spans `[start, end)`."""
        numbers: set[int] = set()
        for start, end in spans:
            if start < end:
                numbers.update(range(bisect_right(self._ends, start), bisect_left(self._starts, end)))
        return frozenset(numbers)


@dataclass(frozen=True, slots=True)
class Units:
    """One attribution as token numbers of its text."""

    source: Unit
    cue: Unit
    content: Unit

    def role(self, name: str) -> Unit:
        unit: Unit = getattr(self, name)
        return unit


def units_of(text: str, attributions: Iterable[Record]) -> list[Units]:
    """The attributions of `text` in tokens, in the given order; a role that is missing has none."""
    places = TokenPlaces(text)
    return [Units(*(places.under(attribution.get(role) or ()) for role in ROLES)) for attribution in attributions]


def token_f(one: Unit, other: Unit) -> float:
    """F of the tokens shared, 0 to 1; two empty units agree."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0


def pairs(
    gold: Sequence[Units], found: Sequence[Units], *, fit: Callable[[Units, Units], bool] | None = None
) -> list[tuple[int, int]]:
    """One-to-one pairs (number in gold, number in found), the closest contents first, then sources, then cues.

    fit: which two may be paired; by default those whose contents share a token.
    """
    fit = fit or _share_content
    ranked = sorted(
        ((-token_f(g.content, f.content), -token_f(g.source, f.source), -token_f(g.cue, f.cue), i, j)
         for i, g in enumerate(gold) for j, f in enumerate(found) if fit(g, f))
    )  # fmt: skip
    taken_gold: set[int] = set()
    taken_found: set[int] = set()
    chosen = []
    for *_, i, j in ranked:
        if i not in taken_gold and j not in taken_found:
            chosen.append((i, j))
            taken_gold.add(i)
            taken_found.add(j)
    return chosen


def _share_content(gold: Units, found: Units) -> bool:
    return bool(gold.content & found.content)


def is_same_relation(gold: Units, found: Units) -> bool:
    return token_f(gold.content, found.content) >= ALIKE and token_f(gold.source, found.source) >= ALIKE


def right_relations(gold: Sequence[Units], found: Sequence[Units]) -> list[tuple[int, int]]:
    """The pairs whose source and content are both alike."""
    return [(i, j) for i, j in pairs(gold, found) if is_same_relation(gold[i], found[j])]


def decided_on(record: Record, found: Sequence[Record]) -> list[bool]:
    """For each attribution found in a record whether its relation is right: what the score is to foretell."""
    right = right_relations(units_of(record["text"], record["attributions"]), units_of(record["text"], found))
    numbers = {number for _, number in right}
    return [number in numbers for number in range(len(found))]


def outermost(units: Sequence[Units]) -> list[int]:
    """Numbers of the attributions whose cue does not wholly lie in another one's content."""
    return [
        number
        for number, one in enumerate(units)
        if not one.cue or not any(one.cue <= other.content for i, other in enumerate(units) if i != number)
    ]


def kept(record: Record, found: Sequence[Record], *, only_outermost: bool) -> list[Record]:
    """What of `found` is measured against the record.

    Left out is what lies mostly in the record's "discard" (text its annotators passed over), and, for gold without
    nested attributions, what is nested.
    """
    places = TokenPlaces(record["text"])
    passed_over = places.under(record.get("discard") or ())
    stretches = [places.under(attribution.get("content") or attribution.get("cue") or ()) for attribution in found]
    left = [a for a, words in zip(found, stretches, strict=True) if 2 * len(words & passed_over) <= len(words)]
    if not only_outermost:
        return left
    return [left[number] for number in outermost(units_of(record["text"], left))]


def span_tallies(gold: Sequence[Units], found: Sequence[Units]) -> Tallies:
    """Of one document: "source", "cue" and "content" soft, "content exact", "relation" (soft)."""
    tallies = {role: _soft(_distinct(gold, role), _distinct(found, role)) for role in ROLES}
    there, seen = _distinct(gold, "content"), _distinct(found, "content")
    same = len(there & seen)
    tallies["content exact"] = Tally(same, len(seen), same, len(there))
    right = len(right_relations(gold, found))
    tallies["relation"] = Tally(right, len(found), right, len(gold))
    return tallies


def _distinct(attributions: Iterable[Units], role: str) -> set[Unit]:
    return {unit for attribution in attributions if (unit := attribution.role(role))}


def _soft(there: set[Unit], seen: set[Unit]) -> Tally:
    all_there: Unit = frozenset().union(*there)
    all_seen: Unit = frozenset().union(*seen)
    return Tally(_credit(seen, all_there), len(seen), _credit(there, all_seen), len(there))


def _credit(units: set[Unit], covered: Unit) -> float:
    return sum(len(unit & covered) / len(unit) for unit in units)
