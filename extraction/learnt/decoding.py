"""From scored cues and labelled windows to attributions in token numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from extraction.learnt.features import Windows
from extraction.learnt.network import LABELS, Array
from extraction.learnt.tokens import Flags, Numbers, Tokens

SOURCE, CUE, CONTENT = (LABELS.index(label) for label in "SVC")
FAINTEST = 0.05
"""A token less likely in a content than this is in none."""
LIKELY = 0.25
"""The best sequence often names no source where one is likelier right than the lack of it; from here on it is named.
Cross-validated on PolNeAR train."""


@dataclass(slots=True)
class Found:
    """One attribution as read from one cue's window. The role arrays hold token numbers in text order."""

    head: int
    certainty: float
    """How surely source and content are right, 0 to 1."""
    source: Numbers
    cue: Numbers
    content: Numbers
    worth: float
    """The share of it that is to be right, 0 to 1: what counts where two contradict each other."""
    window: int
    """Number of the window it was read from."""


def completed(tokens: Tokens, windows: Windows, labels: npt.NDArray[np.int8], chances: Array) -> npt.NDArray[np.int8]:
    """The labels, with what comes nearest to a content in each window that has none, and to a source where one is
    likely enough; none for white space."""
    found = labels.copy()
    for label, least in ((CONTENT, FAINTEST), (SOURCE, LIKELY)):
        found[_nearest(windows, found, chances[:, label], label, least)] = label
    found[tokens.space[windows.pairs()[1]]] = 0
    return found


def _nearest(windows: Windows, labels: npt.NDArray[np.int8], chance: Array, label: int, least: float) -> Flags:
    """The tokens without a label that are likeliest to bear `label`, in windows where none does."""
    sizes = windows.sizes
    begins = np.cumsum(sizes) - sizes
    most = np.maximum.reduceat(chance, begins)
    lacking = ~np.logical_or.reduceat(labels == label, begins) & (most >= least)
    enough = np.where(lacking, np.maximum(most / 2, FAINTEST), 2)
    found: Flags = (labels == 0) & (chance >= np.repeat(enough, sizes))
    return found


def read_windows(windows: Windows, labels: npt.NDArray[np.int8], certainty: Array, worth: Array) -> list[Found]:
    """One `Found` per window that holds a content, in the order of the windows; the last two are per window."""
    found = []
    begin = 0
    for number, (cue, start, size) in enumerate(
        zip(windows.cue.tolist(), windows.start.tolist(), windows.sizes.tolist(), strict=True)
    ):
        part = labels[begin : begin + size]
        begin += size
        content = np.flatnonzero(part == CONTENT) + start
        cue_tokens = np.flatnonzero(part == CUE) + start
        if not len(cue_tokens):
            cue_tokens = np.array([cue])
            content = content[content != cue]
        source = np.flatnonzero(part == SOURCE) + start
        if len(content):
            found.append(
                Found(cue, float(certainty[number]), source, cue_tokens, content, float(worth[number]), number)
            )
    return found


def outermost(tokens: Tokens, found: list[Found]) -> list[Found]:
    """Takes attributions from the best down: none stands inside another, none shares its words."""
    taken = np.zeros(len(tokens), dtype=np.int8)
    kept = []
    for attribution in sorted(found, key=lambda one: -one.worth):
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
        kept.append(replace(attribution, source=source, cue=cue, content=content))
    return sorted(kept, key=lambda one: one.head)


def nested(tokens: Tokens, found: list[Found]) -> list[Found]:
    """The same, but an attribution may stand inside another one's content, and then keeps to it."""
    kept: list[Found] = []
    cue_taken = np.zeros(len(tokens), dtype=bool)
    for attribution in sorted(found, key=lambda one: -one.worth):
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
            kept.append(replace(attribution, cue=cue, content=content))
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
