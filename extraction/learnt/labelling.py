"""Both models at work on one parsed text: cues first, then each cue's roles, then which attributions stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from extraction.learnt.assessment import evidence, expect, meant, worth
from extraction.learnt.candidates import candidates
from extraction.learnt.decoding import Found, completed, nested, outermost, read_windows
from extraction.learnt.features import CueFeatures, RoleFeatures, Windows, windows
from extraction.learnt.model import Model, ModelMissing
from extraction.learnt.network import LABELS, Array, best_labels, chances, cue_scores, role_scores
from extraction.learnt.settings import COLON, DEEP_BITS, NESTED_STYLE, STYLES
from extraction.learnt.tokens import Numbers, Tokens

LOOKED_AT = 0.15
"""How surely a token heads a cue, 0 to 1, for its window to be read."""
ACCEPTED = 0.34
"""What an attribution must be worth, 0 to 1. To raise an F it takes more than half of that F, which on news is .67 for
relations and .75 for roles. Cross-validated on PolNeAR train, not dev."""


def certainties(model: Model, tokens: Tokens, style: int) -> npt.NDArray[np.float32]:
    """For every token how surely it is the head of a cue, 0 to 1."""
    which = candidates(tokens, model.exceptions)
    certainty = np.zeros(len(tokens), dtype=np.float32)
    if len(which):
        certainty[which] = cue_scores(model.cue, CueFeatures(tokens, style).of(which, DEEP_BITS), tokens.tensor)
    return certainty


@dataclass(slots=True)
class Reading:
    """What stands around some cues of a text, whatever the others say."""

    windows: Windows
    labels: npt.NDArray[np.int8]
    """Window after window, a number of LABELS for each token."""
    evidence: Array
    vectors: Array
    """Of `assessment.meant`."""

    def found(self, expected: Array) -> list[Found]:
        """The attributions read, with what `assessment.expect` says of each window."""
        begins = np.cumsum(self.windows.sizes) - self.windows.sizes
        nameless = ~np.logical_or.reduceat(self.labels == LABELS.index("S"), begins)
        return read_windows(self.windows, self.labels, expected[:, 0], worth(expected, nameless))


def read_cues(
    role_weights: dict[str, Array], tokens: Tokens, certainty: npt.NDArray[np.float32], cues: Numbers, style: int
) -> Reading:
    """The roles in the windows of the cues, at least one."""
    seen = windows(tokens, cues, COLON)
    features = RoleFeatures(tokens, certainty, style).of(*seen.pairs(), DEEP_BITS)
    scores = role_scores(role_weights, features, tokens.tensor, np.cumsum(seen.sizes) - seen.sizes)
    likely = chances(role_weights, scores, seen.sizes)
    labels = completed(tokens, seen, best_labels(role_weights, scores, seen.sizes), likely)
    judged = evidence(tokens, seen, certainty, likely, labels, style)
    return Reading(seen, labels, judged, meant(tokens, seen, labels))


def label(model: Model, tokens: Tokens, *, style: str) -> list[Found]:
    """The attributions of a text, in order of their cues: nested ones in the style "documents" only.

    Raises ModelMissing when the pipeline's vectors are not those it was learnt on.
    """
    [found] = label_each(model, [tokens], style=style)
    return found


def label_each(model: Model, texts: Sequence[Tokens], *, style: str) -> list[list[Found]]:
    """As `label`, for several texts, each of at least one token, in two thirds of the time it takes one by one."""
    found: list[list[Found]] = [[] for _ in texts]
    for tokens in texts:
        _check(model, tokens)
    for quotes in (False, True):  # A feature tells texts that quote from those that do not.
        numbers = [number for number, tokens in enumerate(texts) if bool(tokens.quoted.any()) == quotes]
        if not numbers:
            continue
        whole, begins = Tokens.joined([texts[number] for number in numbers])
        for one in _label(model, whole, style):
            at = bisect_right(begins, one.head) - 1
            found[numbers[at]].append(_moved(one, begins[at]))
    return found


def _moved(found: Found, back: int) -> Found:
    """The same with all its tokens numbered from `back` on."""
    source, cue, content = found.source - back, found.cue - back, found.content - back
    return replace(found, head=found.head - back, source=source, cue=cue, content=content)


def _check(model: Model, tokens: Tokens) -> None:
    if tokens.tensor.shape != (len(tokens), model.vector_width):
        raise ModelMissing(
            f"The role model {model.name} was learnt on token vectors of width {model.vector_width}, but the "
            f"pipeline gives {tokens.tensor.shape[-1]}. Use the pipeline it was learnt on, or build it anew: "
            "`python -m training.roles build`."
        )


def _label(model: Model, tokens: Tokens, style: str) -> list[Found]:
    number = STYLES[style]
    certainty = certainties(model, tokens, number)
    cues = np.flatnonzero(certainty >= LOOKED_AT)
    if not len(cues):
        return []
    reading = read_cues(model.role, tokens, certainty, cues, number)
    return choose(tokens, reading.found(expect(model.credits, reading.evidence, reading.vectors)), style)


def choose(tokens: Tokens, found: list[Found], style: str) -> list[Found]:
    """Which of the attributions found stand, as the style has it."""
    return (nested if style == NESTED_STYLE else outermost)(tokens, [one for one in found if one.worth >= ACCEPTED])
