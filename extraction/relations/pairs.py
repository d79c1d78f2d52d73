"""Many pairs of statements, as they come from a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from extraction.relations.deciding import relate
from extraction.relations.reading import read_statements
from extraction.relations.statement import Relation

BATCH = 64


def relate_many(pairs: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, Relation]]:
    """(id, relation) for each (id, a, b), in order; a batch is read ahead, so memory stays flat."""
    remaining = iter(pairs)
    while batch := list(islice(remaining, BATCH)):
        texts = list(dict.fromkeys(text for _, a, b in batch for text in (a, b)))
        read = dict(zip(texts, read_statements((text, None) for text in texts), strict=True))
        for identifier, a, b in batch:
            yield identifier, relate(read[a], read[b])


def as_line(identifier: str, relation: Relation) -> dict[str, Any]:
    """One line of the output. A refinement agrees, so that it counts as corroboration here; `detail` tells it apart."""
    return {
        "id": identifier,
        "relation": "corroborates" if relation.relation == "refines" else relation.relation,
        "rule": relation.rule,
        "detail": relation.relation,
        "narrower": relation.narrower,
        "similarity": relation.similarity,
        "spans": {"a": [list(one) for one in relation.spans_a], "b": [list(one) for one in relation.spans_b]},
    }
