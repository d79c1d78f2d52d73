"""Both models at work on one parsed text: cues first, then each cue's roles, then which attributions stand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from extraction.learnt.decoding import Found, nested, outermost, read_windows
from extraction.learnt.features import CueFeatures, RoleFeatures, windows
from extraction.learnt.model import Model, ModelMissing
from extraction.learnt.network import Array, best_labels, cue_scores, role_scores
from extraction.learnt.settings import CANDIDATES, COLON, DEEP_BITS, NESTED_STYLE, STYLES
from extraction.learnt.tokens import Numbers, Tokens

SOURCELESS = 0.3
"""How surely a token heads a cue, 0 to 1, before it may do so without a source: most such finds are wrong."""


def certainties(cue_weights: dict[str, Array], tokens: Tokens, style: int) -> npt.NDArray[np.float32]:
    """For every token how surely it is the head of a cue, 0 to 1."""
    features = CueFeatures(tokens, style)
    which = features.candidates(CANDIDATES)
    certainty = np.zeros(len(tokens), dtype=np.float32)
    if len(which):
        certainty[which] = cue_scores(cue_weights, features.of(which, DEEP_BITS), tokens.tensor)
    return certainty


def read_cues(
    role_weights: dict[str, Array], tokens: Tokens, certainty: npt.NDArray[np.float32], cues: Numbers, style: int
) -> list[Found]:
    """What each of the cues says, whatever the others say."""
    if not len(cues):
        return []
    seen = windows(tokens, cues, COLON)
    features = RoleFeatures(tokens, certainty, style).of(*seen.pairs(), DEEP_BITS)
    scores = role_scores(role_weights, features, tokens.tensor, np.cumsum(seen.sizes) - seen.sizes)
    return read_windows(tokens, seen, certainty, best_labels(role_weights, scores, seen.sizes))


def label(model: Model, tokens: Tokens, *, style: str) -> list[Found]:
    """The attributions of a text, in order of their cues: nested ones in the style "documents" only.

    Raises ModelMissing when the pipeline's vectors are not those it was learnt on.
    """
    if tokens.tensor.shape != (len(tokens), model.vector_width):
        raise ModelMissing(
            f"The role model {model.name} was learnt on token vectors of width {model.vector_width}, but the "
            f"pipeline gives {tokens.tensor.shape[-1]}. Use the pipeline it was learnt on, or build it anew: "
            "`python -m training.roles build`."
        )
    number = STYLES[style]
    certainty = certainties(model.cue, tokens, number)
    cues = np.flatnonzero(certainty >= model.thresholds[style])
    return choose(tokens, read_cues(model.role, tokens, certainty, cues, number), style)


def choose(tokens: Tokens, found: list[Found], style: str) -> list[Found]:
    """Which of the attributions found stand, as the style has it."""
    kept = (nested if style == NESTED_STYLE else outermost)(tokens, found)
    return [one for one in kept if len(one.source) or one.certainty >= SOURCELESS]
