"""How far analysts agree who judged the same claims without knowing of each other. Nothing here writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from claims.models import ClaimState, Difference, SecondReview
from grading.raters import Agreement, agreement, overlap

COMPARED = (Difference.DECISION, Difference.SOURCE, Difference.CONTENT, Difference.TYPE, Difference.MODALITY)
"""What figures are given of. The first is of all items, the others of those that both accepted."""

READ = ["state", "source_id", "document_source_id", "content_fragments", "type", "modality"]
Judgement = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """of: one of COMPARED. overlap: of contents only, on average how much of them was the same, 0 to 1."""

    of: Difference
    agreement: Agreement
    overlap: float | None = None

    @property
    def has_categories(self) -> bool:
        """Contents have none: what chance would have done cannot be said of them."""
        return self.of != Difference.CONTENT


@dataclass(frozen=True, slots=True)
class Raters:
    """Two analysts, whoever of them was first; or all together, then both are None."""

    one: User | None
    other: User | None
    figures: list[Figures]

    @property
    def items(self) -> int:
        return self.figures[0].agreement.items


def agreement_for(user: User, *, collection: int | None = None) -> list[Raters]:
    """All together, then each two analysts, most items in common first; of claims `user` may see. Three queries."""
    rows = SecondReview.objects.visible_to(user).compared().order_by("pk")
    if collection is not None:
        rows = rows.filter(claim__collection=collection)
    asked = [f"{side}__{field}" for side in ("first", "second") for field in READ]
    by_pair: dict[tuple[int, int], list[tuple[Judgement, Judgement]]] = defaultdict(list)
    everything = []
    for row in rows.values("first_analyst", "analyst", "differs", *asked):
        first, second = _judgement(row, "first"), _judgement(row, "second")
        if Difference.SOURCE not in row["differs"]:
            second["source"] = first["source"]
        everything.append((first, second))
        pair = (row["first_analyst"], row["analyst"])
        by_pair[min(pair), max(pair)].append((first, second) if pair[0] < pair[1] else (second, first))
    people = User.objects.in_bulk({person for pair in by_pair for person in pair})
    pairs = [Raters(people[one], people[other], _figures(judged)) for (one, other), judged in by_pair.items()]
    return [Raters(None, None, _figures(everything)), *sorted(pairs, key=lambda pair: -pair.items)]


def _judgement(row: dict[str, Any], side: str) -> Judgement:
    found: Judgement = {field: row[f"{side}__{field}"] for field in READ}
    found["source"] = ("known", found["source_id"]) if found["source_id"] else ("here", found["document_source_id"])
    return found


def _figures(judged: list[tuple[Judgement, Judgement]]) -> list[Figures]:
    accepted = [pair for pair in judged if all(each["state"] == ClaimState.ACCEPTED for each in pair)]
    contents = [overlap(one["content_fragments"], other["content_fragments"]) for one, other in accepted]
    same = sum(one["content_fragments"] == other["content_fragments"] for one, other in accepted)
    exactly = Agreement(len(accepted), same, kappa=None, alpha=None)
    mean = sum(contents) / len(contents) if contents else None
    return [
        Figures(Difference.DECISION, agreement(_each(judged, "state"))),
        Figures(Difference.SOURCE, agreement(_each(accepted, "source"))),
        Figures(Difference.CONTENT, exactly, mean),
        Figures(Difference.TYPE, agreement(_each(accepted, "type"))),
        Figures(Difference.MODALITY, agreement(_each(accepted, "modality"))),
    ]


def _each(judged: list[tuple[Judgement, Judgement]], field: str) -> Iterable[tuple[Hashable, Hashable]]:
    return [(one[field], other[field]) for one, other in judged]
