"""Read one statement: its terms with their parts, negation, attitude, tense, counts and times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from extraction import pipeline
from extraction.relations.clauses import Clauses
from extraction.relations.measures import counts, numbers, whens
from extraction.relations.parse import Parse
from extraction.relations.statement import Statement

if TYPE_CHECKING:
    from spacy.tokens import Doc

BATCH = 64
LONGEST = 2_000
"""Characters of a statement that are read; a claim is a sentence or two."""


def read_statement(text: str, *, on: date | None = None) -> Statement:
    """Read one statement, written on a day. Raises PipelineMissing and WordsMissing. Some milliseconds."""
    return next(read_statements([(text, on)]))


def read_statements(texts: Iterable[tuple[str, date | None]]) -> Iterator[Statement]:
    """One Statement per (text, day written or None), in order, parsed in batches: several times quicker than singly."""
    nlp = pipeline.load()
    pairs = ((_readable(text), (text, on)) for text, on in texts)
    with nlp.select_pipes(disable=[name for name in ("ner",) if name in nlp.pipe_names]):
        for doc, (text, on) in nlp.pipe(pairs, as_tuples=True, batch_size=BATCH):
            yield from_parse(doc, text=text, on=on)


def _readable(text: str) -> str:
    """Half characters, which spaCy refuses, as question marks; every other character keeps its place."""
    return text[:LONGEST].encode("utf-8", "replace").decode("utf-8")


def from_parse(doc: Doc, *, text: str = "", on: date | None = None) -> Statement:
    """The same for what has been parsed already."""
    found = whens(doc.text, on)
    amounts = numbers(doc.text, found)
    taken = [(one.start, one.end) for one in found]
    clauses = Clauses(Parse(doc, taken, [(one.span.start, one.span.end) for one in amounts]))
    negations = tuple(clauses.negations)
    return Statement(
        text=text or doc.text,
        terms=clauses.terms,
        negated=len(negations) % 2 == 1,
        negations=negations,
        attitude=clauses.attitude,
        attitude_negated=clauses.view.negated if clauses.view else False,
        holder=clauses.view.holder if clauses.view else (),
        tense=clauses.tense,
        is_state=clauses.is_state,
        persists=clauses.says("persisting"),
        shifted=clauses.says("shifted"),
        counts=counts(doc.text, amounts, clauses.terms),
        times=found,
        universal=clauses.says("universal"),
        exclusive=clauses.says("exclusive"),
        on=on.isoformat() if on else "",
    )
