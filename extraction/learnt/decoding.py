"""From scored cues and labelled windows to attributions in token numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from extraction.learnt.features import Windows
from extraction.learnt.network import LABELS
from extraction.learnt.tokens import Flags, Numbers, Tokens

SOURCE, CUE, CONTENT = (LABELS.index(label) for label in "SVC")


@dataclass(slots=True)
class Found:
    """One attribution as read from one cue's window. The role arrays hold token numbers in text order."""

    head: int
    certainty: float
    """How surely the head is that of a cue, 0 to 1."""
    source: Numbers
    cue: Numbers
    content: Numbers


def read_windows(
    tokens: Tokens, windows: Windows, certainty: npt.NDArray[np.float32], labels: npt.NDArray[np.int8]
) -> list[Found]:
    """One `Found` per window that holds a content, in the order of the windows."""
    found = []
    begin = 0
    for cue, start, size in zip(windows.cue.tolist(), windows.start.tolist(), windows.sizes.tolist(), strict=True):
        part = np.where(tokens.space[start : start + size], 0, labels[begin : begin + size])
        begin += size
        content = np.flatnonzero(part == CONTENT) + start
        if not len(content):
            continue
        cue_tokens = np.flatnonzero(part == CUE) + start
        if not len(cue_tokens):
            cue_tokens = np.array([cue])
            content = content[content != cue]
        source = np.flatnonzero(part == SOURCE) + start
        if len(content):
            found.append(Found(cue, float(certainty[cue]), source, cue_tokens, content))
    return found


def outermost(tokens: Tokens, found: list[Found]) -> list[Found]:
    """Takes attributions from the most certain cue down: none stands inside another, none shares its words."""
    taken = np.zeros(len(tokens), dtype=np.int8)
    kept = []
    for attribution in sorted(found, key=lambda one: -one.certainty):
        if taken[attribution.head] in (CUE, CONTENT):
            continue
        content = attribution.content[taken[attribution.content] == 0]
        cue = attribution.cue[taken[attribution.cue] == 0]
        source = attribution.source[taken[attribution.source] != CONTENT]
        if not len(content) or not len(cue):
            continue
        taken[source] = SOURCE
        taken[cue] = CUE
        taken[content] = CONTENT
        kept.append(Found(attribution.head, attribution.certainty, source, cue, content))
    return sorted(kept, key=lambda one: one.head)


def nested(tokens: Tokens, found: list[Found]) -> list[Found]:
    """The same, but an attribution may stand inside another one's content, and then keeps to it."""
    kept: list[Found] = []
    cue_taken = np.zeros(len(tokens), dtype=bool)
    for attribution in sorted(found, key=lambda one: -one.certainty):
        content = attribution.content[~cue_taken[attribution.content] | _inner_cue(attribution, kept)]
        if cue_taken[attribution.head]:
            continue
        for other in kept:
            if np.isin(attribution.head, other.content):
                content = content[np.isin(content, other.content)]
            elif not np.isin(other.head, content):
                content = content[~np.isin(content, other.content)]
        cue = attribution.cue[~cue_taken[attribution.cue]]
        if len(content) and len(cue):
            cue_taken[cue] = True
            kept.append(Found(attribution.head, attribution.certainty, attribution.source, cue, content))
    return sorted(kept, key=lambda one: one.head)


def _inner_cue(attribution: Found, kept: list[Found]) -> Flags:
    """Which content tokens are cue words of attributions that stand inside it: those are its content all the same."""
    inner = [other.cue for other in kept if np.isin(other.head, attribution.content)]
    return (
        np.isin(attribution.content, np.concatenate(inner)) if inner else np.zeros(len(attribution.content), dtype=bool)
    )


def runs(numbers: Numbers, space: Flags) -> tuple[tuple[int, int], ...]:
    """Token numbers as stretches `[start, end)`; white space between two of them parts nothing."""
    pieces: list[tuple[int, int]] = []
    for number in numbers.tolist():
        if pieces and (pieces[-1][1] == number or bool(space[pieces[-1][1] : number].all())):
            pieces[-1] = (pieces[-1][0], number + 1)
        else:
            pieces.append((number, number + 1))
    return tuple(pieces)
