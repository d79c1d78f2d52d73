"""What must hold of every extraction, whatever the text."""

from __future__ import annotations

from collections.abc import Iterator

from extraction import extract_many
from extraction.spans import Extraction, Span

OTHERS = ["", "The colonel said that it rained.", "\x00"]
"""Texts beside the one that is checked, in a batch."""


def faults(text: str, *, outermost: bool = False) -> list[str]:
    """What does not hold for this text; an exception is a fault, too."""
    try:
        found = next(extract_many([text], outermost=outermost))
        again = list(extract_many([OTHERS[0], text, *OTHERS[1:]], outermost=outermost))
    except Exception as error:  # noqa: BLE001  (whatever it is, it is what the fuzz run looks for)
        frames = []
        trace = error.__traceback__
        while trace is not None:
            frames.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
            trace = trace.tb_next
        return [f"{type(error).__name__}: {error} at {frames[-1]}"]
    problems = list(wrong_spans(text, found)) + list(broken_links(found))
    if len(again) != len(OTHERS) + 1 or again[1] != found:
        problems.append("a batch gives another result than the text alone")
    return problems


def wrong_spans(text: str, found: Extraction) -> Iterator[str]:
    """Spans that are not the words of the text at their places."""
    spans: list[tuple[str, Span | None]] = [
        (f"mention of {source.id}", mention) for source in found.sources for mention in source.mentions
    ]
    for a in found.attributions:
        spans += [
            (f"{role} of {a.id}", getattr(a, role)) for role in ("source", "cue", "content", "circumstance", "scope")
        ]
    for name, span in spans:
        if span is None:
            continue
        last = -1
        for part in span.fragments:
            if not 0 <= part.start < part.end <= len(text) or text[part.start : part.end] != part.text:
                yield f"{name}: [{part.start}, {part.end}) is not {part.text!r}"
            if part.text != part.text.strip():
                yield f"{name}: white space at an edge of {part.text!r}"
            if part.start < last:
                yield f"{name}: fragments overlap or are out of order at {part.start}"
            last = part.end


def broken_links(found: Extraction) -> Iterator[str]:
    """Ids that lead nowhere, chains that do not end at the source, scores out of range."""
    known = {source.id for source in found.sources}
    for source in found.sources:
        if not source.mentions or not set(source.members) <= known:
            yield f"source {source.id}: no mention, or members that are not there"
    for a in found.attributions:
        if not set(a.chain) <= known or (a.source_id is not None and (not a.chain or a.chain[-1] != a.source_id)):
            yield f"{a.id}: source {a.source_id}, chain {a.chain}"
        if not 0 <= a.score <= 1:
            yield f"{a.id}: score {a.score}"
    if len({a.id for a in found.attributions}) < len(found.attributions):
        yield "two attributions have one id"
